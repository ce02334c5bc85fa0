/** What a command is, and what it may use of the outside world. */
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { misuse } from './failure.ts';

export type World = {
  /** Standard output: results alone. */
  readonly print: (text: string) => void;
  /** Standard error: everything else. */
  readonly say: (text: string) => void;
  /** True where standard error is a screen, so that a line may be written over. */
  readonly isScreen: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** The command line that starts this program again. */
  readonly self: readonly [string, ...string[]];
};

export type Command = {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  /** Lines about its options. */
  readonly options: readonly string[];
  /** Gives the exit code. Throws EngineError. */
  readonly run: (args: readonly string[], world: World) => Promise<number>;
};

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
>;

const known = new Set(['ERR_PARSE_ARGS_UNKNOWN_OPTION', 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE']);

/** Options and the rest of a command line. Throws EngineError('bad-input', 'usage') for an option that is not known. */
export function parsed<O extends Options>(args: readonly string[], options: O): Parsed<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    const { code, message } = thrown as Error & { readonly code?: string };
    if (code === undefined || !known.has(code)) throw thrown;
    throw misuse(message.split('. ')[0] ?? message, 'Add --help for the options of a command.');
  }
}

/** Refuses what stands on a command line behind the `most` first names. Throws EngineError('bad-input', 'usage'). */
export function noMore(positionals: readonly string[], most: number): void {
  const extra = positionals.slice(most);
  if (extra.length > 0) throw misuse(`${extra.join(' ')} is one too many`, 'Add --help for how it is meant.');
}

/** A number from the command line, checked. Throws EngineError('bad-input', 'usage'). */
export function numberOf(option: string, text: string, isGood: (n: number) => boolean, rule: string): number {
  const value = Number(text);
  if (text.trim() === '' || !isGood(value)) throw misuse(`--${option} is "${text}"; ${rule} is needed`);
  return value;
}

export const isCount = (n: number): boolean => Number.isInteger(n) && n >= 1;
export const isSeed = (n: number): boolean => Number.isInteger(n) && Math.abs(n) < 2 ** 31;
export const isShare = (n: number): boolean => n > 0 && n < 1;
