import { bestF1Rule } from './bestF1.ts';
import { chi2Rule } from './chi2.ts';
import { gammaRule } from './gamma.ts';
import { manualRule } from './manual.ts';
import { percentileRule } from './percentile.ts';
import type { ThresholdRule } from './rule.ts';

/** Threshold rules by id. */
export const thresholds: Readonly<Record<string, ThresholdRule>> = {
  gamma: gammaRule,
  percentile: percentileRule,
  chi2: chi2Rule,
  'best-f1': bestF1Rule,
  manual: manualRule,
};
