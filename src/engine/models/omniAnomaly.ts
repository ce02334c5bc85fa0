/**
 * OmniAnomaly: a recurrent network turns a window into latent numbers that depend on each other through time, bends their
 * distribution with flows, and another network says from them how likely each sensor's value is; what is unlikely is
 * strange. Paper: Su, Zhao, Niu, Liu, Sun, Pei: "Robust Anomaly Detection for Multivariate Time Series through Stochastic
 * Recurrent Neural Network", KDD 2019. Dimensions: B batch, W window, S sensors, C covariates, F = S + C, H, Z latent.
 */
import { defineDetector } from '../model.ts';
import type { ParamTable, Values } from '../params.ts';
import { dense } from '../tensor/encoder.ts';
import { gru } from '../tensor/gru.ts';
import { normalTensor } from '../tensor/noise.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '../tensor/tf.ts';
import type { Tensors, Weights } from '../tensor/weights.ts';
import type { Batch, Loss } from '../train.ts';
import { linear, linearStart, recurrent, recurrentWeights } from './shared/linear.ts';
import { deviationOf, drawChain, flowStart, logDrawn, logNormal, logPrior, planarFlows } from './omniLatent.ts';
import type { Drawn } from './omniLatent.ts';
import { reconstructing, sensorsOf } from './shared/reconstructor.ts';
import type { Dims, Judged, Shapes } from './shared/reconstructor.ts';
import { trainingParams, windowParams } from './shared/windowParams.ts';

const params = {
  window: { ...windowParams.window, default: 50, help: 'How many steps are read together. Paper: 100.' },
  stride: windowParams.stride,
  cover: { ...windowParams.cover, max: 1000 },
  hidden: {
    kind: 'number',
    default: 32,
    min: 2,
    max: 1024,
    step: 1,
    label: 'Hidden size',
    group: 'Network',
    help: 'Width of both GRUs and of the dense layers above them. Paper: 500.',
  },
  latent: {
    kind: 'number',
    default: 3,
    min: 1,
    max: 64,
    step: 1,
    label: 'Latent size',
    group: 'Network',
    help: 'Latent numbers that describe a step. Paper: 3.',
  },
  flows: {
    kind: 'number',
    default: 5,
    min: 0,
    max: 50,
    step: 1,
    label: 'Planar flows',
    group: 'Network',
    help: 'How often the distribution of the latent numbers is bent. Paper: 20.',
  },
  clip: {
    kind: 'number',
    default: 10,
    min: 0.01,
    max: 1000,
    step: 1,
    log: true,
    label: 'Longest gradient',
    group: 'Training',
    help: 'The gradient of each weight is shortened to this norm. Published code: 10.',
  },
  ...trainingParams,
  epochs: {
    ...trainingParams.epochs,
    default: 20,
    help: 'At most this many passes over the training windows. Published code: 10.',
  },
  batch: { ...trainingParams.batch, default: 50, help: 'Windows per update. Paper: 50.' },
  rate: { ...trainingParams.rate, default: 3e-3, help: 'Of Adam. Paper: 0.001.' },
  fade: { ...trainingParams.fade, default: 1 },
  patience: { ...trainingParams.patience, default: 5 },
} as const satisfies ParamTable;

type P = Values<typeof params>;

/** GRU and the two linear layers above it: [B, W, H]. */
function states(weights: Tensors, side: 'q' | 'p', x: Tensor3D): Tensor3D {
  const h = gru(x, recurrentWeights(weights, `${side}Gru`), { wantDx: side === 'p' });
  return dense(weights, `${side}Dense2`, dense(weights, `${side}Dense1`, h));
}

/** The posterior's draws z0: mean and deviation of a step read [state, z0 of the step before]. */
export function draw(weights: Tensors, x_BWF: Tensor3D, eps_BWZ: Tensor3D): Drawn {
  const h_BWH = states(weights, 'q', x_BWF);
  const H = h_BWH.shape[2];
  const Z = eps_BWZ.shape[2];
  const parts = (name: string): readonly [own: Tensor3D, carried: Tensor2D] => {
    const kernel = weights[`${name}.kernel`] as Tensor2D;
    const own = { 'own.kernel': tf.slice2d(kernel, [0, 0], [H, Z]), 'own.bias': weights[`${name}.bias`] };
    return [dense(own, 'own', h_BWH), tf.slice2d(kernel, [H, 0], [Z, Z])];
  };
  const [[mu, carryMu], [spread, carrySpread]] = [parts('qMu'), parts('qSigma')];
  return drawChain(mu, spread, carryMu, carrySpread, eps_BWZ);
}

/** Everything of one pass; log densities by step are [B, W], summed over latent numbers or sensors. */
export type OmniForward = Drawn & {
  readonly z: Tensor3D;
  readonly logQ: Tensor2D;
  readonly logPz: Tensor2D;
  readonly mean: Tensor3D;
  readonly deviation: Tensor3D;
  readonly logPx: Tensor2D;
};

/** Posterior, flows, prior and likelihood with the given noise; noise 0 takes the posterior's mean. */
export function omniForward(weights: Tensors, x_BWF: Tensor3D, eps_BWZ: Tensor3D, flows: number): OmniForward {
  const drawn = draw(weights, x_BWF, eps_BWZ);
  const { z, logDet } = planarFlows(weights, flows, drawn.z0);
  const h_BWH = states(weights, 'p', z);
  const mean = dense(weights, 'pMu', h_BWH);
  const deviation = deviationOf(dense(weights, 'pSigma', h_BWH));
  return {
    ...drawn,
    z,
    logQ: tf.sub(logDrawn(eps_BWZ, drawn.sigma), logDet),
    logPz: logPrior(z),
    mean,
    deviation,
    logPx: logNormal(sensorsOf(x_BWF, mean.shape[2]), mean, deviation),
  };
}

