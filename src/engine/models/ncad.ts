/**
 * NCAD: compares a window with the same window without its last steps; where the two are far apart, the last steps do
 * not belong to what came before. Learns from labels, and from anomalies that it makes itself.
 * Paper: Carmona, Aubet, Flunkert, Gasthaus, "Neural Contextual Anomaly Detection for Time Series", IJCAI 2022.
 * Dimensions: B batch, W window, K suspect steps (the last ones).
 */
import { EngineError } from '../errors.ts';
import { betaDraw } from '../math/samplers.ts';
import type { ParamTable, Values } from '../params.ts';
import { sizeOf } from '../shape.ts';
import { uniform } from '../tensor/init.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor1D, Tensor2D, Tensor3D } from '../tensor/tf.ts';
import type { Tensors, Weights } from '../tensor/weights.ts';
import type { Batch, Loss } from '../train.ts';
import { angular, embedBoth, euclidean, logitOf, ncadShapes, probability } from './ncadNetwork.ts';
import { crossEntropy } from './shared/crossEntropy.ts';
import { linearStart } from './shared/linear.ts';
import { learningDetector } from './shared/stepDetector.ts';
import { scheduleOf } from './shared/stepScorer.ts';
import { trainingParams } from './shared/windowParams.ts';

const whole = { kind: 'number', step: 1 } as const;

const params = {
  window: {
    ...whole,
    default: 96,
    min: 8,
    max: 4096,
    label: 'Window W',
    unit: 'steps',
    group: 'Windows',
    help: 'Suspect steps and the context before them. Paper: 1000 (KPI, with labels), 150 (Yahoo).',
  },
  suspect: {
    ...whole,
    default: 8,
    min: 1,
    max: 512,
    label: 'Suspect steps',
    unit: 'steps',
    group: 'Windows',
    help: 'The last steps of a window, which are judged. Paper: 20 (KPI), 1 (Yahoo).',
  },
  stride: {
    ...whole,
    default: 16,
    min: 1,
    max: 4096,
    label: 'Stride',
    unit: 'steps',
    group: 'Windows',
    help: 'Steps between training windows.',
  },
  kernel: {
    ...whole,
    default: 7,
    min: 2,
    max: 31,
    label: 'Taps',
    group: 'Network',
    help: 'Width of the convolutions.',
  },
  layers: {
    ...whole,
    default: 4,
    min: 1,
    max: 10,
    label: 'Layers',
    group: 'Network',
    help: 'Each doubles the distance between taps.',
  },
  channels: {
    ...whole,
    default: 16,
    min: 1,
    max: 256,
    label: 'Channels',
    group: 'Network',
    help: 'Features of each step.',
  },
  pool: {
    ...whole,
    default: 16,
    min: 1,
    max: 256,
    label: 'Pooled steps',
    group: 'Network',
    help: 'Stretches of which the largest features are kept.',
  },
  embedding: {
    ...whole,
    default: 64,
    min: 2,
    max: 1024,
    label: 'Embedding',
    group: 'Network',
    help: 'Numbers that describe a window.',
  },
  distance: {
    kind: 'choice',
    default: 'euclidean',
    options: [
      { value: 'euclidean', label: 'Euclidean' },
      { value: 'angular', label: '−ln of the cosine' },
    ],
    label: 'Distance',
    group: 'Network',
    help: 'Between the two descriptions. The paper’s text has the Euclidean one, whose probability stays below 0.865.',
  },
  exposure: {
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 4,
    step: 0.05,
    label: 'Foreign stretches',
    group: 'Made anomalies',
    help: 'For each window of a batch, so many copies whose suspect steps are partly another window’s, labelled anomalous.',
  },
  mixing: {
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 4,
    step: 0.05,
    label: 'Mixed windows',
    group: 'Made anomalies',
    help: 'For each window of a batch, so many weighted means of two windows with their labels.',
  },
  spikes: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 4,
    step: 0.05,
    label: 'Spikes',
    group: 'Made anomalies',
    help: 'For each window of a batch, so many copies with a spike of 1 or 2 suspect steps, labelled anomalous.',
  },
  ...trainingParams,
  epochs: { ...trainingParams.epochs, default: 30 },
  patience: { ...trainingParams.patience, default: 10 },
  fade: { ...trainingParams.fade, default: 0.97 },
  validation: { ...trainingParams.validation, default: 0.1 },
} as const satisfies ParamTable;

