/** Whether a series of readings grows: the median of all slopes between two of them, which single jumps do not move. */

export type Point = { readonly minutes: number; readonly value: number };

const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] ?? NaN) : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2;
};

export const median = (points: readonly Point[]): number => medianOf(points.map(({ value }) => value));

/** Theil-Sen slope per hour; NaN for fewer than two readings. */
export function slopePerHour(points: readonly Point[]): number {
  const slopes = points.flatMap((a, n) =>
    points
      .slice(n + 1)
      .flatMap((b) => (b.minutes > a.minutes ? [(60 * (b.value - a.value)) / (b.minutes - a.minutes)] : [])),
  );
  return slopes.length === 0 ? NaN : medianOf(slopes);
}

/** Kendall's tau of the values against time, -1 to 1: how surely it goes one way. Zero for a constant. */
export function tau(points: readonly Point[]): number {
  let sum = 0;
  let pairs = 0;
  points.forEach((a, n) => {
    for (const b of points.slice(n + 1)) {
      sum += Math.sign(b.value - a.value) * Math.sign(b.minutes - a.minutes);
      pairs++;
    }
  });
  return pairs === 0 ? 0 : sum / pairs;
}
