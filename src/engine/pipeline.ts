/**
 * The one file that knows the order of steps:
 * Series → prepare → Windows → Detector.fit → Expectation → Residual → Head.fit (training steps) → Score.
 * Thresholds and events follow on demand, because people change them without fitting anything anew.
 */
import { heldBack } from './detect/heldBack.ts';
import type { Split } from './detect/heldBack.ts';
import { EngineError } from './errors.ts';
import { inputsOf } from './inputs.ts';
import { columnMeans, lessonStarts, startsWithin } from './feedback/lesson.ts';
import { teach } from './feedback/teach.ts';
import type { TeachSettings } from './feedback/teachParams.ts';
import type {
  AnyDetector,
  AnyHead,
  FitOptions,
  Fitted,
  FittedHead,
  HeadState,
  Run,
  WeightArray,
  Windowing,
} from './model.ts';
import type { AnyValues } from './params.ts';
import { prepare, prepareLike, unscale } from './prepare.ts';
import type { Learned, Prepared, Scaler } from './prepare.ts';
import type { RunArrays } from './tracks.ts';
import type { Expectation, Imputation, Residual, Score, ScorePart, Series, Span, Windows } from './types.ts';
import { cutStarts } from './window.ts';

/** What is to be run; parameter values were checked by `resolve`. */
export type Setup = {
  readonly detector: AnyDetector;
  readonly values: AnyValues;
  readonly head: AnyHead;
  readonly headValues: AnyValues;
  readonly imputation: Readonly<Partial<Record<string, Imputation>>>;
  /** Of a model that learned with other data: its scale holds instead of one learned here. */
  readonly learned?: Learned;
};

export type Scored = RunArrays & {
  readonly headState: HeadState;
  /** 0.95 quantile of |residual| in training, in the source's units; NaN for sensors that are left out. */
  readonly band_S: Float32Array;
  /** Sensors that do not count, with the reason. */
  readonly leftOut: readonly { readonly sensor: number; readonly why: string }[];
};

export type Result = Scored & {
  readonly weights: Readonly<Record<string, WeightArray>>;
  readonly history: Fitted['history'];
};

/** Windows in which fewer sensor values were observed are no example of normal operation. */
const MIN_SEEN = 0.5;

/** Ranges that a window may not leave: segments; else one where train and test touch and are scaled alike, else each part for itself. */
export function stretches(series: Series, scaledApart = false): Span[] {
  if (series.segments !== undefined) return series.segments.map(({ start, end }) => ({ start, end }));
  const parts = [series.train, series.test].filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  if (parts.length === 2 && series.contiguous && !scaledApart && parts[0].end === parts[1].start)
    return [{ start: parts[0].start, end: parts[1].end }];
  return parts;
}

/** Windows to learn from: enough of each was observed, and a forecast has something observed to be held against. */
function wellSeen(prepared: Prepared, starts: Int32Array, { W, horizon }: Windowing): Int32Array {
  const { T, S, seen_TS } = prepared;
  const before = new Float64Array(T + 1);
  for (let t = 0; t < T; t++) {
    let seen = 0;
    for (let s = 0; s < S; s++) seen += seen_TS[t * S + s];
    before[t + 1] = before[t] + seen;
  }
  return starts.filter((start) => {
    const target = start + W - 1 + horizon;
    return (
      before[start + W] - before[start] >= MIN_SEEN * W * S && (horizon === 0 || before[target + 1] > before[target])
    );
  });
}

/** Windows that begin at these steps. */
export const windowsOver = (
  prepared: Prepared,
  start_N: Int32Array,
  { W, horizon }: Pick<Windowing, 'W' | 'horizon'>,
): Windows => ({
  x_TF: prepared.x_TF,
  seen_TS: prepared.seen_TS,
  T: prepared.T,
  S: prepared.S,
  C: prepared.C,
  start_N,
  W,
  horizon,
  ...(prepared.scaler.windows && { norm: prepared.scaler.windows }),
});

function tooShort(segments: readonly Span[], needed: number): EngineError {
  const longest = segments.reduce((most, { start, end }) => Math.max(most, end - start), 0);
  return new EngineError(
    'bad-input',
    'series-too-short',
    `one window needs ${needed} steps; the longest segment has ${longest}`,
    `Make the window ${needed - longest} or more steps shorter: it may not reach from one segment into the next.`,
  );
}

