import type { Gamma } from '../../math/gamma.ts';
import type { Span, Threshold } from '../../types.ts';

/** All that a threshold rule may look at. */
export type ThresholdInput = {
  readonly score_T: Float64Array;
  readonly train: Span;
  readonly test: Span;
  /** File labels over all steps; null without labels. */
  readonly labels: readonly Span[] | null;
  /** Nominal share of false alarms, 0 < significance < 1. */
  readonly significance: number;
  /** 0 to 100. */
  readonly percentile: number;
  /** Share of training and judged scores together that is flagged, in per cent. */
  readonly ratio: number;
  /** Percentile of the training scores at which their tail begins, 0 to 100. */
  readonly level: number;
  /** Deviations over the mean. */
  readonly sigmas: number;
  /** Value set by hand. */
  readonly manual: number | null;
  /** Law of the training scores; null where they do not vary. */
  readonly gamma: Gamma | null;
  /** Degrees of freedom of the χ² law if the p-values were independent; null with unequal weights. */
  readonly df: number | null;
};

export interface ThresholdRule {
  readonly id: string;
  readonly title: string;
  /** True when the rule reads labels. */
  readonly oracle: boolean;
  /** null where the rule does not apply (no labels, no value, unequal weights). */
  readonly compute: (input: ThresholdInput) => Threshold | null;
}
