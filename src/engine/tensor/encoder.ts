/**
 * What the attention models share: dense layers, the circular embedding of a window, head layouts, dropout. Heads come
 * first, [E, B, W, K], so that weights of one head multiply without copies.
 * Dimensions: B batch, W window, F inputs, H width of the model, E heads, K = H / E width of a head.
 */
import { fusedFor } from './fused.ts';
import { layerNorm } from './kernels/layerNorm.ts';
import { dropoutFor } from './noise.ts';
import type { Noise } from './noise.ts';
import * as tf from './tf.ts';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from './tf.ts';
import type { Tensors } from './weights.ts';

/** x K + b over the last axis; `name.kernel` [in, out], and `name.bias` [out] where there is one. */
export function dense<T extends Tensor>(weights: Tensors, name: string, x: T): T {
  const kernel = weights[`${name}.kernel`] as Tensor2D;
  const bias = (weights as Partial<Tensors>)[`${name}.bias`];
  const flat = tf.reshape<tf.Rank.R2>(x, [x.size / kernel.shape[0], kernel.shape[0]]);
  const product: Tensor = tf.matMul(flat, kernel);
  const y = bias === undefined ? product : tf.add(product, bias);
  const shaped: Tensor = tf.reshape(y, [...x.shape.slice(0, -1), kernel.shape[1]]);
  return shaped as T;
}

/** Layer normalisation with `name.gamma` and `name.beta`, epsilon 1e-5. */
export const norm = <T extends Tensor>(weights: Tensors, name: string, x: T): T =>
  layerNorm(x, weights[`${name}.gamma`] as Tensor1D, weights[`${name}.beta`] as Tensor1D);

/** Inverted dropout of every value, or nothing. `axis` runs over windows, 0 where not given. */
export type Dropout = (<T extends Tensor>(x: T, axis?: number) => T) | null;

export const dropoutBy = (rate: number, noise: Noise): Dropout =>
  rate === 0 ? null : <T extends Tensor>(x: T, axis = 0) => tf.mul<T>(x, dropoutFor(x, rate, noise, axis));

export const dropped = <T extends Tensor>(drop: Dropout, x: T, axis = 0): T => (drop === null ? x : drop(x, axis));

/** [B, W, H] to [E, B, W, H / E]; columns are head-major. */
export function splitHeads(x_BWH: Tensor3D, heads: number): Tensor4D {
  const [B, W, H] = x_BWH.shape;
  return tf.transpose(tf.reshape<tf.Rank.R4>(x_BWH, [B, W, heads, H / heads]), [2, 0, 1, 3]);
}

/** [E, B, W, K] to [B, W, E K]. */
export function mergeHeads(x_EBWK: Tensor4D): Tensor3D {
  const [E, B, W, K] = x_EBWK.shape;
  return tf.reshape<tf.Rank.R3>(tf.transpose(x_EBWK, [1, 2, 0, 3]), [B, W, E * K]);
}

/** Convolution of width 3 over time whose window is a ring, without bias; `kernel_3FH` [3, F, H]. One product. */
function circularConv(x_BWF: Tensor3D, kernel_3FH: Tensor3D): Tensor3D {
  const [B, W, F] = x_BWF.shape;
  const rows = (from: number, count: number): Tensor3D => tf.slice3d(x_BWF, [0, from, 0], [B, count, F]);
  const before = tf.concat([rows(W - 1, 1), rows(0, W - 1)], 1);
  const after = tf.concat([rows(1, W - 1), rows(0, 1)], 1);
  const wide = tf.reshape<tf.Rank.R2>(tf.concat([before, x_BWF, after], 2), [B * W, 3 * F]);
  const H = kernel_3FH.shape[2];
  return tf.reshape<tf.Rank.R3>(tf.matMul(wide, tf.reshape<tf.Rank.R2>(kernel_3FH, [3 * F, H])), [B, W, H]);
}

const sinusoids = new Map<string, Float32Array>();

/** Fixed positions [W, H]: sin and cos of p / 10000^(2i/H) in turn, p from 0 (Vaswani et al. 2017). */
export function sinusoid(W: number, H: number): Tensor2D {
  const key = `${W} ${H}`;
  let values = sinusoids.get(key);
  if (values === undefined) {
    values = Float32Array.from({ length: W * H }, (_, i) => {
      const column = i % H;
      const angle = Math.floor(i / H) * 10000 ** (-(column - (column % 2)) / H);
      return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    });
    sinusoids.set(key, values);
  }
  return tf.tensor2d(values, [W, H]);
}

/** `embed.kernel` over the window, plus the fixed positions where wanted: [B, W, H]. */
export function embedWindow(weights: Tensors, x_BWF: Tensor3D, positions = true): Tensor3D {
  const t_BWH = circularConv(x_BWF, weights['embed.kernel'] as Tensor3D);
  return positions ? tf.add(t_BWH, sinusoid(t_BWH.shape[1], t_BWH.shape[2])) : t_BWH;
}

/** Queries, keys and values of a layer, each [E, B, W, K]. */
export function project(
  weights: Tensors,
  layer: string,
  t_BWH: Tensor3D,
  heads: number,
): { readonly q: Tensor4D; readonly k: Tensor4D; readonly v: Tensor4D } {
  const part = (name: string): Tensor4D => splitHeads(dense(weights, `${layer}.${name}`, t_BWH), heads);
  return { q: part('q'), k: part('k'), v: part('v') };
}

/** Gradients of softmax(scale q k^T) into q and k, from its value. */
function mapBackward(dMap: Tensor4D, q: Tensor4D, k: Tensor4D, map: Tensor4D, scale: number): readonly Tensor4D[] {
  const fused = fusedFor('attentionMapBackward');
  if (fused !== null) return fused(dMap, q, k, map, scale);
  const inner = tf.sum(tf.mul(dMap, map), -1, true);
  const dScores = tf.mul<Tensor4D>(tf.mul(map, tf.sub(dMap, inner)), tf.scalar(scale));
  return [tf.matMul(dScores, k), tf.matMul(dScores, q, true, false)];
}

/**
 * The map softmax(scale q k^T) whose value is known already, because the same numbers came by another path: its
 * gradient flows into this q and this k. For losses that must reach only some of the weights behind a map.
 */
export function attentionTwin(map: Tensor4D, q: Tensor4D, k: Tensor4D, scale: number): Tensor4D {
  const run = tf.customGrad((...args) => {
    const save = args[2] as unknown as (tensors: Tensor[]) => void;
    save([q, k, map]);
    const gradFunc = (dMap: Tensor, kept: Tensor[]): Tensor[] => {
      const [keptQ, keptK, keptMap] = kept as [Tensor4D, Tensor4D, Tensor4D];
      return tf.scoped(() => [...mapBackward(dMap as Tensor4D, keptQ, keptK, keptMap, scale)]);
    };
    return { value: map.clone(), gradFunc };
  });
  return run(q, k);
}

/** A map [E, B, W, V] with batch before heads, as it is shown. */
export const batchFirst = (map_EBWV: Tensor4D): Tensor4D => tf.transpose(map_EBWV, [1, 0, 2, 3]);
