/**
 * Anomaly Transformer: self-attention against a learned Gaussian prior around each step. An anomaly attends to its
 * neighbours only, so that both maps agree there: a small discrepancy and a large error make the score.
 * Paper: Xu, Wu, Wang, Long: "Anomaly Transformer: Time Series Anomaly Detection with Association Discrepancy", ICLR 2022.
 * Dimensions: B batch, W window, S sensors, F inputs, H width, E heads; series and prior maps are [E, B, W, W].
 */
import { defineDetector } from '../model.ts';
import type { ParamTable, Values } from '../params.ts';
import { batchFirst, dense, dropoutBy } from '../tensor/encoder.ts';
import type { Dropout } from '../tensor/encoder.ts';
import { divergence } from '../tensor/kernels/divergence.ts';
import { stopGradient } from '../tensor/stopGradient.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor, Tensor2D, Tensor3D, Tensor4D } from '../tensor/tf.ts';
import { readAll } from '../tensor/weights.ts';
import type { Tensors, Weights } from '../tensor/weights.ts';
import type { Batch, Loss } from '../train.ts';
import { checkHeads, reconstructing, sensorsOf, squaredError } from './shared/reconstructor.ts';
import type { Dims, Judged, ShownWindow } from './shared/reconstructor.ts';
import { encode, encoderFloats, encoderShapes, encoderStart, reconstructionLoss } from './shared/encoder.ts';
import { dropoutParam, encoderParams, innerParam, trainingParams, windowParams } from './shared/windowParams.ts';

const params = {
  ...windowParams,
  ...encoderParams,
  inner: { ...innerParam.inner, help: 'Width of the feed-forward layer (d_ff). Paper: 512.' },
  dropout: { ...dropoutParam.dropout, default: 0 },
  k: {
    kind: 'number',
    default: 3,
    min: 0,
    max: 100,
    step: 0.5,
    label: 'Weight k',
    group: 'Losses',
    help: 'Of the association discrepancy in both phases. Paper: 3.',
  },
  temperature: {
    kind: 'number',
    default: 50,
    min: 0,
    max: 1000,
    step: 1,
    label: 'Temperature of the score',
    group: 'Score',
    help: 'Factor on the discrepancy in the score’s softmax over time. Published code: 50; the paper’s formula: 1.',
  },
  ...trainingParams,
} as const satisfies ParamTable;

export type AnomalyTransformerSettings = Values<typeof params>;
type P = AnomalyTransformerSettings;

/** Inside every logarithm of the divergence, as in the published code. */
const EPSILON = 1e-4;

export type Association = {
  readonly series: Tensor4D;
  readonly prior: Tensor4D;
  /** Width of the prior, [E, B, W, 1]. */
  readonly sigma: Tensor4D;
};

export type AtForward = { readonly y_BWS: Tensor3D; readonly layers: readonly Association[] };

const SQUARES = new Map<number, Float32Array>();

/** Squared distance of every two steps, [W, W]. */
function squaredDistance(W: number): Tensor2D {
  let values = SQUARES.get(W);
  if (values === undefined) {
    values = Float32Array.from({ length: W * W }, (_, i) => (Math.floor(i / W) - (i % W)) ** 2);
    SQUARES.set(W, values);
  }
  return tf.tensor2d(values, [W, W]);
}

/**
 * Prior association: a Gaussian of the distance in time with a learned width for each step and head, each row adding
 * to 1. Its normalised density is a softmax over -d² / 2σ², and σ = 3^(sigmoid(5 s) + 1e-5) - 1 lies in (0, 2].
 */
function priorOf(weights: Tensors, layer: string, t_BWH: Tensor3D): { prior: Tensor4D; sigma: Tensor4D } {
  const s_BWE = tf.sigmoid(tf.mul<Tensor3D>(dense(weights, `${layer}.sigma`, t_BWH), tf.scalar(5)));
  const power = tf.exp(tf.mul(tf.add(s_BWE, tf.scalar(1e-5)), tf.scalar(Math.log(3))));
  const sigma = tf.expandDims<Tensor4D>(tf.transpose(tf.sub(power, tf.scalar(1)), [2, 0, 1]), -1);
  const distance = squaredDistance(t_BWH.shape[1]);
  return { prior: tf.softmax(tf.mul<Tensor4D>(tf.div(tf.scalar(-0.5), tf.square(sigma)), distance)), sigma };
}

export function atForward(weights: Tensors, x_BWF: Tensor3D, p: P, drop: Dropout = null): AtForward {
  const { y_BWS, layers } = encode(weights, x_BWF, p, drop);
  return {
    y_BWS,
    layers: layers.map(({ t_BWH, map }, n) => ({ series: map, ...priorOf(weights, `layers.${n}`, t_BWH) })),
  };
}

/** Association discrepancy of one layer, [B, W]: KL both ways, mean over heads. Factors act on the gradients only. */
const discrepancy = ({ series, prior }: Association, gradients: readonly [series: number, prior: number]): Tensor2D =>
  tf.mean<Tensor2D>(divergence(series, prior, { kind: 'kl', epsilon: EPSILON, gradients }), 0);

/** Discrepancy of each layer, [L, B, W]. */
export const discrepancies = (layers: readonly Association[]): Tensor3D =>
  tf.stack(layers.map((layer) => discrepancy(layer, [0, 0]))) as Tensor3D;

