/**
 * How a run is computed on this device: as many windows at a time as memory has room for and as is quickest here, and
 * with helpers where that pays. Measured on the very job in a second or so; short jobs are not measured at all.
 */
import { blankPart, blankWindows, bytesFor, withReplica } from '../engine/footprint.ts';
import type { Dims, Footprint } from '../engine/footprint.ts';
import type { Setup } from '../engine/pipeline.ts';
import type { Replica } from '../engine/replica.ts';
import { sharesOf } from '../engine/replica.ts';
import { fitInto } from '../engine/room.ts';
import type { Fit } from '../engine/room.ts';
import { deviceNow } from '../engine/tensor/backend.ts';
import { roomOn } from '../engine/tensor/memory.ts';
import type { Windows } from '../engine/types.ts';
import type { Crew } from './helpers.ts';
import type { MemoryNeed, RunWork } from './workProtocol.ts';
import { toWire } from './wire.ts';

export type Task = {
  readonly setup: Setup;
  readonly dims: Dims;
  /** Training windows. */
  readonly count: number;
  readonly now: () => number;
  readonly checkpoint: () => Promise<void>;
  /** See `Staff`. */
  readonly isSteady?: boolean | undefined;
};

/** Shorter training than this is not worth a measurement, in ms. */
const WORTH_MEASURING = 10_000;
/** A choice must be quicker by this much than whole batches on one worker; less may be noise. */
const GAIN = 1.15;
/** Larger pieces of work than this are not tried, in ms. */
const PATIENCE = 1500;

export type Plan = RunWork & {
  /** What was measured, in words; '' where nothing was. */
  readonly note: string;
  /** Milliseconds a training window takes. */
  readonly pace: number;
};

/** Milliseconds of `work`, the better of two. */
async function timed(now: () => number, work: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let n = 0; n < 2; n++) {
    const from = now();
    await work();
    best = Math.min(best, now() - from);
  }
  return best;
}

/** All losses of a batch of `size` windows on one replica. */
async function step(replica: Replica, windows: Windows, size: number): Promise<void> {
  for (let loss = 0; loss < replica.losses; loss++)
    await replica.compute(blankPart({ ...windows, ...replica.shape }, loss, size, true), null);
}

/** The same batch, shared with helpers as training shares it. */
async function sharedStep(replica: Replica, crew: Crew, windows: Windows, size: number, chunk: number): Promise<void> {
  const shares = sharesOf(size, crew.helpers.length + 1);
  const weights = new Float32Array(replica.size);
  for (let loss = 0; loss < replica.losses; loss++) {
    const parts = shares.map((share) => ({
      ...blankPart({ ...windows, ...replica.shape }, loss, share.to - share.from, true),
      share,
      chunk,
    }));
    const [own, ...others] = parts;
    const asked = crew.helpers.map((helper, n) => {
      const part = others[n];
      return part ? helper.compute(part, weights.slice()) : Promise.resolve(weights);
    });
    if (own) await replica.compute(own, null);
    await Promise.all(asked);
  }
}

const halves = (size: number): number[] => (size >= 8 ? [size, size / 2, size / 4].map(Math.ceil) : [size]);

/** The quickest chunk, and milliseconds a window with it. */
async function quickest(task: Task, replica: Replica, windows: Windows, most: number) {
  const { now, checkpoint } = task;
  const paces = new Map<number, number>();
  await step(replica, windows, Math.min(4, most)); // The first one compiles and warms up.
  const small = Math.min(4, most);
  const guess = (await timed(now, () => step(replica, windows, small))) / small;
  if (!replica.separable || guess * most > PATIENCE) return { chunk: most, pace: guess, whole: guess };
  for (const size of halves(most)) {
    await checkpoint();
    paces.set(size, (await timed(now, () => step(replica, windows, size))) / size);
  }
  const whole = paces.get(most) ?? guess;
  const [chunk, pace] = [...paces].reduce((best, entry) => (entry[1] < best[1] ? entry : best));
  return pace * GAIN < whole ? { chunk, pace, whole } : { chunk: most, pace: whole, whole };
}

