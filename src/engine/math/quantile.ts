/** Percentiles with linear interpolation between order statistics (numpy's default). */

/** Finite values in rising order. */
export function sortedFinite(values: Iterable<number>): Float64Array {
  return Float64Array.from(values)
    .filter((value) => Number.isFinite(value))
    .sort();
}

/** q in 0..100 of values already in rising order; NaN for empty input. */
export function percentileSorted(sorted: ArrayLike<number>, q: number): number {
  const n = sorted.length;
  if (n === 0 || !(q >= 0 && q <= 100)) return NaN;
  const at = (q / 100) * (n - 1);
  const low = Math.min(Math.floor(at), n - 1);
  const high = Math.min(low + 1, n - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

/** q in 0..100; non-finite values are left out. */
export const percentile = (values: Iterable<number>, q: number): number => percentileSorted(sortedFinite(values), q);
