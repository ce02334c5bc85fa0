/** Fine-tuning as a job, and what it changed. */
import { compareEvents } from '../engine/compare.ts';
import { asEngineError } from '../engine/errors.ts';
import { boundedBy } from '../engine/feedback/teach.ts';
import { teachParams } from '../engine/feedback/teachParams.ts';
import { countSteps, stepLabels } from '../engine/labels/steps.ts';
import { resolve } from '../engine/params.ts';
import type { AnyValues } from '../engine/params.ts';
import { scoreResettled, teachAndScore } from '../engine/pipeline.ts';
import type { Result } from '../engine/pipeline.ts';
import { runMetrics } from '../engine/review.ts';
import { chooseBackend, deviceNow, lossBehind } from '../engine/tensor/backend.ts';
import type { Span } from '../engine/types.ts';
import { requireSameSeries } from './compareRuns.ts';
import { confirmedEvents, withPieces } from './driftNormal.ts';
import { setupOf } from './engines.ts';
import type { Job } from './jobs.ts';
import type { Labels } from './labels.ts';
import { alone } from './projectLocks.ts';
import type { RunDiff, RunInfo, RunJob, TeachJob } from './protocol.ts';
import { storedRun } from './runner.ts';
import type { LiveRun, Session } from './session.ts';
import type { Generated } from './studioTeach.ts';

type Lesson = {
  readonly session: Session;
  readonly labels: Labels;
  readonly job: Job;
  readonly request: TeachJob;
  readonly now: () => number;
  /** Lessons from a set of generated windows. */
  readonly lessons: (setId: string, run: LiveRun, label_T: Uint8Array) => Promise<Generated>;
};

/** Teaches and scores; when the GPU goes away it begins again on the next best backend with the same seed. */
async function taught(
  { job, request }: Lesson,
  { series, stored }: LiveRun,
  label_T: Uint8Array,
  generated: Generated | null,
): Promise<Result> {
  const setup = setupOf(stored.info.job);
  const settings = resolve(teachParams, request.params);
  const once = () =>
    teachAndScore(
      series,
      setup,
      stored.weights,
      label_T,
      settings,
      job.run(request.seed),
      (phase) => {
        job.tell({ kind: 'phase', phase });
      },
      generated?.lessons,
    );
  try {
    return await once();
  } catch (thrown) {
    const error = await lossBehind(thrown);
    if (error.kind !== 'device-lost') throw error;
    const device = await chooseBackend({ avoid: ['webgpu'] });
    job.tell({ kind: 'note', text: `${error.message}. The fine-tuning begins again with ${device.detail}.` });
    return once();
  }
}

/** Settings that labels change, for engines that are taught that way; null for those that move weights. */
function settledBy({ stored }: LiveRun, label_T: Uint8Array): AnyValues | null {
  const { detector, values } = setupOf(stored.info.job);
  return detector.settle ? detector.settle(values, stored.parts, label_T) : null;
}

/**
 * Fine-tunes a finished run on the labels that hold now and keeps the result as a run of its own; the one it starts
 * from stays. Throws EngineError as `teachAndScore` does. A reload meanwhile leaves it among the unfinished ones.
 */
export const executeTeach = (lesson: Lesson): Promise<RunInfo> => alone(lesson.request.jobId, () => carryOut(lesson));

