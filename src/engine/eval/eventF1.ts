import { harmonic, ratio } from './counts.ts';
import { segmentsOf, thresholdOf } from './prepare.ts';
import type { PreparedScores } from './prepare.ts';
import { stepCounts } from './stepPrediction.ts';

export type EventF1 = {
  /** Share of labelled segments hit at least once; null without labelled segments. */
  readonly eventRecall: number | null;
  /** Precision over steps of the unadjusted prediction. */
  readonly pointPrecision: number;
  readonly f1: number | null;
  readonly eventsHit: number;
  readonly events: number;
};

/**
 * Event F1: harmonic mean of event recall and unadjusted step precision (Garg et al. 2021, "composite F-score",
 * doi:10.1109/TNNLS.2021.3105827).
 */
export function eventF1(label_T: ArrayLike<number>, flag_T: ArrayLike<number>): EventF1 {
  const { tp, fp } = stepCounts(label_T, flag_T);
  const segments = segmentsOf(label_T);
  const eventsHit = segments.filter(({ start, end }) => {
    for (let t = start; t < end; t++) if (flag_T[t] !== 0) return true;
    return false;
  }).length;
  const pointPrecision = ratio(tp, tp + fp);
  const eventRecall = segments.length === 0 ? null : eventsHit / segments.length;
  return {
    eventRecall,
    pointPrecision,
    f1: eventRecall === null ? null : harmonic(eventRecall, pointPrecision),
    eventsHit,
    events: segments.length,
  };
}

export type BestEventF1 = { readonly f1: number; readonly threshold: number; readonly maximisers: readonly number[] };

/**
 * Best event F1 over every threshold; null without labelled segments. Oracle. With a of E segments hit and tp of m flagged
 * steps right, F1 = 2·a·tp / (a·m + tp·E).
 */
export function bestEventF1(p: PreparedScores): BestEventF1 | null {
  const E = p.segments.length;
  if (E === 0) return null;
  const hit_G = new Int32Array(p.G);
  for (const { start, end } of p.segments) {
    let first = p.G;
    for (let t = start; t < end; t++) first = Math.min(first, p.group_T[t]);
    hit_G[first] += 1;
  }
  let best = 0;
  let at = [0];
  let a = 0;
  for (let g = 0; g < p.G; g++) {
    a += hit_G[g];
    const tp = p.hits_G[g];
    const f1 = ratio(2 * a * tp, a * p.flagged_G[g] + tp * E);
    if (f1 > best) {
      best = f1;
      at = [g + 1];
    } else if (f1 === best) at.push(g + 1);
  }
  return { f1: best, threshold: thresholdOf(p, at[0]), maximisers: at.map((k) => thresholdOf(p, k)).reverse() };
}
