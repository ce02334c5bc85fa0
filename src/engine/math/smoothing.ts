/** Smoothing over time. Missing values (NaN) are skipped, never spread. */

type Numbers = Float64Array | Float32Array | readonly number[];

export type EwmaBy = { readonly com: number } | { readonly span: number } | { readonly alpha: number };

/** Smoothing factor α in (0, 1]: com c ≥ 0 → 1/(1+c), span s ≥ 1 → 2/(s+1). */
export function ewmaAlpha(by: EwmaBy): number {
  if ('com' in by) return 1 / (1 + by.com);
  if ('span' in by) return 2 / (by.span + 1);
  return by.alpha;
}

/**
 * Exponentially weighted mean as pandas computes it. `adjust` divides by the sum of the weights so far (no start-up
 * bias). At a missing value the last mean is carried; with `ignoreNa` false (pandas' default) the weights of older
 * values go on decaying over the gap.
 */
export function ewma(x_T: Numbers, by: EwmaBy, adjust = true, ignoreNa = false): Float64Array {
  const alpha = ewmaAlpha(by);
  const out_T = new Float64Array(x_T.length).fill(NaN);
  const fresh = adjust ? 1 : alpha;
  let level = NaN;
  let old = 1;
  for (let t = 0; t < x_T.length; t++) {
    const x = x_T[t];
    const seen = !Number.isNaN(x);
    if (Number.isNaN(level)) {
      if (seen) level = x;
    } else if (seen || !ignoreNa) {
      old *= 1 - alpha;
      if (seen) {
        level = (old * level + fresh * x) / (old + fresh);
        old = adjust ? old + 1 : 1;
      }
    }
    out_T[t] = level;
  }
  return out_T;
}

export type WindowMode = 'trailing' | 'centred';

/** First and last step (inclusive) of the window at t, cut at the borders. */
function windowAt(t: number, width: number, mode: WindowMode, T: number): readonly [number, number] {
  if (mode === 'trailing') return [Math.max(0, t - width + 1), t];
  return [Math.max(0, t - Math.floor(width / 2)), Math.min(T - 1, t + Math.floor((width - 1) / 2))];
}

/** Mean and standard deviation (divisor n − ddof) over a moving window; NaN where too few values are there. */
export function moving(
  x_T: Numbers,
  width: number,
  mode: WindowMode,
  ddof = 0,
): { mean_T: Float64Array; std_T: Float64Array } {
  const T = x_T.length;
  const mean_T = new Float64Array(T).fill(NaN);
  const std_T = new Float64Array(T).fill(NaN);
  for (let t = 0; t < T; t++) {
    const [from, to] = windowAt(t, width, mode, T);
    // Deviations are taken from the window's first value, so that a large offset costs no digits.
    let n = 0;
    let base = NaN;
    let sum = 0;
    for (let i = from; i <= to; i++) {
      if (Number.isNaN(x_T[i])) continue;
      if (n === 0) base = x_T[i];
      n++;
      sum += x_T[i] - base;
    }
    if (n === 0) continue;
    const shift = sum / n;
    mean_T[t] = base + shift;
    if (n <= ddof) continue;
    let squares = 0;
    for (let i = from; i <= to; i++) if (!Number.isNaN(x_T[i])) squares += (x_T[i] - base - shift) ** 2;
    std_T[t] = Math.sqrt(squares / (n - ddof));
  }
  return { mean_T, std_T };
}

/**
 * Moving mean over a moving mean, to both sides: weights that fall off evenly to 0 at `width` steps; 1 changes nothing.
 * NaN where no value is within reach.
 */
export const triangular = (x_T: Float64Array, width: number): Float64Array =>
  width <= 1 ? x_T : moving(moving(x_T, width, 'centred').mean_T, width, 'centred').mean_T;

/**
 * Trapezoid integral (step dx) over the centred window of `width` points, t − ⌊w/2⌋ … t + ⌊(w−1)/2⌋, cut at the
 * borders; NaN where fewer than `minPoints` values are there. A missing value takes out the two trapezoids it bounds.
 */
export function rollingArea(x_T: Numbers, width: number, minPoints: number, dx = 1): Float64Array {
  const T = x_T.length;
  const out_T = new Float64Array(T).fill(NaN);
  for (let t = 0; t < T; t++) {
    const [from, to] = windowAt(t, width, 'centred', T);
    let n = Number.isNaN(x_T[from]) ? 0 : 1;
    let area = 0;
    for (let i = from + 1; i <= to; i++) {
      if (Number.isNaN(x_T[i])) continue;
      n++;
      if (!Number.isNaN(x_T[i - 1])) area += ((x_T[i - 1] + x_T[i]) / 2) * dx;
    }
    if (n >= minPoints && n > 0) out_T[t] = area;
  }
  return out_T;
}

/** What is left of older values in a moving average counts as nothing from here on. */
const NOTHING = 1e-12;

/** Steps after which a moving average of centre of mass `com` has forgotten. */
export const forgottenAfter = (com: number): number =>
  com <= 0 ? 0 : Math.ceil(Math.log(NOTHING) / Math.log(com / (1 + com)));

/** How far `triangular` looks back and ahead. */
export const triangularReach = (width: number): { readonly back: number; readonly ahead: number } =>
  width <= 1 ? { back: 0, ahead: 0 } : { back: 2 * Math.floor(width / 2), ahead: 2 * Math.floor((width - 1) / 2) };
