/**
 * USAD: one encoder and two decoders. The second decoder learns to tell windows from what the first one made of them,
 * the first learns to deceive it; what neither can rebuild is strange.
 * Paper: Audibert, Michiardi, Guyard, Marti, Zuluaga: "USAD: UnSupervised Anomaly Detection on Multivariate Time Series",
 * KDD 2020. Dimensions: B batch, W window, S sensors, C covariates, F = S + C, D = W F, Z latent.
 */
import { defineDetector } from '../model.ts';
import type { ParamTable, Values } from '../params.ts';
import { dense } from '../tensor/encoder.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor2D, Tensor3D } from '../tensor/tf.ts';
import type { Tensors, Weights } from '../tensor/weights.ts';
import type { Batch, Loss } from '../train.ts';
import { linear, linearStart } from './shared/linear.ts';
import { reconstructing, sensorsOf, squaredError } from './shared/reconstructor.ts';
import type { Dims, Judged, Shapes } from './shared/reconstructor.ts';
import { trainingParams, windowParams } from './shared/windowParams.ts';

const params = {
  window: {
    ...windowParams.window,
    default: 12,
    help: 'How many steps are reconstructed together. Paper: 5 to 12. The network grows with its square.',
  },
  stride: { ...windowParams.stride, default: 2 },
  cover: { ...windowParams.cover, default: 4 },
  latent: {
    kind: 'number',
    default: 40,
    min: 1,
    max: 4096,
    step: 1,
    label: 'Latent size',
    group: 'Network',
    help: 'Numbers into which a window is squeezed. Published code: 100 a step of the window.',
  },
  pace: {
    kind: 'number',
    default: 0.02,
    min: 0,
    max: 1,
    step: 0.01,
    label: 'Pace of the contest',
    group: 'Training',
    help:
      'How much less plain reconstruction counts with each epoch: its weight is 1 / (1 + pace × epochs before). ' +
      'Paper: 1, with epochs of many updates.',
  },
  alpha: {
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 1,
    step: 0.05,
    label: 'Weight α of the first error',
    group: 'Score',
    help: 'The score is α times the first decoder’s error plus 1 − α times the error of both in a row.',
  },
  ...trainingParams,
  epochs: { ...trainingParams.epochs, default: 20, help: 'Passes over the training windows. Published code: 100.' },
  batch: { ...trainingParams.batch, default: 64, max: 8192, help: 'Windows per update. Published code: 7919.' },
  rate: { ...trainingParams.rate, default: 3e-3 },
  fade: { ...trainingParams.fade, default: 1 },
  patience: {
    ...trainingParams.patience,
    default: 0,
    help: 'Stop after this many epochs in which neither autoencoder got better; 0, as published, never stops early.',
  },
  restoreBest: { ...trainingParams.restoreBest, default: false },
} as const satisfies ParamTable;

type P = Values<typeof params>;

/** Everything that losses and scores are made of; reconstructions are [B, W, S]. */
export type UsadForward = {
  readonly latent_BZ: Tensor2D;
  /** D1(E(x)) */
  readonly first: Tensor3D;
  /** D2(E(x)) */
  readonly second: Tensor3D;
  /** D2(E(D1(E(x)))) */
  readonly both: Tensor3D;
};

function encode(weights: Tensors, x_BWF: Tensor3D): Tensor2D {
  const [B, W, F] = x_BWF.shape;
  const part = (n: number, x: Tensor2D): Tensor2D => tf.relu(dense(weights, `encoder.dense${n}`, x));
  return part(3, part(2, part(1, tf.reshape(x_BWF, [B, W * F]))));
}

function decode(weights: Tensors, decoder: string, latent_BZ: Tensor2D, W: number): Tensor3D {
  const part = (n: number, x: Tensor2D): Tensor2D => dense(weights, `${decoder}.dense${n}`, x);
  const y_BD = tf.sigmoid(part(3, tf.relu(part(2, tf.relu(part(1, latent_BZ))))));
  return tf.reshape(y_BD, [y_BD.shape[0], W, y_BD.shape[1] / W]);
}

