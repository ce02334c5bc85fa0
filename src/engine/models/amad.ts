/**
 * AMAD: two attentions read the same window, one plain, one through learned rotations ("AutoMask"); how far they differ
 * at a step, and how badly the step is reconstructed, makes the score.
 * Paper: Huang, Li: "AMAD: AutoMasked Attention for Unsupervised Multivariate Time Series Anomaly Detection",
 * arXiv:2504.06643. No code was published.
 * Dimensions: B batch, W window, S sensors, F inputs, H width, E heads, K = H / E; maps S (self) and A (AutoMask) are
 * [E, B, W, W].
 */
import { defineDetector } from '../model.ts';
import type { Values } from '../params.ts';
import {
  attentionTwin,
  batchFirst,
  dense,
  embedWindow,
  mergeHeads,
  norm,
  project,
  splitHeads,
} from '../tensor/encoder.ts';
import { attentionMap } from '../tensor/kernels/attention.ts';
import { divergence } from '../tensor/kernels/divergence.ts';
import { gelu } from '../tensor/kernels/gelu.ts';
import { stopGradient } from '../tensor/stopGradient.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '../tensor/tf.ts';
import { readAll } from '../tensor/weights.ts';
import type { Tensors, Weights } from '../tensor/weights.ts';
import { gradientsOf } from '../tensor/gradients.ts';
import type { Batch, Loss } from '../train.ts';
import { amadParams, amadPresets } from './amadParams.ts';
import { amadShapes, amadStart, checkAmad } from './amadWeights.ts';
import { reconstructing, sensorsOf, squaredError } from './shared/reconstructor.ts';
import type { Dims, Judged, Part, ShownWindow } from './shared/reconstructor.ts';

export type AmadSettings = Values<typeof amadParams>;
type P = AmadSettings;

/** What one encoder layer made of its input; A and its rotated queries exist only with AutoMask. */
export type AmadLayer = {
  readonly index: number;
  readonly t_BWH: Tensor3D;
  readonly q: Tensor4D;
  readonly k: Tensor4D;
  readonly s: Tensor4D;
  readonly a: Tensor4D | null;
};

export type AmadForward = { readonly y_BWS: Tensor3D; readonly layers: readonly AmadLayer[] };

/** Factors on the logits of S (eq. 3) and of A (eq. 15). */
function scales({ scaling, hidden, heads }: P): readonly [s: number, a: number] {
  if (scaling === 'literal') return [hidden ** -0.5, 1 / hidden];
  const width = scaling === 'head' ? hidden / heads : hidden;
  return [width ** -0.5, width ** -0.5];
}

/** ω by head [E] (eq. 10-13): learned, or a learned matrix times the positions 1..W. */
function omegaOf(weights: Tensors, layer: number, W: number): Tensor1D {
  const own = weights[`layers.${layer}.omega`] as Tensor1D | undefined;
  if (own !== undefined) return own;
  const byStep_EW = weights[`layers.${layer}.omegaByStep`] as Tensor2D;
  const position_W1 = tf.reshape<tf.Rank.R2>(tf.range(1, W + 1), [W, 1]);
  return tf.reshape<tf.Rank.R1>(tf.matMul(byStep_EW, position_W1), [byStep_EW.shape[0]]);
}

/** Swaps the columns of each pair, with the sign of a quarter turn: (x, y) J = (-y, x). */
function quarterTurn(K: number): Tensor2D {
  const J = new Float32Array(K * K);
  for (let pair = 0; pair + 1 < K; pair += 2) {
    J[pair * K + pair + 1] = 1;
    J[(pair + 1) * K + pair] = -1;
  }
  return tf.tensor2d(J, [K, K]);
}

/** Angle of each pair of columns by position, p ω θ with p = 1..W: [E, 1, W, 1], or [E, 1, W, K] with a θ for each pair. */
function anglesOf(omega_E: Tensor1D, W: number, K: number, kind: string): Tensor4D {
  const E = omega_E.size;
  const position = tf.reshape<tf.Rank.R4>(tf.range(1, W + 1), [1, 1, W, 1]);
  const angle = tf.mul<Tensor4D>(tf.reshape<tf.Rank.R4>(omega_E, [E, 1, 1, 1]), position);
  if (kind !== 'rope') return angle;
  const theta = Float32Array.from({ length: K }, (_, column) => 10000 ** (-(column - (column % 2)) / K));
  return tf.mul(angle, tf.tensor4d(theta, [1, 1, 1, K]));
}

