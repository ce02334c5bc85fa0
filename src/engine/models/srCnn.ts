/**
 * SR-CNN: the saliency map of a window's spectral residual, judged by a small network that was taught with labels, or
 * with anomalies that were put into the windows by chance.
 * Paper: Ren et al., "Time-Series Anomaly Detection Service at Microsoft", KDD 2019. Dimensions: B batch, W window.
 */
import { extensionOf, saliency } from '../math/spectralResidual.ts';
import type { ParamTable, Values } from '../params.ts';
import { normal } from '../rng.ts';
import { columnOf } from '../tensor/columns.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar } from '../tensor/tf.ts';
import type { Weights } from '../tensor/weights.ts';
import type { Batch, Loss } from '../train.ts';
import { crossEntropy } from './shared/crossEntropy.ts';
import { linearStart } from './shared/linear.ts';
import { learningDetector } from './shared/stepDetector.ts';
import { scheduleOf } from './shared/stepScorer.ts';
import { trainingParams } from './shared/windowParams.ts';
import type { Example } from './shared/stepScorer.ts';
import { srCnnLogits, srCnnShapes } from './srCnnNetwork.ts';

const whole = { kind: 'number', step: 1 } as const;

const params = {
  window: {
    ...whole,
    default: 240,
    min: 16,
    max: 2048,
    label: 'Window W',
    unit: 'steps',
    group: 'Windows',
    help: 'Steps of one saliency map. Published code: 128. The network grows with its square.',
  },
  stride: {
    ...whole,
    default: 32,
    min: 1,
    max: 2048,
    label: 'Stride',
    unit: 'steps',
    group: 'Windows',
    help: 'Steps between training windows. Published code: 64.',
  },
  labels: {
    kind: 'choice',
    default: 'given',
    options: [
      { value: 'given', label: 'labels of the training part' },
      { value: 'injected', label: 'anomalies put in by chance' },
    ],
    label: 'Learns from',
    group: 'Training',
    help: 'Published code puts 1 to 9 odd points into each window and learns to find them; C-GATS gives it real labels.',
  },
  weight: {
    kind: 'number',
    default: 2,
    min: 1,
    max: 1000,
    step: 1,
    label: 'Weight of an anomalous step',
    group: 'Losses',
    help: 'Published code: a hundredth of the window, rounded down, but at least 1.',
  },
  ...trainingParams,
  rate: {
    ...trainingParams.rate,
    default: 5e-4,
    help: 'Step size of Adam. Published code: SGD with momentum and 1e-6 for a loss that is summed.',
  },
  epochs: { ...trainingParams.epochs, default: 40 },
  patience: { ...trainingParams.patience, default: 10 },
  fade: { ...trainingParams.fade, default: 0.97 },
  validation: { ...trainingParams.validation, default: 0.1 },
} as const satisfies ParamTable;

type P = Values<typeof params>;

/** Values brought to [0, 3], as the published code does before the transform. */
function brought(x_W: Float32Array): Float32Array {
  const low = x_W.reduce((a, b) => Math.min(a, b), Infinity);
  const high = x_W.reduce((a, b) => Math.max(a, b), -Infinity);
  return high > low ? x_W.map((x) => (3 * (x - low)) / (high - low)) : new Float32Array(x_W.length);
}

/** Estimated steps appended before the transform, so that the last steps are not at the edge. */
const EXTEND = 5;

/** Saliency of each step over the mean of the window: unlike its size, this does not depend on the window's length. */
function map(x_W: Float32Array): Float32Array {
  const scaled = brought(x_W);
  const extension = extensionOf(scaled);
  const s = saliency([...scaled, ...new Array<number>(EXTEND).fill(extension)]).subarray(0, x_W.length);
  const level = s.reduce((sum, value) => sum + value, 0) / s.length;
  return Float32Array.from(s, (value) => (level > 0 ? value / level : 0));
}

/** Steps around a point over which its local mean is taken. */
const LOCAL = 21;

/** 1 to 9 points moved by (local mean + mean) · N(0, 1) · min(1 + variance, 10), labelled 1. */
function injected(x_W: Float32Array, rng: () => number): Example {
  const x = brought(x_W);
  const W = x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / W;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / W;
  const label_W = new Float32Array(W);
  const points = 1 + Math.floor(rng() * 9);
  const moved = x.slice();
  for (let n = 0; n < points; n++) {
    const t = Math.floor(rng() * W);
    const around = x.subarray(Math.max(0, t - LOCAL), t + 1);
    const local = around.reduce((sum, value) => sum + value, 0) / around.length;
    moved[t] = x[t] + (local + mean) * normal(rng) * Math.min(1 + variance, 10);
    label_W[t] = 1;
  }
  return { channels_IW: [map(moved)], label_W };
}

const losses = (weights: Weights, p: P): Loss[] => {
  const value = ({ x_BWF }: Batch): Scalar =>
    tf.mean(crossEntropy(srCnnLogits(weights, columnOf(x_BWF, 0)), columnOf(x_BWF, 1), p.weight));
  return [{ name: 'loss', moves: Object.keys(weights), value, separable: true, optimiser: { rate: p.rate } }];
};

export const srCnn = learningDetector<typeof params>({
  card: {
    id: 'sr-cnn',
    title: 'SR-CNN',
    summary:
      'Looks for what stands out of the smoothed spectrum of a window and lets a small network judge it. Learns from labelled anomalies, or from anomalies that it puts into the windows itself.',
    paper: { cite: 'Ren et al., KDD 2019', url: 'https://arxiv.org/abs/1906.03821' },
    deviations: [
      'Adam and a mean loss; the published code has SGD with momentum and a summed loss, whose scale its rate fits.',
      'The saliency is divided by its mean over the window instead of multiplied by 100.',
      'Labels of injected points are not cleaned by saliency.',
      'By default it learns from labels of the training part, as in the C-GATS paper.',
      'Every sensor is judged by itself, with the same weights; labels speak of all sensors.',
    ],
  },
  params,
  presets: {
    lite: { window: 128 },
    code: {
      window: 128,
      stride: 64,
      labels: 'injected',
      weight: 1,
      epochs: 10,
      batch: 256,
      validation: 0,
      patience: 0,
    },
  },
  title: 'Probability of an anomaly',
  scorer: {
    supervised: ({ labels }) => labels === 'given',
    cuts: ({ window, stride }) => ({ window, stride, judged: window, scoreStride: Math.max(1, window >> 1) }),
    schedule: scheduleOf,
    check: () => undefined,
    shapes: ({ window }) => srCnnShapes(window),
    start: (name, shape, _, rng, shapes) => linearStart(name, shape, rng, shapes),
    view: (x_W) => [map(x_W)],
    example: (x_W, label_W, { labels }, rng) =>
      labels === 'injected' ? injected(x_W, rng) : { channels_IW: [map(x_W)], label_W },
    losses,
    judge: (weights, x_BWI) => tf.sigmoid(srCnnLogits(weights, columnOf(x_BWI, 0))),
    floatsPerWindow: ({ window }) => 12 * window,
  },
});
