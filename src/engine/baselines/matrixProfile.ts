import { cutStarts, unwindow } from '../window.ts';
import type { Prepared } from '../prepare.ts';
import type { Span } from '../types.ts';
import { meanOver, observedResidual, valueAt } from './baseline.ts';
import type { Baseline } from './baseline.ts';

const W = 20;
/** Windows of training that follow each other: within them each product of two windows comes of the one before. */
const BLOCK = 4 * W;
/** Pairs of windows over all sensors at most: with more, training blocks are evenly spread instead of all. */
const PAIRS = 4e8;
/** A window whose deviation is below this, in training deviations of its sensor, has no shape. */
const FLAT = 1e-3;
/** Correlation that a flat window has with one that is not: the square of their distance is W. */
const HALF_ALIKE = 0.5;

/** Mean and 1 / (deviation · √W) of each window of a column; the latter is 0 where the window is flat. */
function shapes(x_T: Float64Array): { mean: Float64Array; inverse: Float64Array } {
  const N = x_T.length - W + 1;
  const mean = new Float64Array(N);
  const inverse = new Float64Array(N);
  for (let n = 0; n < N; n++) {
    let sum = 0;
    for (let w = 0; w < W; w++) sum += x_T[n + w];
    const centre = sum / W;
    let squares = 0;
    for (let w = 0; w < W; w++) squares += (x_T[n + w] - centre) ** 2;
    mean[n] = centre;
    inverse[n] = Math.sqrt(squares / W) < FLAT ? 0 : 1 / Math.sqrt(squares);
  }
  return { mean, inverse };
}

/** First windows of blocks of training windows, evenly spread where all would be too many pairs. */
export function blocksOf(train: Span, pairsPerWindow: number, most = PAIRS): Span[] {
  const last = train.end - W + 1;
  const all = Array.from({ length: Math.ceil((last - train.start) / BLOCK) }, (_, n) => train.start + n * BLOCK);
  const count = Math.max(1, Math.min(all.length, Math.floor(most / pairsPerWindow / BLOCK)));
  return Array.from({ length: count }, (_, n) => all[Math.floor((n * all.length) / count)]).map((start) => ({
    start,
    end: Math.min(start + BLOCK, last),
  }));
}

/**
 * The best correlation of each window of `x_T` within `span` with a training window of the same sensor that does not
 * overlap it: STOMP's recursion (Zhu et al., ICDM 2016), block by block. [windows of the span]
 */
export function bestAlike(x_T: Float64Array, span: Span, blocks: readonly Span[]): Float64Array {
  const { mean, inverse } = shapes(x_T);
  const N = span.end - span.start - W + 1;
  const best_N = new Float64Array(N).fill(-1);
  const row_N = new Float64Array(N);
  const dot = (i: number, j: number): number => {
    let sum = 0;
    for (let w = 0; w < W; w++) sum += x_T[i + w] * x_T[j + w];
    return sum;
  };
  const raise = (i: number, from: number, to: number): void => {
    const [centre, scale] = [W * mean[i], inverse[i]];
    for (let n = from; n < to; n++) {
      const alike = (row_N[n] - centre * mean[span.start + n]) * scale * inverse[span.start + n];
      if (alike > best_N[n]) best_N[n] = alike;
    }
  };
  let hasFlat = false;
  for (const { start, end } of blocks) {
    for (let i = start; i < end; i++) {
      if (i === start) for (let n = 0; n < N; n++) row_N[n] = dot(i, span.start + n);
      else {
        const [leaves, enters] = [x_T[i - 1], x_T[i + W - 1]];
        for (let n = N - 1, j = span.start + n; n > 0; n--, j--)
          row_N[n] = row_N[n - 1] - leaves * x_T[j - 1] + enters * x_T[j + W - 1];
        row_N[0] = dot(i, span.start);
      }
      hasFlat ||= inverse[i] === 0;
      raise(i, 0, Math.min(N, i - span.start - W + 1));
      raise(i, Math.max(0, i - span.start + W), N);
    }
  }
  return best_N.map((alike, n) => {
    if (inverse[span.start + n] === 0) return hasFlat ? 1 : HALF_ALIKE;
    return hasFlat ? Math.max(alike, HALF_ALIKE) : alike;
  });
}

const columnOf = (prepared: Prepared, s: number): Float64Array =>
  Float64Array.from({ length: prepared.T }, (_, t) => valueAt(prepared, t, s));

/**
 * Matrix profile between the series and training, sensor by sensor (Yeh et al.: "Matrix Profile I", ICDM 2016; the mean
 * over sensors as in "Matrix Profile VI", ICDM 2017): a shape that training never showed is strange.
 */
export const matrixProfile: Baseline = {
  id: 'matrix-profile',
  title: 'Matrix profile',
  summary: `Distance of each ${W}-step window of a sensor, its level and size taken away, to the most similar one of training; mean over sensors and over the windows that cover a step.`,
  scale: 'zscore',
  needs: 2 * W + 1,
  score({ prepared, train, spans }) {
    const { T, S } = prepared;
    const blocks = blocksOf(train, T * S);
    const profile_ST = Array.from({ length: S }, (_, s) => {
      const x_T = columnOf(prepared, s);
      const steps = unwindow(T, 1);
      const value_W = new Float32Array(W);
      for (const span of spans) {
        if (span.end - span.start < W) continue;
        const best_N = bestAlike(x_T, span, blocks);
        for (const start of cutStarts([span], { W, horizon: 0, stride: 1 })) {
          const alike = Math.min(1, best_N[start - span.start]);
          steps.add(value_W.fill(Math.sqrt(2 * W * (1 - alike))), Int32Array.of(start), W);
        }
      }
      return steps.mean();
    });
    const residual = observedResidual(prepared, (t, s) => profile_ST[s][t]);
    return { residual, score_T: meanOver(residual, (r) => r) };
  },
};
