/**
 * What stands behind a score: the training errors of a sensor with the mixture that judges them, and the training scores
 * with the laws that calibrate them. Shapes as the page draws them (protocol `ScoreEvidence`).
 */
import { chi2AsGamma, chi2Isf } from '../math/chi2.ts';
import { gammaLogPdf, gammaLogSf, gammaPpf } from '../math/gamma.ts';
import type { Gamma } from '../math/gamma.ts';
import { mixtureLogPdf } from '../math/mixture.ts';
import type { Mixture } from '../math/mixture.ts';
import { normalLogPdf } from '../math/normal.ts';
import { percentileSorted, sortedFinite } from '../math/quantile.ts';
import type { Residual, Score, Span } from '../types.ts';
import { partAt } from './attribution.ts';
import type { M2adState } from './heads/m2ad.ts';
import { residualColumn, smoothErrors } from './smoothedError.ts';

/** Density per unit of x in bars of equal width. */
export type Histogram = { readonly from: number; readonly width: number; readonly density: Float32Array };
export type Curve = { readonly x: Float32Array; readonly y: Float32Array };

export type ScoreQq = {
  readonly observed: Float32Array;
  readonly gamma: Float32Array;
  readonly chi2: Float32Array;
  /** Kolmogorov-Smirnov distances of the training scores to both laws. */
  readonly ksGamma: number;
  readonly ksChi2: number;
};

export type HeadEvidence = {
  readonly step: number;
  readonly sensor: number;
  readonly errorTitle: string;
  readonly errors: Histogram;
  readonly mixture: Curve;
  readonly components: readonly Curve[];
  readonly error: number;
  readonly logP: number;
  readonly scores: Histogram;
  readonly gamma: Curve & { readonly shape: number; readonly scale: number };
  readonly chi2: Curve & { readonly df: number };
  readonly chi2Threshold: number;
  readonly qq: ScoreQq;
  readonly part: number;
  readonly weight: number;
  readonly score: number;
  readonly scoreLogP: number;
  readonly sensorsCounted: number;
  readonly heat: {
    readonly from: number;
    readonly stepsPerCell: number;
    readonly cells: number;
    readonly nlog10p_SN: Float32Array;
  };
};

const BARS = 60;
const POINTS = 200;
const QQ_POINTS = 200;

/** Histogram of sorted values between two ends; values outside count in the total but are not drawn. */
export function histogramOf(sorted: Float64Array, from: number, to: number, bars = BARS): Histogram {
  const width = to > from ? (to - from) / bars : 1;
  const density = new Float32Array(bars);
  const each = 1 / (Math.max(1, sorted.length) * width);
  for (const value of sorted) {
    const bar = value === to ? bars - 1 : Math.floor((value - from) / width);
    if (bar >= 0 && bar < bars) density[bar] += each;
  }
  return { from, width, density };
}

/** A function drawn over [from, to]. */
function curve(from: number, to: number, f: (x: number) => number): Curve {
  const x = Float32Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1));
  return { x, y: Float32Array.from({ length: POINTS }, (_, i) => f(from + ((to - from) * i) / (POINTS - 1))) };
}

/** Where to draw: the bulk of the data and the value in question; far outliers would squeeze everything else. */
function drawnRange(sorted: Float64Array, value: number, fromZero: boolean): readonly [number, number] {
  if (sorted.length === 0) return [0, 1];
  const bulk = percentileSorted(sorted, 99.9);
  const low = percentileSorted(sorted, 0.1);
  const reach = Math.max(bulk - low, 1e-12);
  const ends = Number.isFinite(value)
    ? [Math.min(low, Math.max(value, low - reach)), Math.max(bulk, Math.min(value, bulk + reach))]
    : [low, bulk];
  const margin = 0.05 * reach;
  return [fromZero ? Math.min(0, low) : ends[0] - margin, ends[1] + margin];
}

/** Greatest distance between the empirical distribution of sorted values and a law; NaN without values or law. */
export function ksDistance(sorted: Float64Array, law: Gamma): number {
  if (sorted.length === 0 || !(law.shape > 0)) return NaN;
  let worst = 0;
  for (let i = 0; i < sorted.length; i++) {
    const cdf = -Math.expm1(gammaLogSf(sorted[i], law));
    worst = Math.max(worst, Math.abs(cdf - i / sorted.length), Math.abs(cdf - (i + 1) / sorted.length));
  }
  return worst;
}

/** Quantiles of the training scores against those of both laws, at (i + ½)/n of the distribution. */
function qqOf(sorted: Float64Array, gamma: Gamma, chi2: Gamma): ScoreQq {
  const n = Math.min(QQ_POINTS, sorted.length);
  const p = Array.from({ length: n }, (_, i) => (i + 0.5) / n);
  return {
    observed: Float32Array.from(p, (at) => percentileSorted(sorted, 100 * at)),
    gamma: Float32Array.from(p, (at) => gammaPpf(at, gamma)),
    chi2: Float32Array.from(p, (at) => gammaPpf(at, chi2)),
    ksGamma: ksDistance(sorted, gamma),
    ksChi2: ksDistance(sorted, chi2),
  };
}

