/** Carries out one run: picks up an interrupted fit, keeps a checkpoint after each epoch, and survives a lost GPU. */
import { asEngineError, cancelled } from '../engine/errors.ts';
import type { Run, TrainState } from '../engine/model.ts';
import { fitAndScore, preparedFor, trainingWindows } from '../engine/pipeline.ts';
import type { Result, Setup } from '../engine/pipeline.ts';
import { defaultSettings, reviewEvents, runMetrics } from '../engine/review.ts';
import { chooseBackend, deviceNow } from '../engine/tensor/backend.ts';
import { seeded } from '../engine/rng.ts';
import type { Series, Windows } from '../engine/types.ts';
import { yieldToMessages } from './jobs.ts';
import { setupOf } from './engines.ts';
import type { Job } from './jobs.ts';
import type { Estimate, RunInfo, RunJob } from './protocol.ts';
import type { Session } from './session.ts';
import type { StoredRun } from './vault.ts';

type Scope = { readonly session: Session; readonly job: Job; readonly request: RunJob; readonly now: () => number };

/** Fits and scores; when the GPU goes away the fit goes on from the last finished epoch on the next best backend. */
async function fit({ session, job, request, now }: Scope, series: Series, setup: Setup): Promise<Result> {
  const kept = await session.vault.getCheckpoint(request.jobId).catch(() => undefined);
  let last: TrainState | undefined = kept?.state;
  const epochs = setup.detector.epochs(setup.values);
  // The page that asks may be new: it shall see the whole curve, not only what comes after the checkpoint.
  last?.history.forEach((losses, n) => job.tell({ kind: 'epoch', epoch: n + 1, epochs, losses, secondsLeft: null }));
  let warned = false;
  const onState = (state: TrainState) => {
    last = state;
    session.vault
      .putCheckpoint({ jobId: request.jobId, job: request, epochs, savedAtMs: now(), state })
      .catch((thrown: unknown) => {
        if (!warned)
          job.tell({
            kind: 'note',
            text: `This run cannot be resumed after a reload. ${asEngineError(thrown).message}`,
          });
        warned = true;
      });
  };
  const once = () =>
    fitAndScore(
      series,
      setup,
      job.run(request.seed),
      (phase) => {
        job.tell({ kind: 'phase', phase });
      },
      last ? { from: last, onState } : { onState },
    );
  try {
    return await once();
  } catch (thrown) {
    const error = asEngineError(thrown);
    if (error.kind !== 'device-lost') throw error;
    const device = await chooseBackend({ avoid: ['webgpu'] });
    job.tell({
      kind: 'note',
      text: `${error.message}. The run goes on with ${device.detail}${last ? ` from epoch ${last.epoch + 1}` : ''}.`,
    });
    return once();
  }
}

/** A run with its first events and metrics, as it is kept. */
export function storedRun(
  request: RunJob,
  series: Series,
  setup: Setup,
  result: Result,
  facts: Pick<RunInfo, 'id' | 'name' | 'createdAtMs' | 'seconds' | 'backend' | 'shipped'>,
): StoredRun {
  const { headState, weights, history, band_S, leftOut, ...arrays } = result;
  const events = reviewEvents(series, arrays, headState, defaultSettings);
  const info: RunInfo = {
    ...facts,
    data: request.data,
    job: request,
    engineTitle: setup.detector.card.title,
    history,
    parts: arrays.parts.map(({ name, title }) => ({ name, title })),
    band_S,
    leftOut,
    result: events,
    metrics: runMetrics(series, arrays.score, events),
  };
  return { ...arrays, info, weights, headState };
}

/** Runs a job to its end and keeps the result. Throws EngineError; what was kept before stays. */
export async function execute(scope: Scope): Promise<RunInfo> {
  const { session, job, request, now } = scope;
  const from = now();
  job.tell({ kind: 'phase', phase: 'preparing' });
  const setup = setupOf(request);
  const series = await session.series(request.data);
  const result = await fit(scope, series, setup);
  job.tell({ kind: 'phase', phase: 'saving' });
  const stored = storedRun(request, series, setup, result, {
    id: request.jobId,
    name: `${setup.detector.card.title} ${request.preset}`,
    createdAtMs: now(),
    seconds: (now() - from) / 1000,
    backend: deviceNow().backend,
    shipped: false,
  });
  try {
    await session.keepRun(stored);
  } catch (thrown) {
    // The run itself is fine and stays in memory: say what is not.
    job.tell({ kind: 'note', text: asEngineError(thrown).message });
  }
  await session.vault.deleteCheckpoint(request.jobId).catch(() => undefined);
  return stored.info;
}

/** Long enough for a few batches, short enough that a form can ask after every change. */
const PROBE_MS = 400;
const PROBE_BATCHES = 6;

/** Share of the whole training that a millisecond does here, measured on the first batches of the very job. */
async function measurePace(setup: Setup, windows: Windows, now: () => number): Promise<number> {
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
    (await setup.detector.fit(windows, setup.values, run)).dispose();
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

/** Seconds and bytes that a job will take here, from a short probe on this device. Throws EngineError as the run would. */
export async function estimate(session: Session, request: RunJob, now: () => number): Promise<Estimate> {
  const setup = setupOf(request);
  const series = await session.series(request.data);
  const { prepared, windowing } = preparedFor(series, setup);
  const windows = trainingWindows(series, prepared, windowing);
  const seconds = 1 / (await measurePace(setup, windows, now)) / 1000;
  const { S, C, T } = prepared;
  // Rows, expected values, residuals, p-values and z of the run, all float32, beside the series itself.
  const bytes = 4 * T * (2 * (S + C) + 4 * S);
  const note =
    setup.detector.epochs(setup.values) > 1
      ? 'Training alone; it may stop earlier when the validation loss no longer falls.'
      : '';
  return { seconds, bytes, windows: windows.start_N.length, note };
}