/**
 * The AutoMask of queries or keys (eq. 10-13): a projection of its own for each head, then every pair (2k, 2k + 1) of
 * columns turned by its angle, x cos + (x J) sin.
 */
function autoMask(x_EBWK: Tensor4D, own_EKK: Tensor3D, angle: Tensor4D): Tensor4D {
  const [E, B, W, K] = x_EBWK.shape;
  const rows = tf.reshape<tf.Rank.R3>(x_EBWK, [E, B * W, K]);
  const turned = tf.matMul(tf.reshape<tf.Rank.R2>(own_EKK, [E * K, K]), quarterTurn(K));
  const straight = tf.reshape<tf.Rank.R4>(tf.matMul(rows, own_EKK), [E, B, W, K]);
  const across = tf.reshape<tf.Rank.R4>(tf.matMul(rows, tf.reshape<tf.Rank.R3>(turned, [E, K, K])), [E, B, W, K]);
  return tf.add(tf.mul(straight, tf.cos(angle)), tf.mul(across, tf.sin(angle)));
}

/** Queries and keys as AutoMask sees them. */
function masked(weights: Tensors, l: number, q: Tensor4D, k: Tensor4D, p: P): readonly [q: Tensor4D, k: Tensor4D] {
  const [, , W, K] = q.shape;
  const angle = anglesOf(omegaOf(weights, l, W), W, K, p.angles);
  return [
    autoMask(q, weights[`layers.${l}.maskQ`] as Tensor3D, angle),
    autoMask(k, weights[`layers.${l}.maskK`] as Tensor3D, angle),
  ];
}

function feedForward(weights: Tensors, layer: string, x: Tensor3D, p: P): Tensor3D {
  if (p.feedForward === 'one') return gelu(dense(weights, `${layer}.ff`, x));
  return dense(weights, `${layer}.ff2`, gelu(dense(weights, `${layer}.ff1`, x)));
}

/** The encoder (Figure 2): attention block and feed-forward, each with a residual and a layer norm; then a linear head. */
export function amadForward(weights: Tensors, x_BWF: Tensor3D, p: P): AmadForward {
  const [scaleS, scaleA] = scales(p);
  const layers: AmadLayer[] = [];
  let t_BWH = embedWindow(weights, x_BWF, p.positions);
  for (let index = 0; index < p.layers; index++) {
    const name = `layers.${index}`;
    const { q, k, v } = project(weights, name, t_BWH, p.heads);
    const s = attentionMap(q, k, scaleS);
    const a = p.autoMask ? attentionMap(...masked(weights, index, q, k, p), scaleA) : null;
    layers.push({ index, t_BWH, q, k, s, a });
    // Eq. 16: attention mixup.
    const mixed = a === null ? s : tf.add<Tensor4D>(tf.mul(a, tf.scalar(p.alpha)), tf.mul(s, tf.scalar(1 - p.alpha)));
    const z = dense(weights, `${name}.out`, mergeHeads(tf.matMul(mixed, v)));
    const h = norm(weights, `${name}.norm1`, tf.add<Tensor3D>(t_BWH, z));
    t_BWH = norm(weights, `${name}.norm2`, tf.add<Tensor3D>(h, feedForward(weights, name, h, p)));
  }
  return { y_BWS: dense(weights, 'head', norm(weights, 'norm', t_BWH)), layers };
}

const meanOf = <T extends Tensor>(values: readonly T[]): T => tf.div<T>(tf.addN([...values]), tf.scalar(values.length));

/** Cross-attention divergence CAD (eq. 6), [B, W]: Jensen-Shannon divergence of A and S, mean over layers and heads. */
export function cadOf(layers: readonly AmadLayer[]): Tensor2D {
  return meanOf(layers.map(({ a, s }) => tf.mean<Tensor2D>(divergence(a!, s), 0)));
}

/** A whose gradient reaches AutoMask's own weights only: its queries and keys are cut off (min phase). */
const cutA = (weights: Tensors, { index, q, k, a }: AmadLayer, p: P): Tensor4D =>
  attentionTwin(a!, ...masked(weights, index, stopGradient(q), stopGradient(k), p), scales(p)[1]);

/** S whose gradient reaches the query and key weights of its own layer only. */
function cutS(weights: Tensors, { index, t_BWH, s }: AmadLayer, p: P): Tensor4D {
  const still = stopGradient(t_BWH);
  const part = (name: string): Tensor4D => splitHeads(dense(weights, `layers.${index}.${name}`, still), p.heads);
  return attentionTwin(s, part('q'), part('k'), scales(p)[0]);
}

