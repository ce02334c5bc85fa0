import { percentile } from '../../math/quantile.ts';
import type { ThresholdRule } from './rule.ts';

/**
 * The attention papers' rule: a given share of training and judged scores together is flagged. It reads no labels, but
 * the judged scores themselves, which a running system has not got yet, and the share is set by what is known of the data.
 */
export const ratioRule: ThresholdRule = {
  id: 'ratio',
  title: 'Share of all scores',
  oracle: false,
  compute: ({ score_T, train, test, ratio }) => {
    const both = [...score_T.subarray(train.start, train.end), ...score_T.subarray(test.start, test.end)];
    const value = percentile(both, 100 - ratio);
    if (Number.isNaN(value)) return null;
    const source = `highest ${String(ratio)} % of training and judged scores together`;
    return { value, rule: 'ratio', source, oracle: false };
  },
};
