/**
 * RobustTAD: takes trend and season out of a window and lets a U-Net say of each step whether it is anomalous; learns
 * from labelled steps.
 * Paper: Gao, Song, Wen, Wang, Sun, Xu, "RobustTAD: Robust Time Series Anomaly Detection via Decomposition and
 * Convolutional Neural Networks", 2020. Dimensions: B batch, W window.
 */
import { decompose } from '../math/decompose.ts';
import type { ParamTable, Values } from '../params.ts';
import { sizeOf } from '../shape.ts';
import { columnOf } from '../tensor/columns.ts';
import { torchUniform } from '../tensor/init.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor2D, Tensor3D } from '../tensor/tf.ts';
import type { Weights } from '../tensor/weights.ts';
import type { Batch, Loss } from '../train.ts';
import { unet, unetShapes } from './robustTadNetwork.ts';
import { crossEntropy } from './shared/crossEntropy.ts';
import { learningDetector } from './shared/stepDetector.ts';
import { scheduleOf } from './shared/stepScorer.ts';
import { trainingParams } from './shared/windowParams.ts';

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
    help: 'Steps that are judged together; rounded up to a multiple of 16 inside.',
  },
  stride: {
    ...whole,
    default: 60,
    min: 1,
    max: 2048,
    label: 'Stride',
    unit: 'steps',
    group: 'Windows',
    help: 'Steps between training windows.',
  },
  width: {
    ...whole,
    default: 16,
    min: 2,
    max: 128,
    label: 'Channels',
    group: 'Network',
    help: 'Channels of the finest level; each of the five levels has twice those of the one before.',
  },
  heaviest: {
    kind: 'number',
    default: 20,
    min: 1,
    max: 1000,
    step: 1,
    label: 'Largest weight of an anomalous step',
    group: 'Losses',
    help: 'Anomalous steps weigh as much more as they are rarer, up to this.',
  },
  ...trainingParams,
  patience: { ...trainingParams.patience, default: 20 },
  epochs: { ...trainingParams.epochs, default: 60 },
  fade: { ...trainingParams.fade, default: 0.97 },
  validation: { ...trainingParams.validation, default: 0.1 },
} as const satisfies ParamTable;

type P = Values<typeof params>;

const LEVELS = 5;

const channelsOf = ({ width }: P): number[] => Array.from({ length: LEVELS }, (_, i) => width * 2 ** i);

/** Four halvings need a multiple of 16 steps. */
const roundUp = (W: number): number => Math.ceil(W / 16) * 16;

/** Logits [B, W] of remainder and value [B, W, 2]; windows are filled up with zeros for the halvings. */
function logitsOf(weights: Parameters<typeof unet>[0], x_BWI: Tensor3D): Tensor2D {
  const [B, W] = x_BWI.shape;
  const full = roundUp(W);
  if (full === W) return unet(weights, x_BWI).logit_BT;
  const padded = tf.pad3d(x_BWI, [
    [0, 0],
    [0, full - W],
    [0, 0],
  ]);
  return tf.slice2d(unet(weights, padded).logit_BT, [0, 0], [B, W]);
}

/** Labels of a batch whose last column they are, and the columns before. */
const apart = ({ x_BWF }: Batch): { x: Tensor3D; y: Tensor2D } => {
  const [B, W, F] = x_BWF.shape;
  return {
    x: tf.slice3d(x_BWF, [0, 0, 0], [B, W, F - 1]),
    y: columnOf(x_BWF, F - 1),
  };
};

const losses = (weights: Weights, p: P, positives: number): Loss[] => {
  const weight = Math.min(p.heaviest, (1 - positives) / Math.max(positives, 1e-9));
  const value = (batch: Batch): Scalar => {
    const { x, y } = apart(batch);
    return tf.mean(crossEntropy(logitsOf(weights, x), y, weight));
  };
  return [{ name: 'loss', moves: Object.keys(weights), value, separable: true, optimiser: { rate: p.rate } }];
};

export const robustTad = learningDetector<typeof params>({
  card: {
    id: 'robust-tad',
    title: 'RobustTAD',
    summary:
      'Takes trend and season out of each window and lets a U-Net judge every step. Learns from labelled anomalies in the training part.',
    paper: { cite: 'Gao, Song, Wen, Wang, Sun & Xu, 2020', url: 'https://arxiv.org/abs/2002.09545' },
    deviations: [
      'Trend and season are a running median and the median of each phase; the paper uses RobustSTL.',
      'The U-Net follows published re-implementations: five levels of 16 to 256 channels, two convolutions of width 3 each.',
      'Anomalous steps weigh as much more as they are rarer, at most 20 times; the value-adjusted weights of the paper are not used.',
      'No augmentation of its own: any augmentation of the studio can be put before it.',
      'Every sensor is judged by itself, with the same weights; labels speak of all sensors.',
    ],
  },
  params,
  presets: { lite: { width: 8, epochs: 30 }, paper: {} },
  title: 'Probability of an anomaly',
  scorer: {
    supervised: () => true,
    cuts: ({ window, stride }) => ({ window, stride, judged: window, scoreStride: Math.max(1, window >> 1) }),
    schedule: scheduleOf,
    check: () => undefined,
    shapes: (p) => unetShapes(2, channelsOf(p)),
    start: (name, shape, _, rng, shapes) => {
      const [taps, from] = shapes[name.replace('.bias', '.kernel')];
      // A dense head has no taps: its first number is its fan.
      const fan = name.startsWith('head') ? taps : taps * from;
      return torchUniform(sizeOf(shape), fan, rng);
    },
    view: (x_W) => [decompose(x_W).remainder, x_W],
    losses,
    judge: (weights, x_BWI) => tf.sigmoid(logitsOf(weights, x_BWI)),
    floatsPerWindow: (p) => 24 * roundUp(p.window) * p.width,
  },
});
