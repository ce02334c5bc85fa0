import { chi2Isf } from '../../math/chi2.ts';
import type { ThresholdRule } from './rule.ts';

/**
 * Fisher's own law: χ² with two degrees of freedom for each sensor, as if the sensors were independent. Defined for
 * equal weights (λ = 1) only. Shown for comparison: sensors of one machine are not independent.
 */
export const chi2Rule: ThresholdRule = {
  id: 'chi2',
  title: 'χ² if independent',
  oracle: false,
  compute: ({ df, significance }) => {
    if (df === null || df <= 0) return null;
    const source = `χ² law with ${String(df)} degrees of freedom, no data, significance ${String(significance)}`;
    return { value: chi2Isf(significance, df), rule: 'chi2', source, oracle: false };
  },
};