/** Mean discrepancy over layers, batch and time; its gradient reaches series and prior with these factors. */
export const association = (layers: readonly Association[], series: number, prior: number): Scalar =>
  tf.mean(tf.stack(layers.map((layer) => discrepancy(layer, [series, prior]))));

/**
 * Both phases in one backward pass: loss1 = rec - k association(series, prior still) and loss2 = rec + k association(
 * prior, series still) add up to the gradient of this. The value is 2 rec, which the discrepancies leave when added.
 */
export function atObjective(rec: Scalar, layers: readonly Association[], k: number, batch?: Batch): Scalar {
  const game = association(layers, -k, k);
  batch?.note('discrepancy', game);
  return tf.add<Scalar>(tf.mul(rec, tf.scalar(2)), tf.sub(game, stopGradient(game)));
}

function losses(weights: Weights, p: P, { S }: Dims): Loss[] {
  const value = (batch: Batch): Scalar => {
    const { x_BWF, training, rng, note } = batch;
    const { y_BWS, layers } = atForward(weights, x_BWF, p, training ? dropoutBy(p.dropout, rng) : null);
    const rec = reconstructionLoss(sensorsOf(x_BWF, S), y_BWS);
    note('reconstruction', rec);
    return atObjective(rec, layers, p.k, batch);
  };
  const terms = ['reconstruction', 'discrepancy'];
  const moves = Object.keys(weights);
  return [{ name: 'loss', moves, value, terms, separable: true, optimiser: { rate: p.rate } }];
}

/** Anomaly score, [B, W]: softmax over the window of -T times the summed discrepancy, times the squared error. */
export const atScore = (summed_BW: Tensor2D, error_BW: Tensor2D, temperature: number): Tensor2D =>
  tf.mul(tf.softmax(tf.mul(summed_BW, tf.scalar(-temperature))), error_BW);

function judge(weights: Tensors, x_BWF: Tensor3D, p: P, { S }: Dims): Judged {
  const { y_BWS, layers } = atForward(weights, x_BWF, p);
  const error_BW = squaredError(sensorsOf(x_BWF, S), y_BWS);
  const summed_BW = tf.sum<Tensor2D>(discrepancies(layers), 0);
  return {
    y_BWS,
    parts: [
      { name: 'reconstruction', title: 'Squared error', value_BW: error_BW },
      { name: 'discrepancy', title: 'Association discrepancy', value_BW: summed_BW },
      { name: 'score', title: 'Score of the paper', value_BW: atScore(summed_BW, error_BW, p.temperature) },
    ],
  };
}

async function show(weights: Tensors, x_BWF: Tensor3D, p: P): Promise<ShownWindow> {
  const held: Tensor[] = tf.scoped(() =>
    atForward(weights, x_BWF, p).layers.flatMap(({ series, prior }) => [
      batchFirst(series),
      batchFirst(prior),
      divergence(series, prior, { kind: 'kl', epsilon: EPSILON, gradients: [0, 0] }),
    ]),
  );
  const values = await readAll(held).finally(() => tf.dispose(held));
  const [heads, size] = [p.heads, p.window];
  const layers = Array.from({ length: p.layers }, (_, layer) => values.slice(3 * layer, 3 * layer + 3));
  const map = (layer: number, name: string, title: string, value_HRC: Float32Array) =>
    ({ name, title, layer, axis: 'steps', heads, size, value_HRC }) as const;
  return {
    maps: layers.flatMap(([series, prior], layer) => [
      map(layer, 'series', 'Series association', series),
      map(layer, 'prior', 'Prior association', prior),
    ]),
    divergences: layers.map(([, , value_HR], layer) => ({
      title: 'Association discrepancy',
      layer,
      between: ['series', 'prior'],
      kind: 'symmetric-kl',
      heads,
      size,
      value_HR,
    })),
    frequencies: [],
    mixing: null,
  };
}

export const anomalyTransformer = defineDetector({
  card: {
    id: 'anomaly-transformer',
    title: 'Anomaly Transformer',
    summary:
      'Reconstructs each window and compares what each step attends to with a learned Gaussian around it; an anomaly ' +
      'attends to its neighbours only.',
    paper: { cite: 'Xu et al., ICLR 2022', url: 'https://arxiv.org/abs/2110.02642' },
    deviations: [
      'Both phases are one step from one backward pass with the gradients of the published two; learning is judged by the reconstruction loss on the last fifth of the training windows (published code: both losses, on the test set).',
      'A layer norm that the published code creates and never uses is left out.',
      'The published code’s 1e-4 inside the logarithms and temperature of 50 are kept (setting "Temperature of the score").',
      'Covariates are read, but only sensors are reconstructed.',
      'A step covered by several windows gets the mean of their scores (setting "Windows over a step"); published: windows side by side, the rest dropped.',
      'Default preset "lite": width 64, 4 heads, 2 layers, learning rate 0.001.',
    ],
  },
  params,
  presets: {
    lite: {},
    paper: {
      stride: 1,
      cover: 1,
      hidden: 512,
      heads: 8,
      layers: 3,
      inner: 512,
      epochs: 3,
      batch: 256,
      rate: 1e-4,
      fade: 0.5,
    },
  },
  scale: () => 'zscore',
  ...reconstructing<P>({
    check: checkHeads,
    shapes: (p, dims) => encoderShapes(p, dims, { 'sigma.kernel': [p.hidden, p.heads], 'sigma.bias': [p.heads] }),
    start: encoderStart,
    losses,
    judge,
    show,
    floatsPerWindow: (p) => encoderFloats(p, 3),
  }),
});
