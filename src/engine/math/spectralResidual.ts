/**
 * Spectral residual saliency: what stands out of the smoothed log spectrum. Ren et al., "Time-Series Anomaly Detection
 * Service at Microsoft", KDD 2019, with the constants and edge rules of the published code.
 */
import { fft, ifft } from './fft.ts';

/** Amplitudes up to this count as none. */
const EPS = 1e-8;
/** Estimated points appended, and how far back the estimate looks. */
const EXTEND = 5;

/** Mean of the last n values (fewer at the start). */
export function trailingMean(x_T: ArrayLike<number>, n: number): Float64Array {
  const out_T = new Float64Array(x_T.length);
  for (let t = 0; t < out_T.length; t++) {
    const from = Math.max(0, t - n + 1);
    let sum = 0;
    for (let i = from; i <= t; i++) sum += x_T[i];
    out_T[t] = sum / (t - from + 1);
  }
  return out_T;
}

/** The next value by the mean slope to the last one, as the published code writes it: second value + sum of slopes. */
export function predictNext(values: ArrayLike<number>): number {
  const n = values.length;
  const last = values[n - 1];
  let slopes = 0;
  for (let i = 0; i < n - 1; i++) slopes += (last - values[i]) / (n - 1 - i);
  return values[1] + slopes;
}

/** Saliency of each value: the series rebuilt from its phase and the residual of its log amplitude. */
export function saliency(x_T: ArrayLike<number>, magWindow = 3): Float64Array {
  const { re, im } = fft(x_T);
  const amplitude = re.map((value, k) => Math.hypot(value, im[k]));
  const log = amplitude.map((a) => (a <= EPS ? 0 : Math.log(a)));
  const smooth = trailingMean(log, magWindow);
  const factor = amplitude.map((a, k) => (a <= EPS ? 0 : Math.exp(log[k] - smooth[k]) / a));
  const back = ifft(
    re.map((value, k) => value * factor[k]),
    im.map((value, k) => value * factor[k]),
  );
  return back.re.map((value, t) => Math.hypot(value, back.im[t]));
}

/**
 * The estimated point that is appended five times before the transform. It is estimated from the six values before the
 * last one: the published code leaves the last value out.
 */
export function extensionOf(x_T: ArrayLike<number>): number {
  const n = x_T.length;
  return predictNext(Array.from(x_T).slice(Math.max(0, n - EXTEND - 2), n - 1));
}

export type SpectralScores = {
  readonly saliency_T: Float64Array;
  /** |saliency − trailing mean| / trailing mean. */
  readonly raw_T: Float64Array;
  /** raw/10, at most 1. */
  readonly score_T: Float64Array;
};

/** Saliency and scores of a series of at least three values, extended at its end so that the last steps are judged too. */
export function spectralResidual(x_T: ArrayLike<number>, magWindow = 3, scoreWindow = 40): SpectralScores {
  const n = x_T.length;
  const extension = extensionOf(x_T);
  const saliency_T = saliency([...Array.from(x_T), ...Array.from({ length: EXTEND }, () => extension)], magWindow);
  const smooth = trailingMean(saliency_T, scoreWindow);
  const raw_T = saliency_T.map((value, t) => Math.abs(value - smooth[t]) / Math.max(smooth[t], EPS)).slice(0, n);
  return { saliency_T: saliency_T.slice(0, n), raw_T, score_T: raw_T.map((value) => Math.min(1, value / 10)) };
}
