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
const timeMajor = (x_BWK: Tensor3D): Tensor2D =>
  tf.reshape(tf.transpose(x_BWK, [1, 0, 2]), [x_BWK.shape[0] * x_BWK.shape[1], x_BWK.shape[2]]);

const batchMajor = (x_WBK: Tensor2D, B: number, W: number): Tensor3D =>
  tf.transpose(tf.reshape(x_WBK, [W, B, x_WBK.shape[1]]), [1, 0, 2]);

const tanhBySigmoid = (x: Tensor2D, two: Tensor, one: Tensor): Tensor2D =>
  tf.sub(tf.mul(tf.sigmoid(tf.mul(x, two)), two), one);

/** Activated gates (the cell column holds σ(2z), not tanh z), cell and hidden state of every step. */
function walk(x_BWF: Tensor3D, weights: LstmWeights, keep: (h: Tensor2D, c: Tensor2D, a: Tensor2D) => void): void {
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
      const zx = tf.slice2d(zx_WBG, [t * B, 0], [B, 4 * H]);
      const a = tf.sigmoid(h_BH === null ? zx : tf.add<Tensor2D>(zx, tf.matMul(h_BH, recurrent_HG)));
      const i = tf.slice2d(a, [0, 0], [B, H]);
      const f = tf.slice2d(a, [0, H], [B, H]);
      const g = tf.sub<Tensor2D>(tf.mul(tf.slice2d(a, [0, 2 * H], [B, H]), two), one);
      const o = tf.slice2d(a, [0, 3 * H], [B, H]);
      const c: Tensor2D = c_BH === null ? tf.mul(i, g) : tf.add(tf.mul(f, c_BH), tf.mul(i, g));
      const h: Tensor2D = tf.mul(o, tanhBySigmoid(c, two, one));
      keep(h, c, a);
      return [h, c, a] as [Tensor2D, Tensor2D, Tensor2D];
    });
  }
}

/** Reference of `lstmForward`; keeps the gates and the cell states of every step. */
export const composedForward: LstmForward = (x_BWF, weights) =>
  tf.tidy(() => {
    const { B, W } = sizesOf(x_BWF, weights);
    const h: Tensor2D[] = [];
    const c: Tensor2D[] = [];
    const a: Tensor2D[] = [];
    walk(x_BWF, weights, (h_t, c_t, a_t) => {
      h.push(h_t);
      c.push(c_t);
      a.push(a_t);
    });
    return { h_BWH: batchMajor(tf.concat(h, 0), B, W), saved: [tf.concat(a, 0), tf.concat(c, 0)] };
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

/** Everything of the backward pass that does not depend on the walk through time, for all steps at once. */
function localSlopes(saved: readonly Tensor[], { B, W, H }: Sizes): Record<'f' | 'dcdh' | 'slope', Tensor2D> {
  const [a_WBG, c_WBH] = saved as [Tensor2D, Tensor2D];
  const two = tf.scalar(2);
  const one = tf.scalar(1);
  const rows = W * B;
  const gate = (k: number): Tensor2D => tf.slice2d(a_WBG, [0, k * H], [rows, H]);
  const [i, f, o] = [gate(0), gate(1), gate(3)];
  const g = tf.sub<Tensor2D>(tf.mul(gate(2), two), one);
  const tanhC = tanhBySigmoid(c_WBH, two, one);
  const before = tf.zeros<tf.Rank.R2>([B, H]);
  const cBefore = W === 1 ? before : tf.concat([before, tf.slice2d(c_WBH, [0, 0], [rows - B, H])], 0);
  return {
    f,
    dcdh: tf.mul(o, tf.sub(one, tf.square(tanhC))),
    // ∂c/∂z of i, f and g, and ∂h/∂z of o.
    slope: tf.concat2d(
      [
        tf.mul(tf.mul(g, i), tf.sub(one, i)),
        tf.mul(tf.mul(cBefore, f), tf.sub(one, f)),
        tf.mul(i, tf.sub(one, tf.square(g))),
        tf.mul(tf.mul(tanhC, o), tf.sub(one, o)),
      ],
      1,
    ),
  };
}

/** Reference of `lstmBackward`: truncated nowhere. */
export const composedBackward: LstmBackward = (dh_BWH, x_BWF, weights, h_BWH, saved, wantDx) =>
  scoped(() => {
    const sizes = sizesOf(x_BWF, weights);
    const { B, W, H } = sizes;
    const { f, dcdh, slope } = localSlopes(saved, sizes);
    const dh_WBH = timeMajor(dh_BWH);
    const recurrent_GH = tf.transpose(weights.recurrent_HG);
    const dz: Tensor2D[] = new Array<Tensor2D>(W);
    const at = (x: Tensor2D, t: number): Tensor2D => tf.slice2d(x, [t * B, 0], [B, x.shape[1]]);
    let dcNext: Tensor2D | null = null;
    for (let t = W - 1; t >= 0; t--) {
      [dz[t], dcNext] = tf.tidy(() => {
        const dh = t === W - 1 ? at(dh_WBH, t) : tf.add<Tensor2D>(at(dh_WBH, t), tf.matMul(dz[t + 1], recurrent_GH));
        const own = tf.mul<Tensor2D>(dh, at(dcdh, t));
        const dc = dcNext === null ? own : tf.add<Tensor2D>(own, dcNext);
        const dz_t = tf.mul<Tensor2D>(tf.concat2d([dc, dc, dc, dh], 1), at(slope, t));
        return [dz_t, tf.mul<Tensor2D>(dc, at(f, t))] as [Tensor2D, Tensor2D];
      });
    }
    const dz_WBG = tf.concat(dz, 0);
    const h_WBH = timeMajor(h_BWH);
    const dRecurrent_HG =
      W === 1
        ? tf.zerosLike<Tensor2D>(weights.recurrent_HG)
        : tf.matMul<Tensor2D>(
            tf.transpose(tf.slice2d(h_WBH, [0, 0], [(W - 1) * B, H])),
            tf.slice2d(dz_WBG, [B, 0], [(W - 1) * B, 4 * H]),
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
