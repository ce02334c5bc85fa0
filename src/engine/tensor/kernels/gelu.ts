/**
 * GELU in its exact form, x Phi(x) = x (1 + erf(x / sqrt 2)) / 2 (Hendrycks & Gimpel 2016): PyTorch's default. One pass
 * forward and one backward instead of five and nine.
 */
import { fusedFor } from '../fused.ts';
import { add, customGrad, erf, mul, scalar, tidy } from '../tf.ts';
import type { Rank, Tensor } from '../tf.ts';
import { currentHeap } from './heap.ts';

export type GeluForward = (x: Tensor) => Tensor;
export type GeluBackward = (dy: Tensor, x: Tensor) => Tensor;

declare module '../fused.ts' {
  interface FusedOps {
    geluForward: GeluForward;
    geluBackward: GeluBackward;
  }
}

/** The definition, in stock ops with their own gradients. */
export const composedGelu = (x: Tensor): Tensor =>
  tidy(() => mul(mul(x, scalar(0.5)), add(erf(mul(x, scalar(Math.SQRT1_2))), scalar(1))));

export const geluForward: GeluForward = (x) => {
  const heap = currentHeap();
  const y = heap.tensor<Rank>(x.shape);
  heap.run['geluAll'](x.size, heap.at(x), heap.at(y));
  return y;
};

export const geluBackward: GeluBackward = (dy, x) => {
  const heap = currentHeap();
  const dx = heap.tensor<Rank>(x.shape);
  heap.run['geluGradAll'](x.size, heap.at(x), heap.at(dy), heap.at(dx));
  return dx;
};

/** GELU of every value. */
export function gelu<T extends Tensor>(x: T): T {
  const forward = fusedFor('geluForward');
  const backward = fusedFor('geluBackward');
  if (forward === null || backward === null) return composedGelu(x) as T;
  const run = customGrad((...args) => {
    const save = args[1] as unknown as (tensors: Tensor[]) => void;
    save([x]);
    return { value: forward(x), gradFunc: (dy: Tensor, [kept]: Tensor[]) => backward(dy, kept) };
  });
  return run(x) as T;
}
