/** Runs in which a range was confirmed as normal: how they are made, and what judges each of their steps. */
import { asEngineError } from '../engine/errors.ts';
import { bandsOf } from '../engine/drift/bands.ts';
import { pieceAt, pieceSeries, recalibrated, renewedAgain, residualOfPiece, retrained } from '../engine/drift/renew.ts';
import type { Piece } from '../engine/drift/renew.ts';
import { ANOMALOUS, stepLabels } from '../engine/labels/steps.ts';
import type { HeadState, Run } from '../engine/model.ts';
import { reviewEvents, runMetrics } from '../engine/review.ts';
import type { EventSettings, RunEvents } from '../engine/review.ts';
import { deviceNow } from '../engine/tensor/backend.ts';
import type { RunArrays } from '../engine/tracks.ts';
import type { Series } from '../engine/types.ts';
import type { Confirmation, NormalJob } from './driftProtocol.ts';
import { setupOf } from './engines.ts';
import type { Job } from './jobs.ts';
import type { Labels } from './labels.ts';
import type { RunInfo } from './protocol.ts';
import type { LiveRun, Session } from './session.ts';
import type { StoredRun } from './vault.ts';

type Asked = {
  readonly session: Session;
  readonly labels: Labels;
  readonly job: Job;
  readonly request: NormalJob;
  readonly now: () => number;
};

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** What a threshold comes from, with every confirmed range that its scores were calibrated on. */
export function sourceWith(source: string, confirmed: readonly Confirmation[] = []): string {
  const all = confirmed.map(
    ({ words, by, atMs, retrain }) =>
      `${retrain ? 'retrained' : 'recalibrated'} on ${words}, confirmed by ${by} on ${dayOf(atMs)}`,
  );
  return [source, ...all].join('; ');
}

/** Events of scores under `settings`; their threshold says what was confirmed. */
export function confirmedEvents(
  series: Series,
  arrays: RunArrays,
  headState: HeadState,
  settings: EventSettings,
  confirmed: readonly Confirmation[] | undefined,
): RunEvents {
  const events = reviewEvents(series, arrays, headState, settings);
  const { threshold } = events;
  return { ...events, threshold: { ...threshold, source: sourceWith(threshold.source, confirmed) } };
}

/** Events of a run under `settings`. */
export const eventsOf = ({ series, stored }: LiveRun, settings: EventSettings): RunEvents =>
  confirmedEvents(series, stored, stored.headState, settings, stored.info.confirmed);

/** 1 at the steps that are not learned from: what the page dropped, and what people called anomalous. */
async function droppedSteps({ labels, request }: Asked, { series, stored }: LiveRun): Promise<Uint8Array> {
  const said = stepLabels(await labels.held(stored.info.data), { T: series.T, sensors: series.sensors });
  const dropped_T = said.map((verdict) => (verdict === ANOMALOUS ? 1 : 0));
  for (const { start, end } of request.dropped) dropped_T.fill(1, start, end);
  return dropped_T;
}

const countIn = (dropped_T: Uint8Array, { start, end }: NormalJob['learned']): number =>
  dropped_T.subarray(start, end).reduce((sum, dropped) => sum + dropped, 0);

/**
 * Makes a run in which the confirmed range is normal and keeps it beside the one before. Throws EngineError as
 * `recalibrated` and `retrained` do; what was kept before stays.
 */
