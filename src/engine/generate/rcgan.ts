/**
 * RCGAN: a recurrent generator turns noise and labels into windows, a recurrent discriminator tells them from real ones
 * step by step; both are told the labels.
 * Paper: Esteban, Hyland, Rätsch, "Real-valued (Medical) Time Series Generation with Recurrent Conditional GANs", 2017.
 * Dimensions: B batch, T steps, Z noise numbers a step.
 */
import { EngineError } from '../errors.ts';
import type { Run } from '../model.ts';
import { crossEntropy } from '../models/shared/crossEntropy.ts';
import { linear, linearStart, recurrent, recurrentWeights } from '../models/shared/linear.ts';
import type { ParamTable, Values } from '../params.ts';
import { shuffle } from '../rng.ts';
import { adam } from '../tensor/adam.ts';
import { assertAlive, settle } from '../tensor/backend.ts';
import { dense } from '../tensor/encoder.ts';
import { gradientsOf } from '../tensor/gradients.ts';
import { lstm } from '../tensor/lstm.ts';
import { standardNormal } from '../tensor/noise.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor3D } from '../tensor/tf.ts';
import { disposeWeights, makeWeights, readAll, startWeights } from '../tensor/weights.ts';
import type { Tensors, Weights } from '../tensor/weights.ts';

import { inOrder } from '../window.ts';
import { defineAugmentation } from './augmentation.ts';
import type { Maker } from './augmentation.ts';
import { fitLabelModel } from './labelModel.ts';
import { anomalousAmong, checkSamples, countOf, picked } from './samples.ts';
import type { Samples } from './samples.ts';
import { fitSourceScale } from './sourceScale.ts';

const whole = { kind: 'number', step: 1 } as const;

const params = {
  hidden: {
    ...whole,
    default: 100,
    min: 2,
    max: 512,
    label: 'Hidden size',
    group: 'Network',
    help: 'Width of both LSTMs. Published code: 100.',
  },
  noise: {
    ...whole,
    default: 5,
    min: 1,
    max: 64,
    label: 'Noise a step',
    group: 'Network',
    help: 'Random numbers the generator gets at each step. Published code: 5.',
  },
  epochs: {
    ...whole,
    default: 100,
    min: 1,
    max: 5000,
    label: 'Epochs',
    group: 'Training',
    help: 'Passes over the training windows.',
  },
  batch: {
    ...whole,
    default: 28,
    min: 1,
    max: 1024,
    label: 'Batch',
    group: 'Training',
    help: 'Windows per update. Published code: 28.',
  },
  rateD: {
    kind: 'number',
    default: 0.1,
    min: 1e-5,
    max: 1,
    step: 0.01,
    log: true,
    label: 'Rate of the discriminator',
    group: 'Training',
    help: 'Plain gradient descent. Published code: 0.1.',
  },
  rateG: {
    kind: 'number',
    default: 1e-3,
    min: 1e-6,
    max: 1,
    step: 1e-4,
    log: true,
    label: 'Rate of the generator',
    group: 'Training',
    help: 'Adam. Published code: 0.001.',
  },
  roundsD: {
    ...whole,
    default: 1,
    min: 1,
    max: 20,
    label: 'Updates of the discriminator',
    group: 'Training',
    help: 'In a row, before the generator’s turn.',
  },
  roundsG: {
    ...whole,
    default: 3,
    min: 1,
    max: 20,
    label: 'Updates of the generator',
    group: 'Training',
    help: 'In a row, after the discriminator’s turn.',
  },
} as const satisfies ParamTable;

type P = Values<typeof params>;

const shapesOf = ({ hidden, noise }: P) => ({
  ...recurrent('generator', noise + 1, hidden, 4),
  ...linear('generated', hidden, 1),
  ...recurrent('discriminator', 2, hidden, 4),
  ...linear('verdict', hidden, 1),
});

/** Windows [B, T, 1] from noise [B, T, Z] and labels [B, T, 1]. */
const generate = (weights: Tensors, noise_BTZ: Tensor3D, label_BT1: Tensor3D): Tensor3D =>
  dense(weights, 'generated', lstm(tf.concat([noise_BTZ, label_BT1], 2), recurrentWeights(weights, 'generator')));

/** Logit of "real" at every step, [B, T, 1]. */
const judged = (weights: Tensors, x_BT1: Tensor3D, label_BT1: Tensor3D): Tensor3D =>
  dense(weights, 'verdict', lstm(tf.concat([x_BT1, label_BT1], 2), recurrentWeights(weights, 'discriminator')));

const named = (weights: Weights, names: RegExp): string[] => Object.keys(weights).filter((name) => names.test(name));

type Batch = { readonly x: Tensor3D; readonly label: Tensor3D; readonly noise: () => Tensor3D };

function discriminatorLoss(weights: Weights, { x, label, noise }: Batch): Scalar {
  const real = judged(weights, x, label);
  const made = judged(weights, generate(weights, noise(), label), label);
  return tf.add(
    tf.mean(crossEntropy<tf.Tensor>(real, tf.onesLike(real))),
    tf.mean(crossEntropy<tf.Tensor>(made, tf.zerosLike(made))),
  );
}

function generatorLoss(weights: Weights, { label, noise }: Batch): Scalar {
  const made = judged(weights, generate(weights, noise(), label), label);
  return tf.mean(crossEntropy<tf.Tensor>(made, tf.onesLike(made)));
}

