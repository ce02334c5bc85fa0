/**
 * A level and a spread that follow a score slowly, so that drift wears off and an anomaly does not: each step moves the
 * level by at most 1/memory of the spread, and by less while the score is high. What that can do is bounded, see
 * `swallowed`.
 */
import { percentileSorted, sortedFinite } from '../math/quantile.ts';

export type Following = {
  /** Steps in which the level moves by one spread at most. */
  readonly memory: number;
  /** Standardised score over which it moves slower. */
  readonly high: number;
  /** Share of the usual pace while the score is high, 0 (frozen) to 1. */
  readonly pace: number;
};

/** Plain JSON: where the level and the spread begin. */
export type Ground = { readonly level: number; readonly spread: number };

export const FOLLOWING: Following = { memory: 1000, high: 2.5, pace: 0.1 };

/** The spread stays within these multiples of what it was in training. */
const LEAST_SPREAD = 0.5;
export const MOST_SPREAD = 2;

/** The upper tenth begins one spread over the level. */
const UPPER = 0.1;

/** Median of the calibration scores and the distance from it to their 90th percentile. */
export function groundOf(values: Iterable<number>): Ground {
  const sorted = sortedFinite(values);
  const level = percentileSorted(sorted, 50);
  const spread = percentileSorted(sorted, 100 * (1 - UPPER)) - level;
  return { level, spread: spread > 0 ? spread : 1e-9 };
}

/** Standardised scores, with the level and spread that each was read against (those before the step). */
export type Followed = {
  readonly z_T: Float64Array;
  readonly level_T: Float64Array;
  readonly spread_T: Float64Array;
  /** After the last step. */
  readonly end: Ground;
};

/**
 * Follows `x_T` step by step, looking back only. Missing values move nothing. The level tracks the median by steps of
 * equal size, so that one wild value counts as little as a mild one (Robbins & Monro 1951); the spread likewise. `from`: level
 * and spread at the first step, where these have moved before.
 */
export function follow(
  x_T: Float64Array,
  ground: Ground,
  { memory, high, pace }: Following,
  from: Ground = ground,
): Followed {
  const T = x_T.length;
  const z_T = new Float64Array(T).fill(NaN);
  const level_T = new Float64Array(T);
  const spread_T = new Float64Array(T);
  let { level, spread } = from;
  for (let t = 0; t < T; t++) {
    level_T[t] = level;
    spread_T[t] = spread;
    const x = x_T[t];
    if (Number.isNaN(x)) continue;
    const z = (x - level) / spread;
    z_T[t] = z;
    const rate = (z > high ? pace : 1) / memory;
    const before = spread;
    spread *= z > 1 ? 1 + rate * (1 - UPPER) : 1 - UPPER / memory;
    spread = Math.min(MOST_SPREAD * ground.spread, Math.max(LEAST_SPREAD * ground.spread, spread));
    level += Math.sign(x - level) * rate * before;
  }
  return { z_T, level_T, spread_T, end: { level, spread } };
}

/**
 * The largest anomaly that could go unseen: one that raises the score by more than this many training spreads over the
 * level, for up to `steps` steps, stays over the standardised threshold `z` at each of them (`z` ≥ `following.high`).
 */
export function swallowed(z: number, steps: number, { memory, pace }: Following): number {
  return MOST_SPREAD * (z + (steps * pace) / memory);
}
