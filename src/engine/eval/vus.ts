/**
 * Volume under the surface (Paparrizos et al., PVLDB 2022, doi:10.14778/3551793.3551830): ROC and PR areas with labels
 * that slope off over a window, averaged over the windows 0..L. Always print L beside the value.
 *
 * For window w the label falls as sqrt(1 − d/w) over floor(w/2) steps on each side (sums capped at 1). 250 thresholds,
 * `score >= threshold`, equally spaced by rank. Slopes count only where flagged, so for each window it is enough to sum the
 * slope weights by the first threshold that flags the step: O(E·w) a window, independent of the length of the series.
 */
import type { PreparedScores } from './prepare.ts';

export const VUS_THRESHOLDS = 250;

export type Vus = {
  readonly slidingWindow: number;
  readonly vusRoc: number;
  readonly vusPr: number;
  /** One value for each window 0..L. */
  readonly rocByWindow: readonly number[];
  readonly prByWindow: readonly number[];
};

export type RankThresholds = {
  /** Steps with score >= threshold j. */
  readonly predicted_J: Float64Array;
  /** First threshold that flags the step. */
  readonly bucket_T: Int32Array;
  /** Labelled steps flagged by thresholds 0..j. */
  readonly hits_J: Float64Array;
};

/** The thresholds of the paper's code: rank trunc(j·((n−1)/249)) in double arithmetic, the last one n − 1. */
export function rankThresholds(p: PreparedScores): RankThresholds {
  const J = VUS_THRESHOLDS;
  const stride = (p.n - 1) / (J - 1);
  const predicted_J = new Float64Array(J);
  const hits_J = new Float64Array(J);
  const bucket_G = new Int32Array(p.G);
  let filled = 0;
  for (let j = 0; j < J; j++) {
    const rank = j === J - 1 ? p.n - 1 : Math.trunc(j * stride);
    const g = p.group_T[p.order_T[rank]];
    predicted_J[j] = p.flagged_G[g];
    hits_J[j] = p.hits_G[g];
    if (g + 1 > filled) {
      bucket_G.fill(j, filled, g + 1);
      filled = g + 1;
    }
  }
  const bucket_T = new Int32Array(p.n);
  for (let t = 0; t < p.n; t++) bucket_T[t] = bucket_G[p.group_T[t]];
  return { predicted_J, bucket_T, hits_J };
}

/** Steps outside the segments that slopes of `half` steps reach, with their summed weight capped at 1, each once. */
export function forSlopes(
  p: PreparedScores,
  w: number,
  weight_T: Float64Array,
  visit: (t: number, weight: number) => void,
): void {
  const half = Math.floor(w / 2);
  const slope_D = Float64Array.from({ length: half + 1 }, (_, d) => Math.sqrt(1 - d / w));
  const { segments, label_T, n } = p;
  const add = (t: number, d: number) => {
    if (label_T[t] === 0) weight_T[t] += slope_D[d];
  };
  for (const { start, end } of segments) {
    for (let d = 1; d <= half && start - d >= 0; d++) add(start - d, d);
    for (let d = 1; d <= half && end - 1 + d < n; d++) add(end - 1 + d, d);
  }
  const take = (from: number, to: number) => {
    for (let t = from; t < to; t++) {
      visit(t, Math.min(1, weight_T[t]));
      weight_T[t] = 0;
    }
  };
  segments.forEach(({ start, end }, e) => {
    if (e === 0) take(Math.max(0, start - half), start);
    const next = e + 1 < segments.length ? segments[e + 1].start : n;
    const reached = Math.min(end + half, next);
    take(end, reached);
    if (e + 1 < segments.length) take(Math.max(next - half, reached), next);
  });
}

/** First threshold that flags any step of each widened segment; segments whose widened ranges share a step are one. */
function widened(p: PreparedScores, bucket_T: Int32Array, first_E: Int32Array, half: number): Int32Array {
  const existence_J = new Int32Array(VUS_THRESHOLDS);
  let open = VUS_THRESHOLDS;
  let count = 0;
  p.segments.forEach(({ start, end }, e) => {
    open = Math.min(open, first_E[e]);
    const from = Math.max(0, start - half);
    for (let t = from; t < start; t++) open = Math.min(open, bucket_T[t]);
    const to = Math.min(p.n, end + half);
    for (let t = end; t < to; t++) open = Math.min(open, bucket_T[t]);
    const last = e + 1 === p.segments.length;
    if (last || end - 1 + half < p.segments[e + 1].start - half) {
      existence_J[open] += 1;
      count += 1;
      open = VUS_THRESHOLDS;
    }
  });
  for (let j = 1; j < VUS_THRESHOLDS; j++) existence_J[j] += existence_J[j - 1];
  return Int32Array.of(count, ...existence_J);
}

/** ROC and PR area of one window. */
function areas(p: PreparedScores, ranks: RankThresholds, slope_J: Float64Array, widened_J: Int32Array) {
  let roc = 0;
  let pr = 0;
  let lastTpr = 0;
  let lastFpr = 0;
  let slope = 0;
  for (let j = 0; j < VUS_THRESHOLDS; j++) {
    slope += slope_J[j];
    const tp = ranks.hits_J[j] + slope;
    const positives = (2 * p.positives + slope) / 2;
    const tpr = Math.min(tp / positives, 1) * (widened_J[j + 1] / widened_J[0]);
    const fpr = (ranks.predicted_J[j] - tp) / (p.n - positives);
    roc += ((fpr - lastFpr) * (tpr + lastTpr)) / 2;
    pr += (tpr - lastTpr) * (tp / ranks.predicted_J[j]);
    lastTpr = tpr;
    lastFpr = fpr;
  }
  return { roc: roc + ((1 - lastFpr) * (1 + lastTpr)) / 2, pr };
}

/** VUS-ROC and VUS-PR for windows 0..`slidingWindow` (steps, >= 0). null when the labels have one class only. */
export function vus(p: PreparedScores, slidingWindow: number): Vus | null {
  if (p.positives === 0 || p.positives === p.n) return null;
  const ranks = rankThresholds(p);
  const first_E = Int32Array.from(p.segments, ({ start, end }) => {
    let first = VUS_THRESHOLDS;
    for (let t = start; t < end; t++) first = Math.min(first, ranks.bucket_T[t]);
    return first;
  });
  const weight_T = new Float64Array(p.n);
  const rocByWindow: number[] = [];
  const prByWindow: number[] = [];
  for (let w = 0; w <= slidingWindow; w++) {
    const slope_J = new Float64Array(VUS_THRESHOLDS);
    forSlopes(p, w, weight_T, (t, weight) => {
      slope_J[ranks.bucket_T[t]] += weight;
    });
    const { roc, pr } = areas(p, ranks, slope_J, widened(p, ranks.bucket_T, first_E, Math.floor(w / 2)));
    rocByWindow.push(roc);
    prByWindow.push(pr);
  }
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return { slidingWindow, vusRoc: mean(rocByWindow), vusPr: mean(prByWindow), rocByWindow, prByWindow };
}
