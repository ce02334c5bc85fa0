/** What ends a command early, as a line on standard error and an exit code. */
import { asEngineError, EngineError } from '../../src/engine/errors.ts';

/** 0: done, or nothing found. */
export const EXIT = { done: 0, failed: 1, misused: 2, found: 3, interrupted: 130 } as const;

/** A wrong command line; `cure` says how it is meant. */
export const misuse = (message: string, cure = ''): EngineError => new EngineError('bad-input', 'usage', message, cure);

const dot = (text: string): string => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`);

/** One line that says what is wrong and what to do. */
export function lineOf(thrown: unknown): string {
  const { message, cure } = asEngineError(thrown);
  return `telltale: ${[message, cure]
    .filter((part) => part !== '')
    .map(dot)
    .join(' ')}`.replaceAll(/\s*\n\s*/g, ' ');
}

/** What was asked for or given is wrong: 2. Interrupted: 130. Anything else: 1. */
export function exitCodeOf(thrown: unknown): number {
  const { code } = asEngineError(thrown);
  if (code === 'cancelled') return EXIT.interrupted;
  return code === 'bad-input' ? EXIT.misused : EXIT.failed;
}
