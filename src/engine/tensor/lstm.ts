/**
 * One LSTM layer over a whole sequence as a single op (Hochreiter & Schmidhuber 1997, forget gate of Gers et al. 2000):
 *   z = x K + h R + b, gates i, f, o = σ(z), g = tanh(z), c' = f c + i g, h' = o tanh(c'), zero initial state.
 * Layout as TF.js and Keras: gates in the order input, forget, cell, output; one bias.
 *
 * The composed reference below hoists x K out of the loop into one product and walks back through time by hand, so
 * that the tape holds one node instead of dozens a step. No product asks for a transposed operand: on WebAssembly that
 * is ten times slower than transposing first. tanh is written 2σ(2z) - 1: there σ is vectorised and tanh is not.
 */
import { fusedFor } from './fused.ts';
import type { LstmBackward, LstmForward, LstmLast, LstmWeights } from './fused.ts';
import { scoped } from './tf.ts';
import * as tf from './tf.ts';
import type { Tensor, Tensor2D, Tensor3D } from './tf.ts';

type Sizes = { readonly B: number; readonly W: number; readonly F: number; readonly H: number };

const sizesOf = (x_BWF: Tensor3D, weights: LstmWeights): Sizes => ({
  B: x_BWF.shape[0],
  W: x_BWF.shape[1],
  F: x_BWF.shape[2],
  H: weights.recurrent_HG.shape[0],
});

/** Rows in time order, [W·B, K], so that one step is one contiguous piece. */
export const timeMajor = (x_BWK: Tensor3D): Tensor2D =>
  tf.reshape(tf.transpose(x_BWK, [1, 0, 2]), [x_BWK.shape[0] * x_BWK.shape[1], x_BWK.shape[2]]);

export const batchMajor = (x_WBK: Tensor2D, B: number, W: number): Tensor3D =>
  tf.transpose(tf.reshape(x_WBK, [W, B, x_WBK.shape[1]]), [1, 0, 2]);

const tanhBySigmoid = (x: Tensor2D, two: Tensor, one: Tensor): Tensor2D =>
  tf.sub(tf.mul(tf.sigmoid(tf.mul(x, two)), two), one);

/** [N, 4H] as four planes [4, N, H]: planes are contiguous, and cutting columns out of rows is slow on WebAssembly. */
const planes = (z_NG: Tensor2D, H: number): Tensor3D =>
  tf.transpose(tf.reshape<tf.Rank.R3>(z_NG, [z_NG.shape[0], 4, H]), [1, 0, 2]);

const plane = (a_4NH: Tensor3D, k: number): Tensor2D => {
  const [, N, H] = a_4NH.shape;
  return tf.reshape<tf.Rank.R2>(tf.slice3d(a_4NH, [k, 0, 0], [1, N, H]), [N, H]);
};

/** Step `t` of rows in time order. */
export const at = (x_WBK: Tensor2D, t: number, B: number): Tensor2D =>
  tf.slice2d(x_WBK, [t * B, 0], [B, x_WBK.shape[1]]);

/** Hidden state, cell state and activated gates [4, B, H] of every step; the cell plane holds σ(2z), not tanh z. */
function walk(x_BWF: Tensor3D, weights: LstmWeights, keep: (h: Tensor2D, c: Tensor2D, a: Tensor3D) => void): void {
  const { B, W, H } = sizesOf(x_BWF, weights);
  const two = tf.scalar(2);
  const one = tf.scalar(1);
  // Doubling the cell columns once lets a single σ serve all four gates: tanh z = 2σ(2z) - 1.
  const scale_G = tf.concat([tf.ones([2 * H]), tf.fill([H], 2), tf.ones([H])]);
  const recurrent_HG = tf.mul<Tensor2D>(weights.recurrent_HG, scale_G);
  const zx_WBG = tf.add<Tensor2D>(
    tf.matMul(timeMajor(x_BWF), tf.mul<Tensor2D>(weights.kernel_FG, scale_G)),
    tf.mul(weights.bias_G, scale_G),
  );
  let h_BH: Tensor2D | null = null;
  let c_BH: Tensor2D | null = null;
  for (let t = 0; t < W; t++) {
    [h_BH, c_BH] = tf.tidy(() => {
      const zx = at(zx_WBG, t, B);
      const z = h_BH === null ? zx : tf.add<Tensor2D>(zx, tf.matMul(h_BH, recurrent_HG));
      const a = planes(tf.sigmoid(z), H);
      const i = plane(a, 0);
      const g = tf.sub<Tensor2D>(tf.mul(plane(a, 2), two), one);
      const c: Tensor2D = c_BH === null ? tf.mul(i, g) : tf.add(tf.mul(plane(a, 1), c_BH), tf.mul(i, g));
      const h: Tensor2D = tf.mul(plane(a, 3), tanhBySigmoid(c, two, one));
      keep(h, c, a);
      return [h, c, a] as [Tensor2D, Tensor2D, Tensor3D];
    });
  }
}

