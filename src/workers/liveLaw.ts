/** What a live run goes on by: the run's own engine and head, or those of the range that was confirmed as normal last. */
import { EngineError } from '../engine/errors.ts';
import { inLawOf, lawAtEnd, pieceSeries, residualOfPiece } from '../engine/drift/renew.ts';
import type { LastLaw } from '../engine/drift/renew.ts';
import type { Before, LiveModel } from '../engine/live/scorer.ts';
import { trainingMeans } from '../engine/prepare.ts';
import type { Span } from '../engine/types.ts';
import { setupOf } from './engines.ts';
import { copyRows } from './liveReplay.ts';
import type { LiveRun } from './session.ts';

export type LiveLaw = {
  readonly model: LiveModel;
  /** The part of the series that is replayed: the judged part, or as much of it as is judged as its end is. */
  readonly replayed: Span;
  /** What a replay goes on from. Throws EngineError('bad-input', 'no-stream') for separate recordings. */
  readonly before: () => Before;
};

const mixed = (): EngineError =>
  new EngineError(
    'bad-input',
    'several-laws',
    'the last confirmed range recalibrated an engine that was trained on a range of its own',
    'Confirm the newest range with training: the run that this makes can go live.',
  );

const notKept = (): EngineError =>
  new EngineError(
    'bad-input',
    'several-laws',
    'this run was made by a version that did not keep what its confirmed range adds to expected values',
    'Confirm the range once more: the run that this makes can go live.',
  );

/** Residuals and parts from a step on, right before the replay. */
function pastOf(
  { stored, series }: LiveRun,
  { piece }: LastLaw,
  { start, end }: Span,
): Pick<Before, 'residual' | 'parts'> {
  const S = series.sensors.length;
  const r_TS = piece === null ? stored.r_TS : residualOfPiece(stored, piece);
  return {
    residual: { T: end - start, S, r_TS: r_TS.subarray(start * S, end * S) },
    parts: stored.parts.map((part) => ({ ...part, value_T: part.value_T.subarray(start, end) })),
  };
}

function beforeReplay(live: LiveRun, law: LastLaw): Before {
  const { series } = live;
  const { test, train, contiguous, segments } = series;
  if (segments !== undefined)
    throw new EngineError(
      'bad-input',
      'no-stream',
      'separate recordings are no stream',
      'Open a series in which the judged part is one stretch.',
    );
  const { piece, origin, from } = law;
  const isWhole = contiguous && train.end === test.start;
  const first = origin?.start ?? (isWhole ? train.start : test.start);
  return {
    step: from,
    origin: first,
    rows: copyRows(series, first, from),
    // A head of a piece began with it.
    ...pastOf(live, law, { start: piece?.applies.start ?? 0, end: from }),
  };
}

/** The model that holds at the end: the engine of a piece learned on the piece; the run's own on the training part. */
function modelAtEnd({ stored, series }: LiveRun, { piece, model, origin }: LastLaw, offset_S: Float64Array): LiveModel {
  const taught = piece !== null && origin !== null ? pieceSeries(series, { ...piece, applies: origin }) : series;
  const { job } = stored.info;
  const own = model ?? stored;
  return {
    setup: setupOf(job),
    weights: own.weights,
    headState: piece?.headState ?? stored.headState,
    learned: {
      scaler: own.scaler,
      mean_F: (model ? null : job.learned?.mean_F) ?? trainingMeans(taught),
    },
    sensors: series.sensors,
    covariates: series.covariates,
    ...(piece !== null && { offset_S, told: inLawOf(stored.headState, piece.headState) }),
  };
}

/** Throws EngineError('bad-input', 'several-laws') for a run of an older version in which a range was confirmed. */
export function liveLaw(live: LiveRun): LiveLaw {
  const { stored, series } = live;
  const { test, sensors } = series;
  const law = lawAtEnd(stored.pieces ?? [], test, sensors.length);
  const { piece, model, offset_S, from } = law;
  if (offset_S === null) throw notKept();
  if (model !== null && piece?.model === null) throw mixed();
  return {
    model: modelAtEnd(live, law, offset_S),
    replayed: { start: from, end: test.end },
    before: () => beforeReplay(live, law),
  };
}