const epochsOf = ({ setup }: Task): number => setup.detector.epochs(setup.values);

/** Windows at a time for which there is room. A batch that cannot be divided is never cut in training. */
export function roomyWork({ limits, footprint }: Fit, batch: number, judged: number): RunWork {
  const most = (limit: number, wanted: number): number => Math.max(1, Math.min(limit, wanted));
  return {
    batch,
    chunk: footprint.separable ? most(limits.training, batch) : batch,
    judged: most(limits.judging, judged),
    scored: limits.scoring < 256 ? most(limits.scoring, 64) : null,
    workers: 1,
  };
}

const times = (ratio: number): string => `${ratio.toPrecision(2)} times as fast`;

/**
 * What a job needs and what there is room for, without measuring speed. Throws as `fit` does for settings that make no
 * sense; a job that is too large is told in `fit.refusal`.
 */
export async function fitHere({ setup, dims }: Pick<Task, 'setup' | 'dims'>, shared = 1) {
  const room = roomOn(deviceNow().backend, shared);
  return { room, fit: await fitInto(room, setup.detector, setup.values, dims) };
}

/** In numbers for a page. */
export function needOf(footprint: Footprint, work: RunWork, available: number, { refusal }: Fit): MemoryNeed {
  const { training, judging, scoring } = footprint;
  return {
    needed: Math.max(
      bytesFor(training, work.chunk),
      bytesFor(judging, work.judged),
      bytesFor(scoring, work.scored ?? 1),
    ),
    available: Math.max(0, available),
    refusal: refusal && toWire(refusal.error),
    smaller: refusal?.smaller ?? [],
  };
}

/** Number of windows that a probe has at hand; parts repeat them. */
const SAMPLE = 16;

/**
 * Chooses how to compute a job that fits. `hire` starts helpers; those that stay are in the crew it made, and the plan's
 * `workers` counts this one too.
 */
export async function planFor(
  task: Task,
  fit: Fit,
  hire: ((count: number) => Promise<Crew | null>) | null,
): Promise<Plan> {
  const { setup, dims, count, now, checkpoint } = task;
  const { detector, values } = setup;
  const windows = blankWindows(detector, values, dims, SAMPLE);
  return withReplica(detector, values, windows, async (replica) => {
    const roomy = roomyWork(fit, replica.batch, replica.judged);
    const batch = Math.min(replica.batch, count);
    const whole = Math.min(batch, roomy.chunk);
    await step(replica, windows, Math.min(2, whole));
    const first = Math.min(4, whole);
    const rough = (await timed(now, () => step(replica, windows, first))) / first;
    const total = rough * count * epochsOf(task);
    if (task.isSteady === true || total < WORTH_MEASURING) return { ...roomy, pace: rough, note: '' };
    await checkpoint();
    const found = await quickest(task, replica, windows, whole);
    const notes =
      found.chunk < whole ? [`${found.chunk} windows at a time are ${times(found.whole / found.pace)} here`] : [];
    const alone = { ...roomy, chunk: found.chunk === whole ? roomy.chunk : found.chunk };
    if (!replica.separable || hire === null || found.pace * batch > 20 * PATIENCE)
      return { ...alone, pace: found.pace, note: notes.join('; ') };
    const crew = await hire(Math.max(0, batch - 1));
    if (crew === null) return { ...alone, pace: found.pace, note: notes.join('; ') };
    await checkpoint();
    const together = await timed(now, () => sharedStep(replica, crew, windows, batch, found.chunk)).catch(
      () => Infinity,
    );
    const gain = (found.pace * batch) / together;
    if (gain < GAIN) {
      crew.end();
      notes.push(`${crew.helpers.length + 1} workers are no faster than one here`);
      return { ...alone, pace: found.pace, note: notes.join('; ') };
    }
    notes.push(`${crew.helpers.length + 1} workers are ${times(gain)} as one here`);
    return { ...alone, workers: crew.helpers.length + 1, pace: found.pace / gain, note: notes.join('; ') };
  });
}
