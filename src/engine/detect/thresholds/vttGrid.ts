import { flagsOf, groupsAbove, prepareScores } from '../../eval/prepare.ts';
import { falsePositives } from '../../eval/bestF1.ts';
import { percentile } from '../../math/quantile.ts';
import type { ThresholdRule } from './rule.ts';

const STEPS = 1000;
const EPSILON = 1e-5;

/**
 * The search of VTT's published code: 1000 equal steps between the 50th and the 99th percentile of the judged scores, the
 * first one with the best F1, 1e-5 added to every denominator. For comparison with figures made that way; it reads the
 * labels, and "Best F1" tries every score.
 */
export const vttGridRule: ThresholdRule = {
  id: 'vtt-grid',
  title: "Best F1 on VTT's grid (oracle)",
  oracle: true,
  compute: ({ score_T, test, labels }) => {
    if (labels === null || test.end <= test.start) return null;
    const judged_T = score_T.subarray(test.start, test.end);
    const p = prepareScores(flagsOf(labels, score_T.length).subarray(test.start, test.end), judged_T);
    const [from, to] = [percentile(judged_T, 50), percentile(judged_T, 99)];
    if (p.positives === 0 || Number.isNaN(from)) return null;
    let [best, value] = [-1, from];
    for (let n = 0; n < STEPS; n++) {
      const threshold = from + ((to - from) * n) / (STEPS - 1);
      const f1 = f1At(p, groupsAbove(p, threshold));
      if (f1 > best) [best, value] = [f1, threshold];
    }
    return { value, rule: 'vtt-grid', source: 'file labels (oracle)', oracle: true };
  },
};

/** F1 of flagging the k highest groups, as the published code works it out. */
function f1At(p: ReturnType<typeof prepareScores>, k: number): number {
  const hits = k === 0 ? 0 : p.hits_G[k - 1];
  const precision = hits / (hits + falsePositives(p, k) + EPSILON);
  const recall = hits / (p.positives + EPSILON);
  return (2 * precision * recall) / (precision + recall + EPSILON);
}
