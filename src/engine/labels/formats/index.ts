/** The registry of label formats. Adding one: a file, a line here; `formats.test.ts` holds it to the contract. */
import { readFiles } from '../../data/read.ts';
import type { InputFile, ReadRun } from '../../data/types.ts';
import { EngineError } from '../../errors.ts';
import { csvColumn } from './csvColumn.ts';
import type { Found, LabelFormat, Target } from './format.ts';
import { labelStudio } from './labelStudio.ts';
import { mtv } from './mtv.ts';
import { nabWindows, orion, readRanges, telemanom } from './ranges.ts';
import { timeEval } from './timeEval.ts';
import { trainset } from './trainset.ts';

/** The first is what most people want. */
export const LABEL_FORMATS: readonly LabelFormat[] = [
  csvColumn,
  labelStudio,
  nabWindows,
  orion,
  telemanom,
  timeEval,
  mtv,
  trainset,
];

export const labelFormatById = (id: string): LabelFormat | undefined => LABEL_FORMATS.find((one) => one.id === id);

/** Where labels came from, by name, and what of the file could not be taken. */
export type Imported = Found & { readonly title: string };

/**
 * Labels of a file, in the format named or, with null, whichever fits; besides those of the registry AWS
 * intervals, M2AD output, interpretation ranges and one 0/1 a row are known. The file is only read: it says what is
 * anomalous, and nothing in it is run. Throws EngineError('bad-input') with the place of what is wrong.
 */
export async function importLabels(
  file: InputFile,
  target: Target,
  format: string | null,
  run: ReadRun,
): Promise<Imported> {
  const [one] = (await readFiles([file], run)).files;
  if (one.kind === 'failed') {
    // A table with a header alone says that nothing is anomalous.
    if (one.error.kind !== 'no-data-rows') throw one.error;
    return { title: labelFormatById(format ?? '')?.title ?? 'CSV', labels: [], problems: [one.error.message] };
  }
  for (const known of LABEL_FORMATS.filter(({ id }) => format === null || id === format)) {
    const found = known.read(one, target);
    if (found !== null) return { ...found, title: known.title };
  }
  if (format !== null)
    throw new EngineError(
      'bad-input',
      'other-format',
      `${file.path} is not in the format ${labelFormatById(format)?.title ?? format}`,
      'Let the format be recognised, or choose another.',
      { file: file.path },
    );
  const { format: title, labels, problems } = readRanges(one, target);
  return { title, labels, problems };
}
