/** A person who knows the truth, for tests and benchmarks, and who is wrong about some of the windows. */
import { ANOMALOUS, NORMAL } from '../labels/steps.ts';
import type { Span } from '../types.ts';

/** Verdicts on the steps of a range: 0 normal, 1 anomalous. */
export type Answer = (span: Span) => Uint8Array;

/**
 * Answers by step from the true ranges. With probability `wrong` a whole window is mistaken: one with any anomaly is
 * called normal, one without is called anomalous. `rng` is drawn from once a question, whatever the answer.
 */
export const simulatedOracle =
  (truth: readonly Span[], wrong: number, rng: () => number): Answer =>
  ({ start, end }) => {
    const answer_W = new Uint8Array(end - start).fill(NORMAL);
    for (const span of truth) {
      const from = Math.max(span.start, start);
      const to = Math.min(span.end, end);
      if (from < to) answer_W.fill(ANOMALOUS, from - start, to - start);
    }
    if (rng() >= wrong) return answer_W;
    return answer_W.fill(answer_W.includes(ANOMALOUS) ? NORMAL : ANOMALOUS);
  };