/** Puts the covariates of `x_BWF` beside reconstructed sensors, so that these can be encoded again. */
function withCovariates(y_BWS: Tensor3D, x_BWF: Tensor3D): Tensor3D {
  const [B, W, F] = x_BWF.shape;
  const S = y_BWS.shape[2];
  return S === F ? y_BWS : tf.concat([y_BWS, tf.slice3d(x_BWF, [0, 0, S], [B, W, F - S])], 2);
}

/** First decoder and both in a row: all that scoring needs. */
function scoringForward(weights: Tensors, x_BWF: Tensor3D): Omit<UsadForward, 'second'> {
  const W = x_BWF.shape[1];
  const latent_BZ = encode(weights, x_BWF);
  const first = decode(weights, 'decoder1', latent_BZ, W);
  const both = decode(weights, 'decoder2', encode(weights, withCovariates(first, x_BWF)), W);
  return { latent_BZ, first, both };
}

/** Both autoencoders (paper, 3.2). */
export function usadForward(weights: Tensors, x_BWF: Tensor3D): UsadForward {
  const forward = scoringForward(weights, x_BWF);
  return { ...forward, second: decode(weights, 'decoder2', forward.latent_BZ, x_BWF.shape[1]) };
}

const error = (x_BWS: Tensor3D, y_BWS: Tensor3D): Scalar => tf.mean(tf.square(tf.sub(x_BWS, y_BWS)));

const weighted = (a: Scalar, weightA: number, b: Scalar, weightB: number): Scalar =>
  tf.add(tf.mul(a, tf.scalar(weightA)), tf.mul(b, tf.scalar(weightB)));

/** Loss of encoder and first decoder in round n from 1 (eq. 7): (1/n) |x - AE1|² + (1 - 1/n) |x - AE2(AE1)|². */
export const firstLoss = (x_BWS: Tensor3D, { first, both }: Omit<UsadForward, 'second'>, n: number): Scalar =>
  weighted(error(x_BWS, first), 1 / n, error(x_BWS, both), 1 - 1 / n);

/** Loss of encoder and second decoder (eq. 8): (1/n) |x - AE2|² - (1 - 1/n) |x - AE2(AE1)|². */
export const secondLoss = (x_BWS: Tensor3D, { second, both }: UsadForward, n: number): Scalar =>
  weighted(error(x_BWS, second), 1 / n, error(x_BWS, both), 1 / n - 1);

/** Names of the weights that each loss moves. */
export const movedBy = (names: readonly string[], decoder: string): string[] =>
  names.filter((name) => name.startsWith('encoder.') || name.startsWith(`${decoder}.`));

/** Score by step (eq. 9): α times the error of AE1 plus 1 - α times that of AE2(AE1), both averaged over sensors. */
export const usadScore = (first_BW: Tensor2D, both_BW: Tensor2D, alpha: number): Tensor2D =>
  tf.add(tf.mul(first_BW, tf.scalar(alpha)), tf.mul(both_BW, tf.scalar(1 - alpha)));

function usadShapes(W: number, latent: number, { S, C }: Dims): Shapes {
  const wide = W * (S + C);
  const [half, quarter] = [Math.floor(wide / 2), Math.floor(wide / 4)];
  const decoder = (name: string): Shapes => ({
    ...linear(`${name}.dense1`, latent, quarter),
    ...linear(`${name}.dense2`, quarter, half),
    ...linear(`${name}.dense3`, half, W * S),
  });
  return {
    ...linear('encoder.dense1', wide, half),
    ...linear('encoder.dense2', half, quarter),
    ...linear('encoder.dense3', quarter, latent),
    ...decoder('decoder1'),
    ...decoder('decoder2'),
  };
}

