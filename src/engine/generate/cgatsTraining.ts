/**
 * Training of C-GATS: step 1 on normal windows, step 2 on anomalous ones with the encoder frozen.
 * Paper: Singh, Sankararaman, Narayanaswamy, Song, "C-GATS: Conditional Generation of Anomalous Time Series", Algorithms
 * 1 and 2. Dimensions: N windows, B batch, T steps of a window, L steps of its beginning, Z latent.
 */
import type { Run, WeightArray } from '../model.ts';
import { linearStart } from '../models/shared/linear.ts';
import type { Shapes } from '../models/shared/reconstructor.ts';
import { shuffle } from '../rng.ts';
import { clipTogether } from '../tensor/clip.ts';
import { columnOf } from '../tensor/columns.ts';
import { normalTensor } from '../tensor/noise.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor2D } from '../tensor/tf.ts';
import { assignWeights, readWeights } from '../tensor/weights.ts';
import type { WeightArrays, Weights } from '../tensor/weights.ts';
import { descend } from '../train.ts';
import type { Batch, Descent, History, Loss } from '../train.ts';
import { divergence, drawn, encode, occluded, stage1, stage2 } from './cgatsNetwork.ts';
import type { CgatsValues as P } from './cgatsParams.ts';
import { drawLabels } from './labelModel.ts';
import type { LabelModel } from './labelModel.ts';
import { asWindows, byKind, picked } from './samples.ts';
import type { Samples } from './samples.ts';

/** Losses by epoch of both steps. */
export type CgatsHistory = { readonly normal: History; readonly anomalous: History };

/**
 * First values of a weight. With `longMemory` the gates of the recurrent layers start so that they keep what they read for
 * up to T steps (Tallec & Ollivier 2018, eq. 16): forget bias ln U(1, T − 1), input bias minus the same.
 */
export function cgatsStart(
  name: string,
  shape: readonly number[],
  rng: () => number,
  shapes: Shapes,
  { T, longMemory }: { readonly T: number; readonly longMemory: boolean },
): Float32Array {
  const values = linearStart(name, shape, rng, shapes);
  if (!longMemory || !/lstm.*\.bias$/.test(name)) return values;
  const H = values.length / 4;
  for (let unit = 0; unit < H; unit++) {
    const keep = Math.log(1 + rng() * Math.max(0, T - 2));
    values[unit] = -keep;
    values[H + unit] = keep;
  }
  return values;
}

/** Steps of the shortest beginnings, as a share of the window. */
const SHORTEST = 0.1;

/** Steps that a window has in epoch 1, 2, ... of `epochs` in which windows grow: long at a tenth, then ever faster. */
export const grownTo = (epoch: number, epochs: number, T: number): number =>
  Math.min(T, Math.ceil(T * Math.max(SHORTEST, (epoch / epochs) ** 3)));

const adjusted = (p: P): Pick<Loss, 'adjust'> => (p.clip > 0 ? { adjust: (grads) => clipTogether(grads, p.clip) } : {});

const beginning = (x_BT: Tensor2D, L: number): Tensor2D => tf.slice2d(x_BT, [0, 0], [x_BT.shape[0], L]);

type LengthOf = (epoch: number) => number;

/**
 * Step 1 (Algorithm 1): labels are drawn anew for every window in every epoch. `lengthOf` gives the steps of a window that
 * count in an epoch; their misfit is scaled to a whole window, so that it keeps its weight beside the divergence. `before`: epochs
 * of step 1 that came before.
 */
const normalLoss = (weights: Weights, p: P, labels: LabelModel, lengthOf: LengthOf, before: number): Loss => ({
  name: 'step 1',
  moves: Object.keys(weights).filter((name) => !name.startsWith('phi.')),
  terms: ['reconstruction', 'divergence'],
  separable: true,
  optimiser: { rate: p.rate },
  ...adjusted(p),
  value: ({ x_BWF, epoch, rng, note }: Batch): Scalar => {
    const [B, T] = x_BWF.shape;
    const L = lengthOf(epoch);
    const label_BT = tf.tensor2d(
      rng.fill([B, T], 0, (size, own) => drawLabels(labels, size / T, own)),
      [B, T],
    );
    const eps_BZ = normalTensor<tf.Rank.R2>([B, p.latent], rng);
    const { nll, kl } = stage1(weights, beginning(columnOf(x_BWF, 0), L), beginning(label_BT, L), eps_BZ);
    const whole = tf.mul<Scalar>(nll, tf.scalar(T / L));
    note('reconstruction', whole);
    note('divergence', kl);
    return tf.add(whole, tf.mul(kl, tf.scalar(p.warmUp > 0 ? Math.min(1, (before + epoch) / p.warmUp) : 1)));
  },
});