/** Plain gradient descent of the named weights; gives the loss from before the step. */
const descendPlainly = (weights: Weights, names: readonly string[], rate: number, loss: () => Scalar): Scalar =>
  tf.tidy(() => {
    const { value, grads } = gradientsOf(weights, names, loss);
    for (const name of names) weights[name].assign(tf.sub(weights[name], tf.mul(grads[name], tf.scalar(rate))));
    return value;
  });

async function learn(weights: Weights, train: Samples, p: P, run: Run): Promise<void> {
  const own = named(weights, /^(generator|generated)\./);
  const others = named(weights, /^(discriminator|verdict)\./);
  const optimiser = adam(Object.fromEntries(own.map((name) => [name, weights[name]])), { rate: p.rateG });
  const { T } = train;
  const batches = Math.ceil(countOf(train) / p.batch);
  let losses: Scalar[] = [];
  try {
    for (let epoch = 1; epoch <= p.epochs; epoch++) {
      const order = shuffle(inOrder(countOf(train)), run.rng);
      for (let n = 0; n < batches; n++) {
        await run.checkpoint();
        assertAlive();
        tf.dispose(losses);
        losses = tf.tidy(() => {
          const some = picked(train, order.subarray(n * p.batch, (n + 1) * p.batch));
          const B = countOf(some);
          const batch: Batch = {
            x: tf.tensor3d(some.x_NT, [B, T, 1]),
            label: tf.tensor3d(some.label_NT, [B, T, 1]),
            noise: () => tf.tensor3d(standardNormal(B * T * p.noise, run.rng), [B, T, p.noise]),
          };
          let d: Scalar = tf.scalar(0);
          let g: Scalar = tf.scalar(0);
          for (let k = 0; k < p.roundsD; k++)
            d = descendPlainly(weights, others, p.rateD, () => discriminatorLoss(weights, batch));
          for (let k = 0; k < p.roundsG; k++) {
            const { value, grads } = gradientsOf(weights, own, () => generatorLoss(weights, batch));
            optimiser.step(grads);
            g = value;
          }
          return [d, g];
        });
        run.progress({ kind: 'batch', epoch, epochs: p.epochs, done: n + 1, of: batches });
      }
      await settle();
      const [[d], [g]] = await readAll(losses);
      if (!Number.isFinite(d + g))
        throw new EngineError(
          'bad-input',
          'diverged',
          `the contest ended in epoch ${epoch}: a loss is no number`,
          'Lower both learning rates.',
        );
      run.progress({ kind: 'epoch', epoch, epochs: p.epochs, losses: { discriminator: d, generator: g } });
    }
  } finally {
    tf.dispose(losses);
    optimiser.dispose();
  }
}

/** Windows per forward pass of generation. */
const AT_ONCE = 256;

async function made(weights: Weights, train: Samples, p: P, count: number, run: Run): Promise<Samples> {
  const { T } = train;
  const labels = fitLabelModel(train, 'empirical');
  const out: Samples = {
    T,
    x_NT: new Float32Array(count * T),
    label_NT: new Float32Array(count * T),
    source_N: Int32Array.from({ length: count }, () => train.source_N[Math.floor(run.rng() * countOf(train))]),
  };
  for (let n = 0; n < count; n++) labels.draw(out.label_NT.subarray(n * T, (n + 1) * T), run.rng);
  for (let from = 0; from < count; from += AT_ONCE) {
    await run.checkpoint();
    const B = Math.min(AT_ONCE, count - from);
    const x = tf.tidy(() => {
      const noise = tf.tensor3d(standardNormal(B * T * p.noise, run.rng), [B, T, p.noise]);
      const label = tf.tensor3d(out.label_NT.subarray(from * T, (from + B) * T), [B, T, 1]);
      return generate(weights, noise, label);
    });
    const [values] = await readAll([x]).finally(() => {
      x.dispose();
    });
    out.x_NT.set(values, from * T);
  }
  return out;
}

export const rcgan = defineAugmentation<typeof params, Maker>({
  card: {
    id: 'rcgan',
    title: 'RCGAN',
    summary: 'A generator and a discriminator contest over windows, both told which steps are anomalous.',
    paper: { cite: 'Esteban, Hyland & Rätsch, 2017', url: 'https://arxiv.org/abs/1706.02633' },
    deviations: [
      'The condition is the label of each step; the paper’s is one label a sequence.',
      'New labels are those of training windows turned by a random number of steps.',
      'Values are standardised by series and have no bounds; the generator’s output is linear instead of tanh.',
    ],
  },
  params,
  presets: { lite: { hidden: 32, epochs: 40 } },
  async fit(samples, p, run) {
    checkSamples(samples);
    anomalousAmong(samples);
    const scale = fitSourceScale(samples);
    const train = scale.apply(samples);
    const shapes = shapesOf(p);
    const weights = makeWeights(startWeights(shapes, (name, shape) => linearStart(name, shape, run.rng, shapes)));
    try {
      await learn(weights, train, p, run);
    } catch (thrown) {
      disposeWeights(weights);
      throw thrown;
    }
    return {
      make: async (count, again) => scale.invert(await made(weights, train, p, count, again)),
      dispose: () => disposeWeights(weights),
    };
  },
});
