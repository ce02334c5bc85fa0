/** Labels out to a file and in from one. */
import { EngineError } from '../engine/errors.ts';
import { importLabels, LABEL_FORMATS, labelFormatById } from '../engine/labels/formats/index.ts';
import { yieldToMessages } from './jobs.ts';
import type { Labels } from './labels.ts';
import type { AssetRef, Export, FormatChoice, ImportedLabels } from './protocol.ts';
import type { Session } from './session.ts';

const MIME = { csv: 'text/csv', json: 'application/json' } as const;

export const formatChoices = (): FormatChoice[] => LABEL_FORMATS.map(({ id, title, about }) => ({ id, title, about }));

const unknownFormat = (id: string): EngineError =>
  new EngineError(
    'bad-input',
    'unknown-format',
    `there is no label format "${id}"`,
    `Choose one of ${LABEL_FORMATS.map((format) => format.id).join(', ')}.`,
  );

/** All labels of an asset in the format, as they hold now. Throws EngineError('bad-input') as the format does. */
export async function labelFile(session: Session, labels: Labels, data: AssetRef, id: string): Promise<Export> {
  const format = labelFormatById(id);
  if (!format) throw unknownFormat(id);
  const series = await session.series(data);
  const text = format.write(await labels.held(data), series);
  const mime = MIME[format.extension];
  const name = `${series.asset}-labels-${id}.${format.extension}`.replaceAll(/[^\w.-]+/g, '_');
  return { name, mime, blob: new Blob([text], { type: mime }) };
}

/** Labels that a file holds, as a layer named after it. Throws EngineError('bad-input') with the place of what is wrong. */
export async function labelsFrom(
  session: Session,
  data: AssetRef,
  { name, file }: { readonly name: string; readonly file: Blob },
  format: string | null,
  outside: { readonly now: () => number; readonly newId: () => string },
): Promise<ImportedLabels> {
  if (format !== null && !labelFormatById(format)) throw unknownFormat(format);
  const layer = name.replace(/^.*\//, '');
  const target = {
    series: await session.series(data),
    author: layer,
    layer,
    madeAtMs: outside.now(),
    newId: outside.newId,
  };
  const input = { path: name, size: file.size, stream: () => file.stream() };
  return importLabels(input, target, format, { checkpoint: yieldToMessages, progress: () => undefined });
}
