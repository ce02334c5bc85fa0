import { segmentsOf } from './prepare.ts';

export type TimeToDetect = {
  /** Mean steps from the start of a labelled segment to its first flagged step, over the segments found. */
  readonly meanSteps: number | null;
  readonly found: number;
  readonly events: number;
};

/** Mean time to detect, in steps. Read it beside `found`: missed segments have no delay and are left out. */
export function timeToDetect(label_T: ArrayLike<number>, flag_T: ArrayLike<number>): TimeToDetect {
  const segments = segmentsOf(label_T);
  let steps = 0;
  let found = 0;
  for (const { start, end } of segments) {
    let t = start;
    while (t < end && flag_T[t] === 0) t += 1;
    if (t === end) continue;
    steps += t - start;
    found += 1;
  }
  return { meanSteps: found === 0 ? null : steps / found, found, events: segments.length };
}