type P = Values<typeof params>;

/** Windows [B, W, 1] and the labels of their suspect steps [B], between 0 and 1. */
type Crops = { readonly x_BW1: Tensor3D; readonly y_B: Tensor1D };

const draw = (count: number, rng: () => number): number => Math.floor(rng() * count);

const numbers = (count: number, of: number, rng: () => number): Tensor1D =>
  tf.tensor1d(
    Int32Array.from({ length: count }, () => draw(of, rng)),
    'int32',
  );

/** 1 on a random stretch of at most `longest` of the suspect steps, [N, W, 1]. */
function stretches(N: number, W: number, K: number, longest: number, rng: () => number): Tensor3D {
  const mask_NW = new Float32Array(N * W);
  for (let n = 0; n < N; n++) {
    const length = 1 + draw(Math.min(K, longest), rng);
    const start = n * W + W - K + draw(K - length + 1, rng);
    mask_NW.fill(1, start, start + length);
  }
  return tf.tensor3d(mask_NW, [N, W, 1]);
}

/** Copies whose suspect steps are partly another window's: contextual outlier exposure. */
function exposed({ x_BW1 }: Crops, N: number, K: number, rng: () => number): Crops {
  const [B, W] = x_BW1.shape;
  const mask = stretches(N, W, K, K, rng);
  const own = tf.gather(x_BW1, numbers(N, B, rng));
  const other = tf.gather(x_BW1, numbers(N, B, rng));
  return { x_BW1: tf.add(own, tf.mul(mask, tf.sub(other, own))), y_B: tf.ones([N]) };
}

/** 5 to 95 % of a normal law, in deviations. */
const RANGE = 3.29;

/** Copies with a spike of one or two suspect steps, 0.5 to 2 times the spread of the window, up or down. */
function spiked({ x_BW1 }: Crops, N: number, K: number, rng: () => number): Crops {
  const [B, W] = x_BW1.shape;
  const own: Tensor3D = tf.gather(x_BW1, numbers(N, B, rng));
  const spread = tf.mul(tf.sqrt(tf.moments(own, 1, true).variance), tf.scalar(RANGE));
  const size = tf.tensor3d(
    Float32Array.from({ length: N }, () => (rng() < 0.5 ? -1 : 1) * (0.5 + 1.5 * rng())),
    [N, 1, 1],
  );
  const spikes = tf.mul(stretches(N, W, K, 2, rng), tf.mul(size, spread));
  return { x_BW1: tf.add(own, spikes), y_B: tf.ones([N]) };
}

/** Shape of the Beta law of mixing weights in the published code: nearly always 0 or 1. */
const MIX = 0.05;

/** Weighted means of two windows and of their labels. */
function mixed({ x_BW1, y_B }: Crops, N: number, rng: () => number): Crops {
  const B = x_BW1.shape[0];
  const [a, b] = [numbers(N, B, rng), numbers(N, B, rng)];
  const weight_N = tf.tensor1d(Float32Array.from({ length: N }, () => betaDraw(MIX, MIX, rng)));
  const between = <T extends tf.Tensor>(x: T, weight: tf.Tensor): T => {
    const [first, second] = [tf.gather(x, a), tf.gather(x, b)];
    return tf.add(second, tf.mul(weight, tf.sub(first, second)));
  };
  return { x_BW1: between(x_BW1, tf.reshape(weight_N, [N, 1, 1])), y_B: between(y_B, weight_N) };
}

/** The windows of a batch and those that are made of them. */
function withMade(crops: Crops, p: P, rng: () => number): Crops {
  const count = (rate: number): number => Math.round(rate * crops.x_BW1.shape[0]);
  const makers: readonly (readonly [number, (N: number) => Crops])[] = [
    [count(p.exposure), (N) => exposed(crops, N, p.suspect, rng)],
    [count(p.spikes), (N) => spiked(crops, N, p.suspect, rng)],
    [count(p.mixing), (N) => mixed(crops, N, rng)],
  ];
  const all = [crops, ...makers.filter(([N]) => N > 0).map(([N, make]) => make(N))];
  return { x_BW1: tf.concat(all.map(({ x_BW1 }) => x_BW1)), y_B: tf.concat(all.map(({ y_B }) => y_B)) };
}

