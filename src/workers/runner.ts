/** Carries out one run: picks up an interrupted fit, keeps a checkpoint after each epoch, and survives a lost GPU. */
import { asEngineError } from '../engine/errors.ts';
import type { TrainState } from '../engine/model.ts';
import { fitAndScore } from '../engine/pipeline.ts';
import type { Result, Setup } from '../engine/pipeline.ts';
import { defaultSettings, reviewEvents, runMetrics } from '../engine/review.ts';
import { chooseBackend, deviceNow, lossBehind } from '../engine/tensor/backend.ts';
import type { Series } from '../engine/types.ts';
import { Checkpoints } from './checkpoints.ts';
import { setupOf } from './engines.ts';
import type { Job } from './jobs.ts';
import { alone } from './projectLocks.ts';
import type { RunInfo, RunJob } from './protocol.ts';
import type { Session } from './session.ts';
import type { StoredRun } from './vault.ts';
import { workFor } from './work.ts';
import type { Manned, Staff } from './work.ts';

type Scope = {
  readonly session: Session;
  readonly job: Job;
  readonly request: RunJob;
  readonly now: () => number;
  readonly staff: Staff;
};

/** Fits and scores; when the GPU goes away the fit goes on from the last finished epoch on the next best backend. */
async function fit(
  scope: Scope,
  series: Series,
  setup: Setup,
  first: Manned,
  checkpoints: Checkpoints,
): Promise<Result> {
  const { session, job, request, now } = scope;
  const kept = await session.vault.getCheckpoint(request.jobId).catch(() => undefined);
  let last: TrainState | undefined = kept?.state ?? undefined;
  const epochs = setup.detector.epochs(setup.values);
  // The page that asks may be new: it shall see the whole curve, not only what comes after the checkpoint.
  last?.history.forEach((losses, n) => job.tell({ kind: 'epoch', epoch: n + 1, epochs, losses, secondsLeft: null }));
  const onState = (state: TrainState) => {
    last = state;
    const job = { ...request, work: first.work };
    checkpoints.put({ jobId: request.jobId, job, epochs, savedAtMs: now(), state });
  };
  const once = ({ work, helpers }: Manned) => {
    const onLost = (left: number): void =>
      job.tell({ kind: 'note', text: `A helping worker stopped; ${left} are left, and the result is the same.` });
    return fitAndScore(
      series,
      setup,
      { ...job.run(request.seed), ...(work.scored !== null && { scored: work.scored }) },
      (phase) => {
        job.tell({ kind: 'phase', phase });
      },
      { ...(last && { from: last }), onState, work: { ...work, helpers, onLost } },
    );
  };
  try {
    return await once(first);
  } catch (thrown) {
    const error = await lossBehind(thrown);
    if (error.kind !== 'device-lost') throw error;
    const device = await chooseBackend({ avoid: ['webgpu'] });
    job.tell({
      kind: 'note',
      text: `${error.message}. The run goes on with ${device.detail}${last ? ` from epoch ${last.epoch + 1}` : ''}.`,
    });
    // Another backend has other limits.
    const next = await workFor({ ...scope, series, setup });
    return once(next).finally(next.end);
  }
}

/** A run with its first events and metrics, as it is kept. */
export function storedRun(
  request: RunJob,
  series: Series,
  setup: Setup,
  result: Result,
  facts: Pick<RunInfo, 'id' | 'name' | 'createdAtMs' | 'seconds' | 'backend' | 'shipped' | 'work'>,
): StoredRun {
  const { headState, weights, history, band_S, leftOut, ...arrays } = result;
  const events = reviewEvents(series, arrays, headState, defaultSettings);
  const info: RunInfo = {
    ...facts,
    data: request.data,
    job: request,
    engineTitle: setup.detector.card.title,
    ...(request.tags && { tags: request.tags }),
    history,
    parts: arrays.parts.map(({ name, title }) => ({ name, title })),
    band_S,
    leftOut,
    result: events,
    metrics: runMetrics(series, arrays.score, events),
  };
  return { ...arrays, info, weights, headState };
}

/**
 * Runs a job to its end and keeps the result. Throws EngineError, 'busy-elsewhere' where another tab computes the same
 * job; what was kept before stays.
 */
export const execute = (scope: Scope): Promise<RunInfo> => alone(scope.request.jobId, () => carryOut(scope));

async function carryOut(scope: Scope): Promise<RunInfo> {
  const { session, job, request, now } = scope;
  const from = now();
  const setup = setupOf(request);
  const series = await session.series(request.data);
  const manned = await workFor({ ...scope, series, setup });
  job.tell({ kind: 'phase', phase: 'preparing' });
  if (manned.note !== '') job.tell({ kind: 'note', text: manned.note });
  const checkpoints = new Checkpoints(session.vault, (why) =>
    job.tell({ kind: 'note', text: `This run cannot be resumed after a reload. ${why}` }),
  );
  let result: Result;
  try {
    result = await fit(scope, series, setup, manned, checkpoints).finally(manned.end);
  } catch (thrown) {
    // A cancelled run is not an interrupted one, and an epoch may have ended since the cancel came.
    if (asEngineError(thrown).code === 'cancelled') await checkpoints.drop(request.jobId);
    throw thrown;
  }
  job.tell({ kind: 'phase', phase: 'saving' });
  const stored = storedRun(request, series, setup, result, {
    id: request.jobId,
    name: `${setup.detector.card.title} ${request.preset}`,
    createdAtMs: now(),
    seconds: (now() - from) / 1000,
    backend: deviceNow().backend,
    shipped: false,
    work: manned.work,
  });
  try {
    await session.keepRun(stored);
  } catch (thrown) {
    // The run itself is fine and stays in memory: say what is not.
    job.tell({ kind: 'note', text: asEngineError(thrown).message });
  }
  await checkpoints.drop(request.jobId);
  return stored.info;
}