export async function executeNormal(asked: Asked): Promise<RunInfo> {
  const { session, job, request, now } = asked;
  const from = now();
  job.tell({ kind: 'phase', phase: 'preparing' });
  const live = await session.run(request.runId);
  const { series, stored } = live;
  const { info } = stored;
  const setup = setupOf(info.job);
  const dropped_T = await droppedSteps(asked, live);
  const { learned, applies, confirmed, runId, retrain, by, kind, words } = request;
  const given = { series, setup, arrays: stored, headState: stored.headState };
  const normal = { learned, applies };
  const run = job.run(info.job.seed);
  job.tell({ kind: 'phase', phase: 'calibrating' });
  const { arrays, piece } = retrain
    ? await retrained(given, normal, dropped_T, run, (phase) => job.tell({ kind: 'phase', phase }))
    : await recalibrated(given, normal, dropped_T, run);
  job.tell({ kind: 'phase', phase: 'saving' });
  const remembered: Confirmation = {
    ...{ runId, confirmed, learned, applies, retrain, by, kind, words },
    atMs: now(),
    leftOut: countIn(dropped_T, learned),
  };
  const pieces = [...(stored.pieces ?? []), piece];
  const made: StoredRun = {
    ...arrays,
    weights: stored.weights,
    headState: stored.headState,
    pieces,
    info: {
      ...info,
      id: request.jobId,
      job: { ...info.job, jobId: request.jobId },
      name: info.confirmed ? info.name : `${info.name}, new normal`,
      createdAtMs: remembered.atMs,
      seconds: (now() - from) / 1000,
      backend: retrain ? deviceNow().backend : info.backend,
      shipped: false,
      confirmed: [...(info.confirmed ?? []), remembered],
      bands: bandsOf(pieces),
    },
  };
  const result = eventsOf({ ...live, stored: made }, info.result.settings);
  const kept = { ...made, info: { ...made.info, result, metrics: runMetrics(series, made.score, result) } };
  try {
    await session.keepRun(kept);
  } catch (thrown) {
    job.tell({ kind: 'note', text: asEngineError(thrown).message });
  }
  return kept.info;
}

/**
 * A run with the pieces of the run before it, in the same order: a head that was calibrated on a range is calibrated on
 * the new errors there, an engine that was trained on one stays. What people call anomalous now is left out as well.
 */
export async function withPieces(
  made: StoredRun,
  before: StoredRun,
  series: Series,
  label_T: Uint8Array,
  run: Run,
): Promise<StoredRun> {
  const { pieces = [], info } = before;
  if (pieces.length === 0 || info.confirmed === undefined) return made;
  const setup = setupOf(made.info.job);
  const renewed: Piece[] = [];
  let arrays: RunArrays = made;
  for (const piece of pieces) {
    const dropped_T = label_T.map((verdict) => (verdict === ANOMALOUS ? 1 : 0));
    for (const { start, end } of piece.own?.dropped ?? []) dropped_T.fill(1, start, end);
    const next = await renewedAgain({ series, setup, arrays, headState: made.headState }, piece, dropped_T, run);
    ({ arrays } = next);
    renewed.push(next.piece);
  }
  const { confirmed } = info;
  return { ...made, ...arrays, pieces: renewed, info: { ...made.info, confirmed, bands: bandsOf(renewed) } };
}

/** What judges a step of a run: arrays in its units, the head's state, and the series with what it learned from. */
export type Judge = { readonly arrays: RunArrays; readonly headState: HeadState; readonly series: Series };

export function judgeAt({ stored, series }: LiveRun, step: number): Judge {
  const piece = pieceAt(stored.pieces ?? [], step);
  if (piece === null) return { arrays: stored, headState: stored.headState, series };
  // Scores of a piece are told in the scale of the run's own law.
  const headState = { ...piece.headState, calibration: stored.headState['calibration'] };
  return {
    arrays: { ...stored, r_TS: residualOfPiece(stored, piece) },
    headState,
    series: { ...series, train: piece.learned },
  };
}

/** Weights of the engine that expects a step, and the series as that engine was trained on it. */
export function modelAt({ stored, series }: LiveRun, step: number): Pick<StoredRun, 'weights'> & { series: Series } {
  const piece = pieceAt(stored.pieces ?? [], step);
  if (piece?.model == null) return { weights: stored.weights, series };
  return { weights: piece.model.weights, series: pieceSeries(series, piece) };
}
