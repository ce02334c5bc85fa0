/**
 * AMSL's network and losses as pure functions of weights by name; amsl.ts has the detector.
 * Dimensions: B windows, W steps, F channels (S sensors, then covariates), R views, N = h·v positions of a code, Z its
 * width, C items of a memory.
 */
import { conv4x4, deconv4x4, pool2x2 } from '../tensor/conv.ts';
import { dense, dropped } from '../tensor/encoder.ts';
import type { Dropout } from '../tensor/encoder.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '../tensor/tf.ts';
import type { Tensors } from '../tensor/weights.ts';
import type { AmslSettings } from './amslParams.ts';
import { classifies, fuses, hasGlobal, hasLocal, paddedTo } from './amslWeights.ts';

type P = AmslSettings;

/** What a memory answered to the codes of one view: addressing [B·N, C] and what was read, [B·N, Z]. */
export type Read = { readonly weights: Tensor2D; readonly read: Tensor2D };

export type AmslForward = {
  /** Codes of all views, [R, B, h, v, Z]. */
  readonly code: tf.Tensor5D;
  /** Of the classifier, [R·B, R]; null without one. */
  readonly logits: Tensor2D | null;
  readonly local: readonly (Read | null)[];
  readonly global: readonly (Read | null)[];
  /** Fusion weights, local and global in turn, [2R]; null where nothing is fused by learning. */
  readonly alpha: Tensor1D | null;
  /** Fused reads by view, [B, h, v, Z]; null without memory. */
  readonly fused: readonly (Tensor4D | null)[];
  /** Rebuilt views, each [B, W, F]. */
  readonly rebuilt: readonly Tensor3D[];
};

const convolved = (weights: Tensors, name: string, x: Tensor4D): Tensor4D =>
  tf.add(conv4x4(x, weights[`${name}.kernel`] as Tensor4D), weights[`${name}.bias`]);

/** Zeros above and to the left, up to sides that two poolings can halve. */
function padded(x_RBWF: Tensor4D): Tensor4D {
  const [R, B, W, F] = x_RBWF.shape;
  const image = tf.reshape<tf.Rank.R4>(x_RBWF, [R * B, W, F, 1]);
  return tf.pad4d(image, [
    [0, 0],
    [paddedTo(W) - W, 0],
    [paddedTo(F) - F, 0],
    [0, 0],
  ]);
}

function encode(weights: Tensors, image: Tensor4D): Tensor4D {
  const first = pool2x2(tf.relu(convolved(weights, 'enc1', image)));
  return pool2x2(tf.relu(convolved(weights, 'enc2', first)));
}

/** Logits of the transformation (section 3.3), [R·B, R], from the codes of R views, those of one view together. */
function classify(weights: Tensors, code: Tensor4D, R: number, drop: Dropout): Tensor2D {
  const map = tf.sigmoid(convolved(weights, 'cls.conv', code));
  const flat = tf.reshape<tf.Rank.R2>(map, [map.shape[0], map.size / map.shape[0]]);
  const hidden = tf.relu(dense(weights, 'cls.dense1', flat));
  // Windows are the second axis here: noise is drawn window by window.
  const byView = tf.reshape<tf.Rank.R3>(hidden, [R, hidden.shape[0] / R, hidden.shape[1]]);
  return dense(weights, 'cls.dense2', tf.reshape<tf.Rank.R2>(dropped(drop, byView, 1), hidden.shape));
}

const TINY = 1e-12;

const unitRows = (x: Tensor2D): Tensor2D => tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x), 1, true), tf.scalar(TINY))));

/** Addressing (eq. 5-6) and read of a memory: softmax of the scores over the items, and their weighted sum. */
export function readMemory(query_NZ: Tensor2D, memory_CZ: Tensor2D, addressing: string): Read {
  const cosine = addressing === 'cosine';
  const [query, items] = cosine ? [unitRows(query_NZ), unitRows(memory_CZ)] : [query_NZ, memory_CZ];
  const weights = tf.softmax<Tensor2D>(tf.matMul(query, items, false, true));
  return { weights, read: tf.matMul(weights, memory_CZ) };
}

/** Entropy of the addressing (eq. 11), summed over the items, mean over positions. */
const entropyOf = ({ weights }: Read): Scalar =>
  tf.neg(tf.mean(tf.sum(tf.mul(weights, tf.log(tf.add(weights, tf.scalar(TINY)))), 1)));

/** Fusion weights [2R], local and global in turn: a dense layer on r, batch normalisation at rest, sigmoid. */
export function fusionWeights(weights: Tensors, r: number): Tensor1D {
  const from = tf.add(
    tf.mul(tf.reshape(weights['fusion.dense.kernel'], [-1]), tf.scalar(r)),
    weights['fusion.dense.bias'],
  );
  const normed = tf.mul(tf.mul(weights['fusion.gamma'], from), tf.scalar(1 / Math.sqrt(1 + 1e-3)));
  return tf.sigmoid(tf.add<Tensor1D>(normed, weights['fusion.beta']));
}

/** Eq. 9. A single memory is taken as it is. */
function fuse(local: Read | null, global: Read | null, alpha: Tensor1D | null, view: number): Tensor2D | null {
  if (local === null || global === null) return (local ?? global)?.read ?? null;
  const share = (n: number): tf.Tensor => (alpha === null ? tf.scalar(0.5) : tf.slice1d(alpha, 2 * view + n, 1));
  return tf.add(tf.mul(local.read, share(0)), tf.mul(global.read, share(1)));
}

