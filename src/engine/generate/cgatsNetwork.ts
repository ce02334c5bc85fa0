/**
 * The networks and losses of C-GATS: an encoder that reads a window whose anomalous steps are hidden, a decoder ψ of
 * normal windows, and a decoder φ that puts an anomaly where the label says.
 * Paper: Singh, Sankararaman, Narayanaswamy, Song, "C-GATS: Conditional Generation of Anomalous Time Series", eq. 3 to 8.
 * Dimensions: B batch, T steps, H hidden, Z latent.
 */
import { dense } from '../tensor/encoder.ts';
import { lstm } from '../tensor/lstm.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor2D, Tensor3D } from '../tensor/tf.ts';
import type { Tensors } from '../tensor/weights.ts';
import { linear, recurrent, recurrentWeights } from '../models/shared/linear.ts';
import type { Shapes } from '../models/shared/reconstructor.ts';

/** Where the label joins the decoder φ: its last recurrent layer, or the repeated latent numbers (ablation, Table 11). */
export type Condition = 'last' | 'first';

export type CgatsNetwork = {
  readonly hidden1: number;
  readonly hidden2: number;
  readonly latent: number;
  readonly condition: Condition;
  /** φ's last layer reads the label from both ends: a forward one cannot know at its onset how long a run will be. */
  readonly bidirectional: boolean;
};

/** Names and shapes of all weights: `encoder.*`, `psi.*`, `phi.*`. */
export function cgatsShapes(p: CgatsNetwork): Shapes {
  const { hidden1, hidden2, latent, condition, bidirectional } = p;
  const seen = condition === 'last' ? hidden1 + 1 : hidden1;
  return {
    ...recurrent('encoder.lstm1', 1, hidden1, 4),
    ...recurrent('encoder.lstm2', hidden1, hidden2, 4),
    ...linear('encoder.mu', hidden2, latent),
    ...linear('encoder.logvar', hidden2, latent),
    ...recurrent('psi.lstm1', latent, hidden1, 4),
    ...recurrent('psi.lstm2', hidden1, hidden2, 4),
    ...linear('psi.head', hidden2, 1),
    ...recurrent('phi.lstm1', condition === 'first' ? latent + 1 : latent, hidden1, 4),
    ...recurrent('phi.lstm2.forward', seen, hidden2, 4),
    ...(bidirectional ? recurrent('phi.lstm2.backward', seen, hidden2, 4) : {}),
    ...linear('phi.head', (bidirectional ? 2 : 1) * hidden2, 1),
  };
}

/** x with 0 where the label is 1: the sample occlusion model, eq. 3. */
export const occluded = (x_BT: Tensor2D, label_BT: Tensor2D): Tensor2D => tf.mul(x_BT, tf.sub(tf.scalar(1), label_BT));

export type Posterior = { readonly mu: Tensor2D; readonly logVar: Tensor2D };

const columns = (x_BT: Tensor2D): Tensor3D => tf.reshape<tf.Rank.R3>(x_BT, [...x_BT.shape, 1]);

const flat = (x_BT1: Tensor3D): Tensor2D => tf.reshape<tf.Rank.R2>(x_BT1, [x_BT1.shape[0], x_BT1.shape[1]]);

/** q(z | x̃), each [B, Z]. */
export function encode(weights: Tensors, occluded_BT: Tensor2D): Posterior {
  const h1_BTH = lstm(columns(occluded_BT), recurrentWeights(weights, 'encoder.lstm1'), { wantDx: false });
  const h2_BTH = lstm(h1_BTH, recurrentWeights(weights, 'encoder.lstm2'));
  const [B, T, H] = h2_BTH.shape;
  const last_BH = tf.reshape<tf.Rank.R2>(tf.slice3d(h2_BTH, [0, T - 1, 0], [B, 1, H]), [B, H]);
  return { mu: dense(weights, 'encoder.mu', last_BH), logVar: dense(weights, 'encoder.logvar', last_BH) };
}

/** z = μ + ε exp(log σ² / 2). */
export const drawn = ({ mu, logVar }: Posterior, eps_BZ: Tensor2D): Tensor2D =>
  tf.add(mu, tf.mul(eps_BZ, tf.exp(tf.mul(logVar, tf.scalar(0.5)))));

const repeated = (z_BZ: Tensor2D, T: number): Tensor3D =>
  tf.tile(tf.reshape<tf.Rank.R3>(z_BZ, [z_BZ.shape[0], 1, z_BZ.shape[1]]), [1, T, 1]);

/** ψ: the normal window that z describes, [B, T]. */
export function decodeNormal(weights: Tensors, z_BZ: Tensor2D, T: number): Tensor2D {
  const h1_BTH = lstm(repeated(z_BZ, T), recurrentWeights(weights, 'psi.lstm1'));
  return flat(dense(weights, 'psi.head', lstm(h1_BTH, recurrentWeights(weights, 'psi.lstm2'))));
}

/** φ: the window that z describes, with an anomaly where the label is 1, [B, T]. */
export function decodeAnomalous(weights: Tensors, z_BZ: Tensor2D, label_BT: Tensor2D): Tensor2D {
  const label_BT1 = columns(label_BT);
  const z_BTZ = repeated(z_BZ, label_BT.shape[1]);
  const first = weights['phi.lstm1.kernel'].shape[0] > z_BZ.shape[1];
  const h1_BTH = lstm(first ? tf.concat([z_BTZ, label_BT1], 2) : z_BTZ, recurrentWeights(weights, 'phi.lstm1'));
  const seen = first ? h1_BTH : tf.concat([h1_BTH, label_BT1], 2);
  const ahead = lstm(seen, recurrentWeights(weights, 'phi.lstm2.forward'));
  if (!('phi.lstm2.backward.kernel' in weights)) return flat(dense(weights, 'phi.head', ahead));
  const back = tf.reverse(lstm(tf.reverse(seen, 1), recurrentWeights(weights, 'phi.lstm2.backward')), 1);
  return flat(dense(weights, 'phi.head', tf.concat([ahead, back], 2)));
}

/** ½ Σ_t (x − x̂)², mean over the batch: minus log likelihood of a Gaussian of unit variance without its constant. */
export const misfit = (x_BT: Tensor2D, y_BT: Tensor2D): Scalar =>
  tf.mul(tf.mean<Scalar>(tf.sum(tf.square(tf.sub(x_BT, y_BT)), 1)), tf.scalar(0.5));

/** KL(q(z | x̃) || N(0, I)), mean over the batch. */
export function divergence({ mu, logVar }: Posterior): Scalar {
  const each = tf.sub(tf.add(tf.exp(logVar), tf.square(mu)), tf.add(logVar, tf.scalar(1)));
  return tf.mul(tf.mean<Scalar>(tf.sum(each, 1)), tf.scalar(0.5));
}

/** Stage 1, eq. 6 and 7 with its sign turned: rebuild normal windows of which steps are hidden. */
export function stage1(
  weights: Tensors,
  x_BT: Tensor2D,
  label_BT: Tensor2D,
  eps_BZ: Tensor2D,
): { readonly nll: Scalar; readonly kl: Scalar } {
  const q = encode(weights, occluded(x_BT, label_BT));
  return { nll: misfit(x_BT, decodeNormal(weights, drawn(q, eps_BZ), x_BT.shape[1])), kl: divergence(q) };
}

/** What stage 2 minimises, eq. 8: `z` comes from the frozen encoder. */
export const stage2 = (weights: Tensors, x_BT: Tensor2D, label_BT: Tensor2D, z_BZ: Tensor2D): Scalar =>
  misfit(x_BT, decodeAnomalous(weights, z_BZ, label_BT));
