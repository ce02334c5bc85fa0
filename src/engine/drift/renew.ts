/**
 * A range that a person confirmed as normal becomes what the steps around it are judged by: the head is calibrated on it,
 * or the engine trained on it. Steps elsewhere keep the score they had. Scores of the two heads are joined by their tail
 * probabilities: a step of the new piece gets the score that is as rare under the old law, so one threshold serves all.
 * Dimensions: T steps, S sensors.
 */
import type { Calibration } from '../detect/calibration.ts';
import { EngineError } from '../errors.ts';
import { gammaIsfLog } from '../math/gamma.ts';
import { percentileSorted, sortedFinite } from '../math/quantile.ts';
import type { Gamma } from '../math/gamma.ts';
import type { HeadState, Run, WeightArray } from '../model.ts';
import { bandOf, fitAndScore, partsIn, rows, scoreIn, scoreWith } from '../pipeline.ts';
import type { OnPhase, Setup } from '../pipeline.ts';
import { scaleAt, trainingMeans } from '../prepare.ts';
import type { Scaler } from '../prepare.ts';
import type { RunArrays } from '../tracks.ts';
import type { Residual, Score, ScorePart, Series, Span } from '../types.ts';

export type NewNormal = {
  /** The steps that were confirmed as normal. */
  readonly learned: Span;
  /** The steps that are judged by them; `learned` begins where they begin and lies within. */
  readonly applies: Span;
};

/** What judges the steps of a piece. Plain data, kept with the run. */
export type Piece = NewNormal & {
  readonly headState: HeadState;
  /** Of an engine trained on the piece; null where the run's own goes on expecting. */
  readonly model: { readonly weights: Readonly<Record<string, WeightArray>>; readonly scaler: Scaler } | null;
  /** Absent in pieces that were made before these were kept. */
  readonly own?: PieceFacts;
};

export type PieceFacts = {
  /** What is added to what the run's own engine expects, in scaled units, [S]; zeros for an engine of the piece. */
  readonly offset_S: Float64Array;
  /** 0.95 quantile of |residual| over the steps that were learned from, in the source's units, [S]. */
  readonly band_S: Float32Array;
  /** Ranges of `learned` that were left out. */
  readonly dropped: readonly Span[];
};

export type Renewal = { readonly arrays: RunArrays; readonly piece: Piece };

/** What a run is renewed from: its arrays, the head that made its scores, and its settings. */
export type Renewable = {
  readonly series: Series;
  readonly setup: Setup;
  readonly arrays: RunArrays;
  readonly headState: HeadState;
};

/** Fewer confirmed steps calibrate nothing: the 98th percentile would rest on one of them. */
const LEAST_STEPS = 100;

/** Steps between two looks at the clock. */
const CHUNK = 2000;

const gammaOf = (state: HeadState): Gamma | null => (state['calibration'] as Calibration | undefined)?.gamma ?? null;

function checkSpans({ series }: Renewable, { learned, applies }: NewNormal, dropped_T: Uint8Array): void {
  const isInside =
    applies.start >= 0 && applies.end <= series.T && learned.start === applies.start && learned.end <= applies.end;
  if (!isInside) throw new EngineError('bug', 'bad-range', 'the confirmed range does not begin the steps it judges');
  let left = 0;
  for (let t = learned.start; t < learned.end; t++) if (dropped_T[t] === 0) left++;
  if (left < LEAST_STEPS)
    throw new EngineError(
      'bad-input',
      'too-few-steps',
      `${left} steps are left to calibrate on, at least ${LEAST_STEPS} are needed`,
      'Confirm a longer range.',
    );
}

/** Sensors that held one value over a span: a head decides whether such a sensor counts. */
function stillIn({ columns, sensors }: Series, { start, end }: Span): Uint8Array {
  return Uint8Array.from(sensors, (_, s) => {
    const seen = columns[s].subarray(start, end).filter((value) => !Number.isNaN(value));
    return seen.every((value) => value === seen[0]) ? 1 : 0;
  });
}

