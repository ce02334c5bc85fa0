/** What is fuzzed, and how an execution is told from the next. */
import type { Random } from './random.ts';

/** One file of an input. Targets that take no files read the bytes of the first one as text. */
export type FuzzFile = { readonly path: string; readonly bytes: Uint8Array };
export type Input = readonly FuzzFile[];

/** Called by parsers between parts of their work; each call counts as progress. */
export type Progress = () => Promise<void>;

export type Target = {
  /** "folder/name", as `--only` takes it. */
  readonly name: string;
  /** What is read, for the table of results. */
  readonly about: string;
  /** Bytes that a single input may make the process grow by: what the parser's own limits add up to. */
  readonly memory: number;
  /** Sound inputs that mutation begins with. */
  readonly seeds: () => readonly Input[] | Promise<readonly Input[]>;
  /** An input from scratch or from `seeds`; without it, `mutated` is used. */
  readonly make?: (seeds: readonly Input[], random: Random) => Input;
  /**
   * Reads the input and checks what comes out. Throws `Broken` where the result is not what the parser promises, and
   * whatever the parser throws: only an EngineError with one of `codes` is allowed.
   */
  readonly run: (input: Input, progress: Progress) => unknown;
  /** Codes of errors that the parser may end with; 'bad-input' unless told. */
  readonly codes?: readonly string[];
};

/** A parser broke a promise without throwing. */
export class Broken extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'Broken';
  }
}

/** Throws `Broken` unless `ok`. */
export function holds(ok: boolean, what: string): void {
  if (!ok) throw new Broken(what);
}
