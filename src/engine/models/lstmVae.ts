/**
 * LSTM-VAE: one LSTM turns a window into a distribution of latent numbers at every step, another rebuilds the sensors
 * from a draw of them; what lies off the learned course is rebuilt badly.
 * Paper: Park, Hoshi, Kemp: "A Multimodal Anomaly Detector for Robot-Assisted Feeding Using an LSTM-based Variational
 * Autoencoder", IEEE RA-L 2018. Dimensions: B batch, W window, S sensors, C covariates, F = S + C, H hidden, Z latent.
 */
import { defineDetector } from '../model.ts';
import type { ParamTable, Values } from '../params.ts';
import { dense } from '../tensor/encoder.ts';
import { lstm } from '../tensor/lstm.ts';
import { normalTensor } from '../tensor/noise.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor2D, Tensor3D } from '../tensor/tf.ts';
import type { Tensors, Weights } from '../tensor/weights.ts';
import type { Batch, Loss } from '../train.ts';
import { linear, linearStart, recurrent, recurrentWeights } from './shared/linear.ts';
import { absoluteError, reconstructing, sensorsOf, squaredError } from './shared/reconstructor.ts';
import type { Dims, Judged, Part, Shapes } from './shared/reconstructor.ts';
import { trainingParams, windowParams } from './shared/windowParams.ts';

const params = {
  window: {
    ...windowParams.window,
    default: 50,
    help: 'How many steps are reconstructed together. Published code: 50.',
  },
  stride: windowParams.stride,
  cover: windowParams.cover,
  hidden: {
    kind: 'number',
    default: 32,
    min: 2,
    max: 512,
    step: 1,
    label: 'Hidden size',
    group: 'Network',
    help: 'Width of both LSTMs. Published code: 60.',
  },
  latent: {
    kind: 'number',
    default: 8,
    min: 1,
    max: 512,
    step: 1,
    label: 'Latent size',
    group: 'Network',
    help: 'Numbers into which each step is squeezed. Published code: 20.',
  },
  likelihood: {
    kind: 'choice',
    default: 'mse',
    options: [
      { value: 'mse', label: 'squared error' },
      { value: 'gaussian', label: 'Gaussian with learned deviation' },
    ],
    label: 'Likelihood',
    group: 'Losses',
    help: 'What reconstruction is judged by. The paper learns a deviation for every sensor and step beside the mean.',
  },
  prior: {
    kind: 'choice',
    default: 'still',
    options: [
      { value: 'still', label: 'mean 0' },
      { value: 'moving', label: 'mean moves over the window' },
    ],
    label: 'Prior',
    group: 'Losses',
    help: 'Moving, as in the paper: on a line between two learned points, for windows that all begin alike.',
  },
  beta: {
    kind: 'number',
    default: 1e-3,
    min: 0,
    max: 10,
    step: 1e-3,
    label: 'Weight β of the divergence',
    group: 'Losses',
    help: 'How much the latent numbers are drawn to the prior. 1 with the Gaussian likelihood, small with squared error.',
  },
  inputNoise: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1,
    step: 0.01,
    label: 'Input noise',
    group: 'Training',
    help: 'Deviation of the noise on the input while training, in units of each column’s own. Paper: 0.1.',
  },
  ...trainingParams,
  epochs: { ...trainingParams.epochs, default: 20 },
  fade: { ...trainingParams.fade, default: 0.95 },
  patience: { ...trainingParams.patience, default: 5 },
} as const satisfies ParamTable;

type P = Values<typeof params>;

/** Distribution of the latent numbers, each [B, W, Z]. */
export type Posterior = { readonly mu: Tensor3D; readonly logVar: Tensor3D };

export function posterior(weights: Tensors, x_BWF: Tensor3D): Posterior {
  const h_BWH = lstm(x_BWF, recurrentWeights(weights, 'encoder'), { wantDx: false });
  return { mu: dense(weights, 'mu', h_BWH), logVar: dense(weights, 'logvar', h_BWH) };
}

