import { bestF1 } from '../../eval/bestF1.ts';
import { flagsOf, prepareScores } from '../../eval/prepare.ts';
import type { ThresholdRule } from './rule.ts';

/**
 * The threshold with the best F1 over the judged steps: every distinct score and minus infinity are tried, of equal ones
 * the largest is taken. It reads the labels, so it is an upper bound and no honest result.
 */
export const bestF1Rule: ThresholdRule = {
  id: 'best-f1',
  title: 'Best F1 (oracle)',
  oracle: true,
  compute: ({ score_T, test, labels }) => {
    if (labels === null || test.end <= test.start) return null;
    const label_T = flagsOf(labels, score_T.length).subarray(test.start, test.end);
    const prepared = prepareScores(label_T, score_T.subarray(test.start, test.end));
    if (prepared.positives === 0) return null;
    return { value: bestF1(prepared).threshold, rule: 'best-f1', source: 'file labels (oracle)', oracle: true };
  },
};
