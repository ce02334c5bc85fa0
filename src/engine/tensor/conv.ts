/**
 * Convolutions of images that train on every backend: kernels 4 by 4, padding "same". The stock WebAssembly backend has
 * no gradient of a convolution by its filter and none of max pooling; there they are composed of shifted products.
 * Dimensions: B images, H height, V width, I channels in, O channels out.
 */
import { kernelStatus } from './kernels/status.ts';
import * as tf from './tf.ts';
import type { Tensor4D } from './tf.ts';

const composed = (): boolean => tf.getBackend() === 'wasm' && kernelStatus().variant === 'off';

const K = 4;
const TAPS = Array.from({ length: K * K }, (_, n) => [Math.floor(n / K), n % K] as const);

/** The kernel at one place, [from, to]; a transposed convolution stores [out, in]. */
const tap = (kernel: Tensor4D, i: number, j: number): tf.Tensor2D => {
  const [, , from, to] = kernel.shape;
  return tf.reshape<tf.Rank.R2>(tf.slice4d(kernel, [i, j, 0, 0], [1, 1, from, to]), [from, to]);
};

/** x, moved by (down, right) within its padding, times one matrix: [B, H, V, O]. */
function shifted(
  padded: Tensor4D,
  [B, H, V, I]: Tensor4D['shape'],
  [down, right]: readonly [number, number],
  matrix: tf.Tensor2D,
  transposed: boolean,
): Tensor4D {
  const part = tf.slice4d(padded, [0, down, right, 0], [B, H, V, I]);
  const product = tf.matMul<tf.Tensor2D>(tf.reshape<tf.Rank.R2>(part, [B * H * V, I]), matrix, false, transposed);
  return tf.reshape<tf.Rank.R4>(product, [B, H, V, product.shape[1]]);
}

const padded = (x: Tensor4D, [before, after]: readonly [number, number]): Tensor4D =>
  tf.pad4d(x, [
    [0, 0],
    [before, after],
    [before, after],
    [0, 0],
  ]);

/** Cross-correlation, stride 1: x [B, H, V, I], kernel [4, 4, I, O]. Pads 1 before and 2 after. */
export function conv4x4(x: Tensor4D, kernel: Tensor4D): Tensor4D {
  if (!composed()) return tf.conv2d(x, kernel, 1, 'same');
  const around = padded(x, [1, 2]);
  return tf.addN(TAPS.map(([i, j]) => shifted(around, x.shape, [i, j], tap(kernel, i, j), false)));
}

/** Which taps make the even or odd rows of a transposed convolution of stride 2, and from how far ahead they read. */
const PHASES = [
  [
    [1, 1],
    [3, 0],
  ],
  [
    [2, 1],
    [0, 2],
  ],
] as const;

function doubled(x: Tensor4D, kernel: Tensor4D): Tensor4D {
  const [B, H, V] = x.shape;
  const around = padded(x, [1, 1]);
  const phase = (rows: (typeof PHASES)[number], columns: (typeof PHASES)[number]): Tensor4D =>
    tf.addN(
      rows.flatMap(([i, down]) =>
        columns.map(([j, right]) => shifted(around, x.shape, [down, right], tap(kernel, i, j), true)),
      ),
    );
  const lines = PHASES.map((rows) => tf.stack([phase(rows, PHASES[0]), phase(rows, PHASES[1])], 3));
  return tf.reshape<tf.Rank.R4>(tf.stack(lines, 2), [B, 2 * H, 2 * V, kernel.shape[2]]);
}

/** The transpose of `conv4x4` at stride 1 or 2: x [B, H, V, I], kernel [4, 4, O, I]. */
export function deconv4x4(x: Tensor4D, kernel: Tensor4D, stride: 1 | 2): Tensor4D {
  const [B, H, V] = x.shape;
  if (!composed()) return tf.conv2dTranspose(x, kernel, [B, H * stride, V * stride, kernel.shape[2]], stride, 'same');
  if (stride === 2) return doubled(x, kernel);
  const around = padded(x, [2, 1]);
  return tf.addN(TAPS.map(([i, j]) => shifted(around, x.shape, [K - 1 - i, K - 1 - j], tap(kernel, i, j), true)));
}

/** Largest of each square of 2 by 2; height and width are even. */
export function pool2x2(x: Tensor4D): Tensor4D {
  if (!composed()) return tf.maxPool(x, 2, 2, 'same');
  const [B, H, V, I] = x.shape;
  return tf.max<Tensor4D>(tf.reshape(x, [B, H / 2, 2, V / 2, 2, I]), [2, 4]);
}