/** A draw from the posterior: μ + ε exp(log σ² / 2). */
export const drawn = ({ mu, logVar }: Posterior, eps_BWZ: Tensor3D): Tensor3D =>
  tf.add(mu, tf.mul(eps_BWZ, tf.exp(tf.mul(logVar, tf.scalar(0.5)))));

/** Mean of the sensors [B, W, S], and their deviation where the weights have one. */
export type Decoded = { readonly mean: Tensor3D; readonly deviation: Tensor3D | null };

const SMALLEST = 1e-4;

export function decode(weights: Tensors, z_BWZ: Tensor3D): Decoded {
  const h_BWH = lstm(z_BWZ, recurrentWeights(weights, 'decoder'));
  const spread = 'spread.kernel' in weights ? tf.softplus(dense(weights, 'spread', h_BWH)) : null;
  return {
    mean: dense(weights, 'head', h_BWH),
    deviation: spread === null ? null : tf.add<Tensor3D>(spread, tf.scalar(SMALLEST)),
  };
}

/** Mean of the prior [W, Z]: on a line from one learned point to another over the window. */
function movingPrior(weights: Tensors, W: number): Tensor2D {
  const share_W1 = tf.reshape<tf.Rank.R2>(W === 1 ? tf.zeros([1]) : tf.linspace(0, 1, W), [W, 1]);
  const [first, last] = [weights['prior.first'], weights['prior.last']];
  return tf.add(first, tf.mul(share_W1, tf.sub(last, first)));
}

/** KL(N(μ, σ²) || N(prior, 1)) by step, summed over the latent numbers: [B, W]. */
export function divergence(weights: Tensors, { mu, logVar }: Posterior): Tensor2D {
  const off = 'prior.first' in weights ? tf.sub(mu, movingPrior(weights, mu.shape[1])) : mu;
  const each = tf.sub(tf.add(tf.exp(logVar), tf.square(off)), tf.add(logVar, tf.scalar(1)));
  return tf.mul(tf.sum(each, -1), tf.scalar(0.5));
}

/** Minus log likelihood by step, mean over sensors; with no learned deviation the squared error: [B, W]. */
export function misfit(x_BWS: Tensor3D, { mean, deviation }: Decoded): Tensor2D {
  if (deviation === null) return squaredError(x_BWS, mean);
  const standard = tf.square(tf.div(tf.sub(x_BWS, mean), deviation));
  const each = tf.add(tf.mul(standard, tf.scalar(0.5)), tf.log(deviation));
  return tf.add(tf.mean(each, -1), tf.scalar(0.5 * Math.log(2 * Math.PI)));
}

/** Terms of the loss: misfit and divergence, means over batch and time. */
export function lossTerms(
  weights: Tensors,
  x_BWF: Tensor3D,
  x_BWS: Tensor3D,
  eps_BWZ: Tensor3D,
): { readonly fit: Scalar; readonly kl: Scalar } {
  const q = posterior(weights, x_BWF);
  return {
    fit: tf.mean(misfit(x_BWS, decode(weights, drawn(q, eps_BWZ)))),
    kl: tf.mean(divergence(weights, q)),
  };
}

function shapes(p: P, { S, C }: Dims): Shapes {
  return {
    ...recurrent('encoder', S + C, p.hidden, 4),
    ...linear('mu', p.hidden, p.latent),
    ...linear('logvar', p.hidden, p.latent),
    ...recurrent('decoder', p.latent, p.hidden, 4),
    ...linear('head', p.hidden, S),
    ...(p.likelihood === 'gaussian' ? linear('spread', p.hidden, S) : {}),
    ...(p.prior === 'moving' ? { 'prior.first': [p.latent], 'prior.last': [p.latent] } : {}),
  };
}