/** Training windows of a series; EngineError('bad-input') when none has enough observed values. */
export function trainingWindows(series: Series, prepared: Prepared, windowing: Windowing): Windows {
  const { W, horizon, stride } = windowing;
  const { train, segments } = series;
  const spans = segments === undefined ? [train] : segments.filter(({ end }) => end <= train.end);
  const cut_N = cutStarts(spans, { W, horizon, stride });
  if (cut_N.length === 0 && segments !== undefined) throw tooShort(spans, W + horizon);
  const start_N = wellSeen(prepared, cut_N, windowing);
  if (start_N.length === 0) {
    throw new EngineError(
      'bad-input',
      'too-many-gaps',
      `every training window of ${series.asset} (${W} steps) misses more than half of its values`,
      'Leave out the sensors with the most gaps, or choose a shorter window.',
    );
  }
  return windowsOver(prepared, start_N, windowing);
}

/** 1 at the steps of the training part that the file labels anomalous. */
function trainingLabels({ T, train, labels }: Series): Uint8Array {
  const label_T = new Uint8Array(T);
  for (const { start, end } of labels ?? [])
    label_T.fill(1, Math.max(start, train.start), Math.max(train.start, Math.min(end, train.end)));
  return label_T;
}

/** Residuals of some steps alone. */
export const rows = (residual: Residual, { start, end }: Span): Residual => ({
  ...residual,
  T: end - start,
  r_TS: residual.r_TS.subarray(start * residual.S, end * residual.S),
});

/** Score parts of some steps alone. */
export const partsIn = (parts: readonly ScorePart[], { start, end }: Span): ScorePart[] =>
  parts.map((part) => ({ ...part, value_T: part.value_T.subarray(start, end) }));

/** The score of some steps alone, as arrays of its own. */
export const scoreIn = ({ S, score_T, logP_T, nlp_TS, z_TS, weight_S }: Score, { start, end }: Span): Score => ({
  T: end - start,
  S,
  score_T: score_T.slice(start, end),
  logP_T: logP_T.slice(start, end),
  nlp_TS: nlp_TS.slice(start * S, end * S),
  z_TS: z_TS.slice(start * S, end * S),
  weight_S,
});

/**
 * Observed minus expected where the sensor was observed and the detector speaks; NaN elsewhere. A detector that expects
 * no value says how strange a sensor is: that takes the residual's place.
 */
export function residualOf(
  prepared: Pick<Prepared, 'T' | 'S' | 'C' | 'x_TF' | 'seen_TS' | 'constant_S'>,
  { y_TS, strange_TS }: Expectation,
): Residual {
  const { T, S, C, x_TF, seen_TS, constant_S } = prepared;
  const r_TS = new Float32Array(T * S);
  for (let t = 0; t < T; t++) {
    for (let s = 0; s < S; s++) {
      const i = t * S + s;
      r_TS[i] = seen_TS[i] === 1 ? (strange_TS?.[i] ?? x_TF[t * (S + C) + s] - y_TS[i]) : NaN;
    }
  }
  return { T, S, r_TS, still_S: constant_S };
}

/** 0.95 quantile of |residual| of each sensor over these steps, in the source's units; NaN where nothing was seen, [S]. */
export function bandOf(train: Residual, { width_F }: Pick<Scaler, 'width_F'>): Float32Array {
  const { S } = train;
  return Float32Array.from({ length: S }, (_, s) => {
    const sizes = new Float32Array(train.T);
    let count = 0;
    for (let t = 0; t < train.T; t++) {
      const size = Math.abs(train.r_TS[t * S + s]);
      if (!Number.isNaN(size)) sizes[count++] = size;
    }
    if (count === 0) return NaN;
    const sorted = sizes.subarray(0, count).sort();
    return sorted[Math.min(count - 1, Math.floor(0.95 * count))] * width_F[s];
  });
}

function inSourceUnits(prepared: Prepared, { y_TS }: Expectation): Float32Array {
  const { S, scaler } = prepared;
  return y_TS.map((y, i) => unscale(scaler, i % S, y, Math.floor(i / S)));
}

/** Sensors without weight in the score. */
function leftOut({ constant_S }: Prepared, { weight_S }: Score): Scored['leftOut'] {
  return [...weight_S].flatMap((weight, sensor) =>
    weight > 0
      ? []
      : [{ sensor, why: constant_S[sensor] === 1 ? 'constant in training' : 'its errors cannot be judged' }],
  );
}