/** Runs of dropped steps within a span. */
function droppedIn(dropped_T: Uint8Array, { start, end }: Span): Span[] {
  const spans: { start: number; end: number }[] = [];
  for (let t = start; t < end; t++) {
    if (dropped_T[t] === 0) continue;
    const last = spans.at(-1);
    if (last?.end === t) last.end = t + 1;
    else spans.push({ start: t, end: t + 1 });
  }
  return spans;
}

/** What is kept of a piece beside what judges it. */
function factsOf(arrays: RunArrays, learned: Span, dropped_T: Uint8Array, offset_S: Float64Array): PieceFacts {
  const { score, scaler, r_TS, expected_TS } = arrays;
  const { S } = score;
  const expects = expected_TS.subarray(learned.start * S, learned.end * S).some((value) => !Number.isNaN(value));
  const quiet = rows({ T: score.T, S, r_TS }, learned);
  const left = withoutSteps(quiet.r_TS, S, dropped_T.subarray(learned.start, learned.end));
  return {
    offset_S,
    // A band lies around an expected value: without one there is none.
    band_S: expects ? bandOf({ ...quiet, r_TS: left }, scaleAt(scaler, learned.start)) : new Float32Array(S).fill(NaN),
    dropped: droppedIn(dropped_T, learned),
  };
}

/** A copy in which dropped steps say nothing. */
function withoutSteps(values: Float32Array, width: number, dropped_T: Uint8Array): Float32Array {
  const copy = values.slice();
  for (let t = 0; t < dropped_T.length; t++) if (dropped_T[t] === 1) copy.fill(NaN, t * width, (t + 1) * width);
  return copy;
}

/**
 * What the engine's expectation is off by, sensor by sensor, over the steps that are learned from: the median residual.
 * 0 where nothing was seen, and for engines that expect no value but say how strange a sensor is.
 */
function offsetsIn({ r_TS, expected_TS, score }: RunArrays, { start, end }: Span, dropped_T: Uint8Array): Float64Array {
  const { S } = score;
  return Float64Array.from({ length: S }, (_, s) => {
    const seen: number[] = [];
    for (let t = start; t < end; t++)
      if (dropped_T[t] === 0 && !Number.isNaN(expected_TS[t * S + s])) seen.push(r_TS[t * S + s]);
    const offset = percentileSorted(sortedFinite(seen), 50);
    return Number.isNaN(offset) ? 0 : offset;
  });
}

/** Expected values moved by the offsets over a span, and what is then left of the residuals. */
function moved(arrays: RunArrays, { start, end }: Span, offset_S: Float64Array): RunArrays {
  const S = offset_S.length;
  const [expected_TS, r_TS] = [arrays.expected_TS.slice(), arrays.r_TS.slice()];
  for (let t = start; t < end; t++) {
    const { width_F } = scaleAt(arrays.scaler, t);
    for (let s = 0; s < S; s++) {
      expected_TS[t * S + s] += offset_S[s] * width_F[s];
      r_TS[t * S + s] -= offset_S[s];
    }
  }
  return { ...arrays, expected_TS, r_TS };
}

/** A score of another law as the score that is as rare under `was`; both are heads of one kind. */
export function inLawOf(was: HeadState, is: HeadState): (score: number, logP: number) => number {
  const [own, other] = [gammaOf(was), gammaOf(is)];
  const isOneLaw = own === null || (other !== null && other.shape === own.shape && other.scale === own.scale);
  return isOneLaw ? (score) => score : (_, logP) => gammaIsfLog(logP, own);
}

/** The score with the steps of a piece read by the piece's head. */
async function spliced(
  before: Score,
  piece: Score,
  applies: Span,
  told: ReturnType<typeof inLawOf>,
  run: Pick<Run, 'checkpoint'>,
): Promise<Score> {
  const { T, S } = before;
  const [score_T, logP_T] = [before.score_T.slice(), before.logP_T.slice()];
  for (let t = applies.start; t < applies.end; t++) {
    const at = t - applies.start;
    if (at % CHUNK === 0) await run.checkpoint();
    logP_T[t] = piece.logP_T[at];
    score_T[t] = told(piece.score_T[at], piece.logP_T[at]);
  }
  const rowsOf = (whole: Float32Array, part: Float32Array): Float32Array => {
    const joined = whole.slice();
    joined.set(part, applies.start * S);
    return joined;
  };
  return {
    T,
    S,
    score_T,
    logP_T,
    nlp_TS: rowsOf(before.nlp_TS, piece.nlp_TS),
    z_TS: rowsOf(before.z_TS, piece.z_TS),
    // A sensor that counts in either head has a share.
    weight_S: before.weight_S.map((weight, s) => (weight > 0 ? weight : piece.weight_S[s])),
  };
}

