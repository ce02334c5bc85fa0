import { bestF1Rule } from './bestF1.ts';
import { chi2Rule } from './chi2.ts';
import { gammaRule } from './gamma.ts';
import { manualRule } from './manual.ts';
import { percentileRule } from './percentile.ts';
import { potRule, spotRule } from './pot.ts';
import { ratioRule } from './ratio.ts';
import type { ThresholdRule } from './rule.ts';
import { sigmaRule } from './sigma.ts';
import { vttGridRule } from './vttGrid.ts';

/** Threshold rules by id. */
export const thresholds: Readonly<Record<string, ThresholdRule>> = {
  gamma: gammaRule,
  percentile: percentileRule,
  ratio: ratioRule,
  pot: potRule,
  spot: spotRule,
  sigma: sigmaRule,
  chi2: chi2Rule,
  'best-f1': bestF1Rule,
  'vtt-grid': vttGridRule,
  manual: manualRule,
};