/** The n of the losses; the paper’s is the number of the epoch. */
const roundOf = ({ pace }: P, epoch: number): number => 1 + pace * (epoch - 1);

/**
 * Two losses with an optimiser each, stepped in turn. Their weights shift with every epoch, so that their values cannot
 * be compared across epochs: validation takes the plain error of each autoencoder.
 */
function losses(weights: Weights, p: P, { S }: Dims): Loss[] {
  const names = Object.keys(weights);
  const loss = (name: string, decoder: string, value: Loss['value']): Loss => ({
    name,
    moves: movedBy(names, decoder),
    value,
    separable: true,
    optimiser: { rate: p.rate },
  });
  return [
    loss('AE1', 'decoder1', ({ x_BWF, training, epoch }: Batch): Scalar => {
      const x_BWS = sensorsOf(x_BWF, S);
      return firstLoss(x_BWS, scoringForward(weights, x_BWF), training ? roundOf(p, epoch) : 1);
    }),
    loss('AE2', 'decoder2', ({ x_BWF, training, epoch }: Batch): Scalar => {
      const x_BWS = sensorsOf(x_BWF, S);
      return secondLoss(x_BWS, usadForward(weights, x_BWF), training ? roundOf(p, epoch) : 1);
    }),
  ];
}

function judge(weights: Tensors, x_BWF: Tensor3D, p: P, { S }: Dims): Judged {
  const x_BWS = sensorsOf(x_BWF, S);
  const { first, both } = scoringForward(weights, x_BWF);
  const first_BW = squaredError(x_BWS, first);
  const both_BW = squaredError(x_BWS, both);
  return {
    y_BWS: first,
    parts: [
      { name: 'first', title: 'Squared error of the first decoder', value_BW: first_BW },
      { name: 'both', title: 'Squared error of both decoders in a row', value_BW: both_BW },
      { name: 'score', title: 'Score of the paper', value_BW: usadScore(first_BW, both_BW, p.alpha) },
    ],
  };
}

export const usad = defineDetector({
  card: {
    id: 'usad',
    title: 'USAD',
    summary:
      'Two autoencoders that share an encoder and learn against each other; what neither can rebuild is strange. Small ' +
      'and quick.',
    paper: { cite: 'Audibert et al., KDD 2020', url: 'https://doi.org/10.1145/3394486.3403392' },
    deviations: [
      'The score is given by step, the mean over its sensors, and averaged over the windows that cover the step; the paper scores whole windows. The mean over a window is the paper’s score.',
      'The expectation of a sensor, from which contributions and other scoring heads start, is the first decoder’s.',
      'Covariates are read, also in the second pass, but only sensors are reconstructed.',
      'Where windows are kept for validation, they are judged by the plain errors of both autoencoders, since the weights in the losses shift with every epoch. Early stopping is off, as published.',
      'The paper’s latent sizes differ by data set; preset "paper" has those of the published code for SWaT (window 12, latent 1200).',
      'From the third epoch on the printed losses reward a second decoder that rebuilds nothing, once the first rebuilds well; on short series it then does. Default preset "lite" lets the contest grow a fiftieth as fast (setting "Pace of the contest"; 1 in preset "paper").',
      'Default preset "lite": latent 40, stride 2, 20 epochs, learning rate 0.003.',
    ],
  },
  params,
  presets: {
    lite: {},
    paper: {
      pace: 1,
      window: 12,
      stride: 1,
      cover: 12,
      latent: 1200,
      epochs: 100,
      batch: 7919,
      rate: 1e-3,
      validation: 0.2,
    },
  },
  scale: () => 'minmax01',
  ...reconstructing<P>({
    check: () => undefined,
    shapes: (p, dims) => usadShapes(p.window, p.latent, dims),
    start: (name, shape, _p, rng, shapes) => linearStart(name, shape, rng, shapes),
    losses,
    judge,
    floatsPerWindow: (p, { S, C }) => 12 * p.window * (S + C) + 4 * p.latent,
  }),
});
