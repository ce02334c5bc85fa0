import { fBeta, harmonic } from './counts.ts';
import type { Counts } from './counts.ts';
import type { Span } from '../types.ts';

export type EventOverlap = Counts & {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  /** Prefers precision, as the paper does beside F1. */
  readonly f05: number | null;
};

/** Counts added over series; precision, recall, F1 and F0.5 from the sums. A share without a denominator is null. */
export function overlapScores({ tp, fp, fn }: Counts): EventOverlap {
  const precision = tp + fp === 0 ? null : tp / (tp + fp);
  const recall = tp + fn === 0 ? null : tp / (tp + fn);
  const f1 = precision === null || recall === null ? null : harmonic(precision, recall);
  const f05 = f1 === null ? null : fBeta({ tp, fp, fn }, 0.5);
  return { tp, fp, fn, precision, recall, f1, f05 };
}

/**
 * Event overlap as the M2AD paper counts it (Alnegheimish et al. 2025, arXiv:2504.15225; after Hundman et al., KDD 2018,
 * doi:10.1145/3219819.3219845): TP = true events hit by any detection, FN = true events missed, FP = detections that hit
 * none. Ranges are half-open, so touching ranges do not overlap. Flagging everything scores 1: never show it without the
 * share of steps flagged and the same value for random flags at that share.
 */
export function eventOverlap(truth: readonly Span[], detected: readonly Span[]): EventOverlap {
  const meets = (a: Span, b: Span) => a.start < b.end && b.start < a.end;
  const tp = truth.filter((event) => detected.some((found) => meets(event, found))).length;
  const fp = detected.filter((found) => !truth.some((event) => meets(event, found))).length;
  return overlapScores({ tp, fp, fn: truth.length - tp });
}

export type WeightedOverlap = Counts & { readonly tn: number; readonly start: number; readonly end: number };

/** The same ranges by duration within [0, end), where `end` is the longer of T and the last range. Unions of ranges. */
export function eventOverlapWeighted(truth: readonly Span[], detected: readonly Span[], T: number): WeightedOverlap {
  const spans = [...truth, ...detected];
  const end = spans.reduce((last, span) => Math.max(last, span.end), T);
  const start = spans.reduce((first, span) => Math.min(first, span.start), 0);
  const edges = [
    ...truth.flatMap((span) => [
      { at: span.start, real: 1, found: 0 },
      { at: span.end, real: -1, found: 0 },
    ]),
    ...detected.flatMap((span) => [
      { at: span.start, real: 0, found: 1 },
      { at: span.end, real: 0, found: -1 },
    ]),
    { at: end, real: 0, found: 0 },
  ].sort((a, b) => a.at - b.at);
  const sums = { tn: 0, fp: 0, fn: 0, tp: 0 };
  let at = start;
  let real = 0;
  let found = 0;
  for (const edge of edges) {
    const cell = real > 0 ? (found > 0 ? 'tp' : 'fn') : found > 0 ? 'fp' : 'tn';
    sums[cell] += edge.at - at;
    at = edge.at;
    real += edge.real;
    found += edge.found;
  }
  return { ...sums, start, end };
}
