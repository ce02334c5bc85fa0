/**
 * Series → filled and scaled rows. Everything is learned on the training span alone and then applied to all steps:
 * re-fitting on the judged part would leak it into the scale (models.md 5.2 C5).
 */
import { EngineError } from './errors.ts';
import type { Inputs } from './inputs.ts';
import { percentileSorted, sortedFinite } from './math/quantile.ts';
import { learnNorm } from './reversible.ts';
import type { WindowNorm } from './reversible.ts';
import type { Column, Imputation, Series, Span } from './types.ts';

export type ScaleKind = 'minmax01' | 'minmax11' | 'zscore';

/**
 * `scaled = (raw − offset_F) / width_F + shift`, cut at the limits where there are any. Width is 1 for a column that is
 * constant in training.
 */
export type Scaler = {
  readonly kind: ScaleKind;
  readonly offset_F: Float64Array;
  readonly width_F: Float64Array;
  readonly shift: number;
  /** Offsets and widths of the judged steps' own sensors, where learned anew on these steps (a leak). */
  readonly refitted?: Span & Pick<Scaler, 'offset_F' | 'width_F'>;
  /** Of a robust scale: sensors are cut here, in scaled units. */
  readonly limits?: { readonly low: number; readonly high: number };
  /** How windows are normalised one by one, where they are. */
  readonly windows?: WindowNorm;
};

export type Prepared = {
  readonly T: number;
  readonly S: number;
  readonly C: number;
  /** Filled and scaled rows, sensors first. */
  readonly x_TF: Float32Array;
  /** 1 where a sensor value was observed, 0 where it was filled. */
  readonly seen_TS: Uint8Array;
  readonly scaler: Scaler;
  /** Sensors without two different values in training: they cannot be judged. */
  readonly constant_S: Uint8Array;
};

type Moments = { count: number; mean: number; sd: number; min: number; max: number };

function moments(column: Column, span: Span): Moments {
  let count = 0;
  let mean = 0;
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let t = span.start; t < span.end; t++) {
    const value = column[t];
    if (Number.isNaN(value)) continue;
    count++;
    const step = value - mean;
    mean += step / count;
    squares += step * (value - mean);
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { count, mean, sd: count > 0 ? Math.sqrt(squares / count) : 0, min, max };
}

/** Fills runs of NaN by straight lines between their neighbours; runs at an end take the nearest value. */
function fillLinear(out: Float64Array, fallback: number): void {
  let last = -1;
  for (let t = 0; t <= out.length; t++) {
    if (t < out.length && Number.isNaN(out[t])) continue;
    if (t === out.length) out.fill(last < 0 ? fallback : out[last], last + 1, t);
    else if (last < 0) out.fill(out[t], 0, t);
    else for (let i = last + 1; i < t; i++) out[i] = out[last] + ((out[t] - out[last]) * (i - last)) / (t - last);
    last = t;
  }
}

/** A copy of the column without NaN. `mean` is the training mean; `hold` repeats the last seen value. */
export function impute(column: Column, how: Imputation, trainMean: number): Float64Array {
  const out = Float64Array.from(column);
  switch (how) {
    case 'linear':
      fillLinear(out, trainMean);
      break;
    case 'hold': {
      let held = trainMean;
      for (let t = 0; t < out.length; t++) held = out[t] = Number.isNaN(out[t]) ? held : out[t];
      break;
    }
    case 'mean':
    case 'zero': {
      const value = how === 'mean' ? trainMean : 0;
      for (let t = 0; t < out.length; t++) if (Number.isNaN(out[t])) out[t] = value;
      break;
    }
  }
  return out;
}

/**
 * The whole column without NaN. A training step never takes a value of a judged one. Judged steps may take earlier or
 * later ones, but not across a border of unknown length.
 */
function filledColumn({ T, train, test, contiguous }: Series, column: Column, how: Imputation, mean: number) {
  const within = (start: number, end: number): Float64Array => impute(column.subarray(start, end), how, mean);
  const out = new Float64Array(T);
  if (contiguous) out.set(within(0, T));
  else {
    const border = Math.max(train.start, test.start);
    out.set(within(0, border));
    out.set(within(border, T), border);
  }
  out.set(within(train.start, train.end), train.start);
  return out;
}

type Scale = { readonly offset: number; readonly width: number };

function scaleOf(kind: ScaleKind, m: Moments): Scale {
  if (m.count === 0 || m.max === m.min) return { offset: m.count === 0 ? 0 : m.min, width: 1 };
  // The squares of values near the largest number overflow, and so may their range; those near the least vanish.
  if (kind === 'zscore' && m.sd > 0 && Number.isFinite(m.sd)) return { offset: m.mean, width: m.sd };
  const range = Math.min(m.max - m.min, Number.MAX_VALUE);
  return { offset: m.min, width: kind === 'minmax01' ? range : Math.max(range / 2, Number.MIN_VALUE) };
}

