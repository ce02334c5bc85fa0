/** A generated anomaly put into a copy of a data set, which says for good that it is synthetic. */
import { digestOf } from '../engine/data/sha256.ts';
import { inject } from '../engine/generate/inject.ts';
import type { Change } from '../engine/labels/types.ts';
import type { Span } from '../engine/types.ts';
import type { Labels } from './labels.ts';
import type { DatasetInfo, InjectJob } from './protocol.ts';
import { summaryOf } from './session.ts';
import type { Session } from './session.ts';
import { both } from './studioGenerators.ts';
import type { Generators } from './studioGenerators.ts';

type Scope = {
  readonly session: Session;
  readonly labels: Labels;
  readonly generators: Generators;
  readonly now: () => number;
  readonly newId: () => string;
};

/** The name of a data set with so many injections. */
const nameOf = (name: string, count: number): string => `${name.replace(/, \d+ injected$/, '')}, ${count} injected`;

/**
 * Makes and keeps the data set: the one asset, with what people said of it so far. Throws EngineError as `inject` does and
 * as the generator does.
 */
export async function injectAnomaly(
  { session, labels, generators, now, newId }: Scope,
  { generatorId, data, sensor, start, z_Z, mask_T }: InjectJob,
): Promise<{ readonly dataset: DatasetInfo; readonly injected: Span }> {
  const series = await session.series(data);
  const { x_T, plain_T } = await generators.use(generatorId, ({ model, stuff }) =>
    both(model, z_Z, mask_T, stuff.samples.source_N[0]!),
  );
  const changed = inject(series, { sensor, start, change_T: x_T.map((x, t) => x - plain_T[t]!), mask_T });
  const { info } = await session.dataset(data.datasetId);
  const digest = digestOf(0);
  const what = { checksum: info.checksum, asset: data.asset, sensor, start, change: [...x_T], mask: [...mask_T] };
  digest.update(new TextEncoder().encode(JSON.stringify(what)));
  const marks = changed.synthetic ?? [];
  const made: DatasetInfo = {
    ...info,
    id: newId(),
    name: nameOf(info.name, marks.length),
    origin: 'file',
    checksum: await digest.hex(),
    assets: [summaryOf(changed)],
    savedAtMs: now(),
  };
  const dataset = await session.keepDataset(made, [changed]).then(
    () => made,
    // It is open and usable; the page shows that it is not saved.
    () => ({ ...made, savedAtMs: null }),
  );
  const said = await labels.held(data);
  if (said.length > 0) {
    const changes = said.map((label): Change => ({ kind: 'put', label }));
    await labels.act({ datasetId: made.id, asset: data.asset }, { kind: 'change', changes });
  }
  const own = marks.slice(series.synthetic?.length ?? 0);
  return { dataset, injected: { start: own[0]!.span.start, end: own.at(-1)!.span.end } };
}
