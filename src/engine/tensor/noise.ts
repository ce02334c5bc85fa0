/** Seeded normal noise: the same seed gives the same bytes on every backend. */
import * as tf from './tf.ts';
import type { Rank, ShapeMap, Tensor } from './tf.ts';

/** Independent standard normal draws (Box-Muller, both of a pair used), two uniform numbers from `rng` a pair. */
export function standardNormal(size: number, rng: () => number): Float32Array {
  const out = new Float32Array(size);
  for (let i = 0; i < size; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - rng()));
    const angle = 2 * Math.PI * rng();
    out[i] = radius * Math.cos(angle);
    if (i + 1 < size) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}

/** The same as a tensor. */
export const normalTensor = <R extends Rank>(shape: ShapeMap[R], rng: () => number): Tensor<R> =>
  tf.tensor<R>(
    standardNormal(
      shape.reduce((product: number, n: number) => product * n, 1),
      rng,
    ),
    shape,
  );