const meanCad = (gaps: readonly Tensor[]): Scalar => tf.mean(meanOf(gaps));

/** Min phase (eq. 18): mean CAD as a function of AutoMask's weights, S held still. */
export const cadMin = (weights: Tensors, layers: readonly AmadLayer[], p: P): Scalar =>
  meanCad(layers.map((layer) => divergence(cutA(weights, layer, p), layer.s, { gradients: [1, 0] })));

/** Max phase (eq. 18): mean CAD as a function of self-attention, A held still. S keeps its whole past. */
export const cadMax = (layers: readonly AmadLayer[]): Scalar =>
  meanCad(layers.map(({ a, s }) => divergence(a!, s, { gradients: [0, 1] })));

/**
 * Both phases at once, each within its layer: the value is the mean CAD; going down its gradient draws A to S by
 * AutoMask's weights (factor `down`) and pushes S from A by the layer's query and key weights (factor `up`).
 */
export const cadLocal = (weights: Tensors, layers: readonly AmadLayer[], p: P, down: number, up: number): Scalar =>
  meanCad(
    layers.map((layer) =>
      divergence(cutA(weights, layer, p), cutS(weights, layer, p), { gradients: [down, up === 0 ? 0 : -up] }),
    ),
  );

const crossEntropy = (logits_BB: Tensor2D): Scalar => {
  const own = tf.sum(tf.mul(logits_BB, tf.eye(logits_BB.shape[0])), 1);
  return tf.mean(tf.sub(tf.logSumExp(logits_BB, 1), own));
};

/** Local-global contrastive loss (eq. 19-20, Figure 5): each window's S shall know its own A among those of the batch. */
export function contrastive(layers: readonly AmadLayer[], p: P): Scalar {
  const losses = layers.map(({ a, s }) => {
    const [E, B, W] = s.shape;
    const rows = (map: Tensor4D): Tensor3D => tf.reshape(map, [E, B, W * W]);
    const product = tf.sum<Tensor2D>(tf.matMul(rows(s), rows(a!), false, true), 0);
    const factor = tf.scalar(Math.exp(p.tau));
    if (p.contrast === 'literal') return crossEntropy(tf.mul(product, factor));
    const length = (map: Tensor4D): Tensor => tf.sqrt(tf.sum(tf.square(map), [0, 2, 3]));
    const lengths = tf.mul(tf.reshape(length(s), [B, 1]), tf.reshape(length(a!), [1, B]));
    const logits = tf.mul<Tensor2D>(tf.div(product, lengths), factor);
    return tf.div(tf.add<Scalar>(crossEntropy(logits), crossEntropy(tf.transpose(logits))), tf.scalar(2));
  });
  return tf.div<Scalar>(tf.addN(losses), tf.scalar(layers[0].s.shape[1]));
}

/** Reconstruction loss (eq. 17): mean squared error over batch, time and sensors. */
export const reconstruction = (x_BWS: Tensor3D, y_BWS: Tensor3D): Scalar => tf.mean(tf.square(tf.sub(x_BWS, y_BWS)));

const isMask = (name: string): boolean => /\.(maskQ|maskK|omega|omegaByStep)$/.test(name);
const isQueryOrKey = (name: string): boolean => /\.(q|k)\.kernel$/.test(name);

/** What every phase has in common: reconstruction plus contrastive loss. Notes the terms. */
function base(forward: AmadForward, batch: Batch, p: P, dims: Dims): Scalar {
  const rec = reconstruction(sensorsOf(batch.x_BWF, dims.S), forward.y_BWS);
  batch.note('reconstruction', rec);
  if (!p.autoMask || !p.contrastive) return rec;
  const con = contrastive(forward.layers, p);
  batch.note('contrastive', con);
  return tf.add(rec, tf.mul(con, tf.scalar(p.conWeight)));
}

const phasesOf = (p: P): readonly [min: number, max: number] => [
  p.autoMask && p.minPhase ? p.lambda : 0,
  p.autoMask && p.maxPhase ? p.lambda : 0,
];

