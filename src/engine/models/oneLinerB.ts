/**
 * One-liner B: |x_t − x_(t−1)| > movmean_k + c · movstd_k + b, with k and c searched for by brute force.
 * Source: Wu & Keogh, "Current Time Series Anomaly Detection Benchmarks are Flawed and are Creating the Illusion of
 * Progress", TKDE 2021.
 */
import type { Reach } from '../model.ts';
import type { ParamTable, Values } from '../params.ts';
import { jumps } from './shared/jumps.ts';
import { ruleDetector } from './shared/stepDetector.ts';
import type { Piece } from './shared/stepScorer.ts';

const params = {
  width: {
    kind: 'number',
    default: 25,
    min: 2,
    max: 2000,
    step: 1,
    label: 'Width k',
    unit: 'steps',
    help: 'Steps of the moving mean and deviation, where no labels say which is best.',
  },
  factor: {
    kind: 'number',
    default: 3,
    min: 0,
    max: 20,
    step: 0.5,
    label: 'Factor c',
    help: 'How many deviations are allowed, where no labels say which is best.',
  },
  absolute: {
    kind: 'switch',
    default: true,
    label: 'Sizes on both sides',
    help: 'Mean and deviation are those of the sizes of jumps, as Wu & Keogh have it. Off: of the signed jumps, as the C-GATS paper prints.',
  },
  search: {
    kind: 'switch',
    default: true,
    label: 'Search k and c',
    help: 'Where the training part has labelled anomalies, k and c are those with the best F1 there.',
  },
} as const satisfies ParamTable;

type P = Values<typeof params>;

/**
 * Mean and deviation (over n − 1) of the k jumps around each step, fewer at both ends, as movmean and movstd of MATLAB give
 * them. The first step has no jump, so that of step 0 in `x_T` is passed over. In one pass, by sums up to each step.
 */
function moving(x_T: Float32Array, k: number): { mean_T: Float64Array; sd_T: Float64Array } {
  const T = x_T.length;
  const half = k >> 1;
  const sum = new Float64Array(T + 1);
  const squares = new Float64Array(T + 1);
  for (let t = 0; t < T; t++) {
    sum[t + 1] = sum[t] + x_T[t];
    squares[t + 1] = squares[t] + x_T[t] * x_T[t];
  }
  const mean_T = new Float64Array(T);
  const sd_T = new Float64Array(T);
  for (let t = 1; t < T; t++) {
    const from = Math.max(1, t - half);
    const to = Math.min(T, t - half + k);
    const n = to - from;
    mean_T[t] = (sum[to] - sum[from]) / n;
    sd_T[t] = n > 1 ? Math.sqrt(Math.max(0, squares[to] - squares[from] - n * mean_T[t] ** 2) / (n - 1)) : 0;
  }
  return { mean_T, sd_T };
}

/** How far each jump lies over its bound without b; 0 below it. */
export function excess(x_T: Float32Array, k: number, c: number, absolute: boolean): Float32Array {
  const size_T = jumps(x_T);
  const signed_T = x_T.map((x, t) => (t === 0 ? 0 : x - x_T[t - 1]));
  const { mean_T, sd_T } = moving(absolute ? size_T : signed_T, k);
  return size_T.map((size, t) => Math.max(0, size - mean_T[t] - c * sd_T[t]));
}

const WIDTHS = [5, 10, 25, 50, 100];
const FACTORS = [0, 1, 2, 3, 4, 6];

/** Best F1 over all bounds b of scores with labels. */
function bestF1(scored: readonly { readonly score: number; readonly odd: boolean }[]): number {
  const sorted = scored.toSorted((a, b) => b.score - a.score);
  const odd = sorted.filter((s) => s.odd).length;
  let hits = 0;
  let best = 0;
  sorted.forEach((s, n) => {
    if (s.odd) hits++;
    if (sorted[n + 1]?.score !== s.score) best = Math.max(best, (2 * hits) / (n + 1 + odd));
  });
  return best;
}

function searched(pieces: readonly Piece[], p: P): { width: number; factor: number } {
  let best = { width: p.width, factor: p.factor, f1: -1 };
  for (const width of WIDTHS)
    for (const factor of FACTORS) {
      const scored = pieces.flatMap(({ x_T, label_T }) =>
        Array.from(excess(x_T, width, factor, p.absolute), (score, t) => ({ score, odd: label_T[t] >= 0.5 })),
      );
      const f1 = bestF1(scored);
      if (f1 > best.f1) best = { width, factor, f1 };
    }
  return best;
}

/** The widest mean that may have been chosen, to both sides, and the jump at its edge. */
function reach(p: P): Reach {
  const widest = p.search ? Math.max(p.width, ...WIDTHS) : p.width;
  return { back: (widest >> 1) + 1, ahead: widest, align: 1 };
}

export const oneLinerB = ruleDetector<typeof params>({
  card: {
    id: 'one-liner-b',
    title: 'One-liner B',
    summary: 'How far a jump exceeds what is usual around it.',
    paper: { cite: 'Wu & Keogh, TKDE 2021', url: 'https://arxiv.org/abs/2009.13807' },
    deviations: [
      'The bound b is left to the threshold rule; k and c are searched on a grid where the training part has labels.',
      'Every sensor is judged by itself, with the same k and c.',
    ],
  },
  params,
  reach,
  presets: { lite: {} },
  title: 'Jump over its bound',
  rule: {
    learn: (pieces, p) => {
      const labelled = pieces.some(({ label_T }) => label_T.some((label) => label >= 0.5));
      const { width, factor } = p.search && labelled ? searched(pieces, p) : p;
      return { width, factor };
    },
    least: () => 2,
    score: (x_T, learned, p) => excess(x_T, learned['width'] ?? p.width, learned['factor'] ?? p.factor, p.absolute),
  },
});
