/** Run files: their bytes, their members, shipped runs and generators, and the manifest of the bundled data. */
import { existsSync, readFileSync } from 'node:fs';
import { BUNDLE_LIMITS, filesIn } from '../../../src/engine/bundle/archive.ts';
import type { Bundle } from '../../../src/engine/bundle/bundle.ts';
import { smallBundle } from '../../../src/engine/bundle/bundle.testkit.ts';
import { glanceAt, readBundle } from '../../../src/engine/bundle/read.ts';
import { writeBundle } from '../../../src/engine/bundle/write.ts';
import { EngineError } from '../../../src/engine/errors.ts';
import { foldJournal } from '../../../src/engine/labels/journal.ts';
import { reviewEvents } from '../../../src/engine/review.ts';
import { readGenerator, readShipped, writeGenerator, writeShipped } from '../../../src/engine/shipped.ts';
import { bundledSeries } from '../../../src/engine/synth/bundled.ts';
import { readManifest } from '../../../src/engine/synth/manifest.ts';
import type { Series } from '../../../src/engine/types.ts';
import { bytesOfText, mutated, mutateBytes, mutateJson } from '../mutate.ts';
import type { Input, Progress, Target } from '../types.ts';
import { holds } from '../types.ts';
import { hostileMembers } from './members.ts';
import { checkSeries } from './series.ts';

const MEMORY = 2 ** 30;
const text = (path: string, content: string): Input => [{ path, bytes: bytesOfText(content) }];
const read = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const quiet = (): Promise<void> => Promise.resolve();

/** The series that a run could be of: values do not matter to what is checked here. */
function seriesFor({ facts }: Bundle): Series {
  const { T, sensors, covariates, train, test, asset } = facts.data;
  return {
    ...{ asset, T, sensors, covariates, train, test },
    columns: [...sensors, ...covariates].map(() => new Float32Array(T)),
    clock: { kind: 'index' },
    contiguous: true,
    labels: null,
    causes: [],
  };
}

/** What is read can be written and read again, and its events can be looked for. */
async function checkBundle(bytes: Uint8Array, progress: Progress): Promise<void> {
  const bundle = await readBundle(bytes, progress);
  const { data } = bundle.facts;
  const { arrays } = bundle;
  const [T, S] = [data.T, data.sensors.length];
  holds(arrays.expected_TS.length === T * S && arrays.score.score_T.length === T, 'arrays are as long as the series');
  holds(bundle.band_S.length === S && bundle.mean_F.length === S + data.covariates.length, 'a number for each channel');
  for (const { shape, data: values } of Object.values(bundle.weights))
    holds(shape.reduce((product, n) => product * n, 1) === values.length, 'weights are as large as their shape');
  await progress();
  foldJournal(bundle.journal);
  const glance = await glanceAt(bytes, progress);
  holds(JSON.stringify(glance.metrics) === JSON.stringify(bundle.metrics), 'a glance sees what reading sees');
  await progress();
  const again = await writeBundle(await readBundle(await writeBundle(bundle, progress), progress), progress);
  holds(
    Buffer.from(again).equals(Buffer.from(await writeBundle(bundle, progress))),
    'what is read and written again is the same',
  );
  await progress();
  if (S > 0) checkEvents(bundle);
}

/** Settings of a file lead to events or to words. */
function checkEvents(bundle: Bundle): void {
  const { arrays, headState, result } = bundle;
  try {
    const found = reviewEvents(seriesFor(bundle), arrays, headState, result.settings);
    holds(
      found.events.every(({ start, end }) => start >= 0 && end <= bundle.facts.data.T && start < end),
      'events lie inside of the series',
    );
  } catch (thrown) {
    // The page says of any other error that the file does not hold together; a hang is what is looked for here.
    if (thrown instanceof Error && thrown.name === 'Broken') throw thrown;
  }
}

let small: Promise<Uint8Array> | null = null;
const smallFile = (): Promise<Uint8Array> => (small ??= writeBundle(smallBundle(8), quiet));

async function membersOf(bytes: Uint8Array): Promise<Input> {
  return [...(await filesIn(bytes, quiet))].map(([path, member]) => ({ path, bytes: member }));
}

const weights = {
  'a/kernel': { shape: [2, 1], data: Float32Array.of(1, -2) },
  b: { shape: [], data: Float32Array.of(3) },
};
const shippedRun = (): string =>
  writeShipped({
    ...{ asset: 'a', engine: 'm2ad', preset: 'lite', params: { epochs: 3 }, head: 'm2ad', headParams: {}, seed: 1 },
    ...{ backend: 'wasm', seconds: 1, weights, headState: { kind: 'm2ad' }, history: [{ loss: 1 }] },
  });
