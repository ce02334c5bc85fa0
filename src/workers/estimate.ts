/** What a job will take here, before it is run. */
import { asEngineError, cancelled } from '../engine/errors.ts';
import type { Run } from '../engine/model.ts';
import { preparedFor, trainingWindows } from '../engine/pipeline.ts';
import type { Setup } from '../engine/pipeline.ts';
import { seeded } from '../engine/rng.ts';
import type { Windows } from '../engine/types.ts';
import { deviceNow } from '../engine/tensor/backend.ts';
import { roomOn } from '../engine/tensor/memory.ts';
import { setupOf } from './engines.ts';
import { yieldToMessages } from './jobs.ts';
import { fitHere, needOf, roomyWork } from './plan.ts';
import type { Estimate, RunJob } from './protocol.ts';
import type { Session } from './session.ts';
import type { RunWork } from './workProtocol.ts';

/** Long enough for a few batches, short enough that a form can ask after every change. */
const PROBE_MS = 400;
const PROBE_BATCHES = 6;

/** Share of the whole training that a millisecond does here, measured on the first batches of the very job. */
async function measurePace(setup: Setup, windows: Windows, work: RunWork, now: () => number): Promise<number> {
  const marks: { at: number; share: number }[] = [];
  const from = now();
  const run: Run = {
    rng: seeded(0),
    checkpoint: () =>
      marks.length > PROBE_BATCHES || (marks.length > 1 && now() - from > PROBE_MS)
        ? Promise.reject(cancelled())
        : yieldToMessages(),
    progress: (report) => {
      if (report.kind === 'batch')
        marks.push({ at: now(), share: (report.epoch - 1 + report.done / report.of) / report.epochs });
    },
  };
  try {
    (await setup.detector.fit(windows, setup.values, run, { work })).dispose();
  } catch (thrown) {
    if (asEngineError(thrown).code !== 'cancelled') throw thrown;
  }
  if (marks.length === 0) return NaN;
  const pace = marks.map(({ at, share }, n) => {
    const before = marks[n - 1] ?? { at: from, share: 0 };
    return (share - before.share) / (at - before.at);
  });
  // The first batch also compiles and warms up; of the others the median, because one may be held up by something else.
  const warm = (pace.length > 1 ? pace.slice(1) : pace).sort((a, b) => a - b);
  return warm[Math.floor(warm.length / 2)] ?? NaN;
}

/** Windows that learning in one go is measured on; the time grows with their number at most. */
const PROBE_WINDOWS = 400;

/** Seconds of learning in one go: of the first windows, as often as all contain them. */
async function measureWhole(setup: Setup, windows: Windows, now: () => number): Promise<number> {
  const few = { ...windows, start_N: windows.start_N.subarray(0, PROBE_WINDOWS) };
  const from = now();
  const run: Run = { rng: seeded(0), checkpoint: yieldToMessages, progress: () => undefined };
  (await setup.detector.fit(few, setup.values, run)).dispose();
  return (((now() - from) / 1000) * windows.start_N.length) / few.start_N.length;
}

const NOTES = {
  oneGo: 'Learns in one go, without epochs; the time is that of learning alone.',
  training: 'Training alone; it may stop earlier when the validation loss no longer falls.',
  parts: (chunk: number, batch: number) =>
    `For memory, each batch of ${batch} windows is computed in parts of ${chunk}; the result is the same to rounding.`,
};

/**
 * Seconds and bytes that a job will take here: memory is counted, time measured by a short probe. A job that does not
 * fit is no error here: `memory` has what to say and what to change. Throws EngineError as the run would for all else.
 */
export async function estimate(session: Session, request: RunJob, now: () => number): Promise<Estimate> {
  const setup = setupOf(request);
  const series = await session.series(request.data);
  const { prepared, windowing } = preparedFor(series, setup);
  const windows = trainingWindows(series, prepared, windowing);
  const { S, C, T } = prepared;
  const count = windows.start_N.length;
  // Rows, expected values, residuals, p-values and z of the run, all float32, beside the series itself.
  const own = 4 * T * (2 * (S + C) + 4 * S);
  if (setup.detector.inOneGo === true) {
    const available = Math.max(0, roomOn(deviceNow().backend).total);
    const memory = { needed: own, available, refusal: null, smaller: [] };
    return { seconds: await measureWhole(setup, windows, now), bytes: own, memory, windows: count, note: NOTES.oneGo };
  }
  const { fit, room } = await fitHere({ setup, dims: { S, C } });
  const batch = Number(setup.values['batch'] ?? 1);
  const work = roomyWork(fit, batch, Math.max(batch, 256));
  const memory = needOf(fit.footprint, work, room.total, fit);
  const seconds = fit.refusal === null ? 1 / (await measurePace(setup, windows, work, now)) / 1000 : NaN;
  const bytes = own + memory.needed;
  const notes = [
    ...(fit.refusal === null && work.chunk < batch ? [NOTES.parts(work.chunk, batch)] : []),
    ...(setup.detector.epochs(setup.values) > 1 ? [NOTES.training] : []),
  ];
  return { seconds, bytes, memory, windows: count, note: notes.join(' ') };
}
