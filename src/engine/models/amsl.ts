/**
 * AMSL: a convolutional autoencoder that must rebuild a window and its transformed copies out of learned memory items,
 * and tell the copies apart; what normal items cannot answer for is rebuilt badly. amslNet.ts has the network.
 * Paper: Zhang, Wang, Chen, Yu, Qin: "Adaptive Memory Networks with Self-supervised Learning for Unsupervised Anomaly
 * Detection", TKDE 2022. Code: zhangyuxin621/AMSL.
 * Dimensions: B windows, W steps, F channels (S sensors, then covariates), R views.
 */
import { defineDetector } from '../model.ts';
import { normal } from '../rng.ts';
import { dropoutBy } from '../tensor/encoder.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '../tensor/tf.ts';
import type { Tensors, Weights } from '../tensor/weights.ts';
import type { Batch, Loss } from '../train.ts';
import { amslForward, classificationLoss, reconstructionLoss, sparsityLoss, viewErrors } from './amslNet.ts';
import type { AmslForward } from './amslNet.ts';
import { amslParams, amslPresets } from './amslParams.ts';
import type { AmslSettings } from './amslParams.ts';
import { rangesOf, viewsOf } from './amslRanges.ts';
import type { Viewed } from './amslRanges.ts';
import { recall } from './amslRecall.ts';
import { viewsUsed } from './amslViews.ts';
import { amslShapes, amslStart, classifies, fuses, learnedShapes, paddedTo } from './amslWeights.ts';
import { reconstructing } from './shared/reconstructor.ts';
import type { Dims, Judged } from './shared/reconstructor.ts';

type P = AmslSettings;

/** Name under which the history keeps a fusion weight. */
const alphaTerm = (view: string, kind: 'local' | 'global'): string => `α ${kind} ${view}`;

const alphaTerms = (p: P): string[] =>
  fuses(p) ? viewsUsed(p).flatMap((view) => [alphaTerm(view, 'local'), alphaTerm(view, 'global')]) : [];

const termsOf = (p: P): string[] => [
  'reconstruction',
  ...(classifies(p) ? ['classification'] : []),
  ...(p.memory === 'off' ? [] : ['sparsity']),
  ...alphaTerms(p),
];

/** Eq. 12, with its parts noted. */
function objective(forward: AmslForward, x_RBWF: Tensor4D, p: P, { S }: Dims, note: Batch['note']): Scalar {
  const sum: Scalar[] = [reconstructionLoss(x_RBWF, forward, S)];
  note('reconstruction', sum[0]);
  if (forward.logits !== null) {
    const classification = classificationLoss(forward.logits);
    note('classification', classification);
    sum.push(tf.mul(classification, tf.scalar(p.lambda1)));
  }
  if (p.memory !== 'off') {
    const sparsity = sparsityLoss(forward, p.entropy);
    note('sparsity', sparsity);
    if (p.sparsity) sum.push(tf.mul(sparsity, tf.scalar(p.lambda2)));
  }
  alphaTerms(p).forEach((term, n) => note(term, tf.reshape<tf.Rank.R0>(tf.slice1d(forward.alpha!, n, 1), [])));
  return tf.addN(sum);
}

function losses(weights: Weights, p: P, dims: Dims): Loss[] {
  const value = ({ x_BWF, training, rng, note }: Batch): Scalar => {
    const { x_RBWF } = viewsOf(weights, x_BWF, p);
    const options = training ? { drop: dropoutBy(p.dropout, rng), r: p.random ? normal(rng) : 0 } : {};
    return objective(amslForward(weights, x_RBWF, p, options), x_RBWF, p, dims, note);
  };
  const moves = Object.keys(learnedShapes(p, dims));
  // One r holds for a whole batch, so that a batch with it cannot be computed in parts.
  const separable = !p.random;
  return [{ name: 'loss', moves, value, terms: termsOf(p), separable, optimiser: { rate: p.rate } }];
}

/** Each window gets the mean error of the 16 that were judged with it: what the published evaluation does. */
function meanOfNeighbours(error_B: Tensor1D): Tensor1D {
  return tf.mul(tf.onesLike(error_B), tf.mean(error_B));
}

