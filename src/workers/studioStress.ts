/** A stress test: anomalies of chosen sizes and lengths are put into normal places, and a run's own engine looks for them. */
import { findEvents } from '../engine/detect/events.ts';
import { EngineError } from '../engine/errors.ts';
import type { Cgats } from '../engine/generate/cgats.ts';
import { withChanges } from '../engine/generate/inject.ts';
import type { Injection } from '../engine/generate/inject.ts';
import { picked } from '../engine/generate/samples.ts';
import { middleMask, normalPlaces, roundsOf } from '../engine/generate/stress.ts';
import type { Places, Task } from '../engine/generate/stress.ts';
import { scoreWith } from '../engine/pipeline.ts';
import { seeded } from '../engine/rng.ts';
import type { Span } from '../engine/types.ts';
import { setupOf } from './engines.ts';
import type { Job } from './jobs.ts';
import type { StressCell, StressJob } from './protocol.ts';
import type { LiveRun } from './session.ts';

type Cell = { readonly size: number; readonly length: number };

const meets = (events: readonly Span[], span: Span): boolean =>
  events.some(({ start, end }) => start < span.end && end > span.start);

/** What is put in at each task's place: the generator's change of the window that was measured there, times the size. */
async function injectionsOf(
  model: Cgats,
  places: Places,
  sensor: number,
  tasks: readonly Task[],
  cells: readonly Cell[],
  rng: () => number,
): Promise<Injection[]> {
  const { T } = model;
  const window = picked(
    places.samples,
    tasks.map(({ place }) => place),
  );
  const label_NT = new Float32Array(tasks.length * T);
  tasks.forEach(({ cell }, n) => {
    label_NT.set(middleMask(T, cells[cell]!.length), n * T);
  });
  const { mu_NZ } = await model.describe({ ...window, label_NT });
  const x_NT = await model.sample(mu_NZ, label_NT, window.source_N, rng);
  const plain_NT = await model.decode(mu_NZ, new Float32Array(label_NT.length), window.source_N);
  return tasks.map(({ cell, place }, n) => ({
    sensor,
    start: places.start_N[place]!,
    change_T: Float32Array.from({ length: T }, (_, t) => cells[cell]!.size * (x_NT[n * T + t]! - plain_NT[n * T + t]!)),
    mask_T: label_NT.subarray(n * T, (n + 1) * T),
  }));
}

const spanOf = ({ start, mask_T }: Injection): Span => ({
  start: start + Array.prototype.indexOf.call(mask_T, 1),
  end: start + Array.prototype.lastIndexOf.call(mask_T, 1) + 1,
});

/**
 * Found are injections that meet an event of the run's own threshold and event settings; the engine is not trained anew.
 * Throws EngineError('bad-input') where there is no normal place or a length has no room, and 'cancelled'.
 */
export async function stressTest(request: StressJob, live: LiveRun, model: Cgats, job: Job): Promise<StressCell[]> {
  const { sensor, sizes, lengths, count, seed } = request;
  const { series, stored } = live;
  const { info } = stored;
  const setup = setupOf(info.job);
  const { W, horizon } = setup.detector.windowing(setup.values);
  const { threshold, settings, events } = info.result;
  const cells = sizes.flatMap((size) => lengths.map((length): Cell => ({ size, length })));
  for (const { length } of cells) middleMask(model.T, length);
  if (cells.length === 0 || !Number.isInteger(count) || count < 1)
    throw new EngineError(
      'bad-input',
      'nothing-to-try',
      'there is nothing to inject',
      'Give a size, a length and a count of at least one.',
    );
  const places = normalPlaces(series, sensor, model.T, W + horizon + settings.mergeGap + 2 * settings.padding);
  const rng = seeded(seed);
  const rounds = roundsOf(cells.length, count, places.start_N.length, rng);
  const tally = cells.map((cell) => ({ ...cell, found: 0, of: 0, before: 0 }));
  job.tell({ kind: 'phase', phase: 'scoring' });
  for (const [round, tasks] of rounds.entries()) {
    const injections = await injectionsOf(model, places, sensor, tasks, cells, rng);
    const { checkpoint, rng: own, progress } = job.run(info.job.seed);
    const copy = { ...series, columns: withChanges(series.columns, injections) };
    const { score } = await scoreWith(copy, setup, stored.weights, stored.headState, {
      rng: own,
      checkpoint,
      progress: (report) => {
        if (report.kind !== 'scoring') return;
        progress({ kind: 'scoring', done: round + report.done / report.of, of: rounds.length });
      },
    });
    const found = findEvents(score, threshold.value, settings, series.test).events;
    injections.forEach((injection, n) => {
      const cell = tally[tasks[n]!.cell]!;
      const span = spanOf(injection);
      cell.of++;
      if (meets(found, span)) cell.found++;
      if (meets(events, span)) cell.before++;
    });
    progress({ kind: 'scoring', done: round + 1, of: rounds.length });
  }
  return tally.map(({ size, length, found, of, before }) => ({
    size,
    length,
    found,
    of,
    flaggedBefore: before / of,
  }));
}
