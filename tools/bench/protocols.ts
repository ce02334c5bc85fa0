/** What one score of an asset is worth, by ranking and under the threshold rule of the attention papers. */
import { bestF1 } from '../../src/engine/eval/bestF1.ts';
import { f1Of } from '../../src/engine/eval/counts.ts';
import { flagsOf, prepareScores } from '../../src/engine/eval/prepare.ts';
import { pointAdjusted, stepCounts } from '../../src/engine/eval/stepPrediction.ts';
import { percentile } from '../../src/engine/math/quantile.ts';
import type { Series } from '../../src/engine/types.ts';
import { meanOf } from './bench.ts';
import { meanRanking, ranking } from './judge.ts';
import type { Ranking } from './judge.ts';

export type Hits = { readonly tp: number; readonly fp: number; readonly fn: number };

export type Judged = Ranking & {
  /** Best F1 over steps: labels choose the threshold (oracle). */
  readonly bestF1: number;
  /** Steps at the papers' threshold, and the same after point adjustment. */
  readonly point: Hits;
  readonly adjusted: Hits;
};

/**
 * Judges the test part. The papers' threshold is the 100 - `ratio` percentile of training and test scores together; it
 * reads no labels, but `ratio` is set by data set, and an online system has no test scores yet.
 */
export function judged(series: Series, score_T: Float64Array, ratio: number): Judged {
  const { train, test, T } = series;
  const both = [...score_T.subarray(train.start, train.end), ...score_T.subarray(test.start, test.end)];
  const threshold = percentile(both, 100 - ratio);
  const label_T = flagsOf(series.labels ?? [], T).subarray(test.start, test.end);
  const flag_T = Uint8Array.from(score_T.subarray(test.start, test.end), (score) => (score > threshold ? 1 : 0));
  const hits = (flags: Uint8Array): Hits => {
    const { tp, fp, fn } = stepCounts(label_T, flags);
    return { tp, fp, fn };
  };
  return {
    ...ranking(series, score_T),
    bestF1: bestF1(prepareScores(label_T, score_T.subarray(test.start, test.end))).f1,
    point: hits(flag_T),
    adjusted: hits(pointAdjusted(label_T, flag_T)),
  };
}

export type Summary = Ranking & {
  readonly bestF1: number | null;
  readonly pointF1: number;
  readonly adjustedF1: number;
};

const pooledF1 = (all: readonly Hits[]): number => {
  const sum = (of: (hits: Hits) => number): number => all.reduce((total, hits) => total + of(hits), 0);
  return f1Of(
    sum(({ tp }) => tp),
    sum(({ fp }) => fp),
    sum(({ fn }) => fn),
  );
};

/** Means over assets; the two F1 at the papers' threshold from counts added over assets. */
export const summary = (all: readonly Judged[]): Summary => ({
  ...meanRanking(all),
  bestF1: meanOf(all.map((one) => one.bestF1)),
  pointF1: pooledF1(all.map(({ point }) => point)),
  adjustedF1: pooledF1(all.map(({ adjusted }) => adjusted)),
});
