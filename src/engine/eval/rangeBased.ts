import { harmonic } from './counts.ts';
import { segmentsOf } from './prepare.ts';
import type { Span } from '../types.ts';

export type RangeBased = {
  readonly recall: number;
  /** Mean existence reward over labelled ranges. */
  readonly existence: number;
  /** Mean of overlap times cardinality factor over labelled ranges. */
  readonly overlap: number;
  readonly precision: number;
  readonly f1: number;
};

/** Overlap share of `range` with the sorted `others`, divided by how many of them it meets (flat bias). */
function reward(range: Span, others: readonly Span[], from: number): { reward: number; meets: number; next: number } {
  let i = from;
  while (i < others.length && others[i].end <= range.start) i += 1;
  const next = i;
  let steps = 0;
  let meets = 0;
  for (; i < others.length && others[i].start < range.end; i++) {
    steps += Math.min(range.end, others[i].end) - Math.max(range.start, others[i].start);
    meets += 1;
  }
  return { reward: meets === 0 ? 0 : steps / (range.end - range.start) / meets, meets, next };
}

function mean(ranges: readonly Span[], others: readonly Span[]): { reward: number; existence: number } {
  if (ranges.length === 0) return { reward: 0, existence: 0 };
  let sum = 0;
  let met = 0;
  let from = 0;
  for (const range of ranges) {
    const r = reward(range, others, from);
    sum += r.reward;
    met += r.meets > 0 ? 1 : 0;
    from = r.next;
  }
  return { reward: sum / ranges.length, existence: met / ranges.length };
}

/**
 * Range-based precision and recall (Tatbul et al., NeurIPS 2018, arXiv:1803.03639): recall = α·existence +
 * (1 − α)·overlap·cardinality with flat bias and cardinality factor 1/(ranges met); precision the same with α = 0.
 * `alpha` in [0, 1]. null without labelled ranges; precision 0 when nothing is flagged.
 */
export function rangeBased(label_T: ArrayLike<number>, flag_T: ArrayLike<number>, alpha = 0.2): RangeBased | null {
  const real = segmentsOf(label_T);
  const found = segmentsOf(flag_T);
  if (real.length === 0) return null;
  const { reward: overlap, existence } = mean(real, found);
  const recall = alpha * existence + (1 - alpha) * overlap;
  const precision = mean(found, real).reward;
  return { recall, existence, overlap, precision, f1: harmonic(precision, recall) };
}
