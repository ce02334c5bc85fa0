/**
 * Attention: map = softmax(scale q k^T) and out = map v (Vaswani et al. 2017), the map being a result of its own because
 * the models here compare maps. The kernel makes scores and softmax of one head while its map is in the cache, and in
 * the gradient the scores' gradient never leaves scratch.
 */
import { fusedFor } from '../fused.ts';
import { customGrad, matMul, mul, scalar, scoped, softmax, tidy, util } from '../tf.ts';
import type { Rank, Tensor, Tensor4D } from '../tf.ts';
import { currentHeap } from './heap.ts';

export type MapForward = (q_BHNK: Tensor4D, k_BHMK: Tensor4D, scale: number) => Tensor4D;

export type MapBackward = (
  dMap_BHNM: Tensor4D,
  q_BHNK: Tensor4D,
  k_BHMK: Tensor4D,
  map_BHNM: Tensor4D,
  scale: number,
) => readonly [dq_BHNK: Tensor4D, dk_BHMK: Tensor4D];

declare module '../fused.ts' {
  interface FusedOps {
    attentionMapForward: MapForward;
    attentionMapBackward: MapBackward;
  }
}

/** The definition, in stock ops with their own gradients. */
export const composedAttentionMap: MapForward = (q_BHNK, k_BHMK, scale) =>
  tidy(() => softmax(mul<Tensor4D>(matMul(q_BHNK, k_BHMK, false, true), scalar(scale))));

type Sizes = readonly [heads: number, N: number, M: number, K: number];

export const sizesOf = (q_BHNK: Tensor4D, k_BHMK: Tensor4D): Sizes => {
  const [B, H, N, K] = q_BHNK.shape;
  util.assert(
    util.arraysEqual([B, H, K], [k_BHMK.shape[0], k_BHMK.shape[1], k_BHMK.shape[3]]),
    () => `attention: queries [${q_BHNK.shape.join(', ')}] do not go with keys [${k_BHMK.shape.join(', ')}]`,
  );
  return [B * H, N, k_BHMK.shape[2], K];
};

export const attentionMapForward: MapForward = (q_BHNK, k_BHMK, scale) => {
  const heap = currentHeap();
  const sizes = sizesOf(q_BHNK, k_BHMK);
  const map_BHNM = heap.tensor<Rank.R4>([q_BHNK.shape[0], q_BHNK.shape[1], sizes[1], sizes[2]]);
  heap.run['attentionMaps'](
    ...[0, sizes[0], 1, ...sizes.slice(1), heap.at(q_BHNK), heap.at(k_BHMK), heap.at(map_BHNM), scale, heap.work],
  );
  return map_BHNM;
};

export const attentionMapBackward: MapBackward = (dMap_BHNM, q_BHNK, k_BHMK, map_BHNM, scale) => {
  const heap = currentHeap();
  const sizes = sizesOf(q_BHNK, k_BHMK);
  const dq_BHNK = heap.tensor<Rank.R4>(q_BHNK.shape);
  const dk_BHMK = heap.tensor<Rank.R4>(k_BHMK.shape);
  heap.run['attentionMapsGrad'](
    ...[0, sizes[0], 1, ...sizes.slice(1), heap.at(q_BHNK), heap.at(k_BHMK), heap.at(map_BHNM), heap.at(dMap_BHNM)],
    ...[heap.at(dq_BHNK), heap.at(dk_BHMK), scale, heap.scratch('first', sizes[1] * sizes[2] * 4), heap.work],
  );
  return [dq_BHNK, dk_BHMK];
};

/** softmax(scale q k^T) by row: q [B, H, N, K], k [B, H, M, K] to a map [B, H, N, M]. */
export function attentionMap(q_BHNK: Tensor4D, k_BHMK: Tensor4D, scale: number): Tensor4D {
  const forward = fusedFor('attentionMapForward');
  const backward = fusedFor('attentionMapBackward');
  if (forward === null || backward === null) return composedAttentionMap(q_BHNK, k_BHMK, scale);
  const run = customGrad((...args) => {
    const save = args[2] as unknown as (tensors: Tensor[]) => void;
    const map_BHNM = forward(q_BHNK, k_BHMK, scale);
    save([q_BHNK, k_BHMK, map_BHNM]);
    const gradFunc = (dMap: Tensor, kept: Tensor[]): Tensor[] => {
      const [q, k, map] = kept as [Tensor4D, Tensor4D, Tensor4D];
      return scoped(() => [...backward(dMap as Tensor4D, q, k, map, scale)]);
    };
    return { value: map_BHNM, gradFunc };
  });
  return run(q_BHNK, k_BHMK);
}

/** Values mixed by the attention of queries to keys, and the map; v [B, H, M, V], out [B, H, N, V]. */
export function attention(
  q_BHNK: Tensor4D,
  k_BHMK: Tensor4D,
  v_BHMV: Tensor4D,
  scale: number,
): { readonly out_BHNV: Tensor4D; readonly map_BHNM: Tensor4D } {
  const map_BHNM = attentionMap(q_BHNK, k_BHMK, scale);
  return { out_BHNV: matMul(map_BHNM, v_BHMV), map_BHNM };
}
