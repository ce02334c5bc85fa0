/**
 * Layer normalisation over the last axis: y = (x - mean) / sqrt(variance + epsilon) * gamma + beta
 * (Ba, Kiros & Hinton 2016). Composed of stock ops it makes nine passes forward; the kernel makes three and keeps two
 * numbers a row for the gradient.
 */
import { fusedFor } from '../fused.ts';
import { add, customGrad, mean, mul, rsqrt, scalar, scoped, square, sub, tidy } from '../tf.ts';
import type { Rank, Tensor, Tensor1D } from '../tf.ts';
import { currentHeap } from './heap.ts';

export type LayerNormForward = (
  x: Tensor,
  gamma_D: Tensor1D,
  beta_D: Tensor1D,
  epsilon: number,
) => { readonly y: Tensor; readonly stats: Tensor };

/** `stats` is what the forward pass gave. */
export type LayerNormBackward = (
  dy: Tensor,
  x: Tensor,
  gamma_D: Tensor1D,
  stats: Tensor,
) => readonly [dx: Tensor, dGamma_D: Tensor1D, dBeta_D: Tensor1D];

declare module '../fused.ts' {
  interface FusedOps {
    layerNormForward: LayerNormForward;
    layerNormBackward: LayerNormBackward;
  }
}

/** The definition, in stock ops with their own gradients. */
export const composedLayerNorm = (x: Tensor, gamma_D: Tensor1D, beta_D: Tensor1D, epsilon: number): Tensor =>
  tidy(() => {
    const centred = sub(x, mean(x, -1, true));
    const variance = mean(square(centred), -1, true);
    return add(mul(mul(centred, rsqrt(add(variance, scalar(epsilon)))), gamma_D), beta_D);
  });

export const layerNormForward: LayerNormForward = (x, gamma_D, beta_D, epsilon) => {
  const heap = currentHeap();
  const columns = gamma_D.size;
  const rows = columns === 0 ? 0 : x.size / columns;
  const y = heap.tensor<Rank>(x.shape);
  const stats = heap.tensor<Rank.R2>([rows, 2]);
  heap.run['layerNorm'](
    ...[rows, columns, heap.at(x), heap.at(gamma_D), heap.at(beta_D), heap.at(y), heap.at(stats), epsilon],
  );
  return { y, stats };
};

export const layerNormBackward: LayerNormBackward = (dy, x, gamma_D, stats) => {
  const heap = currentHeap();
  const columns = gamma_D.size;
  const dx = heap.tensor<Rank>(x.shape);
  const dGamma_D = heap.tensor<Rank.R1>([columns]);
  const dBeta_D = heap.tensor<Rank.R1>([columns]);
  heap.run['layerNormGrad'](
    ...[columns === 0 ? 0 : x.size / columns, columns, heap.at(x), heap.at(gamma_D), heap.at(stats), heap.at(dy)],
    ...[heap.at(dx), heap.at(dGamma_D), heap.at(dBeta_D)],
  );
  return [dx, dGamma_D, dBeta_D];
};

/** x [..., D] normalised by row, times gamma [D] plus beta [D]. epsilon 1e-5 as PyTorch (TF.js's layer has 1e-3). */
export function layerNorm<T extends Tensor>(x: T, gamma_D: Tensor1D, beta_D: Tensor1D, epsilon = 1e-5): T {
  const forward = fusedFor('layerNormForward');
  const backward = fusedFor('layerNormBackward');
  if (forward === null || backward === null) return composedLayerNorm(x, gamma_D, beta_D, epsilon) as T;
  const run = customGrad((...args) => {
    const save = args[3] as unknown as (tensors: Tensor[]) => void;
    const { y, stats } = forward(x, gamma_D, beta_D, epsilon);
    save([x, gamma_D, stats]);
    return {
      value: y,
      gradFunc: (dy: Tensor, [kept, gamma, kept_stats]: Tensor[]) =>
        scoped(() => [...backward(dy, kept, gamma as Tensor1D, kept_stats)]),
    };
  });
  return run(x, gamma_D, beta_D) as T;
}