export const preparedFor = (
  series: Series,
  setup: Setup,
  learned: Learned | undefined = setup.learned,
): { prepared: Prepared; windowing: Windowing } => {
  const windowing = setup.detector.windowing(setup.values);
  if (learned !== undefined) {
    const needed = windowing.W + windowing.horizon;
    const segments = stretches(series);
    if (segments.every(({ start, end }) => end - start < needed)) throw tooShort(segments, needed);
    return { prepared: prepareLike(series, setup.imputation, learned), windowing };
  }
  const prepared = prepare(
    series,
    setup.detector.scale(setup.values),
    setup.imputation,
    windowing.W + windowing.horizon,
    setup.detector.refitsScale?.(setup.values),
    inputsOf(setup.values),
  );
  return { prepared, windowing };
};

/** What a fitted detector expects at every step of a series, and how far the series is from it, in scaled units. */
export async function judge(
  series: Series,
  prepared: Prepared,
  windowing: Windowing,
  fitted: Pick<Fitted, 'expect'>,
  run: Run,
): Promise<{ expectation: Expectation; residual: Residual }> {
  const { W, horizon, scoreStride, dropTail = false } = windowing;
  const start_N = cutStarts(stretches(series, prepared.scaler.refitted !== undefined), {
    W,
    horizon,
    stride: scoreStride,
    tail: !dropTail,
  });
  const windows = { ...windowsOver(prepared, start_N, windowing), sideBySide: horizon === 0 && scoreStride >= W };
  const expectation = await fitted.expect(windows, run);
  return { expectation, residual: residualOf(prepared, expectation) };
}

async function assemble(
  series: Series,
  prepared: Prepared,
  expectation: Expectation,
  residual: Residual,
  head: FittedHead,
  run: Run,
): Promise<Scored> {
  const score = await head.score(residual, run, expectation.parts);
  return {
    scaler: prepared.scaler,
    expected_TS: inSourceUnits(prepared, expectation),
    r_TS: residual.r_TS,
    score,
    parts: expectation.parts,
    headState: head.state(),
    // A band lies around an expected value: without one there is none.
    band_S: expectation.strange_TS
      ? new Float32Array(residual.S).fill(NaN)
      : bandOf(rows(residual, series.train), prepared.scaler),
    leftOut: leftOut(prepared, score),
  };
}

/** What the detector learns from and what the head is calibrated on: heads may hold back the last part of training. */
const splitOf = (series: Series, setup: Setup, { W, horizon }: Windowing): Split =>
  heldBack(series, setup.head.heldBack?.(setup.headValues) ?? 0, W + horizon);

/** Called when a phase begins, so that the page can say what is being done. */
export type OnPhase = (phase: 'preparing' | 'training' | 'scoring' | 'calibrating') => void;

/**
 * Fits detector and head on the training steps and scores every step of the series.
 * Throws EngineError('bad-input') for data that cannot be used and 'cancelled' within one batch of a cancel; leaves no
 * tensor behind in either case.
 */
export async function fitAndScore(
  series: Series,
  setup: Setup,
  run: Run,
  onPhase: OnPhase = () => undefined,
  options?: FitOptions,
): Promise<Result> {
  onPhase('preparing');
  const { prepared, windowing } = preparedFor(series, setup);
  const { learned } = splitOf(series, setup, windowing);
  const train = trainingWindows({ ...series, train: learned }, prepared, windowing);
  onPhase('training');
  const taught = setup.detector.supervised === undefined ? train : { ...train, label_T: trainingLabels(series) };
  const fitted = await setup.detector.fit(taught, setup.values, run, options);
  try {
    return await scoreAnew(series, setup, { prepared, windowing, fitted }, fitted.history, run, onPhase);
  } finally {
    fitted.dispose();
  }
}

/** A fitted detector with the rows that it was fitted on. */
export type Ready = { readonly prepared: Prepared; readonly windowing: Windowing; readonly fitted: Fitted };

/** Scores every step with a head that is fitted for it on the training steps. */
async function scoreAnew(
  series: Series,
  setup: Setup,
  { prepared, windowing, fitted }: Ready,
  history: Fitted['history'],
  run: Run,
  onPhase: OnPhase,
): Promise<Result> {
  onPhase('scoring');
  const { expectation, residual } = await judge(series, prepared, windowing, fitted, run);
  onPhase('calibrating');
  const { calibrated } = splitOf(series, setup, windowing);
  const parts = partsIn(expectation.parts, calibrated);
  const head = await setup.head.fit(rows(residual, calibrated), series.sensors, setup.headValues, run, parts);
  const scored = await assemble(series, prepared, expectation, residual, head, run);
  return { ...scored, weights: await fitted.snapshot(), history };
}

/** Rows that are there to teach alone, behind those of a series. */
export type Lessons = {
  /** The series with these rows behind it. */
  readonly series: Series;
  /** What is said of all steps, those behind included. */
  readonly label_T: Uint8Array;
  /** Ranges behind the series that no window may leave. */
  readonly pieces: readonly Span[];
};

