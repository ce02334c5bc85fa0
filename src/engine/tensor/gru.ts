/**
 * One GRU layer over a whole sequence as a single op (Cho et al. 2014, the reset gate before the product):
 *   z = σ(x K_z + h R_z + b_z), r = σ(x K_r + h R_r + b_r), c = tanh(x K_c + (r h) R_c + b_c), h' = z h + (1 - z) c,
 * zero initial state. Layout as TF.js and Keras: gates in the order z, r, c; one bias.
 *
 * The walk back through time is written by hand, as in lstm.ts, so that the tape holds one node for the sequence. A
 * backend that has kernels for the whole sequence (kernels/gru.ts) is asked first.
 */
import { fusedFor } from './fused.ts';
import { at, batchMajor, timeMajor } from './lstm.ts';
import * as tf from './tf.ts';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from './tf.ts';

/** `kernel_FG` [F, 3H], `recurrent_HG` [H, 3H], `bias_G` [3H]. */
export type GruWeights = {
  readonly kernel_FG: Tensor2D;
  readonly recurrent_HG: Tensor2D;
  readonly bias_G: Tensor1D;
};

type Sizes = { readonly B: number; readonly W: number; readonly H: number };

/** States, gates and candidates of all steps, rows in time order [W·B, H]. */
type Walked = { readonly h: Tensor2D; readonly z: Tensor2D; readonly r: Tensor2D; readonly c: Tensor2D };

/** The columns of one gate: 0 z, 1 r, 2 c. */
const gate = (a_NG: Tensor2D, n: number): Tensor2D => {
  const H = a_NG.shape[1] / 3;
  return tf.slice2d(a_NG, [0, n * H], [a_NG.shape[0], H]);
};

const gates = (a_NG: Tensor2D): readonly [z: Tensor2D, r: Tensor2D, c: Tensor2D] => [
  gate(a_NG, 0),
  gate(a_NG, 1),
  gate(a_NG, 2),
];

function walk(x_BWF: Tensor3D, weights: GruWeights, { B, W, H }: Sizes): Walked {
  const [xz, xr, xc] = gates(tf.add(tf.matMul(timeMajor(x_BWF), weights.kernel_FG), weights.bias_G));
  const [Rz, Rr, Rc] = gates(weights.recurrent_HG);
  const steps: [h: Tensor2D, z: Tensor2D, r: Tensor2D, c: Tensor2D][] = [];
  let h: Tensor2D = tf.zeros([B, H]);
  for (let t = 0; t < W; t++) {
    const step = tf.tidy(() => {
      const z = tf.sigmoid(tf.add<Tensor2D>(at(xz, t, B), tf.matMul(h, Rz)));
      const r = tf.sigmoid(tf.add<Tensor2D>(at(xr, t, B), tf.matMul(h, Rr)));
      const c = tf.tanh(tf.add<Tensor2D>(at(xc, t, B), tf.matMul(tf.mul<Tensor2D>(r, h), Rc)));
      const next = tf.add<Tensor2D>(c, tf.mul(z, tf.sub(h, c)));
      return [next, z, r, c] as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
    });
    steps.push(step);
    [h] = step;
  }
  const rows = (n: 0 | 1 | 2 | 3): Tensor2D =>
    tf.concat(
      steps.map((step) => step[n]),
      0,
    );
  return { h: rows(0), z: rows(1), r: rows(2), c: rows(3) };
}

/** Each row's state of the step before; zeros at first. */
function stateBefore(h_WBH: Tensor2D, { B, W, H }: Sizes): Tensor2D {
  const first = tf.zeros<tf.Rank.R2>([B, H]);
  return W === 1 ? first : tf.concat([first, tf.slice2d(h_WBH, [0, 0], [(W - 1) * B, H])], 0);
}

/** Gradients of the gates' inputs, rows in time order, walking from the last step to the first. */
function walkBack(
  dh_WBH: Tensor2D,
  recurrent_HG: Tensor2D,
  { z, r, c }: Walked,
  before: Tensor2D,
  { B, W, H }: Sizes,
): readonly [dz: Tensor2D, dr: Tensor2D, dc: Tensor2D] {
  const one = tf.scalar(1);
  const slopeOf = (s: Tensor2D): Tensor2D => tf.mul(s, tf.sub(one, s));
  const slopeZ = tf.mul<Tensor2D>(tf.sub(before, c), slopeOf(z));
  const slopeR = tf.mul<Tensor2D>(before, slopeOf(r));
  const slopeC = tf.mul<Tensor2D>(tf.sub(one, z), tf.sub(one, tf.square(c)));
  const [backZ, backR, backC] = gates(recurrent_HG).map((part) => tf.transpose(part));
  const steps = new Array<[dz: Tensor2D, dr: Tensor2D, dc: Tensor2D]>(W);
  let carry: Tensor2D = tf.zeros([B, H]);
  for (let t = W - 1; t >= 0; t--) {
    const [dz, dr, dc, next] = tf.tidy(() => {
      const dh = tf.add<Tensor2D>(at(dh_WBH, t, B), carry);
      const dInner = tf.mul<Tensor2D>(dh, at(slopeC, t, B));
      // Gradient of the state as the reset gate lets it through.
      const dKept = tf.matMul(dInner, backC);
      const dReset = tf.mul<Tensor2D>(dKept, at(slopeR, t, B));
      const dUpdate = tf.mul<Tensor2D>(dh, at(slopeZ, t, B));
      const own = tf.add<Tensor2D>(tf.mul(dh, at(z, t, B)), tf.mul(dKept, at(r, t, B)));
      const byGates = tf.add<Tensor2D>(tf.matMul(dUpdate, backZ), tf.matMul(dReset, backR));
      return [dUpdate, dReset, dInner, tf.add<Tensor2D>(own, byGates)] as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
    });
    steps[t] = [dz, dr, dc];
    carry = next;
  }
  const rows = (n: 0 | 1 | 2): Tensor2D =>
    tf.concat(
      steps.map((step) => step[n]),
      0,
    );
  return [rows(0), rows(1), rows(2)];
}

