/** Why a file that this program wrote is not read: the words of run files, and the same for other kinds of files. */
import { EngineError } from '../errors.ts';

const refusal = (kind: string, message: string, cure: string): EngineError =>
  new EngineError('bad-input', kind, message, cure);

/** Refusals in words about one kind of file. */
export type Refusals = {
  readonly damaged: (why: string) => EngineError;
  readonly notOne: (why: string) => EngineError;
  readonly tooLarge: (what: string, got: number, limit: number) => EngineError;
  readonly badContent: (where: string, why: string) => EngineError;
  readonly unknownVersion: (got: string, known: number) => EngineError;
};

/** `kind` begins the stable words of the errors: 'bundle-damaged', 'not-a-bundle'. */
export const refusalsOf = (
  kind: string,
  name: string,
  cures: { readonly choose: string; readonly smaller: string },
): Refusals => ({
  damaged: (why) => refusal(`${kind}-damaged`, `the ${name} is damaged: ${why}`, 'Copy or export it again.'),
  notOne: (why) => refusal(`not-a-${kind}`, `this is no ${name}: ${why}`, cures.choose),
  tooLarge: (what, got, limit) =>
    refusal(`${kind}-too-large`, `the ${name} has ${what} of ${got} bytes; the limit is ${limit}`, cures.smaller),
  badContent: (where, why) =>
    refusal(
      `${kind}-content`,
      `the ${name} does not hold together: ${where}: ${why}`,
      'It was changed by hand or by another program: export it again.',
    ),
  unknownVersion: (got, known) =>
    refusal(
      `${kind}-version`,
      `the ${name} has format version ${got}; this program reads versions up to ${known}`,
      'Open it with a newer Telltale.',
    ),
});

export const RUN_FILE = refusalsOf('bundle', 'run file', {
  choose: 'Choose a .telltale file that this program wrote.',
  smaller: 'Run fewer sensors or a part of the series, or make sure that the file comes from this program.',
});

export const { damaged, notOne: notABundle, tooLarge, badContent, unknownVersion } = RUN_FILE;