function losses(weights: Weights, p: P, { S }: Dims): Loss[] {
  const value = ({ x_BWF, training, rng, note }: Batch): Scalar => {
    const eps_BWZ = normalTensor<tf.Rank.R3>([x_BWF.shape[0], p.window, p.latent], rng);
    const noisy =
      training && p.inputNoise > 0
        ? tf.add<Tensor3D>(x_BWF, tf.mul(normalTensor<tf.Rank.R3>(x_BWF.shape, rng), tf.scalar(p.inputNoise)))
        : x_BWF;
    const { fit, kl } = lossTerms(weights, noisy, sensorsOf(x_BWF, S), eps_BWZ);
    note('reconstruction', fit);
    note('divergence', kl);
    return tf.add(fit, tf.mul(kl, tf.scalar(p.beta)));
  };
  const terms = ['reconstruction', 'divergence'];
  const moves = Object.keys(weights);
  return [{ name: 'loss', moves, value, terms, separable: true, optimiser: { rate: p.rate } }];
}

/** Scores with z = μ: nothing is drawn, so that the same data always get the same score. */
function judge(weights: Tensors, x_BWF: Tensor3D, p: P, { S }: Dims): Judged {
  const x_BWS = sensorsOf(x_BWF, S);
  const q = posterior(weights, x_BWF);
  const decoded = decode(weights, q.mu);
  const fit_BW = misfit(x_BWS, decoded);
  const gaussian = p.likelihood === 'gaussian';
  const parts: Part[] = [
    { name: 'reconstruction', title: gaussian ? 'Minus log likelihood' : 'Squared error', value_BW: fit_BW },
    { name: 'kl', title: 'Divergence from the prior', value_BW: divergence(weights, q) },
    gaussian
      ? { name: 'score', title: 'Score of the paper', value_BW: fit_BW.clone() }
      : { name: 'score', title: 'Mean absolute error', value_BW: absoluteError(x_BWS, decoded.mean) },
  ];
  return { y_BWS: decoded.mean, parts };
}

export const lstmVae = defineDetector({
  card: {
    id: 'lstm-vae',
    title: 'LSTM-VAE',
    summary:
      'Squeezes each step of a window into a distribution of a few latent numbers and rebuilds the sensors from them, ' +
      'with memory in both directions of the way; what lies off the learned course is rebuilt badly.',
    paper: { cite: 'Park, Hoshi & Kemp, IEEE RA-L 2018', url: 'https://doi.org/10.1109/LRA.2018.2801475' },
    deviations: [
      'By default reconstruction is judged by squared error, the divergence counts a thousandth and the prior rests at 0; the Gaussian likelihood, the moving prior and the input noise of the paper are in preset "paper".',
      'The paper compares the score of a window’s last step with a threshold that a support vector regression expects from the latent numbers. Here every step has its score, and the threshold is the scoring head’s.',
      'Scores use the mean of the posterior; nothing is drawn at random.',
      'Reconstruction is averaged over sensors, the divergence summed over latent numbers; both are means over steps.',
      'A step covered by several windows gets the mean of their results (setting "Windows over a step").',
      'Covariates are read, but only sensors are reconstructed.',
      'The learning rate falls by a twentieth every epoch; published code divides it by ten at epoch 20.',
      'Default preset "lite": hidden 32, latent 8, stride 5.',
    ],
  },
  params,
  presets: {
    lite: {},
    paper: {
      window: 50,
      stride: 1,
      cover: 50,
      hidden: 60,
      latent: 20,
      likelihood: 'gaussian',
      prior: 'moving',
      beta: 1,
      inputNoise: 0.1,
      epochs: 40,
      rate: 1e-3,
      patience: 4,
    },
  },
  scale: () => 'zscore',
  ...reconstructing<P>({
    check: () => undefined,
    shapes,
    start: (name, shape, p, rng, all) =>
      name.startsWith('prior.') ? new Float32Array(p.latent) : linearStart(name, shape, rng, all),
    losses,
    judge,
    floatsPerWindow: (p, { S }) => p.window * (14 * p.hidden + 4 * p.latent + 6 * S),
  }),
});
