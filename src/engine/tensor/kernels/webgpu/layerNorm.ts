/**
 * Layer normalisation on WebGPU: one dispatch forward, two backward; a workgroup a row, which keeps mean and inverse
 * deviation of each row for the gradient. Reference: composedLayerNorm in ../layerNorm.ts.
 */
import { zeros } from '../../tf.ts';
import type { Rank } from '../../tf.ts';
import type { LayerNormBackward, LayerNormForward } from '../layerNorm.ts';
import { columnGroups, columnSums } from './columns.ts';
import { dispatch, gpuTensor } from './gpu.ts';
import { reduction } from './wgsl.ts';
import type { Kernel } from './wgsl.ts';

export const layerNormKernel: Kernel = {
  name: 'layerNorm',
  writes: ['y', 'stats'],
  reads: ['x', 'gamma', 'beta'],
  uniforms: { columns: 'u32', epsilon: 'f32' },
  threads: 64,
  code: `
${reduction('total', 'f32', 64)}
fn run(row: u32, thread: u32) {
  let base = row * u.columns;
  let count = f32(u.columns);
  var sum = 0.0;
  for (var j = thread; j < u.columns; j += THREADS) { sum += x[base + j]; }
  let mean = total(sum, thread) / count;
  var squares = 0.0;
  for (var j = thread; j < u.columns; j += THREADS) { let d = x[base + j] - mean; squares += d * d; }
  let inverse = inverseSqrt(total(squares, thread) / count + u.epsilon);
  for (var j = thread; j < u.columns; j += THREADS) {
    y[base + j] = (x[base + j] - mean) * inverse * gamma[j] + beta[j];
  }
  if (thread == 0u) { stats[2u * row] = mean; stats[2u * row + 1u] = inverse; }
}`,
};

/** With g = dy gamma and n the normalised x: dx = inverse deviation * (g - mean(g) - n mean(g n)). */
export const layerNormGradKernel: Kernel = {
  name: 'layerNormGrad',
  writes: ['dx'],
  reads: ['x', 'gamma', 'stats', 'dy'],
  uniforms: { columns: 'u32' },
  threads: 64,
  code: `
${reduction('total', 'vec2<f32>', 64)}
fn run(row: u32, thread: u32) {
  let base = row * u.columns;
  let mean = stats[2u * row];
  let inverse = stats[2u * row + 1u];
  var sums = vec2<f32>();
  for (var j = thread; j < u.columns; j += THREADS) {
    let g = dy[base + j] * gamma[j];
    sums += vec2(g, g * (x[base + j] - mean) * inverse);
  }
  let means = total(sums, thread) / f32(u.columns);
  for (var j = thread; j < u.columns; j += THREADS) {
    let n = (x[base + j] - mean) * inverse;
    dx[base + j] = inverse * (dy[base + j] * gamma[j] - means.x - n * means.y);
  }
}`,
};

export const layerNormSumsKernel = columnSums(
  'layerNormSums',
  ['dGamma', 'dBeta'],
  ['x', 'stats', 'dy'],
  'dy[i] * vec2((x[i] - stats[2u * row]) * stats[2u * row + 1u], 1.0)',
);

export const layerNormForward: LayerNormForward = (x, gamma_D, beta_D, epsilon) => {
  const columns = gamma_D.size;
  const rows = columns === 0 ? 0 : x.size / columns;
  const y = gpuTensor(x.shape);
  const stats = gpuTensor<Rank.R2>([rows, 2]);
  dispatch(layerNormKernel, rows, [y, stats], [x, gamma_D, beta_D], [columns, epsilon]);
  return { y, stats };
};

export const layerNormBackward: LayerNormBackward = (dy, x, gamma_D, stats) => {
  const columns = gamma_D.size;
  if (x.size === 0) return [zeros(x.shape), zeros([columns]), zeros([columns])];
  const rows = x.size / columns;
  const dx = gpuTensor(x.shape);
  const dGamma_D = gpuTensor<Rank.R1>([columns]);
  const dBeta_D = gpuTensor<Rank.R1>([columns]);
  dispatch(layerNormGradKernel, rows, [dx], [x, gamma_D, stats, dy], [columns]);
  dispatch(layerNormSumsKernel, columnGroups(columns), [dGamma_D, dBeta_D], [x, stats, dy], [rows, columns]);
  return [dx, dGamma_D, dBeta_D];
};
