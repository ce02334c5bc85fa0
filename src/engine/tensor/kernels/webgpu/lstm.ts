/**
 * LSTM over a whole sequence on WebGPU. The input's part of the gates is one stock product over all steps; the walk
 * through time is one dispatch, a workgroup a series of the batch and a thread a hidden unit, the state in workgroup
 * memory. Backward likewise, then the weights' gradients as products over the whole sequence.
 * Reference: the composed ops in ../../lstm.ts. Keeps gates [B, W, 4H] (activated) and cells [B, W, H].
 */
import type { LstmBackward, LstmForward, LstmLast, LstmWeights } from '../../fused.ts';
import { composedBackward, composedForward, composedLast } from '../../lstm.ts';
import { matMul, reshape, tidy, transpose, zeros } from '../../tf.ts';
import type { Rank, Tensor1D, Tensor2D, Tensor3D } from '../../tf.ts';
import { columnGroups, columnSums } from './columns.ts';
import { dispatch, gpuTensor, workgroupBytes } from './gpu.ts';
import { specialised } from './wgsl.ts';
import type { Kernel } from './wgsl.ts';

/** One thread a hidden unit, as far as a workgroup reaches; wider layers take several units a thread. */
const threadsFor = (H: number): number => Math.min(256, 32 * Math.ceil(H / 32));

/** tanh by one exponential: WGSL's own may overflow. */
const FUNCTIONS = `
fn logistic(x: f32) -> f32 { return 1.0 / (1.0 + exp(-x)); }
fn hyperbolic(x: f32) -> f32 { let e = exp(-2.0 * abs(x)); return sign(x) * (1.0 - e) / (1.0 + e); }`;

/** `keep` runs with the values of unit `j` at step `t` of series `b`; `end` once a unit at the end. */
const walk = (H: number, keep: string, end: string): string => `
${FUNCTIONS}
const H = ${H}u;
const G = ${4 * H}u;
var<workgroup> state: array<f32, ${2 * H}>;
var<workgroup> cell: array<f32, ${H}>;
fn run(b: u32, thread: u32) {
  for (var j = thread; j < H; j += THREADS) { state[j] = 0.0; cell[j] = 0.0; }
  workgroupBarrier();
  for (var t = 0u; t < u.W; t++) {
    // The states of this step and of the next lie side by side, so that one barrier a step will do.
    let now = (t & 1u) * H;
    let next = H - now;
    let step = b * u.W + t;
    for (var j = thread; j < H; j += THREADS) {
      let z = step * G + j;
      var zi = inputs[z] + bias[j];
      var zf = inputs[z + H] + bias[H + j];
      var zg = inputs[z + 2u * H] + bias[2u * H + j];
      var zo = inputs[z + 3u * H] + bias[3u * H + j];
      for (var k = 0u; k < H; k++) {
        let h = state[now + k];
        let base = k * G + j;
        zi += h * recurrent[base];
        zf += h * recurrent[base + H];
        zg += h * recurrent[base + 2u * H];
        zo += h * recurrent[base + 3u * H];
      }
      let i = logistic(zi);
      let f = logistic(zf);
      let g = hyperbolic(zg);
      let o = logistic(zo);
      let c = f * cell[j] + i * g;
      let h = o * hyperbolic(c);
      cell[j] = c;
      state[next + j] = h;
      ${keep}
    }
    workgroupBarrier();
  }
  for (var j = thread; j < H; j += THREADS) { ${end} }
}`;

const forward = (name: string, writes: readonly string[], keep: string, end: string) =>
  specialised((H: number): Kernel => ({
    name: `${name} ${H}`,
    writes,
    reads: ['inputs', 'recurrent', 'bias'],
    uniforms: { W: 'u32' },
    threads: threadsFor(H),
    code: walk(H, keep, end),
  }));

export const lstmKernel = forward(
  'lstm',
  ['states', 'gates', 'cells'],
  `states[step * H + j] = h;
      cells[step * H + j] = c;
      gates[z] = i;
      gates[z + H] = f;
      gates[z + 2u * H] = g;
      gates[z + 3u * H] = o;`,
  '',
);

export const lstmLastKernel = forward('lstmLast', ['last'], '', 'last[b * H + j] = state[(u.W & 1u) * H + j];');

