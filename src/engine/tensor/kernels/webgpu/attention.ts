/**
 * Attention maps on WebGPU: scores, scale and softmax of four queries a workgroup in one dispatch; backward the scores'
 * gradient in one, then two stock products. Reference: composedAttentionMap in ../attention.ts.
 */
import { matMul } from '../../tf.ts';
import type { Rank, Tensor4D } from '../../tf.ts';
import { composedAttentionMap, sizesOf } from '../attention.ts';
import type { MapBackward, MapForward } from '../attention.ts';
import { dispatch, gpuTensor, workgroupBytes } from './gpu.ts';
import { reduction, specialised } from './wgsl.ts';
import type { Kernel } from './wgsl.ts';

/** Queries a workgroup: one component of a vec4 each, so that a key is loaded once for four of them. */
const BLOCK = 4;
const THREADS = 64;

/** For keys of this width. The map itself holds the scores until the row's sum is known: each thread its own columns. */
export const attentionMapKernel = specialised((K: number): Kernel => ({
  name: `attentionMap ${K}`,
  writes: ['map'],
  reads: ['queries', 'keys'],
  uniforms: { N: 'u32', M: 'u32', scale: 'f32' },
  threads: THREADS,
  code: `
var<workgroup> query: array<vec4<f32>, ${K}>;
${reduction('largest', 'vec4<f32>', THREADS, 'max(a, b)')}
${reduction('total', 'vec4<f32>', THREADS)}
fn run(group: u32, thread: u32) {
  let blocks = (u.N + ${BLOCK - 1}u) / ${BLOCK}u;
  let head = group / blocks;
  let first = (group % blocks) * ${BLOCK}u;
  let count = min(${BLOCK}u, u.N - first);
  let base = head * u.N + first;
  for (var k = thread; k < ${K}u; k += THREADS) {
    var four = vec4<f32>();
    for (var r = 0u; r < count; r++) { four[r] = queries[(base + r) * ${K}u + k]; }
    query[k] = u.scale * four;
  }
  workgroupBarrier();
  var top = vec4<f32>(-3.4e38);
  for (var m = thread; m < u.M; m += THREADS) {
    let key = (head * u.M + m) * ${K}u;
    var score = vec4<f32>();
    for (var k = 0u; k < ${K}u; k++) { score += keys[key + k] * query[k]; }
    for (var r = 0u; r < count; r++) { map[(base + r) * u.M + m] = score[r]; }
    top = max(top, score);
  }
  top = largest(top, thread);
  var sum = vec4<f32>();
  for (var m = thread; m < u.M; m += THREADS) {
    for (var r = 0u; r < count; r++) {
      let power = exp(map[(base + r) * u.M + m] - top[r]);
      map[(base + r) * u.M + m] = power;
      sum[r] += power;
    }
  }
  let share = 1.0 / total(sum, thread);
  for (var m = thread; m < u.M; m += THREADS) {
    for (var r = 0u; r < count; r++) { map[(base + r) * u.M + m] *= share[r]; }
  }
}`,
}));

/** scale * map * (dMap - sum(dMap map)) by row. */
export const scoresGradKernel: Kernel = {
  name: 'attentionScoresGrad',
  writes: ['dScores'],
  reads: ['map', 'dMap'],
  uniforms: { M: 'u32', scale: 'f32' },
  threads: THREADS,
  code: `
${reduction('total', 'f32', THREADS)}
fn run(row: u32, thread: u32) {
  let base = row * u.M;
  var sum = 0.0;
  for (var m = thread; m < u.M; m += THREADS) { sum += map[base + m] * dMap[base + m]; }
  let inner = total(sum, thread);
  for (var m = thread; m < u.M; m += THREADS) {
    dScores[base + m] = u.scale * map[base + m] * (dMap[base + m] - inner);
  }
}`,
};

export const attentionMapForward: MapForward = (q_BHNK, k_BHMK, scale) => {
  const [heads, N, M, K] = sizesOf(q_BHNK, k_BHMK);
  if (K === 0 || 16 * (K + 2 * THREADS) > workgroupBytes()) return composedAttentionMap(q_BHNK, k_BHMK, scale);
  const map_BHNM = gpuTensor<Rank.R4>([q_BHNK.shape[0], q_BHNK.shape[1], N, M]);
  const groups = M === 0 ? 0 : heads * Math.ceil(N / BLOCK);
  dispatch(attentionMapKernel(K), groups, [map_BHNM], [q_BHNK, k_BHMK], [N, M, scale]);
  return map_BHNM;
};

export const attentionMapBackward: MapBackward = (dMap_BHNM, q_BHNK, k_BHMK, map_BHNM, scale) => {
  const [heads, N, M] = sizesOf(q_BHNK, k_BHMK);
  const dScores = gpuTensor<Rank.R4>(map_BHNM.shape);
  dispatch(scoresGradKernel, M === 0 ? 0 : heads * N, [dScores], [map_BHNM, dMap_BHNM], [M, scale]);
  return [matMul<Tensor4D>(dScores, k_BHMK), matMul<Tensor4D>(dScores, q_BHNK, true, false)];
};
