/**
 * LSTM over a whole sequence on wasm: one product for the input of all steps, one packed product and one vectorised
 * pass over the gates a step, and the gradients of the weights as products over the whole sequence.
 * Reference: the composed ops in ../lstm.ts; assembly/lstm.ts has the method. Keeps gates [B, W, 4H] and cells [B, W, H].
 */
import type { LstmBackward, LstmForward, LstmLast, LstmWeights } from '../fused.ts';
import type { Rank, Tensor3D } from '../tf.ts';
import { currentHeap } from './heap.ts';

type Sizes = readonly [B: number, W: number, F: number, H: number];

const sizesOf = (x_BWF: Tensor3D, weights: LstmWeights): Sizes => [...x_BWF.shape, weights.recurrent_HG.shape[0]];

export const lstmForward: LstmForward = (x_BWF, weights) => {
  const heap = currentHeap();
  const sizes = sizesOf(x_BWF, weights);
  const [B, W, , H] = sizes;
  const h_BWH = heap.tensor<Rank.R3>([B, W, H]);
  const gates_BWG = heap.tensor<Rank.R3>([B, W, 4 * H]);
  const cells_BWH = heap.tensor<Rank.R3>([B, W, H]);
  heap.run['lstmForward'](
    ...[...sizes, heap.at(x_BWF), heap.at(weights.kernel_FG), heap.at(weights.recurrent_HG), heap.at(weights.bias_G)],
    ...[heap.at(h_BWH), heap.at(gates_BWG), heap.at(cells_BWH)],
    ...[heap.scratch('packed', heap.run['packedBytes'](H, 4 * H)), heap.work],
  );
  return { h_BWH, saved: [gates_BWG, cells_BWH] };
};

export const lstmLast: LstmLast = (x_BWF, weights) => {
  const heap = currentHeap();
  const sizes = sizesOf(x_BWF, weights);
  const [B, , F, H] = sizes;
  const h_BH = heap.tensor<Rank.R2>([B, H]);
  heap.run['lstmLast'](
    ...[...sizes, heap.at(x_BWF), heap.at(weights.kernel_FG), heap.at(weights.recurrent_HG), heap.at(weights.bias_G)],
    ...[heap.at(h_BH), heap.scratch('first', B * 4 * H * 4), heap.scratch('second', B * H * 4)],
    heap.scratch('packed', heap.run['packedBytes'](H, 4 * H)),
    heap.scratch('packedToo', heap.run['packedBytes'](F, 4 * H)),
    heap.work,
  );
  return h_BH;
};

export const lstmBackward: LstmBackward = (dh_BWH, x_BWF, weights, h_BWH, saved, wantDx) => {
  const heap = currentHeap();
  const sizes = sizesOf(x_BWF, weights);
  const [B, W, F, H] = sizes;
  const dx_BWF = wantDx ? heap.tensor<Rank.R3>([B, W, F]) : null;
  const dKernel_FG = heap.tensor<Rank.R2>([F, 4 * H]);
  const dRecurrent_HG = heap.tensor<Rank.R2>([H, 4 * H]);
  const dBias_G = heap.tensor<Rank.R1>([4 * H]);
  const [gates_BWG, cells_BWH] = saved;
  heap.run['lstmBackward'](
    ...[...sizes, heap.at(x_BWF), heap.at(weights.kernel_FG), heap.at(weights.recurrent_HG)],
    ...[heap.at(h_BWH), heap.at(gates_BWG), heap.at(cells_BWH), heap.at(dh_BWH)],
    ...[dx_BWF === null ? 0 : heap.at(dx_BWF), heap.at(dKernel_FG), heap.at(dRecurrent_HG), heap.at(dBias_G)],
    ...[heap.scratch('first', B * W * 4 * H * 4), heap.scratch('second', B * H * 4), heap.scratch('third', B * H * 4)],
    ...[heap.scratch('packed', heap.run['packedBytes'](4 * H, H)), heap.work],
  );
  return { dx_BWF, dKernel_FG, dRecurrent_HG, dBias_G };
};