/** Distance between the quartiles of a normal distribution, in standard deviations. */
const QUARTILES = 1.349;

/** Median and spread of a sensor, which a few odd values do not move; null where it has no finite value. */
function robustSpread(column: Column, { start, end }: Span, { sd, min, max }: Moments): Scale | null {
  const sorted = sortedFinite(column.subarray(start, end));
  if (sorted.length === 0) return null;
  const at = (percent: number): number => percentileSorted(sorted, percent);
  // The quartiles of a sensor that mostly rests are one value.
  const width = [(at(75) - at(25)) / QUARTILES, sd, max - min].find((one) => one > 0 && Number.isFinite(one));
  return { offset: at(50), width: width ?? 1 };
}

/** Robust scale of a sensor: the median ± `clip` spreads come to lie where the engine's own scale has its ends. */
function robustScaleOf(kind: ScaleKind, column: Column, span: Span, m: Moments, clip: number): Scale {
  const spread = m.max === m.min ? null : robustSpread(column, span, m);
  if (spread === null || kind === 'zscore') return spread ?? scaleOf(kind, m);
  const half = clip * spread.width;
  return { offset: spread.offset - half, width: kind === 'minmax01' ? 2 * half : half };
}

const limitsOf = (kind: ScaleKind, clip: number): NonNullable<Scaler['limits']> =>
  kind === 'zscore' ? { low: -clip, high: clip } : { low: kind === 'minmax01' ? 0 : -1, high: 1 };

/** Infinite or absurdly far values would break float32 products; ±1e6 training ranges away is as strange as any. */
const LIMIT = 1e6;

const FARTHEST = { low: -LIMIT, high: LIMIT };

/** A value of column `f` of S sensors and then covariates; `by`: what holds at its step. */
export function scaled(
  scaler: Scaler,
  f: number,
  S: number,
  value: number,
  by: Pick<Scaler, 'offset_F' | 'width_F'> = scaler,
): number {
  const { low, high } = (f < S ? scaler.limits : undefined) ?? FARTHEST;
  return Math.max(low, Math.min(high, (value - by.offset_F[f]) / by.width_F[f] + scaler.shift));
}

/** Column `f` of the scaled rows of F columns, S of them sensors. */
function scaleInto(
  x_TF: Float32Array,
  { F, S }: { readonly F: number; readonly S: number },
  f: number,
  filled: Float64Array,
  scaler: Scaler,
): void {
  for (let t = 0; t < filled.length; t++) x_TF[t * F + f] = scaled(scaler, f, S, filled[t], scaleAt(scaler, t));
}

/** With fewer rows to train on, a shorter window is no help. */
const FEW_ROWS = 8;

function refuseUseless(series: Series, needed: number): void {
  const S = series.sensors.length;
  const trainT = series.train.end - series.train.start;
  if (S === 0)
    throw new EngineError(
      'bad-input',
      'no-sensor',
      `${series.asset} has no sensor`,
      'Give at least one column the role sensor on the Data page.',
    );
  if (trainT === 0)
    throw new EngineError(
      'bad-input',
      'no-training-rows',
      `${series.asset} has no training rows`,
      'Choose a split on the Data page that leaves rows to train on.',
    );
  if (trainT < needed) {
    throw new EngineError(
      'bad-input',
      'series-too-short',
      `${series.asset} has ${trainT} training rows; one window needs ${needed}`,
      trainT < FEW_ROWS
        ? 'Open a longer series, or leave more of it to train on.'
        : `Make the window ${needed - trainT} or more steps shorter, or train on more rows.`,
    );
  }
}

const OWN: Inputs = { robust: null, perWindow: 'off', leastSpread: 1 };

/** How the column of a channel is scaled by what it shows in a span. */
type ScaleIn = (span: Span, f: number, m: Moments) => Scale;

/** (T x S) 1 where a sensor has a value. */
function seenIn({ T, columns, sensors }: Series): Uint8Array {
  const S = sensors.length;
  const seen_TS = new Uint8Array(T * S);
  for (let s = 0; s < S; s++) for (let t = 0; t < T; t++) seen_TS[t * S + s] = Number.isNaN(columns[s][t]) ? 0 : 1;
  return seen_TS;
}

/** Covariates are known, so that outliers of theirs need no robust scale. */
const scalesBy =
  (kind: ScaleKind, { columns, sensors }: Series, robust: Inputs['robust']): ScaleIn =>
  (span, f, m) =>
    robust === null || f >= sensors.length ? scaleOf(kind, m) : robustScaleOf(kind, columns[f], span, m, robust);

/** Offsets and widths of the judged steps' own ranges, for sensors; covariates keep what training gave them. */
function refitScale(
  { columns, sensors, test }: Series,
  { offset_F, width_F }: Pick<Scaler, 'offset_F' | 'width_F'>,
  scaleIn: ScaleIn,
): NonNullable<Scaler['refitted']> {
  const refitted = { ...test, offset_F: offset_F.slice(), width_F: width_F.slice() };
  for (let f = 0; f < sensors.length; f++) {
    const own = scaleIn(test, f, moments(columns[f], test));
    refitted.offset_F[f] = own.offset;
    refitted.width_F[f] = own.width;
  }
  return refitted;
}