/**
 * Calibrates the head on the residuals of the confirmed range; the engine stays, and what it is usually off by there is
 * added to what it expects: a sensor at a new level is then read as sharply as before. `dropped_T` marks steps of the series
 * that are left out of the calibration (1), because something else is known of them; they are judged like all others.
 * Throws EngineError('bad-input', 'too-few-steps'), as the head's `fit` does, and 'cancelled'.
 */
export async function recalibrated(
  given: Renewable,
  normal: NewNormal,
  dropped_T: Uint8Array,
  run: Run,
): Promise<Renewal> {
  checkSpans(given, normal, dropped_T);
  const { series, setup, headState } = given;
  const { learned, applies } = normal;
  const offset_S = offsetsIn(given.arrays, learned, dropped_T);
  const arrays = moved(given.arrays, applies, offset_S);
  const residual: Residual = { T: series.T, S: arrays.score.S, r_TS: arrays.r_TS, still_S: stillIn(series, learned) };
  const dropped = dropped_T.subarray(learned.start, learned.end);
  const quiet = rows(residual, learned);
  const parts = partsIn(arrays.parts, learned).map((part): ScorePart => ({
    ...part,
    value_T: withoutSteps(part.value_T, 1, dropped),
  }));
  const head = await setup.head.fit(
    { ...quiet, r_TS: withoutSteps(quiet.r_TS, quiet.S, dropped) },
    series.sensors,
    setup.headValues,
    run,
    parts,
  );
  const read = await head.score(rows(residual, applies), run, partsIn(arrays.parts, applies));
  const state = head.state();
  const score = await spliced(arrays.score, read, applies, inLawOf(headState, state), run);
  const own = factsOf(arrays, learned, dropped_T, offset_S);
  return { arrays: { ...arrays, score }, piece: { ...normal, headState: state, model: null, own } };
}

/** The series as an engine sees it that is trained on the confirmed range alone. */
export const pieceSeries = (series: Series, { learned, applies }: NewNormal): Series => ({
  ...series,
  train: learned,
  test: { start: learned.end, end: applies.end },
  contiguous: true,
});

/** Columns in which dropped steps were not observed. */
const without = (series: Series, dropped_T: Uint8Array): Series => ({
  ...series,
  columns: series.columns.map((column) => column.map((value, t) => (dropped_T[t] === 1 ? NaN : value))),
});

/** Rows of a piece put into those of the whole. */
function joined<A extends Float32Array>(whole: A, piece: A, { start, end }: Span, width: number): A {
  const copy = whole.slice() as A;
  copy.set(piece.subarray(start * width, end * width), start * width);
  return copy;
}

/** Residuals of a piece in the scaled units of the run. */
function inUnitsOf(own: Scaler, piece: Scaler, r_TS: Float32Array, S: number): Float32Array {
  return r_TS.map((r, i) => (r * piece.width_F[i % S]) / own.width_F[i % S]);
}

/**
 * Trains the engine anew on the confirmed range and calibrates its head there. Throws as `recalibrated` and `fitAndScore`
 * do; nothing given in is changed.
 */
export async function retrained(
  given: Renewable,
  normal: NewNormal,
  dropped_T: Uint8Array,
  run: Run,
  onPhase?: OnPhase,
): Promise<Renewal> {
  checkSpans(given, normal, dropped_T);
  const { series, setup } = given;
  const taught = without(pieceSeries(series, normal), dropped_T);
  const { scaler, weights, headState } = await fitAndScore(taught, setup, run, onPhase);
  return judgedBy(given, normal, { weights, scaler }, headState, dropped_T, run);
}