const shippedGenerator = (): string =>
  writeGenerator({
    ...{
      asset: 'a',
      sensor: 0,
      window: 10,
      stride: 5,
      preset: 'lite',
      params: {},
      seed: 1,
      backend: 'wasm',
      seconds: 1,
      weights,
    },
    history: { normal: [{ loss: 1 }], anomalous: [] },
  });

const MANIFEST = {
  version: 1,
  datasets: [
    {
      ...{
        id: 'x',
        title: 'X',
        about: 'x',
        asset: 'x',
        steps: 5,
        contiguous: true,
        windowSteps: null,
        licence: 'CC0',
        source: 'made',
      },
      file: { path: 'x.csv.gz', format: 'csv.gz', bytes: 10, sha256: 'ab'.repeat(32), rows: 4 },
      columns: ['time', 'a', 'b', 'label'].map((name) => ({
        ...{ name, unit: '', system: '', about: '' },
        role: name === 'time' || name === 'label' ? name : 'sensor',
      })),
      clock: { kind: 'regular', start: '2026-01-01T00:00:00Z', stepSeconds: 60, zone: 'UTC' },
      ...{
        train: { start: 0, end: 2 },
        test: { start: 2, end: 5 },
        labels: { segments: 1, steps: 1 },
        kinds: ['spike'],
      },
      anomalies: [{ kind: 'spike', title: 'x', span: { start: 3, end: 4 }, sensors: ['a'] }],
      generator: { name: 'x', seed: 1 },
    },
  ],
};
const ROWS =
  'time,a,b,label\n2026-01-01T00:00:00Z,1,2,0\n2026-01-01T00:01:00Z,2,,0\n2026-01-01T00:03:00Z,3,4,1\n2026-01-01T00:04:00Z,4,5,0\n';

const bundledManifest = (): Input[] => {
  const place = new URL('../../../public/datasets/manifest.json', import.meta.url);
  return existsSync(place) ? text('manifest.json', readFileSync(place, 'utf8')).map((file) => [file]) : [];
};

/** JSON that is none never reaches a reader of values. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(read(bytes));
  } catch {
    return undefined;
  }
}

export const BUNDLE_TARGETS: readonly Target[] = [
  {
    name: 'bundle/bytes',
    about: 'run files, changed anywhere',
    memory: BUNDLE_LIMITS.unpacked,
    seeds: async () => [[{ path: 'run.telltale', bytes: await smallFile() }]],
    make: (seeds, r) => mutated(seeds, r, mutateBytes),
    run: ([{ bytes }], progress) => checkBundle(bytes, progress),
  },
  {
    name: 'bundle/members',
    about: 'run files whose members are changed and whose sums are right',
    memory: BUNDLE_LIMITS.unpacked,
    seeds: async () => [
      await membersOf(await smallFile()),
      await membersOf(await writeBundle(smallBundle(4, 2), quiet)),
    ],
    make: (seeds, r) => hostileMembers(seeds, r, 'run.telltale'),
    run: ([{ bytes }], progress) => checkBundle(bytes, progress),
  },
  {
    name: 'bundle/shipped',
    about: 'runs and generators with weights in base64',
    memory: MEMORY,
    seeds: () => [text('run.json', shippedRun()), text('generator.json', shippedGenerator())],
    make: (seeds, r) => mutated(seeds, r, mutateJson),
    run([{ bytes }]) {
      for (const readOne of [readShipped, readGenerator]) {
        try {
          for (const { shape, data } of Object.values(readOne(read(bytes)).weights))
            holds(shape.reduce((product, n) => product * n, 1) === data.length, 'weights are as large as their shape');
        } catch (thrown) {
          if (!(thrown instanceof EngineError) || thrown.code !== 'bad-input') throw thrown;
        }
      }
    },
  },
  {
    name: 'bundle/manifest',
    about: 'the table of bundled data, and files that it says lies about',
    memory: MEMORY,
    codes: ['bad-input', 'bug'],
    seeds: () => [[...text('manifest.json', JSON.stringify(MANIFEST)), ...text('x.csv', ROWS)], ...bundledManifest()],
    make: (seeds, r) => mutated(seeds, r),
    run(input) {
      const { datasets } = readManifest(parsed(input[0].bytes));
      const file = input.at(1);
      if (file !== undefined && datasets.length === 1) checkSeries(bundledSeries(datasets[0], file.bytes));
    },
  },
];
