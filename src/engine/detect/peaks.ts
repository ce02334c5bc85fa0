/** Which steps of a score are flagged: all over a threshold, or one for each excursion. */
import type { Span } from '../types.ts';

/**
 * Flags of a span's steps, 1 where `score_T > threshold`; missing scores (NaN) are not flagged. Entry 0 is the span's
 * first step.
 *
 * With `spacing` > 0 an excursion raises one alarm instead of one a step: steps are taken from the highest score down (of
 * equal ones the earlier), and none within `spacing` steps of one that was taken, so that any two flags are more than
 * `spacing` apart. A threshold can then be far lower for the same number of flags. It needs the whole span at once: live
 * alarms have hysteresis instead. O(n log n) for n steps over the threshold.
 */
export function flagsOver(score_T: Float64Array, threshold: number, { start, end }: Span, spacing = 0): Uint8Array {
  const flag_N = Uint8Array.from(score_T.subarray(start, end), (score) => (score > threshold ? 1 : 0));
  if (spacing <= 0) return flag_N;
  const over: number[] = [];
  for (let n = 0; n < flag_N.length; n++) if (flag_N[n] === 1) over.push(n);
  over.sort((a, b) => score_T[start + b] - score_T[start + a] || a - b);
  const isQuiet_N = new Uint8Array(flag_N.length);
  flag_N.fill(0);
  for (const n of over) {
    if (isQuiet_N[n] === 1) continue;
    flag_N[n] = 1;
    isQuiet_N.fill(1, Math.max(0, n - spacing), n + spacing + 1);
  }
  return flag_N;
}
