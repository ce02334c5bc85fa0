/**
 * What a stretch of time looks like, sensor by sensor: level, scale, shape and company (correlations), each as one number
 * or a short row of numbers that can be held against training. Dimensions: T steps, S sensors, N blocks, L steps a block.
 */
import { percentileSorted } from '../math/quantile.ts';
import type { Column } from '../types.ts';

export type DriftKind = 'level' | 'scale' | 'shape' | 'correlation';

export const DRIFT_KINDS: readonly DriftKind[] = ['level', 'scale', 'shape', 'correlation'];

/** Of one sensor in one block; NaN where it was not seen often enough. */
export type Portrait = {
  /** Median. */
  readonly level: number;
  /** ln of the distance from the 20th to the 80th percentile. */
  readonly scale: number;
  /** Skew of the quantiles, weight of the tails, and ln of the usual jump against the spread: none depends on level or scale. */
  readonly shape: readonly number[];
  /** Fisher's z of the correlation with every other sensor, limited to ±2. */
  readonly correlation: Float64Array;
};

/** Fewer seen values say nothing. */
const LEAST = 16;

/** Keeps logarithms finite for a sensor at rest: share of the sensor's training range. */
const REST = 1e-3;

/** Median size of the jumps from step to step; 0 where none was seen. */
function jumpOf(x_L: Float64Array): number {
  const jumps = x_L.map((x, t) => (t === 0 ? NaN : Math.abs(x - x_L[t - 1]))).filter((jump) => !Number.isNaN(jump));
  return jumps.length === 0 ? 0 : percentileSorted(jumps.sort(), 50);
}

/** Everything is made of inner quantiles, so that an anomaly of up to a fifth of the block changes none of it. */
function single(x_L: Float64Array, sorted: Float64Array, range: number): Omit<Portrait, 'correlation'> {
  if (sorted.length < LEAST) return { level: NaN, scale: NaN, shape: [NaN, NaN, NaN] };
  const q = (p: number): number => percentileSorted(sorted, p);
  const rest = REST * range;
  const wide = q(80) - q(20) + rest;
  const inner = q(65) - q(35) + rest;
  const skew = (q(80) + q(20) - 2 * q(50)) / wide;
  return {
    level: q(50),
    scale: Math.log(wide),
    shape: [skew, Math.log(wide / inner), Math.log((jumpOf(x_L) + rest) / wide)],
  };
}

/** Parts of a block whose correlations are found apart: an anomaly spoils its own part, and the median of all stands. */
const PARTS = 5;

/** Values less their mean; unseen ones at 0, without a say. */
function centred(x_L: Float64Array): Float64Array {
  let sum = 0;
  let n = 0;
  for (const x of x_L) {
    if (Number.isNaN(x)) continue;
    sum += x;
    n++;
  }
  return x_L.map((x) => (Number.isNaN(x) ? 0 : x - sum / n));
}

const dot = (a_L: Float64Array, b_L: Float64Array): number => {
  let sum = 0;
  for (let t = 0; t < a_L.length; t++) sum += a_L[t] * b_L[t];
  return sum;
};

/** Pearson correlation of two rows of mean 0 as Fisher's z, limited to ±2; 0 for a sensor at rest. */
function fisherZ(ab: number, aa: number, bb: number): number {
  if (!(aa > 1e-12) || !(bb > 1e-12)) return 0;
  const r = ab / Math.sqrt(aa * bb);
  return Math.max(-2, Math.min(2, Math.atanh(Math.max(-0.999, Math.min(0.999, r)))));
}

/** z of every pair of sensors, the median over the parts of the block. [S, S] */
function correlations(x_SL: readonly Float64Array[]): Float64Array[] {
  const S = x_SL.length;
  const size = Math.floor(x_SL[0].length / PARTS);
  const parts = Array.from({ length: PARTS }, (_, i) => {
    const row_S = x_SL.map((x_L) => centred(x_L.subarray(i * size, (i + 1) * size)));
    return { row_S, square_S: row_S.map((row) => dot(row, row)) };
  });
  const z_SS = x_SL.map(() => new Float64Array(S));
  for (let a = 0; a < S; a++)
    for (let b = 0; b < a; b++) {
      const z = parts.map(({ row_S, square_S }) => fisherZ(dot(row_S[a], row_S[b]), square_S[a], square_S[b]));
      z_SS[a][b] = z_SS[b][a] = percentileSorted(
        z.sort((p, q) => p - q),
        50,
      );
    }
  return z_SS;
}

/** Portraits of every sensor over the steps [start, end) of `x_ST` (one row of T values a sensor, NaN where not seen). */
export function portraits(
  x_ST: readonly Column[],
  start: number,
  end: number,
  range_S: Float64Array,
): readonly Portrait[] {
  const x_SL = x_ST.map((x_T) => Float64Array.from(x_T.subarray(start, end)));
  const sorted_SL = x_SL.map((x_L) => x_L.filter((x) => !Number.isNaN(x)).sort());
  const z_SS = correlations(x_SL);
  return x_SL.map((x_L, s) => ({ ...single(x_L, sorted_SL[s], range_S[s]), correlation: z_SS[s] }));
}