async function carryOut(lesson: Lesson): Promise<RunInfo> {
  const { session, labels, job, request, now } = lesson;
  const from = now();
  job.tell({ kind: 'phase', phase: 'preparing' });
  const live = await session.run(request.runId);
  const { series, stored } = live;
  const { info } = stored;
  const label_T = stepLabels(await labels.held(info.data), { T: series.T, sensors: series.sensors });
  // Generated windows move weights: an engine without any says so itself.
  const settled = request.setId === undefined ? settledBy(live, label_T) : null;
  const params = { ...info.job.params, ...settled };
  const runJob: RunJob = { ...info.job, jobId: request.jobId, seed: request.seed, params };
  const generated = request.setId === undefined ? null : await lesson.lessons(request.setId, live, label_T);
  if (generated && generated.note !== '') job.tell({ kind: 'note', text: generated.note });
  const epochs = resolve(teachParams, request.params).epochs;
  await session.vault
    .putCheckpoint({ jobId: request.jobId, job: runJob, teach: request, epochs, savedAtMs: from, state: null })
    .catch(() => undefined);
  try {
    const result = settled
      ? await scoreResettled(series, setupOf(runJob), stored.weights, job.run(request.seed), (phase) => {
          job.tell({ kind: 'phase', phase });
        })
      : await taught(lesson, live, label_T, generated);
    job.tell({ kind: 'phase', phase: 'saving' });
    const round = (info.descent?.round ?? 0) + 1;
    const fresh = storedRun(runJob, series, setupOf(runJob), result, {
      id: request.jobId,
      name: `${info.engineTitle} ${info.job.preset}, round ${round}`,
      createdAtMs: now(),
      seconds: (now() - from) / 1000,
      backend: deviceNow().backend,
      shipped: false,
    });
    const made = await withPieces(fresh, stored, series, label_T, job.run(request.seed));
    // Under the settings of the run before, so that only the model differs.
    const { settings } = info.result;
    const events = confirmedEvents(series, made, made.headState, settings, made.info.confirmed);
    const kept = {
      ...made,
      info: {
        ...made.info,
        result: events,
        metrics: runMetrics(series, made.score, events),
        descent: {
          runId: info.id,
          round,
          ...countSteps(label_T),
          ...(generated && { generated: generated.windows }),
        },
      },
    };
    try {
      await session.keepRun(kept);
    } catch (thrown) {
      job.tell({ kind: 'note', text: asEngineError(thrown).message });
    }
    return kept.info;
  } finally {
    await session.vault.deleteCheckpoint(request.jobId).catch(() => undefined);
  }
}

/** Fewer steps than this are no evaluation. */
const LEAST_STEPS = 100;

/** Judged steps after the part that was asked about and after every label in it; null where too few are left. */
function evaluationOf({ series }: LiveRun, asked: number, labelled: readonly Span[]): Span | null {
  const { start, end } = series.test;
  const spoken = labelled.filter((span) => span.end > start && span.start < end).map((span) => Math.min(end, span.end));
  const from = Math.max(start + Math.floor(asked * (end - start)), ...spoken);
  return end - from >= LEAST_STEPS ? { start: from, end } : null;
}

/** Events and metrics of two runs of one series. Throws EngineError('bad-input') for runs of different ones. */
export async function diffOf(
  session: Session,
  labels: Labels,
  beforeId: string,
  afterId: string,
  asked: number,
): Promise<RunDiff> {
  const [before, after] = [await session.run(beforeId), await session.run(afterId)];
  const [one, other] = [before.stored.info, after.stored.info];
  requireSameSeries(one, other);
  const changes = compareEvents(one.result.events, other.result.events);
  const held = (await labels.held(one.data)).map(({ span }) => span);
  const evaluation = evaluationOf(after, asked, held);
  const bounded = boundedBy(other.history);
  if (!evaluation) return { changes, metrics: [], evaluation: null, bounded };
  const metricsOf = ({ series, stored }: LiveRun) => {
    const { result } = stored.info;
    const events = result.events.filter(({ start, end }) => end > evaluation.start && start < evaluation.end);
    return runMetrics({ ...series, test: evaluation }, stored.score, { ...result, events });
  };
  const earlier = metricsOf(before);
  const metrics = metricsOf(after).flatMap(({ id, title, value, provenance }) => {
    const was = earlier.find((metric) => metric.id === id);
    if (value === null || was?.value == null) return [];
    return [{ id, title, before: was.value, after: value, provenance }];
  });
  return { changes, metrics, evaluation, bounded };
}
