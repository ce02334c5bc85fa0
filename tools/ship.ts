/**
 * Trains the runs that are shipped with bundled data sets: `npx tsx tools/ship.ts`. Weights and head state only; the page
 * computes the results from them. Run it again whenever a data set, a detector or the head changes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Run } from '../src/engine/model.ts';
import { fitAndScore } from '../src/engine/pipeline.ts';
import { defaultSettings, reviewEvents, runMetrics } from '../src/engine/review.ts';
import { seeded } from '../src/engine/rng.ts';
import { writeShipped } from '../src/engine/shipped.ts';
import { bundledSeries } from '../src/engine/synth/bundled.ts';
import { readManifest } from '../src/engine/synth/manifest.ts';
import { useBackend } from '../src/engine/tensor/node.testkit.ts';
import { setupOf } from '../src/workers/engines.ts';

const folder = fileURLToPath(new URL('../public/datasets/', import.meta.url));
const SHIPPED = ['pump-station'];
const SEED = 1;

const job = {
  engine: 'm2ad',
  preset: 'lite',
  params: { epochs: 80, hidden: 48 },
  head: 'm2ad',
  headParams: {},
  imputation: {},
};

await useBackend('wasm');
for (const entry of readManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).datasets) {
  if (!SHIPPED.includes(entry.id)) continue;
  const series = bundledSeries(entry, new Uint8Array(readFileSync(join(folder, entry.file.path))));
  const from = performance.now();
  const run: Run = {
    rng: seeded(SEED),
    checkpoint: () => Promise.resolve(),
    progress: (p) => {
      if (p.kind === 'epoch') console.log(`${entry.id} epoch ${p.epoch} of ${p.epochs}`, p.losses);
    },
  };
  const result = await fitAndScore(series, setupOf(job), run);
  const seconds = (performance.now() - from) / 1000;
  const events = reviewEvents(series, result, result.headState, defaultSettings);
  const { imputation, ...shared } = job;
  const text = writeShipped({
    ...shared,
    asset: series.asset,
    seed: SEED,
    backend: 'wasm',
    seconds: Math.round(seconds * 10) / 10,
    weights: result.weights,
    headState: result.headState,
    history: result.history,
  });
  writeFileSync(join(folder, `${entry.id}.run.json`), text);
  console.log(
    `${entry.id}: ${seconds.toFixed(1)} s, ${events.events.length} events, ${(100 * events.flaggedShare).toFixed(2)} % of judged steps flagged, ${text.length} bytes`,
  );
  for (const { title, value } of runMetrics(series, result.score, events))
    console.log(`  ${title}: ${value?.toFixed(3) ?? 'undefined'}`);
  for (const event of events.events)
    console.log(
      `  ${event.number} [${event.start}, ${event.end}) severity ${event.severity.toFixed(0)} labelled ${event.labelled?.toFixed(2)} ${event.top.map(({ sensor, share }) => `${series.sensors[sensor]?.name} ${(100 * share).toFixed(0)}`).join(', ')}`,
    );
}
writeFileSync(join(folder, 'runs.json'), `${JSON.stringify(SHIPPED)}\n`);
