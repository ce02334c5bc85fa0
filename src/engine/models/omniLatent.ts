/**
 * OmniAnomaly's latent numbers: how each step's draw depends on the one before, planar flows that bend their
 * distribution, and a prior that walks through time. Dimensions: B batch, W window, Z latent.
 */
import { seeded } from '../rng.ts';
import { at, batchMajor, timeMajor } from '../tensor/lstm.ts';
import { standardNormal } from '../tensor/noise.ts';
import * as tf from '../tensor/tf.ts';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '../tensor/tf.ts';
import type { Tensors } from '../tensor/weights.ts';

/** Smallest standard deviation of a latent number or a sensor. */
export const SMALLEST = 1e-4;

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** softplus(x) + the smallest deviation. */
export const deviationOf = <T extends Tensor>(x: T): T => tf.add<T>(tf.softplus(x), tf.scalar(SMALLEST));

/**
 * Log density of N(mean, deviation²) at mean + eps deviation, summed over the last axis: [B, W]. Of a draw eps is known:
 * worked out from the draw and its mean it would lose its digits where the deviation is small.
 */
export function logDrawn(eps: Tensor3D, deviation: Tensor3D): Tensor2D {
  const each = tf.add(tf.mul(tf.square(eps), tf.scalar(0.5)), tf.log(deviation));
  return tf.neg(tf.sum<Tensor2D>(tf.add(each, tf.scalar(HALF_LOG_2PI)), -1));
}

/** Log density of N(mean, deviation²) at x, summed over the last axis: [B, W]. */
export const logNormal = (x: Tensor3D, mean: Tensor3D, deviation: Tensor3D): Tensor2D =>
  logDrawn(tf.div(tf.sub(x, mean), deviation), deviation);

/** Draws of the latent numbers before the flows, each [B, W, Z]. */
export type Drawn = { readonly mu: Tensor3D; readonly sigma: Tensor3D; readonly z0: Tensor3D };

type Chain = {
  readonly mu: Tensor2D;
  readonly spread: Tensor2D;
  readonly z: Tensor2D;
};

/** Rows in time order [W·B, Z]: μ_t = a_t + z_{t-1} M, s_t = b_t + z_{t-1} N, z_t = μ_t + (softplus s_t + 10⁻⁴) ε_t. */
function walk(a: Tensor2D, b: Tensor2D, M: Tensor2D, N: Tensor2D, eps: Tensor2D, B: number): Chain {
  const W = a.shape[0] / B;
  const steps: [mu: Tensor2D, spread: Tensor2D, z: Tensor2D][] = [];
  let z: Tensor2D = tf.zeros([B, a.shape[1]]);
  for (let t = 0; t < W; t++) {
    const step = tf.tidy(() => {
      const mu = tf.add<Tensor2D>(at(a, t, B), tf.matMul(z, M));
      const spread = tf.add<Tensor2D>(at(b, t, B), tf.matMul(z, N));
      const next = tf.add<Tensor2D>(mu, tf.mul(deviationOf(spread), at(eps, t, B)));
      return [mu, spread, next] as [Tensor2D, Tensor2D, Tensor2D];
    });
    steps.push(step);
    z = step[2];
  }
  const rows = (n: 0 | 1 | 2): Tensor2D =>
    tf.concat(
      steps.map((step) => step[n]),
      0,
    );
  return { mu: rows(0), spread: rows(1), z: rows(2) };
}

/** Gradients of a, b, M and N from those of μ and s. */
function walkBack(d: Tensor2D, kept: Tensor2D[], B: number): Tensor[] {
  const [M, N, eps, spread, z] = kept;
  const [rows, Z] = spread.shape;
  const W = rows / B;
  const slope = tf.mul<Tensor2D>(tf.sigmoid(spread), eps);
  const [backM, backN] = [tf.transpose(M), tf.transpose(N)];
  const steps = new Array<[dMu: Tensor2D, dSpread: Tensor2D]>(W);
  let carry: Tensor2D = tf.zeros([B, Z]);
  for (let t = W - 1; t >= 0; t--) {
    const [dMu, dSpread, next] = tf.tidy(() => {
      const mu = tf.add<Tensor2D>(at(d, t, B), carry);
      const s = tf.add<Tensor2D>(at(d, W + t, B), tf.mul(carry, at(slope, t, B)));
      return [mu, s, tf.add<Tensor2D>(tf.matMul(mu, backM), tf.matMul(s, backN))] as [Tensor2D, Tensor2D, Tensor2D];
    });
    steps[t] = [dMu, dSpread];
    carry = next;
  }
  const dMu = tf.concat(
    steps.map(([mu]) => mu),
    0,
  );
  const dSpread = tf.concat(
    steps.map(([, s]) => s),
    0,
  );
  const first = tf.zeros<tf.Rank.R2>([B, Z]);
  const before = W === 1 ? first : tf.concat([first, tf.slice2d(z, [0, 0], [rows - B, Z])], 0);
  const beforeT = tf.transpose(before);
  return [dMu, dSpread, tf.matMul(beforeT, dMu), tf.matMul(beforeT, dSpread)];
}

/**
 * The recursion as one op, with its gradient: `a_BWZ` and `b_BWZ` are what the step's own state gives to mean and
 * deviation, `M_ZZ` and `N_ZZ` carry over the draw of the step before. The noise gets no gradient.
 */
