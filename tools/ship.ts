/**
 * Trains the runs and generators that are shipped with bundled data sets: `npx tsx tools/ship.ts`, or one kind alone with
 * `runs` or `generators`, and of that one data set alone with its id after it. Weights and head state only; the page computes the results from them. Run it again whenever a
 * data set, a detector, the head or C-GATS changes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cgats, labelEffect } from '../src/engine/generate/cgats.ts';
import { byKind, picked } from '../src/engine/generate/samples.ts';
import { cutSamples, sensorLabels } from '../src/engine/generate/seriesSamples.ts';
import type { Run } from '../src/engine/model.ts';
import { fitAndScore } from '../src/engine/pipeline.ts';
import { defaultSettings, reviewEvents, runMetrics } from '../src/engine/review.ts';
import { seeded } from '../src/engine/rng.ts';
import { writeGenerator, writeShipped } from '../src/engine/shipped.ts';
import { bundledSeries } from '../src/engine/synth/bundled.ts';
import { readManifest } from '../src/engine/synth/manifest.ts';
import type { BundledDataset } from '../src/engine/synth/manifest.ts';
import { SINES_W } from '../src/engine/synth/sines.ts';
import { useBackend } from '../src/engine/tensor/node.testkit.ts';
import type { Series } from '../src/engine/types.ts';
import { cgatsValues, setupOf } from '../src/workers/engines.ts';

const folder = fileURLToPath(new URL('../public/datasets/', import.meta.url));
const SHIPPED = ['pump-station', 'mill'];
const GENERATORS = ['sines'];
const SEED = 1;
/** The paper's windows, which need no scaling; twice the preset's updates, since this is done once for everybody. */
const GENERATOR = {
  sensor: 0,
  window: SINES_W,
  stride: SINES_W,
  preset: 'lite',
  params: { scale: 'none', updates1: 4500, updates2: 900 },
};

const shared = { preset: 'lite', imputation: {} };
const learned = { ...shared, engine: 'm2ad', params: { epochs: 80, hidden: 48 }, head: 'm2ad', headParams: {} };
/** Without following drift: the page shows what that costs, and what confirming the new normal brings. */
const quick = { ...shared, engine: 'council', params: {}, head: 'conformal', headParams: { read: 'own', held: 0 } };
const jobOf = (id: string) => (id === 'mill' ? quick : learned);

const seriesOf = (entry: BundledDataset): Series =>
  bundledSeries(entry, new Uint8Array(readFileSync(join(folder, entry.file.path))));

/** A seeded run that prints its epochs. */
const told = (entry: BundledDataset): Run => ({
  rng: seeded(SEED),
  checkpoint: () => Promise.resolve(),
  progress: (p) => {
    if (p.kind === 'epoch') console.log(`${entry.id} epoch ${p.epoch} of ${p.epochs}`, p.losses);
  },
});

const tenths = (ms: number): number => Math.round(ms / 100) / 10;

/** Processor time so far in ms: a busy machine makes no training longer. */
const worked = (): number => process.cpuUsage().user / 1000;

async function shipRun(entry: BundledDataset): Promise<void> {
  const series = seriesOf(entry);
  const job = jobOf(entry.id);
  const from = performance.now();
  const result = await fitAndScore(series, setupOf(job), told(entry));
  const seconds = tenths(performance.now() - from);
  const events = reviewEvents(series, result, result.headState, defaultSettings);
  const { imputation, ...settings } = job;
  const text = writeShipped({
    ...settings,
    asset: series.asset,
    seed: SEED,
    backend: 'wasm',
    seconds,
    weights: result.weights,
    headState: result.headState,
    history: result.history,
  });
  writeFileSync(join(folder, `${entry.id}.run.json`), text);
  console.log(
    `${entry.id}: ${seconds} s, ${events.events.length} events, ${(100 * events.flaggedShare).toFixed(2)} % of judged steps flagged, ${text.length} bytes`,
  );
  for (const { title, value } of runMetrics(series, result.score, events))
    console.log(`  ${title}: ${value?.toFixed(3) ?? 'undefined'}`);
  for (const event of events.events)
    console.log(
      `  ${event.number} [${event.start}, ${event.end}) severity ${event.severity.toFixed(0)} labelled ${event.labelled?.toFixed(2)} ${event.top.map(({ sensor, share }) => `${series.sensors[sensor]?.name} ${(100 * share).toFixed(0)}`).join(', ')}`,
    );
}

async function shipGenerator(entry: BundledDataset): Promise<void> {
  const series = seriesOf(entry);
  const label_T = sensorLabels(series, GENERATOR.sensor, 'file', []);
  const { samples } = cutSamples(series, GENERATOR.sensor, label_T, GENERATOR);
  const from = worked();
  const model = await cgats.fit(samples, cgatsValues(GENERATOR), told(entry));
  const seconds = tenths(worked() - from);
  const text = writeGenerator({
    ...GENERATOR,
    asset: series.asset,
    seed: SEED,
    backend: 'wasm',
    seconds,
    weights: await model.snapshot(),
    history: model.history,
  });
  writeFileSync(join(folder, `${entry.id}.generator.json`), text);
  const anomalous = picked(samples, byKind(samples).anomalous.subarray(0, 200));
  const { inside, outside } = await labelEffect(model, (await model.describe(anomalous)).mu_NZ, anomalous);
  console.log(
    `${entry.id}: ${seconds} s, change ${inside.toFixed(3)} inside, ${outside.toFixed(3)} outside, ${text.length} bytes`,
  );
  model.dispose();
}

await useBackend('wasm');
const [only = '', alone = null] = process.argv.slice(2);
const { datasets } = readManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
const those = (ids: readonly string[]): BundledDataset[] =>
  datasets.filter(({ id }) => ids.includes(id) && (alone === null || alone === id));
if (only !== 'generators') {
  for (const entry of those(SHIPPED)) await shipRun(entry);
  writeFileSync(join(folder, 'runs.json'), `${JSON.stringify(SHIPPED)}\n`);
}
if (only !== 'runs') {
  for (const entry of those(GENERATORS)) await shipGenerator(entry);
  writeFileSync(join(folder, 'generators.json'), `${JSON.stringify(GENERATORS)}\n`);
}