/** Sum over views of the error at each step, every view's steps put back where they come from: [B, W]. */
function stepErrors(error_RBW: Tensor3D, { from_RBW }: Viewed): Tensor2D {
  const [R, B, W] = error_RBW.shape;
  const place = new Int32Array(R * B * W);
  for (let row = 0; row < R * B; row++)
    for (let t = 0; t < W; t++) place[row * W + from_RBW[row * W + t]] = row * W + t;
  const back = tf.gather(tf.reshape<tf.Rank.R1>(error_RBW, [R * B * W]), tf.tensor1d(place, 'int32'));
  return tf.sum<Tensor2D>(tf.reshape(back, [R, B, W]), 0);
}

/** Windows judged together while their errors are averaged. */
const NEIGHBOURS = 16;

function judge(weights: Tensors, x_BWF: Tensor3D, p: P, { S }: Dims): Judged {
  const viewed = viewsOf(weights, x_BWF, p);
  const { x_RBWF } = viewed;
  const forward = amslForward(weights, x_RBWF, p);
  const errors = viewErrors(x_RBWF, forward, S);
  const error_B = tf.sum<Tensor1D>(tf.mean(errors, 2), 0);
  const [, B, W] = errors.shape;
  const shown = p.batchMean16 ? meanOfNeighbours(error_B) : error_B;
  return {
    y_BWS: tf.slice3d(viewed.unscaled(forward.rebuilt[0], 0), [0, 0, 0], [B, W, S]),
    parts: [
      {
        name: 'score',
        title: 'Error of the window, all views',
        value_BW: tf.mul(tf.reshape(shown, [B, 1]), tf.ones([1, W])),
      },
      { name: 'steps', title: 'Error at the step, all views', value_BW: stepErrors(errors, viewed) },
    ],
  };
}

/** Floats that the views of one window hold while they are judged. */
function floatsPerWindow(p: P, { S, C }: Dims): number {
  const cells = paddedTo(p.window) * paddedTo(S + C);
  const R = viewsUsed(p).length;
  const perCell = 6 + p.filters1 + p.decoder + (p.memory === 'off' ? 0 : (6 * p.items + 4 * p.filters) / 16);
  return R * cells * perCell;
}

export const amsl = defineDetector({
  card: {
    id: 'amsl',
    title: 'AMSL',
    summary:
      'A convolutional autoencoder rebuilds a window and six transformed copies of it out of learned memory items, one ' +
      'memory for all and one for each, and must tell the copies apart; what normal items cannot answer for is rebuilt badly.',
    paper: { cite: 'Zhang et al., TKDE 2022', url: 'https://doi.org/10.1109/TKDE.2021.3139916' },
    deviations: [
      'The published code adds the memory reads of one view to two others and averages the error over 16 windows of the same class; neither is done here (switch "Mean over 16 windows" shows the second).',
      'By default items answer by dot product and the entropy is a mean over items, as in the published code; the printed cosine, which cannot be sparse, and the sum are in preset "paper".',
      'The free variable r is 0, as in the code (switch "Random r"); batch normalisation of the fusion weights rests, since their input is the same for a whole batch.',
      'Noise, order and factor of the views are drawn from the window’s own values and a seed, so that its error is always the same.',
      'Each view is scaled by the range of its channels in the training windows and cut half a range beyond; the published code scales every step of a channel by all data, anomalous windows included.',
      'Sensors arrive standardised, so that negation and factors act about the training mean; the published code transforms raw values.',
      'A single memory is read as it is, without a fusion weight.',
      'Each step gets the mean error of the windows over it (setting "Windows over a step"); the paper judges whole windows. Expected values are those of the untransformed view.',
      'Covariates are part of the image, but only sensors are judged.',
      'The last fifth of the training windows judges the learning.',
      'Default preset "lite": 8 and 16 filters, decoders of 16, 100 items, dropout 0.2 and a learning rate of 0.01, falling by a tenth every epoch; about a fortieth of the work.',
    ],
  },
  params: amslParams,
  presets: amslPresets,
  scale: () => 'zscore',
  ...reconstructing<P>({
    check: () => undefined,
    shapes: amslShapes,
    start: amslStart,
    measure: rangesOf,
    losses,
    judge,
    recall,
    judgeBatch: (p) => (p.batchMean16 ? NEIGHBOURS : null),
    floatsPerWindow,
  }),
});
