/** What went wrong, for whoever must react: the person (bad-input), the device (backend, storage) or us (bug). */
export type ErrorCode = 'bad-input' | 'backend' | 'storage' | 'cancelled' | 'bug';

/** Where in a file the trouble is. `line` is the physical 1-based line; `column` the name or 1-based number. */
export type Place = { readonly file?: string; readonly line?: number; readonly column?: string };

/**
 * The one error of the engine. `kind` is a stable word for tests and messages (e.g. 'unclosed-quote'), `message` says
 * what and where, `cure` what the person can do about it.
 */
export class EngineError extends Error {
  readonly code: ErrorCode;
  readonly kind: string;
  readonly cure: string;
  readonly place: Place;

  constructor(code: ErrorCode, kind: string, message: string, cure = '', place: Place = {}) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
    this.kind = kind;
    this.cure = cure;
    this.place = place;
  }
}

export const cancelled = (): EngineError => new EngineError('cancelled', 'cancelled', 'The run was cancelled.');

/**
 * How a full memory shows: WebAssembly aborts, and is of no use afterwards (every later call trips over what is left);
 * JavaScript refuses the array.
 */
const isOutOfMemory = ({ name, message }: Error): boolean =>
  (name === 'RuntimeError' && /^Aborted\(|memory access out of bounds|unreachable/.test(message)) ||
  (name === 'RangeError' && /allocation failed|array length|out of memory|Memory\.grow/i.test(message));

/** Whoever meets this error needs a new worker: the memory of this one is spent. */
export const outOfMemory = (detail: string): EngineError =>
  new EngineError(
    'backend',
    'out-of-memory',
    `The memory of this device ran out (${detail})`,
    'Choose a shorter window, a smaller batch or a smaller preset; close other tabs. What was finished before is kept.',
  );

/** Any thrown thing as an EngineError, so that each error is handled once and the same way. */
export function asEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  if (thrown instanceof Error && isOutOfMemory(thrown)) return outOfMemory(thrown.message);
  if (thrown instanceof Error) return new EngineError('bug', thrown.name, thrown.message);
  return new EngineError('bug', 'unknown', String(thrown));
}
