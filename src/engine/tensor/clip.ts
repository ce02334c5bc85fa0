/** Shortens gradients (Pascanu, Mikolov & Bengio, 2013), inside a tidy. */
import * as tf from './tf.ts';
import type { Scalar, Tensor } from './tf.ts';

/** Norm of all gradients together. */
export const globalNorm = (gradients: Readonly<Record<string, Tensor>>): Scalar =>
  tf.sqrt(tf.addN<Scalar>(Object.values(gradients).map((gradient) => tf.sum<Scalar>(tf.square(gradient)))));

/** All gradients shortened by one factor, so that their common norm is at most `longest`. */
export function clipTogether(
  gradients: Readonly<Record<string, Tensor>>,
  longest: number,
): Readonly<Record<string, Tensor>> {
  const factor = tf.div(tf.scalar(longest), tf.maximum(globalNorm(gradients), tf.scalar(longest)));
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}
