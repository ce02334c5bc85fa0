/**
 * The Transformer encoder that several engines are built on: post-norm layers over an embedded window, a last norm and
 * a linear head; and the loss of a plain reconstruction.
 * Paper: Vaswani et al., "Attention Is All You Need", NeurIPS 2017; sizes as in the Time-Series-Library.
 * Dimensions: B batch, W window, S sensors, F inputs, H width, E heads, K = H / E; maps are [E, B, W, W].
 */
import { dense, dropped, embedWindow, norm } from '../../tensor/encoder.ts';
import type { Dropout } from '../../tensor/encoder.ts';
import { gelu } from '../../tensor/kernels/gelu.ts';
import { headMaps, mixHeads } from '../../tensor/kernels/heads.ts';
import * as tf from '../../tensor/tf.ts';
import type { Scalar, Tensor3D, Tensor4D } from '../../tensor/tf.ts';
import type { Tensors } from '../../tensor/weights.ts';
import { squaredError, startOf } from './reconstructor.ts';
import type { Dims, Shapes } from './reconstructor.ts';

/** Sizes that an encoder of this kind needs. */
export type EncoderSize = {
  readonly hidden: number;
  readonly heads: number;
  readonly layers: number;
  readonly inner: number;
};

export type EncodedLayer = { readonly t_BWH: Tensor3D; readonly map: Tensor4D };

/**
 * Encoder with post-norm: t = LN(t + attention), t = LN(t + ff2(GELU(ff1 t))), no causal mask; a last LN and a linear
 * head. `layers` are the input and the attention map of each layer.
 */
export function encode(
  weights: Tensors,
  x_BWF: Tensor3D,
  { heads, hidden, layers: count }: EncoderSize,
  drop: Dropout = null,
): { readonly y_BWS: Tensor3D; readonly layers: readonly EncodedLayer[] } {
  const layers: EncodedLayer[] = [];
  let t_BWH = dropped(drop, embedWindow(weights, x_BWF));
  for (let n = 0; n < count; n++) {
    const name = `layers.${n}`;
    const part = (of: string): Tensor3D => dense(weights, `${name}.${of}`, t_BWH);
    const map = headMaps(part('q'), part('k'), heads, (hidden / heads) ** -0.5);
    layers.push({ t_BWH, map });
    const z = dense(weights, `${name}.out`, mixHeads(dropped(drop, map, 1), part('v')));
    const h = norm(weights, `${name}.norm1`, tf.add<Tensor3D>(t_BWH, dropped(drop, z)));
    const inner = dropped(drop, gelu(dense(weights, `${name}.ff1`, h)));
    const ff = dropped(drop, dense(weights, `${name}.ff2`, inner));
    t_BWH = norm(weights, `${name}.norm2`, tf.add<Tensor3D>(h, ff));
  }
  return { y_BWS: dense(weights, 'head', norm(weights, 'norm', t_BWH)), layers };
}

/** Weights of `encode`; `extra` are those that a layer has beside. */
export function encoderShapes(
  { hidden: H, inner, layers }: EncoderSize,
  { S, C }: Dims,
  extra: Shapes = {},
): Record<string, readonly number[]> {
  const linear = (name: string, from: number, to: number): Shapes => ({
    [`${name}.kernel`]: [from, to],
    [`${name}.bias`]: [to],
  });
  const normal = (name: string): Shapes => ({ [`${name}.gamma`]: [H], [`${name}.beta`]: [H] });
  const layer = {
    ...linear('q', H, H),
    ...linear('k', H, H),
    ...linear('v', H, H),
    ...extra,
    ...linear('out', H, H),
    ...normal('norm1'),
    ...linear('ff1', H, inner),
    ...linear('ff2', inner, H),
    ...normal('norm2'),
  };
  const all = Array.from({ length: layers }, (_, n) =>
    Object.entries(layer).map(([name, shape]) => [`layers.${n}.${name}`, shape] as const),
  );
  return {
    'embed.kernel': [3, S + C, H],
    ...Object.fromEntries(all.flat()),
    ...normal('norm'),
    ...linear('head', H, S),
  };
}

/** As PyTorch starts: U(±1/√fan in) for kernels and biases, layer norms as the identity. */
export function encoderStart(
  name: string,
  shape: readonly number[],
  { hidden, inner }: Pick<EncoderSize, 'hidden' | 'inner'>,
  rng: () => number,
): Float32Array {
  if (name === 'embed.kernel') return startOf(name, shape, 3 * shape[1], rng);
  if (name.endsWith('.kernel')) return startOf(name, shape, shape[0], rng);
  return startOf(name, shape, name.endsWith('ff2.bias') ? inner : hidden, rng);
}

/** Mean squared error over batch, time and sensors. */
export const reconstructionLoss = (x_BWS: Tensor3D, y_BWS: Tensor3D): Scalar => tf.mean(squaredError(x_BWS, y_BWS));

/** Floats of one window while it is scored, `maps` attention maps a layer being alive at once. */
export const encoderFloats = (
  { window, heads, hidden, inner, layers }: EncoderSize & { window: number },
  maps: number,
) => window * (heads * window * (maps * layers + 2) + 10 * hidden + 2 * inner);
