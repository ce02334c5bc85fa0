import { harmonic, ratio } from './counts.ts';
import type { StepCounts } from './stepPrediction.ts';

export type Macro = {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly accuracy: number;
};

/**
 * AMSL's macro metrics (Zhang et al. 2022, doi:10.1109/TKDE.2021.3139916): precision and recall are plain means over the
 * classes normal and anomalous, F1 is the harmonic mean of those two means, not the mean of the class F1s.
 */
export function macro({ tp, fp, fn, tn }: StepCounts): Macro {
  const precision = (ratio(tp, tp + fp) + ratio(tn, tn + fn)) / 2;
  const recall = (ratio(tp, tp + fn) + ratio(tn, tn + fp)) / 2;
  return { precision, recall, f1: harmonic(precision, recall), accuracy: ratio(tp + tn, tp + fp + fn + tn) };
}
