import { falsePositives, truePositives } from '../../eval/bestF1.ts';
import { groupsAbove } from '../../eval/prepare.ts';
import type { PreparedScores } from '../../eval/prepare.ts';
import { percentile } from '../../math/quantile.ts';
import { oracleRule } from './oracle.ts';

const STEPS = 1000;
const EPSILON = 1e-5;

/**
 * The search of VTT's published code: 1000 equal steps between the 50th and the 99th percentile of the judged scores, the
 * first one with the best F1, 1e-5 added to every denominator. For comparison with figures made that way: "Best F1" tries
 * every score.
 */
export const vttGridRule = oracleRule('vtt-grid', "Best F1 on VTT's grid (oracle)", (prepared, judged_T) => {
  const [from, to] = [percentile(judged_T, 50), percentile(judged_T, 99)];
  let [best, value] = [-1, from];
  for (let n = 0; n < STEPS; n++) {
    const threshold = from + ((to - from) * n) / (STEPS - 1);
    const f1 = f1At(prepared, groupsAbove(prepared, threshold));
    if (f1 > best) [best, value] = [f1, threshold];
  }
  return value;
});

/** F1 of flagging the k highest groups, as the published code works it out. */
function f1At(p: PreparedScores, k: number): number {
  const hits = truePositives(p, k);
  const precision = hits / (hits + falsePositives(p, k) + EPSILON);
  const recall = hits / (p.positives + EPSILON);
  return (2 * precision * recall) / (precision + recall + EPSILON);
}