/** Gradients of kernel, recurrent kernel, bias and, where wanted, input. */
function backward(
  dh_BWH: Tensor3D,
  x_BWF: Tensor3D,
  weights: GruWeights,
  walked: Walked,
  sizes: Sizes,
  wantDx: boolean,
): Tensor[] {
  const before = stateBefore(walked.h, sizes);
  const [dz, dr, dc] = walkBack(timeMajor(dh_BWH), weights.recurrent_HG, walked, before, sizes);
  const d_WBG = tf.concat([dz, dr, dc], 1);
  const beforeT = tf.transpose(before);
  const keptT = tf.transpose(tf.mul<Tensor2D>(walked.r, before));
  const dRecurrent = tf.concat([tf.matMul(beforeT, dz), tf.matMul(beforeT, dr), tf.matMul(keptT, dc)], 1);
  const own: Tensor[] = [tf.matMul(tf.transpose(timeMajor(x_BWF)), d_WBG), dRecurrent, tf.sum(d_WBG, 0)];
  if (!wantDx) return own;
  return [...own, batchMajor(tf.matMul(d_WBG, tf.transpose(weights.kernel_FG)), sizes.B, sizes.W)];
}

/**
 * All hidden states [B, W, H] of one layer, with its gradient. `wantDx` false (a first layer on data) saves the
 * gradient of the input.
 */
export function gru(x_BWF: Tensor3D, weights: GruWeights, { wantDx = true } = {}): Tensor3D {
  const own = [weights.kernel_FG, weights.recurrent_HG, weights.bias_G];
  return (fusedRun(x_BWF, weights, wantDx) ?? composedRun(x_BWF, weights, wantDx))(...own, ...(wantDx ? [x_BWF] : []));
}

type Run = (...args: Tensor[]) => Tensor3D;

/** The layer by the kernels of the backend in use, or null where it has none. */
function fusedRun(x_BWF: Tensor3D, weights: GruWeights, wantDx: boolean): Run | null {
  const forward = fusedFor('gruForward');
  const back = fusedFor('gruBackward');
  if (forward === null || back === null) return null;
  return tf.customGrad((...args) => {
    const save = args[args.length - 1] as unknown as (tensors: Tensor[]) => void;
    const { h_BWH, saved } = forward(x_BWF, weights);
    save([x_BWF, weights.kernel_FG, weights.recurrent_HG, weights.bias_G, h_BWH, ...saved]);
    const gradFunc = (dh: Tensor, [x, kernel, recurrent, bias, h, ...rest]: Tensor[]): Tensor[] =>
      tf.scoped(() => {
        const layer = {
          ...{ kernel_FG: kernel as Tensor2D, recurrent_HG: recurrent as Tensor2D },
          bias_G: bias as Tensor1D,
        };
        const grads = back(dh as Tensor3D, x as Tensor3D, layer, h as Tensor3D, rest, wantDx);
        const { dx_BWF, dKernel_FG, dRecurrent_HG, dBias_G } = grads;
        return [dKernel_FG, dRecurrent_HG, dBias_G, ...(dx_BWF === null ? [] : [dx_BWF])];
      });
    return { value: h_BWH, gradFunc };
  });
}

/** The layer in stock ops: the definition. */
function composedRun(x_BWF: Tensor3D, weights: GruWeights, wantDx: boolean): Run {
  const [B, W] = x_BWF.shape;
  const sizes = { B, W, H: weights.recurrent_HG.shape[0] };
  return tf.customGrad((...args) => {
    const save = args[args.length - 1] as unknown as (tensors: Tensor[]) => void;
    const walked = tf.scoped(() => walk(x_BWF, weights, sizes));
    save([x_BWF, weights.kernel_FG, weights.recurrent_HG, weights.bias_G, ...Object.values(walked)]);
    const gradFunc = (dh: Tensor, kept: Tensor[]): Tensor[] => {
      const [x, kernel_FG, recurrent_HG, bias_G, h, z, r, c] = kept as [Tensor3D, ...Tensor2D[]];
      const layer = { kernel_FG, recurrent_HG, bias_G: bias_G as Tensor as Tensor1D };
      return tf.scoped(() => backward(dh as Tensor3D, x, layer, { h, z, r, c }, sizes, wantDx));
    };
    return { value: batchMajor(walked.h, B, W), gradFunc };
  });
}