/** Reference of `lstmForward`; keeps the gates and the cell states of every step. */
export const composedForward: LstmForward = (x_BWF, weights) =>
  tf.tidy(() => {
    const { B, W } = sizesOf(x_BWF, weights);
    const h: Tensor2D[] = [];
    const c: Tensor2D[] = [];
    const a: Tensor3D[] = [];
    walk(x_BWF, weights, (h_t, c_t, a_t) => {
      h.push(h_t);
      c.push(c_t);
      a.push(a_t);
    });
    return { h_BWH: batchMajor(tf.concat(h, 0), B, W), saved: [tf.concat(a, 1), tf.concat(c, 0)] };
  });

/** Reference of `lstmLast`. */
export const composedLast: LstmLast = (x_BWF, weights) =>
  tf.tidy(() => {
    let last: Tensor2D | null = null;
    walk(x_BWF, weights, (h_t) => {
      last = h_t;
    });
    return last!;
  });

type Slopes = {
  readonly f_WBH: Tensor2D;
  /** ∂c/∂h of the same step. */
  readonly dcdh_WBH: Tensor2D;
  /** ∂c/∂z of the gates i, f and g, and ∂h/∂z of o: [W·4·B, H], four planes a step. */
  readonly slope_W4BH: Tensor2D;
};

/** Everything of the backward pass that does not depend on the walk through time, for all steps at once. */
function localSlopes(saved: readonly Tensor[], { B, W, H }: Sizes): Slopes {
  const [a_4NH, c_WBH] = saved as [Tensor3D, Tensor2D];
  const two = tf.scalar(2);
  const one = tf.scalar(1);
  const [i, f, o] = [plane(a_4NH, 0), plane(a_4NH, 1), plane(a_4NH, 3)];
  const g = tf.sub<Tensor2D>(tf.mul(plane(a_4NH, 2), two), one);
  const tanhC = tanhBySigmoid(c_WBH, two, one);
  const before = tf.zeros<tf.Rank.R2>([B, H]);
  const cBefore = W === 1 ? before : tf.concat([before, tf.slice2d(c_WBH, [0, 0], [(W - 1) * B, H])], 0);
  const slope_4WBH = tf.concat2d(
    [
      tf.mul(tf.mul(g, i), tf.sub(one, i)),
      tf.mul(tf.mul(cBefore, f), tf.sub(one, f)),
      tf.mul(i, tf.sub(one, tf.square(g))),
      tf.mul(tf.mul(tanhC, o), tf.sub(one, o)),
    ],
    0,
  );
  const byStep = tf.transpose(tf.reshape<tf.Rank.R3>(slope_4WBH, [4, W, B * H]), [1, 0, 2]);
  return {
    f_WBH: f,
    dcdh_WBH: tf.mul(o, tf.sub(one, tf.square(tanhC))),
    slope_W4BH: tf.reshape<tf.Rank.R2>(byStep, [W * 4 * B, H]),
  };
}