/** Gradients routed by list (eq. 18): AutoMask's weights also get +λ cadMin, the query and key weights -λ cadMax. */
export function routedGradients(
  weights: Weights,
  x_BWF: Tensor3D,
  p: P,
  common: (forward: AmadForward) => Scalar,
): { value: Scalar; grads: Record<string, Tensor> } {
  const forward = () => amadForward(weights, x_BWF, p);
  const [down, up] = phasesOf(p);
  const names = Object.keys(weights);
  const { value, grads } = gradientsOf(weights, names, () => common(forward()));
  const add = (moves: readonly string[], factor: number, cad: () => Scalar): void => {
    const phase = gradientsOf(weights, moves, cad).grads;
    for (const name of moves) grads[name] = tf.add(grads[name], tf.mul(phase[name], tf.scalar(factor)));
  };
  if (down > 0) add(names.filter(isMask), down, () => cadMin(weights, forward().layers, p));
  if (up > 0) add(names.filter(isQueryOrKey), -up, () => cadMax(forward().layers));
  return { value, grads };
}

/** Mean CAD whose gradient is that of the active phases, each within its layer; without a phase there is none. */
function localCad(weights: Tensors, layers: readonly AmadLayer[], p: P): Scalar {
  const [down, up] = phasesOf(p);
  if (down > 0 || up > 0) return cadLocal(weights, layers, p, down, up);
  return meanCad(layers.map(({ a, s }) => divergence(a!, s, { gradients: [0, 0] })));
}

/** The same update from one backward pass, where S keeps no past below its layer. The value is the common part's. */
export const localObjective = (
  weights: Tensors,
  { layers }: AmadForward,
  p: P,
  common: Scalar,
  batch?: Batch,
): Scalar => {
  const cad = localCad(weights, layers, p);
  batch?.note('CAD', cad);
  return tf.add(common, tf.sub(cad, stopGradient(cad)));
};

const termsOf = ({ autoMask, contrastive: con }: P): string[] =>
  autoMask ? ['reconstruction', ...(con ? ['contrastive'] : []), 'CAD'] : ['reconstruction'];

/** The contrastive loss holds the windows of a batch against each other. */
const isSeparable = (p: P): boolean => !p.autoMask || !p.contrastive;

/** The two phases as two steps, each with an optimiser of its own, after the common part (option `alternate`). */
function alternating(weights: Weights, p: P, dims: Dims): Loss[] {
  const [down, up] = phasesOf(p);
  const names = Object.keys(weights);
  const phase = (name: string, moves: string[], factor: number, cadOfPhase: (f: AmadForward) => Scalar): Loss => {
    const value = (batch: Batch): Scalar => {
      const forward = amadForward(weights, batch.x_BWF, p);
      const cad = cadOfPhase(forward);
      batch.note('CAD', cad);
      return tf.add(base(forward, batch, p, dims), tf.mul(cad, tf.scalar(factor)));
    };
    return { name, moves, value, terms: termsOf(p), separable: isSeparable(p), optimiser: { rate: p.rate } };
  };
  return [
    phase(
      'min',
      names.filter((name) => !isQueryOrKey(name)),
      down,
      ({ layers }) => cadMin(weights, layers, p),
    ),
    phase(
      'max',
      names.filter((name) => !isMask(name)),
      -up,
      ({ layers }) => cadMax(layers),
    ),
  ];
}

function losses(weights: Weights, p: P, dims: Dims): Loss[] {
  if (p.autoMask && p.update === 'alternate') return alternating(weights, p, dims);
  const value = (batch: Batch): Scalar => {
    const forward = amadForward(weights, batch.x_BWF, p);
    const common = base(forward, batch, p, dims);
    return p.autoMask ? localObjective(weights, forward, p, common, batch) : common;
  };
  const loss = {
    ...{ name: 'loss', moves: Object.keys(weights), value, terms: termsOf(p) },
    ...{ separable: isSeparable(p), optimiser: { rate: p.rate } },
  };
  if (!p.autoMask || p.update === 'local') return [loss];
  const gradients = (batch: Batch) =>
    routedGradients(weights, batch.x_BWF, p, (forward) => {
      batch.note('CAD', localCad(weights, forward.layers, { ...p, minPhase: false, maxPhase: false }));
      return base(forward, batch, p, dims);
    });
  return [{ ...loss, gradients }];
}

/** Anomaly score (eq. 21), [B, W]: softmax over the window of -T CAD, times the squared error. */
export const amadScore = (cad_BW: Tensor2D, error_BW: Tensor2D, temperature: number): Tensor2D =>
  tf.mul(tf.softmax(tf.mul(cad_BW, tf.scalar(-temperature))), error_BW);

