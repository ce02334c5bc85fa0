/**
 * How rare a value is among calibration values, without assuming a law for their bulk: split conformal prediction (Vovk,
 * Gammerman, Shafer: "Algorithmic Learning in a Random World", 2005; Laxhammar & Falkman 2010 for anomalies). Ranks cannot
 * tell values beyond the largest apart, so the tail goes on as an exponential law (peaks over threshold with shape 0).
 */
import { percentileSorted, sortedFinite } from '../math/quantile.ts';

/** Plain JSON. */
export type RankLaw = {
  /** Calibration values. */
  readonly n: number;
  /** Rising quantiles of the calibration values, evenly spaced in rank from the smallest to `tailFrom`. */
  readonly quantiles: readonly number[];
  /** The value that a share `TAIL` of the calibration values passes. */
  readonly tailFrom: number;
  /** Mean excess over it; 0 where the values do not vary there: then nothing beyond is told apart. */
  readonly tailScale: number;
};

/** Share of the calibration values that the tail is learned from. */
export const TAIL = 0.02;

const QUANTILES = 200;

/** Law of the finite values; null where there are fewer than `least`. */
export function rankLaw(values: Iterable<number>, least = 8): RankLaw | null {
  const sorted = sortedFinite(values);
  const n = sorted.length;
  if (n < least) return null;
  const tailFrom = percentileSorted(sorted, 100 * (1 - TAIL));
  let excess = 0;
  let peaks = 0;
  for (let i = n - 1; i >= 0 && sorted[i] > tailFrom; i--) {
    excess += sorted[i] - tailFrom;
    peaks++;
  }
  const quantiles = Array.from({ length: QUANTILES + 1 }, (_, i) =>
    percentileSorted(sorted, (100 * (1 - TAIL) * i) / QUANTILES),
  );
  return { n, quantiles, tailFrom, tailScale: peaks === 0 ? 0 : excess / peaks };
}

/** −ln of (1 + count) / (n + 1), where `above` is the share that is as large. */
const rarity = (above: number, n: number): number => -Math.log((1 + above * n) / (1 + n));

/** −ln of the share of calibration values at least as large, (1 + count) / (n + 1) as conformal prediction counts. */
export function rankNegLogP({ n, quantiles, tailFrom, tailScale }: RankLaw, value: number): number {
  if (Number.isNaN(value)) return NaN;
  if (value > tailFrom) return rarity(TAIL, n) + (tailScale > 0 ? (value - tailFrom) / tailScale : 0);
  if (value <= quantiles[0]) return 0;
  let low = 0;
  let high = quantiles.length - 1;
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (quantiles[mid] < value) low = mid;
    else high = mid;
  }
  const width = quantiles[high] - quantiles[low];
  const at = low + (width > 0 ? (value - quantiles[low]) / width : 0);
  return rarity(1 - ((1 - TAIL) * at) / (quantiles.length - 1), n);
}
