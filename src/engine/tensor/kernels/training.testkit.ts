/** A small model through every fused op, for comparing kernels by what training makes of them. */
import { sizeOf } from '../../shape.ts';
import { adam } from '../adam.ts';
import { lstm } from '../lstm.ts';
import * as tf from '../tf.ts';
import type { Scalar, Tensor, Tensor3D, Variable } from '../tf.ts';
import { attention } from './attention.ts';
import { divergence } from './divergence.ts';
import { gelu } from './gelu.ts';
import { layerNorm } from './layerNorm.ts';
import { take, uniform } from './table.testkit.ts';

const [B, F, H] = [4, 5, 8];
const SHAPES = [[F, 4 * H], [H, 4 * H], [4 * H], [H, H], [H, H], [H], [H], [H, F], [F]];

const weight = (shape: number[], seed: number): Variable =>
  tf.tidy(() =>
    tf.variable(
      tf.tensor(
        uniform(sizeOf(shape), seed).map((v) => 0.4 * v),
        shape,
      ),
    ),
  );

/** One LSTM, one attention layer with its divergence, layer norm and a dense head that copies the input. */
function loss(x: Tensor3D, weights: readonly Variable[]): Scalar {
  const W = x.shape[1];
  const [k, r, b, wq, wk, gamma, beta, head, bias] = weights as never[];
  const h = lstm(x, { kernel_FG: k, recurrent_HG: r, bias_G: b });
  const flat = tf.reshape(h, [B * W, H]);
  const project = (w: Tensor) => tf.reshape<tf.Rank.R4>(tf.matMul(flat, w), [B, 1, W, H]);
  const v = tf.reshape<tf.Rank.R4>(h, [B, 1, W, H]);
  const { out_BHNV, map_BHNM } = attention(project(wq), project(wk), v, 0.35);
  const even = tf.fill(map_BHNM.shape, 1 / W);
  const y = layerNorm(gelu(tf.add(out_BHNV, v)), tf.add(gamma, 1), beta);
  const copy = tf.add(tf.matMul(tf.reshape(y, [B * W, H]), head), bias);
  const error = tf.mean(tf.square(tf.sub(copy, tf.reshape(x, [B * W, F]))));
  return tf.add<Scalar>(error, tf.mul(0.1, tf.mean(divergence(map_BHNM, even))));
}

export type Training = { readonly step: () => void; readonly losses: () => Promise<number[]> };

/**
 * Always the same start, on windows of `W`. `step` reads nothing back; `losses` reads those of all steps and frees the
 * model.
 */
export function training(W: number): Training {
  const weights = SHAPES.map((shape, i) => weight(shape, i + 1));
  const optimiser = adam(Object.fromEntries(weights.map((w, i) => [String(i), w])), { rate: 0.01 });
  const kept: Tensor[] = [];
  return {
    step() {
      const value = tf.tidy(() => {
        const x = tf.tensor3d(uniform(B * W * F, 50), [B, W, F]);
        const { value, grads } = tf.variableGrads(() => loss(x, weights), weights);
        optimiser.step(Object.fromEntries(weights.map((w, i) => [String(i), grads[w.name]])));
        return value;
      });
      kept.push(value);
    },
    async losses() {
      const values = await take(kept);
      optimiser.dispose();
      tf.dispose(weights);
      return values.map(([v]) => v);
    },
  };
}

/** The losses of twenty steps. */
export async function trained(W = 12): Promise<number[]> {
  const model = training(W);
  for (let n = 0; n < 20; n++) model.step();
  return model.losses();
}