function judge(weights: Tensors, x_BWF: Tensor3D, p: P, { S }: Dims): Judged {
  const { y_BWS, layers } = amadForward(weights, x_BWF, p);
  const error_BW = squaredError(sensorsOf(x_BWF, S), y_BWS);
  const parts: Part[] = [{ name: 'reconstruction', title: 'Squared error', value_BW: error_BW }];
  if (!p.autoMask)
    return { y_BWS, parts: [...parts, { name: 'score', title: 'Score of the paper', value_BW: error_BW.clone() }] };
  const cad_BW = cadOf(layers);
  const score_BW = amadScore(cad_BW, tf.mul(error_BW, tf.scalar(S)), p.temperature);
  return {
    y_BWS,
    parts: [
      ...parts,
      { name: 'cad', title: 'Cross-attention divergence', value_BW: cad_BW },
      { name: 'score', title: 'Score of the paper', value_BW: score_BW },
    ],
  };
}

async function show(weights: Tensors, x_BWF: Tensor3D, p: P): Promise<ShownWindow> {
  const held = tf.scoped(() =>
    amadForward(weights, x_BWF, p).layers.flatMap(({ index, s, a }) =>
      a === null
        ? [batchFirst(s)]
        : [batchFirst(s), batchFirst(a), divergence(a, s), omegaOf(weights, index, p.window).clone()],
    ),
  );
  const values = await readAll(held).finally(() => tf.dispose(held));
  const [heads, size] = [p.heads, p.window];
  const each = p.autoMask ? 4 : 1;
  const map = (layer: number, name: string, title: string, value_HRC: Float32Array) =>
    ({ name, title, layer, axis: 'steps', heads, size, value_HRC }) as const;
  const layers = Array.from({ length: p.layers }, (_, layer) => values.slice(layer * each, (layer + 1) * each));
  return {
    maps: layers.flatMap(([s, a], layer) => [
      map(layer, 'S', 'Self-attention', s),
      ...(p.autoMask ? [map(layer, 'A', 'AutoMask attention', a)] : []),
    ]),
    divergences: p.autoMask
      ? layers.map(([, , value_HR], layer) => ({
          title: 'Cross-attention divergence',
          layer,
          between: ['A', 'S'] as const,
          heads,
          size,
          value_HR,
        }))
      : [],
    frequencies: p.autoMask ? layers.map(([, , , omega_H], layer) => ({ layer, omega_H })) : [],
    mixing: p.autoMask ? p.alpha : null,
  };
}

const floatsPerWindow = (p: P): number => p.window * (p.heads * p.window * (3 * p.layers + 2) + 12 * p.hidden);

export const amad = defineDetector({
  card: {
    id: 'amad',
    title: 'AMAD',
    summary:
      'Reconstructs each window through two attentions, a plain one and one with learned rotations of time; scores by ' +
      'how badly a step is reconstructed and how far the two attentions differ there.',
    paper: {
      cite: 'Huang & Li, 2025',
      url: 'https://arxiv.org/abs/2504.06643',
    },
    deviations: [
      'Not given in the paper and taken from the Anomaly Transformer: window 100, circular convolution and sinusoid as embedding, final layer norm and linear head, no dropout, both terms of the loss as means, halving of the learning rate.',
      'Logits are scaled by the width of a head; eq. 3 has the width of the model and eq. 15 its square, which makes AutoMask almost uniform (setting "Scale of attention").',
      'ω is learned directly, one number a head and layer, spread over the frequencies of a window at the start (setting "Frequency ω"); one angle θ = 1 for all pairs (setting "Angle θ").',
      'AutoMask has its own square projection of queries and keys in each head, as eq. 10 says; the divergence reaches nothing else of its side.',
      'Both phases are one step with routed gradients. By default each layer’s divergence stays in its layer, which one backward pass can do; by list, or as two steps, it reaches self-attention below (setting "Phases").',
      'The undefined S of the layer’s second sum is read as H; CAD is the mean over layers and heads, in nats.',
      'Learning is judged by the loss on the last fifth of the training windows, in which the divergence of the two phases cancels; published code of this family judges it on the test set.',
      'A step covered by several windows gets the mean of their scores (setting "Windows over a step"); the papers cut windows side by side and drop the rest.',
      'Covariates are read, but only sensors are reconstructed.',
      'Default preset "lite": width 64, 4 heads, 2 layers, learning rate 0.001; the paper’s rate of 0.02 is in preset "paper" and may diverge, which stops the run with advice.',
    ],
  },
  params: amadParams,
  presets: amadPresets,
  scale: () => 'zscore',
  ...reconstructing<P>({
    check: checkAmad,
    shapes: amadShapes,
    start: amadStart,
    losses,
    judge,
    show,
    floatsPerWindow,
  }),
});
