/**
 * Multi-head attention on rows as dense layers leave and take them, [G, R, E K] with the heads side by side, in two ops
 * so that dropout may lie between: the maps, and the values mixed by them. On wasm strides pick each head out of the
 * rows; elsewhere the heads are brought to the front first.
 * Dimensions: G groups, R rows, E heads, K and V widths of a head.
 */
import { mergeHeads, splitHeads } from '../encoder.ts';
import { fusedFor } from '../fused.ts';
import { customGrad, matMul, scoped, util } from '../tf.ts';
import type { Rank, Tensor, Tensor3D, Tensor4D } from '../tf.ts';
import { attentionMap } from './attention.ts';
import { currentHeap } from './heap.ts';

export type HeadMapsForward = (q_GRD: Tensor3D, k_GRD: Tensor3D, heads: number, scale: number) => Tensor4D;

export type HeadMapsBackward = (
  dMap_EGRR: Tensor4D,
  q_GRD: Tensor3D,
  k_GRD: Tensor3D,
  map_EGRR: Tensor4D,
  scale: number,
) => readonly [dq_GRD: Tensor3D, dk_GRD: Tensor3D];

export type MixHeadsForward = (map_EGRR: Tensor4D, v_GRD: Tensor3D) => Tensor3D;

export type MixHeadsBackward = (
  dOut_GRD: Tensor3D,
  map_EGRR: Tensor4D,
  v_GRD: Tensor3D,
) => readonly [dMap_EGRR: Tensor4D, dv_GRD: Tensor3D];

declare module '../fused.ts' {
  interface FusedOps {
    headMapsForward: HeadMapsForward;
    headMapsBackward: HeadMapsBackward;
    mixHeadsForward: MixHeadsForward;
    mixHeadsBackward: MixHeadsBackward;
  }
}

/** Heads, groups, rows of queries, rows of keys and width of a head, as assembly/attention.ts takes them. */
type Sizes = readonly [heads: number, groups: number, n: number, m: number, d: number];

function sizesOf(heads: number, rows: readonly number[], others: readonly number[]): Sizes {
  const [G, n, D] = rows;
  util.assert(
    others[0] === G && others[2] === D && D % heads === 0,
    () => `attention: [${rows.join(', ')}] and [${others.join(', ')}] do not go together with ${heads} heads`,
  );
  return [heads, G, n, others[1], D / heads];
}

export const headMapsForward: HeadMapsForward = (q_GRD, k_GRD, heads, scale) => {
  const heap = currentHeap();
  const sizes = sizesOf(heads, q_GRD.shape, k_GRD.shape);
  const map_EGRR = heap.tensor<Rank.R4>([sizes[0], sizes[1], sizes[2], sizes[3]]);
  heap.run['attentionMaps'](1, ...sizes, heap.at(q_GRD), heap.at(k_GRD), heap.at(map_EGRR), scale, heap.work);
  return map_EGRR;
};

export const headMapsBackward: HeadMapsBackward = (dMap_EGRR, q_GRD, k_GRD, map_EGRR, scale) => {
  const heap = currentHeap();
  const sizes = sizesOf(map_EGRR.shape[0], q_GRD.shape, k_GRD.shape);
  const dq_GRD = heap.tensor<Rank.R3>(q_GRD.shape);
  const dk_GRD = heap.tensor<Rank.R3>(k_GRD.shape);
  heap.run['attentionMapsGrad'](
    ...[1, ...sizes, heap.at(q_GRD), heap.at(k_GRD), heap.at(map_EGRR), heap.at(dMap_EGRR)],
    ...[heap.at(dq_GRD), heap.at(dk_GRD), scale, heap.scratch('first', sizes[2] * sizes[3] * 4), heap.work],
  );
  return [dq_GRD, dk_GRD];
};

/** Sizes of a mixture of `v` by `map`. */
function mixSizes({ shape: [heads, G, n, m] }: Tensor4D, v_GRD: Tensor3D): Sizes {
  util.assert(m === v_GRD.shape[1], () => `attention: a map over ${m} rows for ${v_GRD.shape[1]} values`);
  return sizesOf(heads, [G, n, v_GRD.shape[2]], v_GRD.shape);
}

export const mixHeadsForward: MixHeadsForward = (map_EGRR, v_GRD) => {
  const heap = currentHeap();
  const sizes = mixSizes(map_EGRR, v_GRD);
  const out_GRD = heap.tensor<Rank.R3>([sizes[1], sizes[2], v_GRD.shape[2]]);
  heap.run['mixHeads'](...sizes, heap.at(map_EGRR), heap.at(v_GRD), heap.at(out_GRD), heap.work);
  return out_GRD;
};

export const mixHeadsBackward: MixHeadsBackward = (dOut_GRD, map_EGRR, v_GRD) => {
  const heap = currentHeap();
  const sizes = mixSizes(map_EGRR, v_GRD);
  const dMap_EGRR = heap.tensor<Rank.R4>(map_EGRR.shape);
  const dv_GRD = heap.tensor<Rank.R3>(v_GRD.shape);
  heap.run['mixHeadsGrad'](
    ...[...sizes, heap.at(map_EGRR), heap.at(v_GRD), heap.at(dOut_GRD), heap.at(dMap_EGRR), heap.at(dv_GRD)],
    heap.work,
  );
  return [dMap_EGRR, dv_GRD];
};

/** softmax(scale q k^T) of every head: q and k [G, R, E K] to maps [E, G, R, R]. */
export function headMaps(q_GRD: Tensor3D, k_GRD: Tensor3D, heads: number, scale: number): Tensor4D {
  const forward = fusedFor('headMapsForward');
  const backward = fusedFor('headMapsBackward');
  if (forward === null || backward === null)
    return attentionMap(splitHeads(q_GRD, heads), splitHeads(k_GRD, heads), scale);
  const run = customGrad((...args) => {
    const save = args[2] as unknown as (tensors: Tensor[]) => void;
    const map_EGRR = forward(q_GRD, k_GRD, heads, scale);
    save([q_GRD, k_GRD, map_EGRR]);
    const gradFunc = (dMap: Tensor, kept: Tensor[]): Tensor[] => {
      const [q, k, map] = kept as [Tensor3D, Tensor3D, Tensor4D];
      return scoped(() => [...backward(dMap as Tensor4D, q, k, map, scale)]);
    };
    return { value: map_EGRR, gradFunc };
  });
  return run(q_GRD, k_GRD);
}

/** Values mixed by the maps [E, G, R, R] of every head: v [G, R, E V] to [G, R, E V]. */
export function mixHeads(map_EGRR: Tensor4D, v_GRD: Tensor3D): Tensor3D {
  const forward = fusedFor('mixHeadsForward');
  const backward = fusedFor('mixHeadsBackward');
  if (forward === null || backward === null)
    return mergeHeads(matMul<Tensor4D>(map_EGRR, splitHeads(v_GRD, map_EGRR.shape[0])));
  const run = customGrad((...args) => {
    const save = args[2] as unknown as (tensors: Tensor[]) => void;
    save([map_EGRR, v_GRD]);
    const gradFunc = (dOut: Tensor, kept: Tensor[]): Tensor[] => {
      const [map, v] = kept as [Tensor4D, Tensor3D];
      return scoped(() => [...backward(dOut as Tensor3D, map, v)]);
    };
    return { value: forward(map_EGRR, v_GRD), gradFunc };
  });
  return run(map_EGRR, v_GRD);
}
