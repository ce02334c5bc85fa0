import { percentile } from '../../math/quantile.ts';
import type { ThresholdRule } from './rule.ts';

/** A percentile of the training scores, linear between order statistics. */
export const percentileRule: ThresholdRule = {
  id: 'percentile',
  title: 'Percentile of training',
  oracle: false,
  compute: ({ score_T, train, percentile: q }) => {
    const value = percentile(score_T.subarray(train.start, train.end), q);
    if (Number.isNaN(value)) return null;
    return { value, rule: 'percentile', source: `percentile ${String(q)} of training scores`, oracle: false };
  },
};
