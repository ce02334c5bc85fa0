/**
 * The network of RobustTAD: a U-Net over time that gives each step a logit. Level i has two convolutions of width 3;
 * the way down halves the clock, the way up doubles it and looks at the same level of the way down again.
 * Dimensions: B batch, T steps, I inputs (remainder of the decomposition, raw value).
 */
import { dense } from '../tensor/encoder.ts';
import { conv1d, doubled1d, halved1d } from '../tensor/conv1d.ts';
import * as tf from '../tensor/tf.ts';
import type { Tensor1D, Tensor2D, Tensor3D } from '../tensor/tf.ts';
import type { Tensors } from '../tensor/weights.ts';
import { linear } from './shared/linear.ts';
import type { Shapes } from './shared/reconstructor.ts';

const conv = (name: string, taps: number, from: number, to: number): Shapes => ({
  [`${name}.kernel`]: [taps, from, to],
  [`${name}.bias`]: [to],
});

/** `channels` by level, from the finest. */
export function unetShapes(inputs: number, channels: readonly number[]): Shapes {
  const down = channels.map((to, i) => ({
    ...conv(`down${i}.conv1`, 3, i === 0 ? inputs : channels[i - 1], to),
    ...conv(`down${i}.conv2`, 3, to, to),
  }));
  const up = channels.slice(0, -1).map((to, i) => ({
    [`up${i}.deconv.kernel`]: [2, to, channels[i + 1]],
    [`up${i}.deconv.bias`]: [to],
    ...conv(`up${i}.conv1`, 3, 2 * to, to),
    ...conv(`up${i}.conv2`, 3, to, to),
  }));
  return Object.fromEntries([...down, ...up, linear('head', channels[0], 1)].flatMap((part) => Object.entries(part)));
}

const kernelOf = (weights: Tensors, name: string) =>
  [weights[`${name}.kernel`] as Tensor3D, weights[`${name}.bias`] as Tensor1D] as const;

const twice = (weights: Tensors, name: string, x: Tensor3D): Tensor3D =>
  ['conv1', 'conv2'].reduce(
    (h, part) => tf.relu(conv1d(h, ...kernelOf(weights, `${name}.${part}`), { padding: 'same' })),
    x,
  );

/** Features of the coarsest level, and the logits [B, T]; T is a multiple of 2 to the number of levels less one. */
export function unet(
  weights: Tensors,
  x_BTI: Tensor3D,
): { readonly bottleneck: Tensor3D; readonly logit_BT: Tensor2D } {
  const kept: Tensor3D[] = [];
  let h = twice(weights, 'down0', x_BTI);
  for (let i = 1; `down${i}.conv1.kernel` in weights; i++) {
    kept.push(h);
    h = twice(weights, `down${i}`, halved1d(h));
  }
  const bottleneck = h;
  for (let i = kept.length - 1; i >= 0; i--) {
    const risen = doubled1d(h, ...kernelOf(weights, `up${i}.deconv`));
    h = twice(weights, `up${i}`, tf.concat([kept[i], risen], 2));
  }
  return { bottleneck, logit_BT: tf.squeeze<Tensor2D>(dense(weights, 'head', h), [2]) };
}