function distanceOf(weights: Tensors, x_BWI: Tensor3D, p: P): Tensor1D {
  const both = embedBoth(weights, x_BWI, p.pool, p.suspect);
  return p.distance === 'angular' ? angular(...both) : euclidean(...both);
}

const losses = (weights: Weights, p: P): Loss[] => {
  const value = ({ x_BWF, training, rng }: Batch): Scalar => {
    const [B, W] = x_BWF.shape;
    const suspect = tf.slice3d(x_BWF, [0, W - p.suspect, 1], [B, p.suspect, 1]);
    const plain: Crops = { x_BW1: tf.slice3d(x_BWF, [0, 0, 0], [B, W, 1]), y_B: tf.max(suspect, [1, 2]) };
    // Validation judges the windows as they are.
    const { x_BW1, y_B } = training ? withMade(plain, p, rng) : plain;
    return tf.mean(crossEntropy(logitOf(distanceOf(weights, x_BW1, p)), y_B));
  };
  return [{ name: 'loss', moves: Object.keys(weights), value, optimiser: { rate: p.rate } }];
};

const check = (p: P): void => {
  if (p.window > p.suspect + p.pool) return;
  throw new EngineError(
    'bad-input',
    'bad-window',
    `a window of ${p.window} steps leaves no context of more than ${p.pool} pooled steps before ${p.suspect} suspect ones`,
    `Set the window to at least ${p.suspect + p.pool + 1}.`,
  );
};

export const ncad = learningDetector<typeof params>({
  card: {
    id: 'ncad',
    title: 'NCAD',
    summary:
      'Describes a window with and without its last steps; far descriptions say that these do not belong. Learns from labels of the training part where there are any, and from anomalies that it makes itself.',
    paper: { cite: 'Carmona, Aubet, Flunkert & Gasthaus, IJCAI 2022', url: 'https://arxiv.org/abs/2107.07702' },
    deviations: [
      'Adam; the published code uses Yogi.',
      'Mixing takes two windows; the published code mixes a window with itself, which only softens its label.',
      'Series are standardised by mean and deviation of the training part; the published code uses median and quartiles, refitted on the test part.',
      'Spikes are in units of 3.29 deviations of the window instead of its range from 5 to 95 %, which is the same for a normal law.',
      'The first steps of a series are judged in windows that are filled up with its mirror image.',
      'Every sensor is judged by itself, with the same weights; labels speak of all sensors.',
    ],
  },
  params,
  presets: {
    lite: {},
    kpi: {
      window: 1000,
      suspect: 20,
      kernel: 9,
      layers: 6,
      channels: 35,
      pool: 38,
      embedding: 90,
      exposure: 0.175,
      mixing: 0.9,
      rate: 9e-3,
      epochs: 1000,
    },
  },
  title: 'Probability of an anomaly',
  scorer: {
    supervised: () => false,
    cuts: ({ window, suspect, stride }) => ({
      window,
      stride,
      judged: suspect,
      scoreStride: Math.max(1, suspect >> 1),
    }),
    schedule: scheduleOf,
    check,
    shapes: (p) => ncadShapes(1, p),
    start: (name, shape, _, rng, shapes) => {
      const size = sizeOf(shape);
      if (name.endsWith('.g')) return new Float32Array(size).fill(1);
      if (name.endsWith('.v')) return uniform(size, 1, rng);
      return name.startsWith('blocks') && name.endsWith('conv1.bias')
        ? new Float32Array(size)
        : linearStart(name, shape, rng, shapes);
    },
    losses,
    judge: (weights, x_BWI, p): Tensor2D => {
      const p_B1 = tf.reshape<tf.Rank.R2>(probability(distanceOf(weights, x_BWI, p)), [x_BWI.shape[0], 1]);
      return tf.tile(p_B1, [1, p.suspect]);
    },
    floatsPerWindow: (p) => p.window * p.channels * (p.kernel + 4) * (p.layers + 1),
  },
});
