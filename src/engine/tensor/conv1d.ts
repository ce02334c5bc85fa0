/**
 * Convolutions over time that train on every backend, dilated ones included: stock gradients of a dilated convolution
 * throw, and WebAssembly has none by the filter. One product over shifted copies of the input instead.
 * Dimensions: B batch, T steps, I channels in, O channels out, K taps.
 */
import * as tf from './tf.ts';
import type { Tensor1D, Tensor2D, Tensor3D } from './tf.ts';

export type Conv1dOptions = {
  /** Steps between taps. */
  readonly dilation?: number;
  /** `causal` sees no later step, the last tap is the current one; `same` is centred (an odd K). Both pad with 0. */
  readonly padding: 'causal' | 'same';
};

/** Cross-correlation: x [B, T, I], kernel [K, I, O], bias [O]; gives [B, T, O]. */
export function conv1d(
  x_BTI: Tensor3D,
  kernel_KIO: Tensor3D,
  bias_O: Tensor1D,
  { dilation = 1, padding }: Conv1dOptions,
): Tensor3D {
  const [B, T, I] = x_BTI.shape;
  const [K, , O] = kernel_KIO.shape;
  const reach = (K - 1) * dilation;
  const before = padding === 'causal' ? reach : reach / 2;
  const padded = tf.pad3d(x_BTI, [
    [0, 0],
    [before, reach - before],
    [0, 0],
  ]);
  const taps = Array.from({ length: K }, (_, k) => tf.slice3d(padded, [0, k * dilation, 0], [B, T, I]));
  const wide = tf.reshape<tf.Rank.R2>(tf.concat(taps, 2), [B * T, K * I]);
  const product: Tensor2D = tf.matMul(wide, tf.reshape<tf.Rank.R2>(kernel_KIO, [K * I, O]));
  return tf.reshape<tf.Rank.R3>(tf.add(product, bias_O), [B, T, O]);
}

/** Transposed convolution of width 2 and stride 2: x [B, T, I], kernel [2, O, I]; gives [B, 2 T, O]. */
export function doubled1d(x_BTI: Tensor3D, kernel_2OI: Tensor3D, bias_O: Tensor1D): Tensor3D {
  const [B, T, I] = x_BTI.shape;
  const O = kernel_2OI.shape[1];
  const flat = tf.reshape<tf.Rank.R2>(x_BTI, [B * T, I]);
  const product: Tensor2D = tf.matMul(flat, tf.transpose(tf.reshape<tf.Rank.R2>(kernel_2OI, [2 * O, I])));
  return tf.add(tf.reshape<tf.Rank.R3>(product, [B, 2 * T, O]), bias_O);
}

/** Largest of each pair of steps; T is even. [B, T, I] to [B, T / 2, I]. */
export function halved1d(x_BTI: Tensor3D): Tensor3D {
  const [B, T, I] = x_BTI.shape;
  return tf.max<Tensor3D>(tf.reshape(x_BTI, [B, T / 2, 2, I]), 2);
}

/** Largest over time in each of `bins` stretches, bin i from ⌊i T / bins⌋ to ⌈(i + 1) T / bins⌉: [B, bins, I]. */
export function adaptiveMax(x_BTI: Tensor3D, bins: number): Tensor3D {
  const [B, T, I] = x_BTI.shape;
  const largest = Array.from({ length: bins }, (_, i) => {
    const from = Math.floor((i * T) / bins);
    const to = Math.ceil(((i + 1) * T) / bins);
    return tf.max<Tensor2D>(tf.slice3d(x_BTI, [0, from, 0], [B, to - from, I]), 1);
  });
  return tf.stack(largest, 1) as Tensor3D;
}
