/**
 * Trend, season and what remains, all by medians, so that outliers stay in the remainder. The season's period is the
 * first strong peak of the autocorrelation; a series without one has no season.
 */

/** Median of a short list. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Median of the `width` values around each one (fewer at the edges); `width` odd. */
function runningMedian(x_T: ArrayLike<number>, width: number): Float32Array {
  const half = width >> 1;
  const values = Array.from(x_T);
  return Float32Array.from(values, (_, t) => median(values.slice(Math.max(0, t - half), t + half + 1)));
}

/** Correlations above this make a period. */
const STRONG = 0.5;

/** Lag of the highest autocorrelation from 2 to half the length, after the first time it falls below 0; null if weak. */
export function periodOf(x_T: ArrayLike<number>): number | null {
  const T = x_T.length;
  let mean = 0;
  for (let t = 0; t < T; t++) mean += x_T[t] / T;
  const at = (lag: number): number => {
    let sum = 0;
    for (let t = lag; t < T; t++) sum += (x_T[t] - mean) * (x_T[t - lag] - mean);
    return sum / (T - lag);
  };
  const whole = at(0);
  if (!(whole > 0)) return null;
  let best: { lag: number; value: number } | null = null;
  let fell = false;
  for (let lag = 1; lag <= T >> 1; lag++) {
    const value = at(lag) / whole;
    fell ||= value < 0;
    if (fell && lag >= 2 && value > (best?.value ?? STRONG)) best = { lag, value };
  }
  return best?.lag ?? null;
}

export type Decomposition = {
  readonly trend: Float32Array;
  readonly season: Float32Array;
  readonly remainder: Float32Array;
  readonly period: number | null;
};

/** x = trend + season + remainder; the trend is a running median over a period, or a tenth of the series. */
export function decompose(x_T: ArrayLike<number>): Decomposition {
  const T = x_T.length;
  const period = periodOf(x_T);
  const width = 2 * ((period ?? Math.max(3, Math.round(T / 10))) >> 1) + 1;
  const trend = runningMedian(x_T, width);
  const flat = trend.map((value, t) => x_T[t] - value);
  const season = new Float32Array(T);
  if (period !== null)
    for (let phase = 0; phase < period; phase++) {
      const same: number[] = [];
      for (let t = phase; t < T; t += period) same.push(flat[t]);
      const level = median(same);
      for (let t = phase; t < T; t += period) season[t] = level;
    }
  return { trend, season, remainder: flat.map((value, t) => value - season[t]), period };
}
