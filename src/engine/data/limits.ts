import { EngineError } from '../errors.ts';

/** What one browser tab can hold. Every limit is checked before the memory is asked for, and named when it is met. */
export const LIMITS = {
  /** Bytes of one file after unpacking. */
  fileBytes: 4 * 2 ** 30,
  /** Bytes of a zip, which has to be held whole because its directory is at the end. */
  zipBytes: 2 ** 30,
  zipEntries: 20_000,
  /** Bytes of all entries of a zip after unpacking. */
  unpackedBytes: 4 * 2 ** 30,
  columns: 20_000,
  /** Numbers of all tables of a source; eight bytes each. */
  cells: 120_000_000,
  /** Bytes of one line, and characters of a row whose quotes are open: it is read anew with every piece. */
  lineBytes: 64 * 2 ** 20,
  quotedChars: 2 * 2 ** 20,
  jsonBytes: 64 * 2 ** 20,
  /** Bytes of the description of an array. */
  headerBytes: 2 ** 16,
  files: 20_000,
  /** Series of a long table. */
  assets: 20_000,
} as const;

const plain = new Intl.NumberFormat('en-GB');

export const count = (n: number): string => plain.format(n);

/** Throws EngineError('bad-input', 'too-large') when `got` is over `limit`. */
export function within(got: number, limit: number, what: string, file: string, cure: string): void {
  if (got <= limit) return;
  throw new EngineError(
    'bad-input',
    'too-large',
    `${file} has ${count(got)} ${what}; the limit is ${count(limit)}.`,
    cure,
    { file },
  );
}