/** Gradients of the gates' inputs from the last step to the first, and each step's state before it. */
export const lstmGradKernel = specialised((H: number): Kernel => ({
  name: `lstmGrad ${H}`,
  writes: ['dz', 'before'],
  reads: ['dStates', 'states', 'gates', 'cells', 'recurrentT'],
  uniforms: { W: 'u32' },
  threads: threadsFor(H),
  code: `
${FUNCTIONS}
const H = ${H}u;
const G = ${4 * H}u;
var<workgroup> later: array<f32, ${8 * H}>;
var<workgroup> carry: array<f32, ${H}>;
fn run(b: u32, thread: u32) {
  for (var j = thread; j < H; j += THREADS) { carry[j] = 0.0; }
  for (var j = thread; j < G; j += THREADS) { later[j] = 0.0; }
  workgroupBarrier();
  for (var n = 0u; n < u.W; n++) {
    let t = u.W - 1u - n;
    let now = (n & 1u) * G;
    let next = G - now;
    let step = b * u.W + t;
    for (var j = thread; j < H; j += THREADS) {
      var dh = vec4<f32>();
      for (var k = 0u; k < H; k++) {
        let base = k * H + j;
        dh += vec4(later[now + k] * recurrentT[base], later[now + H + k] * recurrentT[H * H + base],
                   later[now + 2u * H + k] * recurrentT[2u * H * H + base],
                   later[now + 3u * H + k] * recurrentT[3u * H * H + base]);
      }
      let d = dStates[step * H + j] + dot(dh, vec4<f32>(1.0));
      let z = step * G + j;
      let i = gates[z];
      let f = gates[z + H];
      let g = gates[z + 2u * H];
      let o = gates[z + 3u * H];
      let tanhC = hyperbolic(cells[step * H + j]);
      var cBefore = 0.0;
      var hBefore = 0.0;
      if (t > 0u) {
        cBefore = cells[(step - 1u) * H + j];
        hBefore = states[(step - 1u) * H + j];
      }
      let dc = carry[j] + d * o * (1.0 - tanhC * tanhC);
      let four = vec4(dc * g * i * (1.0 - i), dc * cBefore * f * (1.0 - f), dc * i * (1.0 - g * g),
                      d * tanhC * o * (1.0 - o));
      carry[j] = dc * f;
      before[step * H + j] = hBefore;
      for (var n4 = 0u; n4 < 4u; n4++) {
        dz[z + n4 * H] = four[n4];
        later[next + n4 * H + j] = four[n4];
      }
    }
    workgroupBarrier();
  }
}`,
}));

export const biasGradKernel = columnSums('lstmBiasGrad', ['dBias'], ['dz'], 'dz[i]');

type Sizes = readonly [B: number, W: number, F: number, H: number];

const sizesOf = (x_BWF: Tensor3D, weights: LstmWeights): Sizes => [...x_BWF.shape, weights.recurrent_HG.shape[0]];

/** Very wide layers do not fit into workgroup memory. */
const suits = ([, , F, H]: Sizes): boolean => F > 0 && 4 * 9 * H <= workgroupBytes();

const nothing = ([B, W, , H]: Sizes): boolean => B * W * H === 0;

/** The input's part of all gates, [B·W, 4H]. */
const inputPart = (x_BWF: Tensor3D, weights: LstmWeights, [B, W, F]: Sizes): Tensor2D =>
  matMul(reshape<Rank.R2>(x_BWF, [B * W, F]), weights.kernel_FG);

export const lstmForward: LstmForward = (x_BWF, weights) => {
  const sizes = sizesOf(x_BWF, weights);
  if (!suits(sizes)) return composedForward(x_BWF, weights);
  const [B, W, , H] = sizes;
  if (nothing(sizes)) return { h_BWH: zeros([B, W, H]), saved: [] };
  return tidy(() => {
    const h_BWH = gpuTensor<Rank.R3>([B, W, H]);
    const gates_BWG = gpuTensor<Rank.R3>([B, W, 4 * H]);
    const cells_BWH = gpuTensor<Rank.R3>([B, W, H]);
    const reads = [inputPart(x_BWF, weights, sizes), weights.recurrent_HG, weights.bias_G];
    dispatch(lstmKernel(H), B, [h_BWH, gates_BWG, cells_BWH], reads, [W]);
    return { h_BWH, saved: [gates_BWG, cells_BWH] };
  });
};

export const lstmLast: LstmLast = (x_BWF, weights) => {
  const sizes = sizesOf(x_BWF, weights);
  if (!suits(sizes)) return composedLast(x_BWF, weights);
  const [B, W, , H] = sizes;
  if (nothing(sizes)) return zeros([B, H]);
  return tidy(() => {
    const h_BH = gpuTensor<Rank.R2>([B, H]);
    const reads = [inputPart(x_BWF, weights, sizes), weights.recurrent_HG, weights.bias_G];
    dispatch(lstmLastKernel(H), B, [h_BH], reads, [W]);
    return h_BH;
  });
};

export const lstmBackward: LstmBackward = (dh_BWH, x_BWF, weights, h_BWH, saved, wantDx) => {
  const sizes = sizesOf(x_BWF, weights);
  if (!suits(sizes)) return composedBackward(dh_BWH, x_BWF, weights, h_BWH, saved, wantDx);
  const [B, W, F, H] = sizes;
  if (nothing(sizes))
    return {
      dx_BWF: wantDx ? zeros(x_BWF.shape) : null,
      dKernel_FG: zeros(weights.kernel_FG.shape),
      dRecurrent_HG: zeros(weights.recurrent_HG.shape),
      dBias_G: zeros(weights.bias_G.shape),
    };
  const dz_NG = gpuTensor<Rank.R2>([B * W, 4 * H]);
  const before_NH = gpuTensor<Rank.R2>([B * W, H]);
  const reads = [dh_BWH, h_BWH, ...saved, transpose(weights.recurrent_HG)];
  dispatch(lstmGradKernel(H), B, [dz_NG, before_NH], reads, [W]);
  const dBias_G: Tensor1D = gpuTensor<Rank.R1>([4 * H]);
  dispatch(biasGradKernel, columnGroups(4 * H), [dBias_G], [dz_NG], [B * W, 4 * H]);
  return {
    dx_BWF: wantDx ? reshape(matMul(dz_NG, weights.kernel_FG, false, true), [B, W, F]) : null,
    dKernel_FG: matMul(reshape<Rank.R2>(x_BWF, [B * W, F]), dz_NG, true, false),
    dRecurrent_HG: matMul(before_NH, dz_NG, true, false),
    dBias_G,
  };
};