/** Decoder of one view: codes beside what was read for them, four transposed convolutions, the padding cut off. */
export function decode(weights: Tensors, view: number, z: Tensor4D, W: number, F: number): Tensor3D {
  const layer = (n: number, x: Tensor4D, stride: 1 | 2): Tensor4D => {
    const name = `decoders.${view}.deconv${n}`;
    return tf.add(deconv4x4(x, weights[`${name}.kernel`] as Tensor4D, stride), weights[`${name}.bias`]);
  };
  const grown = tf.relu(layer(3, tf.relu(layer(2, tf.relu(layer(1, z, 1)), 2)), 2));
  const image = tf.sigmoid(layer(4, grown, 1));
  const [B, H, V] = image.shape;
  const cut = tf.slice4d(image, [0, H - W, V - F, 0], [B, W, F, 1]);
  return tf.reshape<tf.Rank.R3>(cut, [B, W, F]);
}

export type ForwardOptions = { readonly drop?: Dropout; /** Free variable of the fusion. */ readonly r?: number };

/** Scaled views [R, B, W, F] through the whole network (Figure 2). */
export function amslForward(weights: Tensors, x_RBWF: Tensor4D, p: P, options: ForwardOptions = {}): AmslForward {
  const { drop = null, r = 0 } = options;
  const [R, B, W, F] = x_RBWF.shape;
  const codes = encode(weights, padded(x_RBWF));
  const [, h, v, Z] = codes.shape;
  const code = tf.reshape<tf.Rank.R5>(codes, [R, B, h, v, Z]);
  const alpha = fuses(p) ? fusionWeights(weights, r) : null;
  const answer = (name: string, query: Tensor2D): Read => readMemory(query, weights[name] as Tensor2D, p.addressing);
  const views = Array.from({ length: R }, (_, i) => {
    const z = tf.reshape<tf.Rank.R4>(tf.slice(code, [i, 0, 0, 0, 0], [1, B, h, v, Z]), [B, h, v, Z]);
    const query = tf.reshape<tf.Rank.R2>(z, [B * h * v, Z]);
    const local = hasLocal(p) ? answer(`memory.local.${i}`, query) : null;
    const global = hasGlobal(p) ? answer('memory.global', query) : null;
    const mixed = fuse(local, global, alpha, i);
    const fused = mixed === null ? null : tf.reshape<tf.Rank.R4>(mixed, [B, h, v, Z]);
    const rebuilt = decode(weights, i, fused === null ? z : tf.concat4d([z, fused], 3), W, F);
    return { local, global, fused, rebuilt };
  });
  return {
    code,
    logits: classifies(p) ? classify(weights, codes, R, drop) : null,
    local: views.map(({ local }) => local),
    global: views.map(({ global }) => global),
    alpha,
    fused: views.map(({ fused }) => fused),
    rebuilt: views.map(({ rebuilt }) => rebuilt),
  };
}

/** Squared error of each view (eq. 10) by window and step, mean over the sensors: [R, B, W]. */
export function viewErrors(x_RBWF: Tensor4D, { rebuilt }: AmslForward, S: number): Tensor3D {
  const squares = tf.square(tf.sub(x_RBWF, tf.stack([...rebuilt])));
  const [R, B, W, F] = x_RBWF.shape;
  return tf.mean<Tensor3D>(S === F ? squares : tf.slice4d(squares as Tensor4D, [0, 0, 0, 0], [R, B, W, S]), 3);
}

/** Reconstruction loss (eq. 10): sum over views of the mean over windows, steps and sensors. */
export const reconstructionLoss = (x_RBWF: Tensor4D, forward: AmslForward, S: number): Scalar =>
  tf.mul(tf.mean(viewErrors(x_RBWF, forward, S)), tf.scalar(x_RBWF.shape[0]));

/** Self-supervised loss (eq. 3): sum over views of the mean cross-entropy of telling which one it is. */
export function classificationLoss(logits: Tensor2D): Scalar {
  const [rows, R] = logits.shape;
  const views = new Float32Array(rows * R);
  for (let n = 0; n < rows; n++) views[n * R + Math.floor((n * R) / rows)] = 1;
  const own = tf.sum(tf.mul(logits, tf.tensor2d(views, [rows, R])), 1);
  return tf.mul(tf.mean(tf.sub(tf.logSumExp(logits, 1), own)), tf.scalar(R));
}

/** Sparsity loss (eq. 11): sum over all reads of their entropy, or of its mean over the items. */
export function sparsityLoss({ local, global }: AmslForward, entropy: string): Scalar {
  const reads = [...local, ...global].filter((read) => read !== null);
  const sum = tf.addN(reads.map(entropyOf));
  return entropy === 'mean' ? tf.div(sum, tf.scalar(reads[0].weights.shape[1])) : sum;
}

/** Error of each window (section 3.5): sum over views of the mean over steps and sensors, [B]. */
export const windowErrors = (x_RBWF: Tensor4D, forward: AmslForward, S: number): Tensor1D =>
  tf.sum(tf.mean(viewErrors(x_RBWF, forward, S), 2), 0);
