import { prf } from './counts.ts';
import type { Counts, Prf } from './counts.ts';
import { segmentsOf } from './prepare.ts';

export type StepCounts = Counts & { readonly tn: number };

/** Step by step comparison of a binary prediction with the labels. */
export function stepCounts(label_T: ArrayLike<number>, flag_T: ArrayLike<number>): StepCounts {
  let tp = 0;
  let fp = 0;
  let fn = 0;
  for (let t = 0; t < label_T.length; t++) {
    if (label_T[t] !== 0) {
      if (flag_T[t] !== 0) tp += 1;
      else fn += 1;
    } else if (flag_T[t] !== 0) fp += 1;
  }
  return { tp, fp, fn, tn: label_T.length - tp - fp - fn };
}

/** Precision, recall and F1 over steps for a binary prediction, unadjusted. */
export function stepPrediction(label_T: ArrayLike<number>, flag_T: ArrayLike<number>): Prf & StepCounts {
  const counts = stepCounts(label_T, flag_T);
  return { ...prf(counts), ...counts };
}

/** Share of steps flagged, 0 to 1. */
export function flaggedShare(flag_T: ArrayLike<number>): number {
  let flagged = 0;
  for (let t = 0; t < flag_T.length; t++) if (flag_T[t] !== 0) flagged += 1;
  return flag_T.length === 0 ? 0 : flagged / flag_T.length;
}

/** Share of the steps labelled normal that are flagged; null when no step is labelled normal. */
export function falseAlarmRate(label_T: ArrayLike<number>, flag_T: ArrayLike<number>): number | null {
  const { fp, tn } = stepCounts(label_T, flag_T);
  return fp + tn === 0 ? null : fp / (fp + tn);
}

/**
 * Point adjustment of a binary prediction: a labelled segment with at least one flagged step counts as wholly flagged.
 * Xu et al., WWW 2018 (doi:10.1145/3178876.3185996). Random scores win this metric: show it beside them only.
 */
export function pointAdjusted(label_T: ArrayLike<number>, flag_T: ArrayLike<number>): Uint8Array {
  const adjusted_T = Uint8Array.from(flag_T);
  for (const { start, end } of segmentsOf(label_T)) {
    let hit = false;
    for (let t = start; t < end && !hit; t++) hit = flag_T[t] !== 0;
    if (hit) adjusted_T.fill(1, start, end);
  }
  return adjusted_T;
}