/** The largest −log10 p of each sensor in each cell of steps (a mean would hide spikes); NaN where there is none. */
export function heatOf({ S, nlp_TS }: Score, range: Span, mostCells = 240): HeadEvidence['heat'] {
  const steps = Math.max(1, range.end - range.start);
  const stepsPerCell = Math.ceil(steps / mostCells);
  const cells = Math.ceil(steps / stepsPerCell);
  const nlog10p_SN = new Float32Array(S * cells).fill(NaN);
  for (let t = range.start; t < range.end; t++) {
    const cell = Math.floor((t - range.start) / stepsPerCell);
    for (let k = 0; k < S; k++) {
      const value = nlp_TS[t * S + k] / Math.LN10;
      const at = k * cells + cell;
      if (!Number.isNaN(value) && !(nlog10p_SN[at] >= value)) nlog10p_SN[at] = value;
    }
  }
  return { from: range.start, stepsPerCell, cells, nlog10p_SN };
}

const steps = (count: number): string => `${String(Math.round(count))} steps`;

/** The kind of error, in words for an axis. */
function errorTitleOf({ errors }: M2adState): string {
  const kind =
    errors.kind === 'point'
      ? 'size of the difference'
      : `area of the difference over ${steps(2 * errors.halfWidth)}, standardised`;
  return errors.com === 0 ? kind : `${kind}, smoothed over ${steps(errors.com)}`;
}

/** Number of sensors in the sum. */
const countedSensors = (state: M2adState): number => state.sensors.filter((sensor) => sensor.mixture !== null).length;

/** Degrees of freedom of Fisher's χ² law; null with unequal weights, for which it is not defined. */
export const chi2Df = (state: M2adState): number | null => (state.uniform ? 2 * countedSensors(state) : null);

function mixtureCurves(mixture: Mixture | null, from: number, to: number): { mixture: Curve; components: Curve[] } {
  if (mixture === null) return { mixture: curve(from, to, () => NaN), components: [] };
  const { weights, means, variances } = mixture;
  return {
    mixture: curve(from, to, (x) => Math.exp(mixtureLogPdf(mixture, x))),
    components: weights.map((w, j) =>
      curve(from, to, (x) => w * Math.exp(normalLogPdf(x, means[j], Math.sqrt(variances[j])))),
    ),
  };
}

/**
 * All evidence for one sensor at one step. `residual` and `score` cover the whole series, `train` its training steps,
 * `range` the steps of the heat map. χ² is drawn with 2·(sensors counted) degrees of freedom in any case; it is meant
 * only where `chi2Df(state)` is not null.
 */
export function headEvidence(
  state: M2adState,
  residual: Residual,
  score: Score,
  asked: {
    readonly sensor: number;
    readonly step: number;
    readonly range: Span;
    readonly train: Span;
    readonly significance: number;
  },
): HeadEvidence {
  const { sensor, step, range, train, significance } = asked;
  const e_T = smoothErrors(residualColumn(residual, sensor), state.errors);
  const errors = sortedFinite(e_T.subarray(train.start, train.end));
  const [from, to] = drawnRange(errors, e_T[step], false);
  const scores = sortedFinite(score.score_T.subarray(train.start, train.end));
  const [low, high] = drawnRange(scores, score.score_T[step], true);
  const gamma = state.calibration.gamma ?? { shape: 0, scale: 0 };
  const df = 2 * countedSensors(state);
  const chi2 = chi2AsGamma(df);
  // A shape below 1 has an infinite density at 0, which cannot be drawn.
  const density = (law: Gamma) =>
    curve(Math.max(low, (high - low) / POINTS), high, (x) => Math.exp(gammaLogPdf(x, law)));
  return {
    step,
    sensor,
    errorTitle: errorTitleOf(state),
    errors: histogramOf(errors, from, to),
    ...mixtureCurves(state.sensors[sensor].mixture, from, to),
    error: e_T[step],
    logP: -score.nlp_TS[step * score.S + sensor],
    scores: histogramOf(scores, low, high),
    gamma: { ...density(gamma), ...gamma },
    chi2: { ...density(chi2), df },
    chi2Threshold: chi2Isf(significance, df),
    qq: qqOf(scores, gamma, chi2),
    part: partAt(score, sensor, step),
    weight: score.weight_S[sensor],
    score: score.score_T[step],
    scoreLogP: score.logP_T[step],
    sensorsCounted: countedSensors(state),
    heat: heatOf(score, range),
  };
}
