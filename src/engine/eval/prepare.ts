/**
 * What every score metric needs, worked out once: the steps in falling order of score, the groups of equal scores, and
 * the counts of true and false flags after each group. All later metrics are single passes over these arrays.
 *
 * Convention: a step is flagged when `score > threshold` (strict). The candidate thresholds are every distinct score and
 * minus infinity ("flag everything"). Candidate k flags the k highest groups; k = 0 flags nothing.
 */
import { EngineError } from '../errors.ts';
import type { Span } from '../types.ts';
import { descendingOrder } from './order.ts';

export type PreparedScores = {
  readonly n: number;
  /** 1 where a label says anomalous. */
  readonly label_T: Uint8Array;
  readonly segments: readonly Span[];
  readonly positives: number;
  /** Steps without a score (NaN). They rank below every scored step, so only "flag everything" flags them. */
  readonly unscored: number;
  /** Steps in falling order of score. */
  readonly order_T: Int32Array;
  /** Number of groups of equal scores. */
  readonly G: number;
  /** Score of each group, falling; minus infinity for a group without scores. */
  readonly value_G: Float64Array;
  /** Group of each step. */
  readonly group_T: Int32Array;
  /** Steps in groups 0..g, and how many of them are labelled anomalous. */
  readonly flagged_G: Int32Array;
  readonly hits_G: Int32Array;
};

/** Runs of non-zero values as half-open ranges. */
export function segmentsOf(flag_T: ArrayLike<number>): Span[] {
  const segments: Span[] = [];
  let start = -1;
  for (let t = 0; t < flag_T.length; t++) {
    if (flag_T[t] !== 0) {
      if (start < 0) start = t;
    } else if (start >= 0) {
      segments.push({ start, end: t });
      start = -1;
    }
  }
  if (start >= 0) segments.push({ start, end: flag_T.length });
  return segments;
}

/** 1 inside the ranges, 0 outside. Ranges are clipped to `[0, T)`. */
export function flagsOf(spans: readonly Span[], T: number): Uint8Array {
  const flag_T = new Uint8Array(T);
  for (const { start, end } of spans) flag_T.fill(1, Math.max(0, start), Math.min(T, end));
  return flag_T;
}

/**
 * Sorts once for all score metrics. `label_T` and `score_T` have the same length T >= 1; a label counts when it is not 0.
 * Throws EngineError('bad-input') when the lengths differ or there is no step.
 */
export function prepareScores(label_T: ArrayLike<number>, score_T: ArrayLike<number>): PreparedScores {
  const n = score_T.length;
  if (n === 0 || label_T.length !== n) {
    throw new EngineError(
      'bad-input',
      'bad-length',
      `there are ${n} scores and ${label_T.length} labels`,
      'Give one label for each score, and at least one step.',
    );
  }
  const key_T = new Float64Array(n);
  const flag_T = new Uint8Array(n);
  let unscored = 0;
  let positives = 0;
  for (let t = 0; t < n; t++) {
    const score = score_T[t];
    if (Number.isNaN(score)) unscored += 1;
    key_T[t] = Number.isNaN(score) ? -Infinity : score + 0;
    flag_T[t] = label_T[t] === 0 ? 0 : 1;
    positives += flag_T[t];
  }
  const order_T = descendingOrder(key_T);
  const group_T = new Int32Array(n);
  const value_G = new Float64Array(n);
  const flagged_G = new Int32Array(n);
  const hits_G = new Int32Array(n);
  let g = -1;
  let hits = 0;
  for (let i = 0; i < n; i++) {
    const t = order_T[i];
    if (g < 0 || key_T[t] !== value_G[g]) {
      g += 1;
      value_G[g] = key_T[t];
    }
    hits += flag_T[t];
    group_T[t] = g;
    flagged_G[g] = i + 1;
    hits_G[g] = hits;
  }
  const G = g + 1;
  return {
    n,
    label_T: flag_T,
    segments: segmentsOf(flag_T),
    positives,
    unscored,
    order_T,
    G,
    value_G: value_G.slice(0, G),
    group_T,
    flagged_G: flagged_G.slice(0, G),
    hits_G: hits_G.slice(0, G),
  };
}

/** Threshold that flags exactly the `k` highest groups, 0 <= k <= G. */
export const thresholdOf = (p: PreparedScores, k: number): number => (k < p.G ? p.value_G[k] : -Infinity);

/** Number of groups whose score is above `threshold`. */
export function groupsAbove(p: PreparedScores, threshold: number): number {
  let low = 0;
  let high = p.G;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (p.value_G[mid] > threshold) low = mid + 1;
    else high = mid;
  }
  return low;
}
