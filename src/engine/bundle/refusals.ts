/** Why a bundle is not read. */
import { EngineError } from '../errors.ts';

const refusal = (kind: string, message: string, cure: string): EngineError =>
  new EngineError('bad-input', kind, message, cure);

export const damaged = (why: string): EngineError =>
  refusal('bundle-damaged', `the run file is damaged: ${why}`, 'Copy or export it again.');

export const notABundle = (why: string): EngineError =>
  refusal('not-a-bundle', `this is no run file: ${why}`, 'Choose a .telltale file that this program wrote.');

export const tooLarge = (what: string, got: number, limit: number): EngineError =>
  refusal(
    'bundle-too-large',
    `the run file has ${what} of ${got} bytes; the limit is ${limit}`,
    'Run fewer sensors or a part of the series, or make sure that the file comes from this program.',
  );

export const badContent = (where: string, why: string): EngineError =>
  refusal(
    'bundle-content',
    `the run file does not hold together: ${where}: ${why}`,
    'It was changed by hand or by another program: export it again.',
  );

export const unknownVersion = (got: string, known: number): EngineError =>
  refusal(
    'bundle-version',
    `the run file has format version ${got}; this program reads versions up to ${known}`,
    'Open it with a newer Telltale.',
  );