/** Evidence lower bound of each window [B]: log p(x | z) + log p(z) - log q(z), summed over the steps. */
export const evidenceBound = ({ logPx, logPz, logQ }: OmniForward): Tensor1D =>
  tf.sum(tf.sub(tf.add(logPx, logPz), logQ), 1);

const norm = (gradient: Tensor): Scalar => tf.sqrt(tf.sum<Scalar>(tf.square(gradient)));

/** Each gradient shortened to the norm `longest` on its own. */
export const clipEach = (gradients: Readonly<Record<string, Tensor>>, longest: number): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [
      name,
      tf.mul(gradient, tf.div(tf.scalar(longest), tf.maximum(norm(gradient), tf.scalar(longest)))),
    ]),
  );

function shapes({ hidden: H, latent: Z, flows }: P, { S, C }: Dims): Shapes {
  const flow = (_: unknown, n: number): [string, readonly number[]][] => [
    [`flows.${n}.u`, [Z]],
    [`flows.${n}.w`, [Z]],
    [`flows.${n}.b`, [1]],
  ];
  return {
    ...recurrent('qGru', S + C, H, 3),
    ...linear('qDense1', H, H),
    ...linear('qDense2', H, H),
    ...linear('qMu', H + Z, Z),
    ...linear('qSigma', H + Z, Z),
    ...Object.fromEntries(Array.from({ length: flows }, flow).flat()),
    ...recurrent('pGru', Z, H, 3),
    ...linear('pDense1', H, H),
    ...linear('pDense2', H, H),
    ...linear('pMu', H, S),
    ...linear('pSigma', H, S),
  };
}

function losses(weights: Weights, p: P): Loss[] {
  const moves = Object.keys(weights);
  const value = ({ x_BWF, rng, note }: Batch): Scalar => {
    const eps_BWZ = normalTensor<tf.Rank.R3>([x_BWF.shape[0], p.window, p.latent], rng);
    const forward = omniForward(weights, x_BWF, eps_BWZ, p.flows);
    const byWindow = (terms_BW: Tensor2D): Scalar => tf.mean(tf.sum(terms_BW, 1));
    note('misfit', tf.neg(byWindow(forward.logPx)));
    note('divergence', byWindow(tf.sub(forward.logQ, forward.logPz)));
    return tf.neg(tf.mean<Scalar>(evidenceBound(forward)));
  };
  const adjust: Loss['adjust'] = (grads) => clipEach(grads, p.clip);
  const terms = ['misfit', 'divergence'];
  return [{ name: 'minus evidence bound', moves, value, adjust, terms, separable: true, optimiser: { rate: p.rate } }];
}

/** Scores with the posterior's mean: nothing is drawn, so that the same data always get the same score. */
function judge(weights: Tensors, x_BWF: Tensor3D, p: P): Judged {
  const eps_BWZ = tf.zeros<tf.Rank.R3>([x_BWF.shape[0], p.window, p.latent]);
  const { mean, logPx, logPz, logQ } = omniForward(weights, x_BWF, eps_BWZ, p.flows);
  return {
    y_BWS: mean,
    parts: [
      { name: 'score', title: 'Score of the paper: minus log likelihood', value_BW: tf.neg(logPx) },
      { name: 'divergence', title: 'Posterior against prior', value_BW: tf.sub(logQ, logPz) },
    ],
  };
}

export const omniAnomaly = defineDetector({
  card: {
    id: 'omni-anomaly',
    title: 'OmniAnomaly',
    summary:
      'Describes each step by a few latent numbers that depend on those before, and says from them how likely each ' +
      'sensor’s value is; what is unlikely is strange.',
    paper: { cite: 'Su et al., KDD 2019', url: 'https://doi.org/10.1145/3292500.3330672' },
    deviations: [
      'Draws depend on the draw of the step before, before the flows, and gradients run through all of it; the published code stops them inside its loops and takes the current step.',
      'The prior is one local level model for each latent number, all variances 1, which is what identity matrices in the paper’s state space come to.',
      'The GRU resets the state before the product with its weights.',
      'Every step has the score of the posterior’s mean, averaged over the windows that cover it; the paper scores the last step of each window by one random draw.',
      'Scaling is learned on the training part only; the published code fits it on the test part again.',
      'Covariates are read, but only sensors are reconstructed.',
      'Weights start as in PyTorch and flows as the identity; the halving of the learning rate every 40 epochs never comes to act in the 10 published ones and is left out.',
      'Default preset "lite": width 32, window 50, 5 flows, stride 5, learning rate 0.003.',
    ],
  },
  params,
  presets: {
    lite: {},
    paper: {
      window: 100,
      stride: 1,
      cover: 100,
      hidden: 500,
      latent: 3,
      flows: 20,
      epochs: 10,
      batch: 50,
      rate: 1e-3,
      validation: 0.3,
    },
  },
  scale: () => 'minmax01',
  ...reconstructing<P>({
    check: () => undefined,
    shapes,
    start: (name, shape, _p, rng, all) =>
      name.startsWith('flows.') ? flowStart(name, shape[0]) : linearStart(name, shape, rng, all),
    losses,
    judge,
    floatsPerWindow: (p, { S }) => p.window * (24 * p.hidden + (12 + 2 * p.flows) * p.latent + 8 * S),
  }),
});
