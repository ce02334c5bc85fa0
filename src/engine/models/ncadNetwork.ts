/**
 * The network of NCAD: a temporal convolutional network turns a window, and the same window without its last steps,
 * into two points of a sphere; far points say that the last steps do not belong.
 * Paper: Carmona, Aubet, Flunkert, Gasthaus, "Neural Contextual Anomaly Detection for Time Series", IJCAI 2022.
 * Dimensions: B batch, T steps, I inputs, H channels, Z embedding.
 */
import { adaptiveMax, conv1d } from '../tensor/conv1d.ts';
import { dense } from '../tensor/encoder.ts';
import * as tf from '../tensor/tf.ts';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '../tensor/tf.ts';
import type { Tensors } from '../tensor/weights.ts';
import { linear } from './shared/linear.ts';
import type { Shapes } from './shared/reconstructor.ts';

export type NcadNetwork = {
  readonly kernel: number;
  readonly layers: number;
  readonly channels: number;
  readonly pool: number;
  readonly embedding: number;
};

const conv = (name: string, taps: number, from: number, to: number): Shapes => ({
  [`${name}.v`]: [taps, from, to],
  [`${name}.g`]: [to],
  [`${name}.bias`]: [to],
});

export function ncadShapes(inputs: number, { kernel, layers, channels, pool, embedding }: NcadNetwork): Shapes {
  const blocks = Array.from({ length: layers + 1 }, (_, i) => {
    const from = i === 0 ? inputs : channels;
    return {
      ...conv(`blocks.${i}.conv1`, kernel, from, channels),
      ...conv(`blocks.${i}.conv2`, kernel, channels, channels),
      ...(from === channels ? {} : linear(`blocks.${i}.skip`, from, channels)),
    };
  });
  return Object.fromEntries(
    [...blocks, linear('embedding', pool * channels, embedding)].flatMap((part) => Object.entries(part)),
  );
}

const leaky = <T extends Tensor>(x: T): T => tf.leakyRelu(x, 0.01);

/** A causal convolution whose kernel is v / ‖v‖ · g by output channel (Salimans & Kingma 2016). */
function normed(weights: Tensors, name: string, x: Tensor3D, dilation: number): Tensor3D {
  const v = weights[`${name}.v`] as Tensor3D;
  const norm = tf.sqrt(tf.sum(tf.square(v), [0, 1], true));
  const kernel = tf.mul<Tensor3D>(tf.div(v, norm), weights[`${name}.g`]);
  return conv1d(x, kernel, weights[`${name}.bias`] as Tensor1D, { dilation, padding: 'causal' });
}

/** Features of every step, [B, T, H]. */
export function tcn(weights: Tensors, x_BTI: Tensor3D): Tensor3D {
  let h = x_BTI;
  for (let i = 0; `blocks.${i}.conv1.v` in weights; i++) {
    const name = `blocks.${i}`;
    const inner = leaky(normed(weights, `${name}.conv2`, leaky(normed(weights, `${name}.conv1`, h, 2 ** i)), 2 ** i));
    const skip = `${name}.skip.kernel` in weights ? dense(weights, `${name}.skip`, h) : h;
    const sum: Tensor3D = tf.add(inner, skip);
    h = `blocks.${i + 1}.conv1.v` in weights ? sum : leaky(sum);
  }
  return h;
}

/** Points of the unit sphere, [B, Z]. */
export function embed(weights: Tensors, x_BTI: Tensor3D, pool: number): Tensor2D {
  const pooled = adaptiveMax(tcn(weights, x_BTI), pool);
  const [B, bins, H] = pooled.shape;
  const e_BZ = dense(weights, 'embedding', tf.reshape<tf.Rank.R2>(pooled, [B, bins * H]));
  return tf.div(e_BZ, tf.norm(e_BZ, 'euclidean', 1, true));
}

/** Window and context: all steps, and all but the last `suspect` ones. */
export function embedBoth(
  weights: Tensors,
  x_BTI: Tensor3D,
  pool: number,
  suspect: number,
): readonly [Tensor2D, Tensor2D] {
  const [B, T, I] = x_BTI.shape;
  return [embed(weights, x_BTI, pool), embed(weights, tf.slice3d(x_BTI, [0, 0, 0], [B, T - suspect, I]), pool)];
}

/** ‖z1 − z2‖ [B]; the tiny number keeps the gradient of equal points finite. */
export const euclidean = (a_BZ: Tensor2D, b_BZ: Tensor2D): Tensor1D =>
  tf.sqrt(tf.add(tf.sum<Tensor1D>(tf.square(tf.sub(a_BZ, b_BZ)), 1), tf.scalar(1e-12)));

/** −ln((1 + cos) / 2) [B] of points of the sphere. */
export const angular = (a_BZ: Tensor2D, b_BZ: Tensor2D): Tensor1D => {
  const cosine = tf.sum<Tensor1D>(tf.mul(a_BZ, b_BZ), 1);
  return tf.neg(tf.log(tf.maximum(tf.mul(tf.add(cosine, tf.scalar(1)), tf.scalar(0.5)), tf.scalar(1e-9))));
};

/** 1 − exp(−d): the probability that the suspect steps are anomalous. */
export const probability = (distance_B: Tensor1D): Tensor1D => tf.sub(tf.scalar(1), tf.exp(tf.neg(distance_B)));

/** ln p + d, the logit of that probability. */
export const logitOf = (distance_B: Tensor1D): Tensor1D =>
  tf.add(tf.log(tf.add(probability(distance_B), tf.scalar(1e-12))), distance_B);
