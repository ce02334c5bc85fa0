import { f1Of, prf } from './counts.ts';
import type { Counts, Prf } from './counts.ts';
import { thresholdOf } from './prepare.ts';
import type { PreparedScores } from './prepare.ts';

export type BestF1 = Prf &
  Counts & {
    /** The largest threshold that reaches the best value. */
    readonly threshold: number;
    /** Every threshold that reaches it, rising. Any of them is right. */
    readonly maximisers: readonly number[];
  };

/**
 * Best F1 over every threshold, given the true positives after flagging k groups (k = 0..G). Shared by plain and
 * point-adjusted F1, which differ in that count only. Labels choose the threshold: an oracle value.
 */
export function bestOver(p: PreparedScores, truePositives: (k: number) => number): BestF1 {
  let best = -1;
  let at: number[] = [];
  for (let k = 0; k <= p.G; k++) {
    const tp = truePositives(k);
    const f1 = f1Of(tp, falsePositives(p, k), p.positives - tp);
    if (f1 > best) {
      best = f1;
      at = [k];
    } else if (f1 === best) at.push(k);
  }
  const k = at[0];
  const tp = truePositives(k);
  const counts = { tp, fp: falsePositives(p, k), fn: p.positives - tp };
  return {
    ...prf(counts),
    ...counts,
    threshold: thresholdOf(p, k),
    maximisers: at.map((candidate) => thresholdOf(p, candidate)).reverse(),
  };
}

/** Labelled steps flagged by the k highest groups. */
export const truePositives = (p: PreparedScores, k: number): number => (k === 0 ? 0 : p.hits_G[k - 1]);

/** Normal steps flagged by the k highest groups. */
export const falsePositives = (p: PreparedScores, k: number): number =>
  k === 0 ? 0 : p.flagged_G[k - 1] - p.hits_G[k - 1];

/** Best F1 over steps, every distinct score and minus infinity tried. Oracle: labels choose the threshold. */
export const bestF1 = (p: PreparedScores): BestF1 => bestOver(p, (k) => truePositives(p, k));

/** 2r/(1+r) with r the anomaly ratio: F1 of flagging everything, so best F1 is never below it. */
export function bestF1LowerBound(p: PreparedScores): number {
  const r = p.positives / p.n;
  return (2 * r) / (1 + r);
}
