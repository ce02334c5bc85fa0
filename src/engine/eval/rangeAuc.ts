import { forSlopes, rankThresholds, VUS_THRESHOLDS } from './vus.ts';
import type { PreparedScores } from './prepare.ts';

export type RangeAuc = { readonly slidingWindow: number; readonly rAucRoc: number; readonly rAucPr: number };

/**
 * Range-AUC at one window (Paparrizos et al., PVLDB 2022, doi:10.14778/3551793.3551830). Not the last slice of VUS: here
 * the label sum is fixed (slopes count in it whether flagged or not), segments are the runs of the sloping label, and the
 * PR area uses the trapezoid from precision 1. null when the labels have one class only.
 */
export function rangeAuc(p: PreparedScores, slidingWindow: number): RangeAuc | null {
  if (p.positives === 0 || p.positives === p.n) return null;
  const { predicted_J, hits_J, bucket_T } = rankThresholds(p);
  const label_T = Float64Array.from(p.label_T);
  const slope_J = new Float64Array(VUS_THRESHOLDS);
  let slopeSum = 0;
  forSlopes(p, slidingWindow, new Float64Array(p.n), (t, weight) => {
    label_T[t] = weight;
    slope_J[bucket_T[t]] += weight;
    slopeSum += weight;
  });
  const existence_J = new Int32Array(VUS_THRESHOLDS + 1);
  let runs = 0;
  let first = VUS_THRESHOLDS;
  for (let t = 0; t <= p.n; t++) {
    if (t < p.n && label_T[t] > 0) first = Math.min(first, bucket_T[t]);
    else if (t > 0 && label_T[t - 1] > 0) {
      existence_J[first] += 1;
      runs += 1;
      first = VUS_THRESHOLDS;
    }
  }
  const positives = p.positives + slopeSum / 2;
  let roc = 0;
  let pr = 0;
  let slope = 0;
  let found = 0;
  let last = { tpr: 0, fpr: 0, precision: 1 };
  for (let j = 0; j < VUS_THRESHOLDS; j++) {
    slope += slope_J[j];
    found += existence_J[j];
    const tp = hits_J[j] + slope;
    const next = {
      tpr: (Math.min(tp / positives, 1) * found) / runs,
      fpr: (predicted_J[j] - tp) / (p.n - positives),
      precision: tp / predicted_J[j],
    };
    roc += ((next.fpr - last.fpr) * (next.tpr + last.tpr)) / 2;
    pr += ((next.tpr - last.tpr) * (next.precision + last.precision)) / 2;
    last = next;
  }
  return { slidingWindow, rAucRoc: roc + ((1 - last.fpr) * (1 + last.tpr)) / 2, rAucPr: pr };
}
