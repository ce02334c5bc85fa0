/**
 * PA%K (Kim et al., AAAI 2022, doi:10.1609/aaai.v36i7.20680): a labelled segment of n steps is adjusted only when more
 * than K % of it was flagged. K = 0 is point adjustment, K = 100 (strict) is plain F1. The ratio is compared in integers,
 * 100·c against K·n: floating point lets 29 of 100 pass "more than 29 %".
 */
import { f1Of, prf, trapezoid } from './counts.ts';
import type { Prf } from './counts.ts';
import { falsePositives } from './bestF1.ts';
import { groupsAbove, thresholdOf } from './prepare.ts';
import type { PreparedScores } from './prepare.ts';

/** `strict`: adjust when 100·c > K·n. `inclusive`: when 100·c >= K·n and c > 0. */
export type PaKRule = 'strict' | 'inclusive';

const K_ALL: readonly number[] = Array.from({ length: 101 }, (_, K) => K);
/** The coarse grid of the KBS 2024 VTT evaluation. */
export const K_VTT: readonly number[] = [0, 1, 2, 3, 4, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/** Hits a segment of n steps needs to be adjusted; n + 1 where it never is. */
const needed = (n: number, K: number, rule: PaKRule): number =>
  rule === 'strict' ? Math.floor((K * n) / 100) + 1 : Math.max(1, Math.ceil((K * n) / 100));

export type PaKCurve = {
  readonly K: readonly number[];
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly f1: readonly number[];
  /** Threshold used at each K. */
  readonly threshold: readonly number[];
  /** Trapezoid of F1 over K/100. */
  readonly auc: number;
};

function curve(K: readonly number[], points: readonly Prf[], threshold: readonly number[]): PaKCurve {
  const f1 = points.map((point) => point.f1);
  const auc = trapezoid(
    K.map((k) => k / 100),
    f1,
  );
  return {
    K,
    precision: points.map((point) => point.precision),
    recall: points.map((point) => point.recall),
    f1,
    threshold,
    auc,
  };
}

/** PA%K for every K at one threshold. */
export function paKAt(
  p: PreparedScores,
  threshold: number,
  rule: PaKRule = 'strict',
  K: readonly number[] = K_ALL,
): PaKCurve {
  const k = groupsAbove(p, threshold);
  const hits_E = p.segments.map(({ start, end }) => {
    let hits = 0;
    for (let t = start; t < end; t++) if (p.group_T[t] < k) hits += 1;
    return hits;
  });
  const points = K.map((percent) => {
    let tp = 0;
    p.segments.forEach(({ start, end }, e) => {
      tp += hits_E[e] >= needed(end - start, percent, rule) ? end - start : hits_E[e];
    });
    return prf({ tp, fp: falsePositives(p, k), fn: p.positives - tp });
  });
  return curve(
    K,
    points,
    K.map(() => threshold),
  );
}

/** Anomalous steps in falling order of score, with their segment and how many hits the segment has by then. */
function anomalousSteps(p: PreparedScores) {
  const segment_T = new Int32Array(p.n).fill(-1);
  p.segments.forEach(({ start, end }, e) => segment_T.fill(e, start, end));
  const group_P = new Int32Array(p.positives);
  const segment_P = new Int32Array(p.positives);
  const rank_P = new Int32Array(p.positives);
  const hits_E = new Int32Array(p.segments.length);
  let i = 0;
  for (const t of p.order_T) {
    const e = segment_T[t];
    if (e < 0) continue;
    group_P[i] = p.group_T[t];
    segment_P[i] = e;
    rank_P[i] = ++hits_E[e];
    i += 1;
  }
  return { group_P, segment_P, rank_P };
}

/**
 * PA%K with F1 maximised again for each K, as the KBS 2024 VTT paper has it; hence best F1 <= auc <= best PA F1. Oracle:
 * labels choose each threshold. Only thresholds just below an anomalous step can be best, so one pass over those is enough.
 */
export function paKBest(p: PreparedScores, rule: PaKRule = 'strict', K: readonly number[] = K_ALL): PaKCurve {
  const { group_P, segment_P, rank_P } = anomalousSteps(p);
  const length_E = p.segments.map(({ start, end }) => end - start);
  const thresholds: number[] = [];
  const points = K.map((percent) => {
    const need_E = Int32Array.from(length_E, (n) => needed(n, percent, rule));
    let best = 0;
    let bestGroups = 0;
    let bestTp = 0;
    let tp = 0;
    for (let i = 0; i < p.positives; i++) {
      const e = segment_P[i];
      const need = need_E[e];
      if (rank_P[i] < need) tp += 1;
      else if (rank_P[i] === need) tp += length_E[e] - need + 1;
      const g = group_P[i];
      if (i + 1 < p.positives && group_P[i + 1] === g) continue;
      const f1 = f1Of(tp, p.flagged_G[g] - p.hits_G[g], p.positives - tp);
      if (f1 > best) {
        best = f1;
        bestGroups = g + 1;
        bestTp = tp;
      }
    }
    thresholds.push(thresholdOf(p, bestGroups));
    return prf({ tp: bestTp, fp: falsePositives(p, bestGroups), fn: p.positives - bestTp });
  });
  return curve(K, points, thresholds);
}