/** Step 2 (Algorithm 2): only φ moves. Without a step 1 the encoder learns here as well, as in a conditional VAE. */
const anomalousLoss = (weights: Weights, p: P): Loss => ({
  name: 'step 2',
  moves: Object.keys(weights).filter((name) => name.startsWith('phi.') || (!p.twoStep && name.startsWith('encoder.'))),
  terms: ['reconstruction', 'divergence'],
  separable: true,
  optimiser: { rate: p.rate },
  ...adjusted(p),
  value: ({ x_BWF, rng, note }: Batch): Scalar => {
    const x_BT = columnOf(x_BWF, 0);
    const label_BT = columnOf(x_BWF, 1);
    const q = encode(weights, occluded(x_BT, label_BT));
    const z_BZ = drawn(q, normalTensor<tf.Rank.R2>([x_BT.shape[0], p.latent], rng));
    const nll = stage2(weights, x_BT, label_BT, z_BZ);
    const kl = divergence(q);
    note('reconstruction', nll);
    note('divergence', kl);
    return p.twoStep ? nll : tf.add(nll, kl);
  },
});

/**
 * φ with ψ's weights where both have one: its first layer, the forward part of the second, and what the head reads of that.
 * What ψ does not have, such as the row of the label, stays 0: φ starts as ψ.
 */
export function copyDecoder(arrays: WeightArrays): WeightArrays {
  const twinOf = (name: string): WeightArray | undefined =>
    (arrays as Partial<WeightArrays>)[name.replace('phi.', 'psi.').replace('.forward', '')];
  return Object.fromEntries(
    Object.entries(arrays).map(([name, own]) => {
      const twin = name.startsWith('phi.') ? twinOf(name) : undefined;
      if (twin === undefined) return [name, own];
      const data = new Float32Array(own.data.length);
      data.set(twin.data.subarray(0, data.length));
      return [name, { shape: own.shape, data }];
    }),
  );
}

type Lasting = { readonly epochs: number; readonly patience: number };

/** Epochs of a step and its patience: both are stretched where few windows would make fewer than `least` updates. */
export function lasting(windows: number, epochs: number, least: number, p: P): Lasting {
  const learning = windows - Math.floor(windows * p.validation);
  const updates = epochs * Math.ceil(learning / p.batch);
  const factor = Math.max(1, least / updates);
  return { epochs: Math.ceil(epochs * factor), patience: Math.ceil(p.patience * factor) };
}

/** The rate falls in a straight line to `left` of it in the last epoch (counted from 0). */
const fading =
  (epochs: number, left: number): ((epoch: number) => number) =>
  (epoch) =>
    1 - ((1 - left) * epoch) / Math.max(1, epochs - 1);

/** The same run, whose epochs count on from `before` to `of`. */
const counted = (run: Run, before: number, of: number): Run => ({
  ...run,
  progress: (report) => {
    run.progress(report.kind === 'scoring' ? report : { ...report, epoch: report.epoch + before, epochs: of });
  },
});

/** Trains `weights` in place. Throws as `descend`; the weights are then disposed. */
export async function trainCgats(
  weights: Weights,
  train: Samples,
  p: P,
  labels: LabelModel,
  run: Run,
): Promise<CgatsHistory> {
  const { anomalous, normal } = byKind(train);
  const first = p.twoStep ? lasting(normal.length, p.epochs1, p.updates1, p) : { epochs: 0, patience: 0 };
  const second = lasting(anomalous.length, p.epochs2, p.updates2, p);
  // Without whole windows at the end nothing would be judged by early stopping.
  const growing = Math.min(first.epochs - 1, Math.round(first.epochs * p.growing));
  // Validation takes the last windows: in random order they are a random part.
  const shuffled = (order: Int32Array): Samples => picked(train, shuffle(order.slice(), run.rng));
  const learn = (loss: Loss, samples: Samples, before: number, some: Partial<Descent> & Lasting): Promise<History> =>
    descend(
      {
        weights,
        windows: asWindows(samples),
        losses: [loss],
        batch: p.batch,
        validation: p.validation,
        restoreBest: true,
        rateFactor: fading(some.epochs, p.fade),
        ...some,
      },
      counted(run, before, first.epochs + second.epochs),
    );
  const history: History[] = [];
  if (p.twoStep) {
    const normals = shuffled(normal);
    const grown: LengthOf = (epoch) => grownTo(epoch, growing, train.T);
    if (growing > 0) {
      // Losses of windows of different lengths say nothing of which epoch was best, and the rate stays high.
      const steady = { epochs: growing, patience: 0, restoreBest: false, rateFactor: () => 1 };
      history.push(await learn(normalLoss(weights, p, labels, grown, 0), normals, 0, steady));
    }
    const whole = normalLoss(weights, p, labels, () => train.T, growing);
    history.push(await learn(whole, normals, growing, { ...first, epochs: first.epochs - growing }));
    if (p.startFromNormal) assignWeights(weights, copyDecoder(await readWeights(weights)));
  }
  const last = await learn(anomalousLoss(weights, p), shuffled(anomalous), first.epochs, second);
  return { normal: history.flat(), anomalous: last };
}
