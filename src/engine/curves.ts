/** Curves of a score against labels, thinned for drawing; areas and best values are those of all thresholds. */
import { aucRoc } from './eval/aucRoc.ts';
import { averagePrecision } from './eval/averagePrecision.ts';
import { bestF1 } from './eval/bestF1.ts';
import { f1Of, ratio } from './eval/counts.ts';
import { paKBest } from './eval/paK.ts';
import { groupsAbove } from './eval/prepare.ts';
import type { PreparedScores } from './eval/prepare.ts';

/** One threshold: what it flags and what that is worth. */
export type Operating = {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Share of normal steps flagged. */
  readonly falseAlarms: number;
};

/** P points, from the highest threshold (nothing flagged) to the lowest (everything flagged). */
export type ScoreCurves = {
  readonly threshold_P: Float64Array;
  readonly precision_P: Float32Array;
  readonly recall_P: Float32Array;
  readonly f1_P: Float32Array;
  readonly falseAlarms_P: Float32Array;
  /** F1 after adjusting events of which more than K % was flagged, maximised for each K = 0, 1, ..., 100 (oracle). */
  readonly paK_K: Float32Array;
  /** Share of judged steps that are labelled anomalous. */
  readonly labelledShare: number;
  readonly aucRoc: number | null;
  readonly averagePrecision: number | null;
  readonly bestF1: number;
  readonly paKAuc: number;
  /** The threshold in force; null where everything or nothing is flagged by rule. */
  readonly inForce: Operating | null;
};

/** Points kept for each way of spreading them. */
const POINTS = 160;

/**
 * Groups of equal scores to keep: evenly along the ROC curve (false alarms and recall together), and evenly in the
 * logarithm of how many steps are flagged, where precision moves most.
 */
function keptGroups({ G, n, positives, flagged_G, hits_G }: PreparedScores): number[] {
  const kept = new Set<number>();
  let along = -1;
  let many = -1;
  for (let g = 0; g < G; g++) {
    const misses = flagged_G[g] - hits_G[g];
    const here = Math.floor((ratio(hits_G[g], positives) + ratio(misses, n - positives)) * (POINTS / 2));
    const log = Math.floor((Math.log(flagged_G[g]) / Math.log(Math.max(2, n))) * POINTS);
    if (here !== along || log !== many) kept.add(g);
    along = here;
    many = log;
  }
  kept.add(G - 1);
  return [...kept];
}

/** What flagging the `k` highest groups is worth; k = 0 flags nothing, with precision 1 by convention. */
function operating({ n, positives, flagged_G, hits_G }: PreparedScores, k: number, threshold: number): Operating {
  const tp = k === 0 ? 0 : hits_G[k - 1];
  const fp = k === 0 ? 0 : flagged_G[k - 1] - tp;
  return {
    threshold,
    precision: k === 0 ? 1 : ratio(tp, tp + fp),
    recall: ratio(tp, positives),
    f1: f1Of(tp, fp, positives - tp),
    falseAlarms: ratio(fp, n - positives),
  };
}

/** All curves of one score; O(T) beside the metrics. `threshold` is the one in force. */
export function curvesOf(p: PreparedScores, threshold: number | null): ScoreCurves {
  const points = [
    operating(p, 0, Infinity),
    // A step is flagged above the threshold: just below its own score it is the last of the groups flagged.
    ...keptGroups(p).map((g) => operating(p, g + 1, p.value_G[g])),
  ];
  const paK = paKBest(p);
  return {
    threshold_P: Float64Array.from(points, (point) => point.threshold),
    precision_P: Float32Array.from(points, (point) => point.precision),
    recall_P: Float32Array.from(points, (point) => point.recall),
    f1_P: Float32Array.from(points, (point) => point.f1),
    falseAlarms_P: Float32Array.from(points, (point) => point.falseAlarms),
    paK_K: Float32Array.from(paK.f1),
    labelledShare: ratio(p.positives, p.n),
    aucRoc: aucRoc(p),
    averagePrecision: averagePrecision(p),
    bestF1: bestF1(p).f1,
    paKAuc: paK.auc,
    inForce: threshold === null ? null : operating(p, groupsAbove(p, threshold), threshold),
  };
}
