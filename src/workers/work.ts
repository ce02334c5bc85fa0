/** Turns a job into how it is computed here: planned, or as it was computed before; with the helpers that takes. */
import type { Setup } from '../engine/pipeline.ts';
import type { Helper } from '../engine/replica.ts';
import { deviceNow } from '../engine/tensor/backend.ts';
import type { Series } from '../engine/types.ts';
import { cutStarts } from '../engine/window.ts';
import { absent, startCrew } from './helpers.ts';
import type { Crew, Spawned } from './helpers.ts';
import type { Job } from './jobs.ts';
import { fitHere, planFor } from './plan.ts';
import type { Task } from './plan.ts';
import type { RunJob } from './protocol.ts';
import type { RunWork } from './workProtocol.ts';

/** Whom a run may ask for help: `spawn` is null where no worker can be started from here. */
export type Staff = {
  readonly cores: number;
  readonly spawn: (() => Spawned) | null;
  /** Workers that share this device's memory, this one included. */
  readonly shared: number;
  /**
   * True: as many windows at a time as there is room for, whatever would be quickest now, so that the same job gives the
   * same bytes on another day. Sums of other parts differ in their last digits.
   */
  readonly isSteady?: boolean;
};

/** A way of computing with its workers. Call `end` when the run is over. */
export type Manned = {
  readonly work: RunWork;
  readonly helpers: readonly Helper[];
  /** What was measured, in words. */
  readonly note: string;
  readonly end: () => void;
};

export type Undertaking = {
  readonly job: Pick<Job, 'run'>;
  readonly request: RunJob;
  readonly now: () => number;
  readonly staff: Staff;
  readonly series: Series;
  readonly setup: Setup;
};

/** More helpers than this have not been seen to help. */
const MOST_HELPERS = 7;

/** Choices made in this worker: the same job is computed the same way, whatever else the device does meanwhile. */
const made = new Map<string, { readonly work: RunWork; readonly note: string }>();
const KEPT = 50;

const keyOf = ({ setup, dims, count }: Task): string =>
  JSON.stringify([setup.detector.card.id, setup.values, dims, count, deviceNow().backend]);

/** The job as the planner sees it. */
export function taskOf({ job, request, now, series, setup }: Omit<Undertaking, 'staff'>): Task {
  const { W, horizon, stride } = setup.detector.windowing(setup.values);
  return {
    setup,
    now,
    dims: { S: series.sensors.length, C: series.covariates.length },
    count: cutStarts([series.train], { W, horizon, stride }).length,
    checkpoint: job.run(request.seed).checkpoint,
  };
}

const ALONE: RunWork = {
  batch: 1,
  chunk: Number.MAX_SAFE_INTEGER,
  judged: Number.MAX_SAFE_INTEGER,
  scored: null,
  workers: 1,
};

/** Helpers for a choice that was made before; those that cannot be had are stood in for. */
async function manned(work: RunWork, note: string, hire: (count: number) => Promise<Crew | null>): Promise<Manned> {
  const wanted = work.workers - 1;
  const crew = wanted > 0 ? await hire(wanted) : null;
  const found = crew?.helpers ?? [];
  const helpers = [...found, ...Array.from({ length: wanted - found.length }, () => absent)];
  return { work, helpers, note, end: () => crew?.end() };
}

/**
 * How to compute a job. Throws EngineError('bad-input', 'too-large') with smaller settings for one that does not fit
 * into this device's memory, and 'cancelled'.
 */
export async function workFor(given: Undertaking): Promise<Manned> {
  const { request, staff, setup } = given;
  const { spawn, cores, shared } = staff;
  const task = { ...taskOf(given), isSteady: staff.isSteady };
  // Too short a series: the run itself says so best. What learns in one go has no batches to divide.
  if (task.count === 0 || setup.detector.inOneGo === true)
    return { work: ALONE, helpers: [], note: '', end: () => undefined };
  const backend = deviceNow().backend;
  const hire = async (count: number): Promise<Crew | null> =>
    spawn === null ? null : startCrew(spawn, Math.min(count, cores - 1, MOST_HELPERS), request, task.dims, backend);
  if (request.work !== undefined) return manned(request.work, '', hire);
  const key = keyOf(task);
  const before = made.get(key);
  if (before !== undefined) return manned(before.work, before.note, hire);
  const { fit } = await fitHere({ setup, dims: task.dims }, shared);
  if (fit.refusal !== null) throw fit.refusal.error;
  const crews: Crew[] = [];
  const end = (): void => {
    for (const crew of crews) crew.end();
  };
  const hireOnce = async (most: number): Promise<Crew | null> => {
    const crew = await hire(most);
    if (crew !== null) crews.push(crew);
    return crew;
  };
  try {
    const mayHire = spawn !== null && cores > 2 && backend !== 'webgpu';
    const { pace, note, ...work } = await planFor(task, fit, mayHire ? hireOnce : null);
    made.set(key, { work, note });
    const [oldest] = made.keys();
    if (made.size > KEPT && oldest !== undefined) made.delete(oldest);
    return { work, helpers: crews.flatMap(({ helpers }) => helpers).slice(0, work.workers - 1), note, end };
  } catch (thrown) {
    end();
    throw thrown;
  }
}