export function drawChain(a_BWZ: Tensor3D, b_BWZ: Tensor3D, M_ZZ: Tensor2D, N_ZZ: Tensor2D, eps_BWZ: Tensor3D): Drawn {
  const [B, W, Z] = a_BWZ.shape;
  const run = tf.customGrad((...args) => {
    const [a, b, M, N] = args as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
    const save = args[4] as unknown as (tensors: Tensor[]) => void;
    const eps = timeMajor(eps_BWZ);
    const { mu, spread, z } = tf.scoped(() => walk(a, b, M, N, eps, B));
    save([M, N, eps, spread, z]);
    const gradFunc = (d: Tensor, kept: Tensor[]): Tensor[] =>
      tf.scoped(() => walkBack(d as Tensor2D, kept as Tensor2D[], B));
    return { value: tf.concat([mu, spread], 0), gradFunc };
  });
  const both = run(timeMajor(a_BWZ), timeMajor(b_BWZ), M_ZZ, N_ZZ);
  const half = (n: 0 | 1): Tensor3D => batchMajor(tf.slice2d(both, [n * W * B, 0], [W * B, Z]), B, W);
  const mu = half(0);
  const sigma = deviationOf(half(1));
  return { mu, sigma, z0: tf.add(mu, tf.mul(sigma, eps_BWZ)) };
}

/**
 * Planar flows (Rezende & Mohamed 2015) one after another, `flows.n.u`, `.w` [Z] and `.b` [1], u bent so that each is
 * invertible: z' = z + û tanh(w·z + b), û = u + (softplus(w·u) - 1 - w·u) w / |w|². Gives z [B, W, Z] and the sum of
 * log |det| [B, W].
 */
export function planarFlows(
  weights: Tensors,
  count: number,
  z_BWZ: Tensor3D,
): { readonly z: Tensor3D; readonly logDet: Tensor2D } {
  const [B, W, Z] = z_BWZ.shape;
  const one = tf.scalar(1);
  let z_NZ: Tensor2D = tf.reshape(z_BWZ, [B * W, Z]);
  let logDet_N1: Tensor2D = tf.zeros([B * W, 1]);
  for (let n = 0; n < count; n++) {
    const [u, w, b] = ['u', 'w', 'b'].map((name) => weights[`flows.${n}.${name}`] as Tensor1D);
    const wu = tf.sum(tf.mul(w, u));
    const bent = tf.sub(tf.sub(tf.softplus(wu), one), wu);
    const uHat = tf.add<Tensor1D>(u, tf.mul(w, tf.div(bent, tf.sum(tf.square(w)))));
    const tanh_N1 = tf.tanh(tf.add<Tensor2D>(tf.matMul(z_NZ, tf.reshape<tf.Rank.R2>(w, [Z, 1])), b));
    // 1 + tanh' w·û is above 0: w·û = softplus(w·u) - 1 is above -1.
    const stretch = tf.mul(tf.sub(one, tf.square(tanh_N1)), tf.sum(tf.mul(w, uHat)));
    logDet_N1 = tf.add(logDet_N1, tf.log(tf.add(one, stretch)));
    z_NZ = tf.add(z_NZ, tf.mul(tanh_N1, uHat));
  }
  return { z: tf.reshape(z_NZ, [B, W, Z]), logDet: tf.reshape(logDet_N1, [B, W]) };
}

/**
 * First values of a flow's `u`, `w` or `b`: the flow begins as the identity, where w·u is the inverse softplus of 1 and
 * b is 0, and each flow looks along a direction of its own.
 */
export function flowStart(name: string, size: number): Float32Array {
  const [, index, part] = name.split('.');
  if (part === 'b') return new Float32Array(size);
  const w = standardNormal(size, seeded(Number(index)));
  const length = Math.hypot(...w);
  return w.map((x) => (x / length) * (part === 'u' ? Math.log(Math.E - 1) : 1));
}

/** What a Kalman filter of the local level model does to W steps: v = A z, with var_W the variances of v. */
function innovations(W: number): { readonly A_WW: Float32Array; readonly variance_W: Float64Array } {
  const A_WW = new Float32Array(W * W);
  const variance_W = new Float64Array(W);
  // Row of weights with which the steps so far forecast the next one.
  const forecast = new Float64Array(W);
  let level = 1;
  for (let t = 0; t < W; t++) {
    for (let s = 0; s < t; s++) A_WW[t * W + s] = -forecast[s];
    A_WW[t * W + t] = 1;
    variance_W[t] = level + 1;
    const gain = level / (level + 1);
    for (let s = 0; s < t; s++) forecast[s] *= 1 - gain;
    forecast[t] = gain;
    level = (1 - gain) * level + 1;
  }
  return { A_WW, variance_W };
}

/**
 * Log density of the prior by step, summed over the latent numbers: [B, W]. Each number is a local level model of its
 * own (a random walk seen through noise), all variances 1, first state N(0, 1); the steps' terms are those of the
 * Kalman innovations and add up to the density of the window.
 */
export function logPrior(z_BWZ: Tensor3D): Tensor2D {
  const [B, W, Z] = z_BWZ.shape;
  const { A_WW, variance_W } = innovations(W);
  const rows = tf.reshape<tf.Rank.R2>(tf.transpose(z_BWZ, [1, 0, 2]), [W, B * Z]);
  const v_WBZ = tf.reshape(tf.matMul(tf.tensor2d(A_WW, [W, W]), rows), [W, B, Z]);
  const squares_WB = tf.sum<Tensor2D>(tf.square(v_WBZ), -1);
  const factor_W1 = tf.tensor2d([...variance_W].map((s) => [-0.5 / s]));
  const constant_W1 = tf.tensor2d([...variance_W].map((s) => [-Z * (HALF_LOG_2PI + 0.5 * Math.log(s))]));
  return tf.transpose(tf.add<Tensor2D>(tf.mul(squares_WB, factor_W1), constant_W1));
}