/**
 * Fills and scales a series. `imputation` is per sensor or covariate name, linear where not given. `leak` scales the
 * judged steps by their own range. `inputs`: a robust scale of sensors, and what windows are normalised by, if asked for;
 * covariates are known, so that their scale stays the engine's own.
 * Throws EngineError('bad-input') when the training span is empty, shorter than `needed` steps, or holds no value.
 */
export function prepare(
  series: Series,
  kind: ScaleKind,
  imputation: Readonly<Partial<Record<string, Imputation>>>,
  needed: number,
  leak = false,
  { robust, perWindow, leastSpread }: Inputs = OWN,
): Prepared {
  const { T, train } = series;
  const S = series.sensors.length;
  const channels = [...series.sensors, ...series.covariates];
  const F = channels.length;
  refuseUseless(series, needed);
  const x_TF = new Float32Array(T * F);
  const offset_F = new Float64Array(F);
  const width_F = new Float64Array(F);
  const shift = kind === 'minmax11' ? -1 : 0;
  const limits = robust === null ? undefined : limitsOf(kind, robust);
  const scaleIn = scalesBy(kind, series, robust);
  const moments_F = series.columns.map((column) => moments(column, train));
  moments_F.forEach((m, f) => {
    const { offset, width } = scaleIn(train, f, m);
    offset_F[f] = offset;
    width_F[f] = width;
  });
  const refitted = leak ? refitScale(series, { offset_F, width_F }, scaleIn) : undefined;
  const scaler: Scaler = { kind, offset_F, width_F, shift, ...(refitted && { refitted }), ...(limits && { limits }) };
  for (let f = 0; f < F; f++) {
    const how = imputation[channels[f].name] ?? 'linear';
    scaleInto(x_TF, { F, S }, f, filledColumn(series, series.columns[f], how, moments_F[f].mean), scaler);
  }
  if (moments_F.slice(0, S).every(({ count }) => count === 0))
    throw new EngineError(
      'bad-input',
      'no-training-values',
      `no sensor of ${series.asset} has a value in its training rows`,
      'Choose another split or other sensors.',
    );
  const constant_S = Uint8Array.from(moments_F.slice(0, S), ({ count, min, max }) =>
    count === 0 || max === min ? 1 : 0,
  );
  const prepared = { T, S, C: F - S, x_TF, seen_TS: seenIn(series), constant_S };
  if (perWindow === 'off') return { ...prepared, scaler };
  return { ...prepared, scaler: { ...scaler, windows: learnNorm(perWindow, leastSpread, x_TF, train, S, F) } };
}

/** Offsets and widths that hold at a step. */
export const scaleAt = (scaler: Scaler, step: number): Pick<Scaler, 'offset_F' | 'width_F'> =>
  scaler.refitted && step >= scaler.refitted.start && step < scaler.refitted.end ? scaler.refitted : scaler;

/** Scaled value of sensor `s` at a step back in the units of the source. */
export function unscale(scaler: Scaler, s: number, value: number, step: number): number {
  const { offset_F, width_F } = scaleAt(scaler, step);
  return (value - scaler.shift) * width_F[s] + offset_F[s];
}

/** Training mean of each column; NaN where training has no value. */
export const trainingMeans = ({ columns, train }: Series): Float64Array =>
  Float64Array.from(columns, (column) => {
    const { count, mean } = moments(column, train);
    return count === 0 ? NaN : mean;
  });

/** What was learned from the training steps of other data. */
export type Learned = { readonly scaler: Scaler; readonly mean_F: Float64Array };

/**
 * Fills and scales a series as data that was learned from before: nothing is learned here, so the series needs no
 * training steps. Channels must be those that were learned, in their order.
 */
export function prepareLike(
  series: Series,
  imputation: Readonly<Partial<Record<string, Imputation>>>,
  { scaler, mean_F }: Learned,
): Prepared {
  const { T } = series;
  const S = series.sensors.length;
  const channels = [...series.sensors, ...series.covariates];
  const F = channels.length;
  // Ranges of judged steps belong to the data that was learned from.
  const { refitted, ...own } = scaler;
  const x_TF = new Float32Array(T * F);
  channels.forEach(({ name }, f) => {
    const column = series.columns[f];
    const fallback = Number.isNaN(mean_F[f]) ? own.offset_F[f] : mean_F[f];
    scaleInto(x_TF, { F, S }, f, filledColumn(series, column, imputation[name] ?? 'linear', fallback), own);
  });
  // Which sensors held still in training matters to the fit of a head alone.
  return { T, S, C: F - S, x_TF, seen_TS: seenIn(series), scaler: own, constant_S: new Uint8Array(S) };
}