/** Teaches a fitted detector in place; throws as `teach` does, and 'cannot-learn' where it has no way of filling in. */
export async function teachFitted(
  series: Series,
  { prepared, windowing, fitted }: Ready,
  label_T: Uint8Array,
  settings: TeachSettings,
  run: Run,
  pieces: readonly Span[] = [],
): Promise<Fitted['history']> {
  if (fitted.rebuilds === undefined)
    throw new EngineError(
      'bad-input',
      'cannot-learn',
      'this engine does not fill in hidden steps, so labels cannot teach it',
      'Fine-tune a run of an engine that reconstructs, such as the Transformer.',
    );
  const within = [...stretches(series, prepared.scaler.refitted !== undefined), ...pieces];
  const { start_N, first_N } = lessonStarts(label_T, within, windowing.W);
  const whole = { ...windowing, horizon: 0 };
  const windows = windowsOver(prepared, start_N, whole);
  const fill_F = columnMeans(prepared, series.train);
  const rehearsal = startsWithin(trainingWindows(series, prepared, whole).start_N, within);
  return teach(fitted.rebuilds, { windows, first_N, label_T, fill_F, rehearsal }, settings, run);
}

/**
 * Fine-tunes a finished run on what was said of its steps (`stepLabels`: 0 normal, 1 anomalous, 255 unknown) and scores
 * the series again. The head is fitted anew: feedback changes the errors of training steps too, mostly for the larger,
 * and a calibration of the old ones would turn that into false alarms. `settings` are values of `teachParams`.
 * Throws as `fitAndScore` and `teach` do; the weights given in are never changed.
 */
export async function teachAndScore(
  series: Series,
  setup: Setup,
  weights: Readonly<Record<string, WeightArray>>,
  label_T: Uint8Array,
  settings: TeachSettings,
  run: Run,
  onPhase: OnPhase = () => undefined,
  lessons?: Lessons,
): Promise<Result> {
  onPhase('preparing');
  const { prepared, windowing } = preparedFor(series, setup);
  const fitted = setup.detector.restore(weights, setup.values, { S: prepared.S, C: prepared.C });
  const ready = { prepared, windowing, fitted };
  try {
    onPhase('training');
    // The series itself comes first in the longer one, and both are scaled by the training part.
    const history = lessons
      ? await teachFitted(
          series,
          { ...ready, prepared: preparedFor(lessons.series, setup).prepared },
          lessons.label_T,
          settings,
          run,
          lessons.pieces,
        )
      : await teachFitted(series, ready, label_T, settings, run);
    return await scoreAnew(series, setup, ready, history, run, onPhase);
  } finally {
    fitted.dispose();
  }
}

/**
 * Scores a series again with what a detector learned before and other settings of it, under a head that is fitted anew on
 * the training steps. Throws as `fitAndScore` does; the weights given in are never changed.
 */
export async function scoreResettled(
  series: Series,
  setup: Setup,
  weights: Readonly<Record<string, WeightArray>>,
  run: Run,
  onPhase: OnPhase = () => undefined,
): Promise<Result> {
  const { prepared, windowing } = preparedFor(series, setup);
  const fitted = setup.detector.restore(weights, setup.values, { S: prepared.S, C: prepared.C });
  try {
    return await scoreAnew(series, setup, { prepared, windowing, fitted }, [], run, onPhase);
  } finally {
    fitted.dispose();
  }
}

/**
 * Scores a series with a detector and head that were fitted before: how shipped runs are shown without training. Other
 * data than they were fitted on needs the scale that was `learned` then.
 */
export async function scoreWith(
  series: Series,
  setup: Setup,
  weights: Readonly<Record<string, WeightArray>>,
  headState: HeadState,
  run: Run,
  learned?: Learned,
): Promise<Scored> {
  const { prepared, windowing } = preparedFor(series, setup, learned);
  const fitted = setup.detector.restore(weights, setup.values, { S: prepared.S, C: prepared.C });
  try {
    const { expectation, residual } = await judge(series, prepared, windowing, fitted, run);
    return await assemble(series, prepared, expectation, residual, headOf(setup, headState, series), run);
  } finally {
    fitted.dispose();
  }
}

/** Head of a finished run, to ask it about its own evidence. */
const headOf = (setup: Pick<Setup, 'head' | 'headValues'>, state: HeadState, series: Series): FittedHead =>
  setup.head.restore(state, series.sensors, setup.headValues);
