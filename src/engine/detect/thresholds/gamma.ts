import { gammaIsf } from '../../math/gamma.ts';
import type { ThresholdRule } from './rule.ts';

/**
 * Where the Gamma law of the training scores leaves the given significance above (M2AD). Scores that did not vary in
 * training give no law: then the threshold is infinite and nothing is flagged.
 */
export const gammaRule: ThresholdRule = {
  id: 'gamma',
  title: 'Gamma tail',
  oracle: false,
  compute: ({ gamma, significance }) => ({
    value: gamma === null ? Infinity : gammaIsf(significance, gamma),
    rule: 'gamma',
    source:
      gamma === null
        ? 'training scores do not vary: nothing is flagged'
        : `Gamma law fitted to training scores, significance ${String(significance)}`,
    oracle: false,
  }),
};
