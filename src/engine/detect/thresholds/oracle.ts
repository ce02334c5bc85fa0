import { flagsOf, prepareScores } from '../../eval/prepare.ts';
import type { PreparedScores } from '../../eval/prepare.ts';
import type { ThresholdRule } from './rule.ts';

/**
 * A rule that picks the threshold by the file labels of the judged steps, so it is an upper bound and no honest result. It
 * does not apply without labels, without judged steps, or where none of them is labelled; `choose` may give NaN for that too.
 */
export const oracleRule = (
  id: string,
  title: string,
  choose: (prepared: PreparedScores, judged_T: Float64Array) => number,
): ThresholdRule => ({
  id,
  title,
  oracle: true,
  compute: ({ score_T, test, labels }) => {
    if (labels === null || test.end <= test.start) return null;
    const judged_T = score_T.subarray(test.start, test.end);
    const prepared = prepareScores(flagsOf(labels, score_T.length).subarray(test.start, test.end), judged_T);
    if (prepared.positives === 0) return null;
    const value = choose(prepared, judged_T);
    return Number.isNaN(value) ? null : { value, rule: id, source: 'file labels (oracle)', oracle: true };
  },
});
