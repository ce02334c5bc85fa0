/** Binary cross-entropy from logits, for detectors that learn from labels. */
import * as tf from '../../tensor/tf.ts';
import type { Tensor } from '../../tensor/tf.ts';

/** weight · y · softplus(−logit) + (1 − y) · softplus(logit) for each element; y may lie between 0 and 1. */
export function crossEntropy<T extends Tensor>(logit: T, y: T, positiveWeight = 1): T {
  const positive = tf.mul(tf.mul(y, tf.scalar(positiveWeight)), tf.softplus(tf.neg(logit)));
  return tf.add(positive, tf.mul(tf.sub(tf.scalar(1), y), tf.softplus(logit)));
}
