/**
 * GRU over a whole sequence on wasm, forward and backward. Reference: the composed walk in ../gru.ts; assembly/gru.ts
 * has the method. Keeps the activated gates [B, W, 3H].
 */
import type { Rank, Tensor, Tensor3D, Tensor1D, Tensor2D } from '../tf.ts';
import type { GruWeights } from '../gru.ts';
import { currentHeap } from './heap.ts';

/** All hidden states, and what the backward pass wants to have kept. */
export type GruForward = (
  x_BWF: Tensor3D,
  weights: GruWeights,
) => { readonly h_BWH: Tensor3D; readonly saved: readonly Tensor[] };

/** Gradients from that of every hidden state; `dx_BWF` is null unless `wantDx`. */
export type GruBackward = (
  dh_BWH: Tensor3D,
  x_BWF: Tensor3D,
  weights: GruWeights,
  h_BWH: Tensor3D,
  saved: readonly Tensor[],
  wantDx: boolean,
) => {
  readonly dx_BWF: Tensor3D | null;
  readonly dKernel_FG: Tensor2D;
  readonly dRecurrent_HG: Tensor2D;
  readonly dBias_G: Tensor1D;
};

declare module '../fused.ts' {
  interface FusedOps {
    gruForward: GruForward;
    gruBackward: GruBackward;
  }
}

type Sizes = readonly [B: number, W: number, F: number, H: number];

const sizesOf = (x_BWF: Tensor3D, weights: GruWeights): Sizes => [...x_BWF.shape, weights.recurrent_HG.shape[0]];

export const gruForward: GruForward = (x_BWF, weights) => {
  const heap = currentHeap();
  const sizes = sizesOf(x_BWF, weights);
  const [B, W, , H] = sizes;
  const h_BWH = heap.tensor<Rank.R3>([B, W, H]);
  const gates_BWG = heap.tensor<Rank.R3>([B, W, 3 * H]);
  heap.run['gruForward'](
    ...[...sizes, heap.at(x_BWF), heap.at(weights.kernel_FG), heap.at(weights.recurrent_HG), heap.at(weights.bias_G)],
    ...[heap.at(h_BWH), heap.at(gates_BWG), heap.scratch('first', B * H * 4)],
    heap.scratch('packed', heap.run['packedBytes'](H, 2 * H)),
    ...[heap.scratch('packedToo', heap.run['packedBytes'](H, H)), heap.work],
  );
  return { h_BWH, saved: [gates_BWG] };
};

export const gruBackward: GruBackward = (dh_BWH, x_BWF, weights, h_BWH, saved, wantDx) => {
  const heap = currentHeap();
  const sizes = sizesOf(x_BWF, weights);
  const [B, W, F, H] = sizes;
  const dx_BWF = wantDx ? heap.tensor<Rank.R3>([B, W, F]) : null;
  const dKernel_FG = heap.tensor<Rank.R2>([F, 3 * H]);
  const dRecurrent_HG = heap.tensor<Rank.R2>([H, 3 * H]);
  const dBias_G = heap.tensor<Rank.R1>([3 * H]);
  const states = heap.scratch('third', 2 * B * H * 4);
  heap.run['gruBackward'](
    ...[...sizes, heap.at(x_BWF), heap.at(weights.kernel_FG), heap.at(weights.recurrent_HG)],
    ...[heap.at(h_BWH), heap.at(saved[0]), heap.at(dh_BWH)],
    ...[dx_BWF === null ? 0 : heap.at(dx_BWF), heap.at(dKernel_FG), heap.at(dRecurrent_HG), heap.at(dBias_G)],
    ...[heap.scratch('first', B * W * 3 * H * 4), heap.scratch('second', B * W * H * 4), states, states + B * H * 4],
    heap.scratch('packed', heap.run['packedBytes'](2 * H, H)),
    ...[heap.scratch('packedToo', heap.run['packedBytes'](H, H)), heap.work],
  );
  return { dx_BWF, dKernel_FG, dRecurrent_HG, dBias_G };
};
