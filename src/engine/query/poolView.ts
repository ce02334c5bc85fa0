/** What a person sees of a pool: how its scores are spread, and which sensors carry a window. */
import type { Contribution } from '../types.ts';
import type { Pool } from './types.ts';

export type PoolView = {
  readonly windows: number;
  /** Windows that carried a label already. */
  readonly asked: number;
  /** Score intervals with equally many windows each, the lowest first. */
  readonly bins: readonly { readonly low: number; readonly high: number }[];
  /** Windows by score in equal steps from `from` to `to`, of the logarithm where `log`. */
  readonly histogram: {
    readonly from: number;
    readonly to: number;
    readonly log: boolean;
    readonly count_K: readonly number[];
  };
};

const BINS = 5;
const HISTOGRAM_BINS = 40;
/** Ratio of the largest to the smallest score from which the histogram is made on a log axis. */
const LOG_FROM = 20;
const MOST_SENSORS = 6;

export function poolView({ score_N, asked_N }: Pool): PoolView {
  const sorted = score_N.filter((score) => !Number.isNaN(score)).sort();
  const N = sorted.length;
  const [from, to] = N > 0 ? [sorted[0], sorted[N - 1]] : [0, 0];
  const log = from > 0 && to / from >= LOG_FROM;
  const place = (score: number): number =>
    log ? Math.log(score / from) / Math.log(to / from) : to > from ? (score - from) / (to - from) : 0;
  const count_K = new Array<number>(HISTOGRAM_BINS).fill(0);
  for (const score of sorted) count_K[Math.min(HISTOGRAM_BINS - 1, Math.floor(place(score) * HISTOGRAM_BINS))]++;
  const bins = Array.from({ length: Math.min(BINS, N) }, (_, n) => {
    const many = Math.min(BINS, N);
    return { low: sorted[Math.floor((n * N) / many)], high: sorted[Math.floor(((n + 1) * N) / many) - 1] };
  });
  const asked = asked_N.reduce((sum, one) => sum + one, 0);
  return { windows: score_N.length, asked, bins, histogram: { from, to, log, count_K } };
}

/** Shares of the sensors in a window's error, largest first, six at most; they add to 1 over all sensors. */
export function topSensors({ feature_NZ, Z }: Pool, window: number): Contribution[] {
  const error_S = feature_NZ.subarray(window * Z, (window + 1) * Z);
  const total = error_S.reduce((sum, value) => sum + value, 0);
  return Array.from(error_S, (value, sensor) => ({ sensor, share: total > 0 ? value / total : 0 }))
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST_SENSORS);
}