/** A run whose steps of a piece are judged by an engine and a head of the piece. */
async function judgedBy(
  { series, setup, arrays, headState }: Renewable,
  normal: NewNormal,
  model: NonNullable<Piece['model']>,
  state: HeadState,
  dropped_T: Uint8Array,
  run: Run,
): Promise<Renewal> {
  const { learned, applies } = normal;
  const { S } = arrays.score;
  const { scaler, weights } = model;
  const own = pieceSeries(series, normal);
  // Dropped steps taught nothing, and are judged all the same.
  const mean_F = trainingMeans(without(own, dropped_T));
  const read = await scoreWith(own, setup, weights, state, run, { scaler, mean_F });
  const score = await spliced(arrays.score, scoreIn(read.score, applies), applies, inLawOf(headState, state), run);
  const made: RunArrays = {
    scaler: arrays.scaler,
    expected_TS: joined(arrays.expected_TS, read.expected_TS, applies, S),
    r_TS: joined(arrays.r_TS, inUnitsOf(arrays.scaler, scaler, read.r_TS, S), applies, S),
    score,
    parts: arrays.parts.map((part) => {
      const piece = read.parts.find(({ name }) => name === part.name);
      return piece === undefined ? part : { ...part, value_T: joined(part.value_T, piece.value_T, applies, 1) };
    }),
  };
  const facts = factsOf(made, learned, dropped_T, new Float64Array(S));
  return { arrays: made, piece: { ...normal, headState: state, model, own: facts } };
}

/**
 * A piece of a run before, put into a run that was made of it with other weights: its head is calibrated on the new
 * errors; an engine that was trained on the piece stays as it is. `dropped_T` as in `recalibrated`.
 */
export const renewedAgain = (given: Renewable, piece: Piece, dropped_T: Uint8Array, run: Run): Promise<Renewal> =>
  piece.model === null
    ? recalibrated(given, piece, dropped_T, run)
    : judgedBy(given, piece, piece.model, piece.headState, dropped_T, run);

/** The piece that judges a step: the newest that holds it; null where the run's own head does. */
export const pieceAt = (pieces: readonly Piece[], step: number): Piece | null =>
  pieces.findLast(({ applies }) => step >= applies.start && step < applies.end) ?? null;

/** What goes on from the last steps of a run in which ranges were confirmed. */
export type LastLaw = {
  /** Null where the run's own engine and head hold at the end. */
  readonly piece: Piece | null;
  /** Engine of the last piece that has one; null for the run's own. */
  readonly model: Piece['model'];
  /** First of the steps that all recalibrations below hold for; where the engine learned, for one of a piece. */
  readonly origin: Span | null;
  /** What is added to expected values, in scaled units, [S]; null where it was not kept. */
  readonly offset_S: Float64Array | null;
  /** From here to the end nothing else judges, and nothing is learned. */
  readonly from: number;
};

/** What judges the last step before `end`, from where on; `test` is the judged part. */
export function lawAtEnd(pieces: readonly Piece[], test: Span, S: number): LastLaw {
  const piece = pieceAt(pieces, test.end - 1);
  let model: Piece['model'] = null;
  let origin: Span | null = null;
  let offset_S: Float64Array | null = new Float64Array(S);
  let from = test.start;
  for (const one of pieces) {
    const { applies, learned, own } = one;
    from = Math.max(from, applies.end >= test.end ? learned.end : applies.end);
    if (applies.end < test.end) continue;
    if (one.model !== null) [model, origin] = [one.model, applies];
    const before: Float64Array | null = one.model !== null ? new Float64Array(S) : offset_S;
    offset_S = own && before ? before.map((offset, s) => offset + own.offset_S[s]) : null;
  }
  return { piece, model, origin, offset_S, from };
}

/** Residuals of a run in the units of the piece that judges them. */
export function residualOfPiece({ scaler, r_TS, score }: RunArrays, { model }: Piece): Float32Array {
  return model === null ? r_TS : inUnitsOf(model.scaler, scaler, r_TS, score.S);
}
