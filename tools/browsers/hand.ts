/** What a journey needs of a browser: eyes (scripts that look), a mouse, keys. Each way to drive one makes a `Hand`. */
export type Hand = {
  /** Words for the browser, with its version. */
  readonly name: string;
  readonly open: (address: string) => Promise<void>;
  readonly reload: () => Promise<void>;
  /** Calls a function of the page: its text travels, so it may use its arguments and the page's globals alone. */
  readonly look: <A extends readonly Plain[], T>(seen: (...given: A) => T, ...given: A) => Promise<T>;
  readonly click: (x: number, y: number) => Promise<void>;
  /** One key by its name in `KeyboardEvent.key`, e.g. `Enter`, or a character. */
  readonly press: (key: string, isWithControl?: boolean) => Promise<void>;
  readonly picture: (file: string) => Promise<void>;
  /** The file of this name once it was saved; its text. */
  readonly saved: (name: RegExp) => Promise<string>;
  /** Errors and warnings of the console, failures of the page, requests off its origin, violations of its policy. */
  readonly complaints: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};

type Plain = string | number | boolean | null;
