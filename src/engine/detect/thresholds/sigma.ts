import { mean, variance } from '../../math/moments.ts';
import type { ThresholdRule } from './rule.ts';

/** Mean of the training scores plus `sigmas` deviations: right for normal scores only, kept because it is so common. */
export const sigmaRule: ThresholdRule = {
  id: 'sigma',
  title: 'Mean + k σ',
  oracle: false,
  compute: ({ score_T, train, sigmas }) => {
    const scores = score_T.subarray(train.start, train.end).filter((score) => Number.isFinite(score));
    if (scores.length === 0) return null;
    const value = mean(scores) + sigmas * Math.sqrt(variance(scores));
    const source = `mean of the training scores and ${String(sigmas)} deviations`;
    return { value, rule: 'sigma', source, oracle: false };
  },
};
