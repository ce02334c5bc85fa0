/** Columns of a batch of windows. Dimensions: B batch, T steps, F columns. */
import * as tf from './tf.ts';
import type { Tensor2D, Tensor3D } from './tf.ts';

/** Column `n` of [B, T, F] as [B, T]. */
export function columnOf(x_BTF: Tensor3D, n: number): Tensor2D {
  const [B, T] = x_BTF.shape;
  return tf.reshape<tf.Rank.R2>(tf.slice3d(x_BTF, [0, 0, n], [B, T, 1]), [B, T]);
}