/** Gradient of the gates' inputs at every step, [W·B, 4H] in time order, walking from the last step to the first. */
function walkBack(dh_WBH: Tensor2D, weights: LstmWeights, saved: readonly Tensor[], sizes: Sizes): Tensor2D {
  const { B, W, H } = sizes;
  const { f_WBH, dcdh_WBH, slope_W4BH } = localSlopes(saved, sizes);
  const recurrent_GH = tf.transpose(weights.recurrent_HG);
  const dz = new Array<Tensor2D>(W);
  let dcNext: Tensor2D | null = null;
  for (let t = W - 1; t >= 0; t--) {
    [dz[t], dcNext] = tf.tidy(() => {
      const own = at(dh_WBH, t, B);
      const dh = t === W - 1 ? own : tf.add<Tensor2D>(own, tf.matMul(dz[t + 1], recurrent_GH));
      const direct = tf.mul<Tensor2D>(dh, at(dcdh_WBH, t, B));
      const dc = dcNext === null ? direct : tf.add<Tensor2D>(direct, dcNext);
      const dz_4BH = tf.mul<Tensor2D>(tf.concat2d([dc, dc, dc, dh], 0), at(slope_W4BH, t, 4 * B));
      const rows = tf.transpose(tf.reshape<tf.Rank.R3>(dz_4BH, [4, B, H]), [1, 0, 2]);
      return [tf.reshape<tf.Rank.R2>(rows, [B, 4 * H]), tf.mul<Tensor2D>(dc, at(f_WBH, t, B))] as [Tensor2D, Tensor2D];
    });
  }
  return tf.concat(dz, 0);
}

/** Reference of `lstmBackward`: truncated nowhere. */
export const composedBackward: LstmBackward = (dh_BWH, x_BWF, weights, h_BWH, saved, wantDx) =>
  scoped(() => {
    const sizes = sizesOf(x_BWF, weights);
    const { B, W, H } = sizes;
    const dz_WBG = walkBack(timeMajor(dh_BWH), weights, saved, sizes);
    const earlier = (W - 1) * B;
    const dRecurrent_HG =
      W === 1
        ? tf.zerosLike<Tensor2D>(weights.recurrent_HG)
        : tf.matMul<Tensor2D>(
            tf.transpose(tf.slice2d(timeMajor(h_BWH), [0, 0], [earlier, H])),
            tf.slice2d(dz_WBG, [B, 0], [earlier, 4 * H]),
          );
    return {
      dx_BWF: wantDx ? batchMajor(tf.matMul(dz_WBG, tf.transpose(weights.kernel_FG)), B, W) : null,
      dKernel_FG: tf.matMul(tf.transpose(timeMajor(x_BWF)), dz_WBG),
      dRecurrent_HG,
      dBias_G: tf.sum(dz_WBG, 0),
    };
  });

/**
 * All hidden states [B, W, H] of one layer, with its gradient. `wantDx` false (a first layer on data) saves the
 * gradient of the input.
 */
export function lstm(x_BWF: Tensor3D, weights: LstmWeights, { wantDx = true } = {}): Tensor3D {
  const fusedForward = fusedFor('lstmForward');
  const fusedBackward = fusedFor('lstmBackward');
  const fused = fusedForward !== null && fusedBackward !== null;
  const forward = fused ? fusedForward : composedForward;
  const backward = fused ? fusedBackward : composedBackward;
  const run = tf.customGrad((...args) => {
    const save = args[args.length - 1] as unknown as (tensors: Tensor[]) => void;
    const { h_BWH, saved } = forward(x_BWF, weights);
    save([x_BWF, weights.kernel_FG, weights.recurrent_HG, weights.bias_G, h_BWH, ...saved]);
    const gradFunc = (dh: Tensor, kept: Tensor[]): Tensor[] => {
      const [x, kernel_FG, recurrent_HG, bias_G, h, ...rest] = kept;
      const layer = { kernel_FG, recurrent_HG, bias_G } as LstmWeights;
      const d = scoped(() => backward(dh as Tensor3D, x as Tensor3D, layer, h as Tensor3D, rest, wantDx));
      const own: Tensor[] = [d.dKernel_FG, d.dRecurrent_HG, d.dBias_G];
      return d.dx_BWF === null ? own : [...own, d.dx_BWF];
    };
    return { value: h_BWH, gradFunc };
  });
  const own = [weights.kernel_FG, weights.recurrent_HG, weights.bias_G];
  return run(...own, ...(wantDx ? [x_BWF] : []));
}

/** The last hidden state [B, H], without a gradient: for scoring. */
export const lstmLast = (x_BWF: Tensor3D, weights: LstmWeights): Tensor2D =>
  (fusedFor('lstmLast') ?? composedLast)(x_BWF, weights);
