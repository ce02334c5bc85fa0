/**
 * C-GATS: learns what normal windows are like from the many normal ones, and how an anomaly looks where a label says it
 * is from the few anomalous ones; then makes anomalous windows with labels.
 * Paper: Singh, Sankararaman, Narayanaswamy, Song, "C-GATS: Conditional Generation of Anomalous Time Series", Algorithms
 * 1 and 2. Dimensions: N windows, B batch, T steps, Z latent.
 */
import { EngineError } from '../errors.ts';
import type { Run, WeightArray } from '../model.ts';
import { seeded } from '../rng.ts';
import { standardNormal } from '../tensor/noise.ts';
import * as tf from '../tensor/tf.ts';
import { checkWeights, disposeWeights, makeWeights, readAll, readWeights, startWeights } from '../tensor/weights.ts';
import type { Weights } from '../tensor/weights.ts';
import { defineAugmentation } from './augmentation.ts';
import type { Maker } from './augmentation.ts';
import { cgatsShapes, decodeAnomalous, drawn, encode, occluded } from './cgatsNetwork.ts';
import type { CgatsNetwork, Condition } from './cgatsNetwork.ts';
import { cgatsParams } from './cgatsParams.ts';
import type { CgatsValues as P } from './cgatsParams.ts';
import { addResidual, fitResidual } from './cgatsResidual.ts';
import type { NoiseKind, Residual } from './cgatsResidual.ts';
import { cgatsStart, trainCgats } from './cgatsTraining.ts';
import type { CgatsHistory } from './cgatsTraining.ts';
import { drawLabels, fitLabelModel } from './labelModel.ts';
import type { LabelModel, LabelModelKind } from './labelModel.ts';
import { anomalousAmong, byKind, checkSamples, countOf, normalAmong, picked } from './samples.ts';
import type { Samples } from './samples.ts';
import { fitSourceScale, unit } from './sourceScale.ts';
import type { SourceScale } from './sourceScale.ts';

/** Where latent numbers and labels of new windows come from; what is left out is as the settings say. */
export type Draw = {
  readonly source?: 'posterior' | 'prior';
  /** The label of all windows, [T]; left out: drawn from p(Y) for each. */
  readonly mask_T?: ArrayLike<number>;
};

/** Windows with the latent numbers they were made from. */
export type Drawn = {
  readonly samples: Samples;
  readonly z_NZ: Float32Array;
  /** Number of the training window whose posterior gave the latent numbers; -1 for the prior, [N]. */
  readonly from_N: Int32Array;
};

/** Trained networks, and what generation needs beside them. */
export type Cgats = Maker & {
  readonly T: number;
  readonly latent: number;
  /** Losses by epoch: step 1, then step 2. */
  readonly history: CgatsHistory;
  readonly labelModel: LabelModel;
  /** Mean and deviation of the latent numbers of windows whose labelled steps are hidden, each [N, Z]. */
  readonly describe: (samples: Samples) => Promise<{ readonly mu_NZ: Float32Array; readonly sd_NZ: Float32Array }>;
  /** Windows [N, T] for latent numbers [N, Z] and labels [N, T], in the units of the series in `source_N`. */
  readonly decode: (z_NZ: Float32Array, label_NT: Float32Array, source_N: Int32Array) => Promise<Float32Array>;
  /** As `decode`, with what chance adds where the settings say so. */
  readonly sample: (
    z_NZ: Float32Array,
    label_NT: Float32Array,
    source_N: Int32Array,
    rng: () => number,
  ) => Promise<Float32Array>;
  /** As `make`, from what `how` says. Throws EngineError('bad-input', 'bad-mask') for a mask of another length. */
  readonly draw: (count: number, run: Run, how?: Draw) => Promise<Drawn>;
  readonly snapshot: () => Promise<Record<string, WeightArray>>;
};

const networkOf = (p: P): CgatsNetwork => ({ ...p, condition: p.condition as Condition });

/** One label for `count` windows, each step 0 or 1. */
function repeatedMask(mask_T: ArrayLike<number>, T: number, count: number): Float32Array {
  if (mask_T.length !== T)
    throw new EngineError(
      'bad-input',
      'bad-mask',
      `the mask has ${mask_T.length} steps, a window of this generator ${T}`,
      'Paint the mask anew for this generator.',
    );
  return Float32Array.from({ length: count * T }, (_, i) => (mask_T[i % T] > 0 ? 1 : 0));
}

function refuseUseless(samples: Samples): void {
  checkSamples(samples);
  anomalousAmong(samples);
  normalAmong(samples);
}

/** Windows per forward pass of generation. */
const AT_ONCE = 256;

/** What φ leaves unexplained of anomalous training windows. */
async function residualOf(weights: Weights, samples: Samples, order: Int32Array): Promise<Residual> {
  const some = picked(samples, order.subarray(0, AT_ONCE));
  const N = countOf(some);
  const [residual_NT] = await reading(() => {
    const x_NT = tf.tensor2d(some.x_NT, [N, some.T]);
    const label_NT = tf.tensor2d(some.label_NT, [N, some.T]);
    const { mu } = encode(weights, occluded(x_NT, label_NT));
    return [tf.sub(x_NT, decodeAnomalous(weights, mu, label_NT))];
  });
  return fitResidual(residual_NT, some.label_NT, some.T);
}

async function reading(make: () => tf.Tensor[]): Promise<Float32Array[]> {
  const out = tf.tidy(make);
  try {
    return await readAll(out);
  } finally {
    tf.dispose(out);
  }
}

function cgatsOf(weights: Weights, p: P, train: Samples, scale: SourceScale, history: CgatsHistory): Cgats {
  const { T } = train;
  const { anomalous, normal } = byKind(train);
  const labelModel = fitLabelModel(train, p.labels as LabelModelKind);
  const noise = p.noise as NoiseKind;
  const describe: Cgats['describe'] = async (samples) => {
    const { x_NT, label_NT } = scale.apply(samples);
    const N = countOf(samples);
    const [mu_NZ, sd_NZ] = await reading(() => {
      const { mu, logVar } = encode(weights, occluded(tf.tensor2d(x_NT, [N, T]), tf.tensor2d(label_NT, [N, T])));
      return [mu, tf.exp(tf.mul(logVar, tf.scalar(0.5)))];
    });
    return { mu_NZ, sd_NZ };
  };
  const means = async (z_NZ: Float32Array, label_NT: Float32Array): Promise<Float32Array> => {
    const N = label_NT.length / T;
    const [x_NT] = await reading(() => [
      decodeAnomalous(weights, tf.tensor2d(z_NZ, [N, p.latent]), tf.tensor2d(label_NT, [N, T])),
    ]);
    return x_NT;
  };
  let left: Residual | null = null;
  const withChance = async (x_NT: Float32Array, label_NT: Float32Array, rng: () => number): Promise<void> => {
    if (noise === 'none') return;
    left ??= await residualOf(weights, train, anomalous);
    addResidual(x_NT, label_NT, T, left, noise, rng);
  };
  const decode: Cgats['decode'] = async (z_NZ, label_NT, source_N) =>
    scale.invert({ T, x_NT: await means(z_NZ, label_NT), label_NT, source_N }).x_NT;
  const sample: Cgats['sample'] = async (z_NZ, label_NT, source_N, rng) => {
    const x_NT = await means(z_NZ, label_NT);
    await withChance(x_NT, label_NT, rng);
    return scale.invert({ T, x_NT, label_NT, source_N }).x_NT;
  };

  /** Up to AT_ONCE windows in the scaled units of training. */
  async function batch(count: number, rng: () => number, { source = p.source as Draw['source'], mask_T }: Draw) {
    const label_NT = mask_T === undefined ? drawLabels(labelModel, count, rng) : repeatedMask(mask_T, T, count);
    const order = Int32Array.from({ length: count }, () => normal[Math.floor(rng() * normal.length)]);
    const base = picked(train, order);
    const eps_NZ = standardNormal(count * p.latent, rng);
    const [x_NT, z_NZ] = await reading(() => {
      const given = tf.tensor2d(label_NT, [count, T]);
      const eps = tf.tensor2d(eps_NZ, [count, p.latent]);
      const z =
        source === 'prior' ? eps : drawn(encode(weights, occluded(tf.tensor2d(base.x_NT, [count, T]), given)), eps);
      return [decodeAnomalous(weights, z, given), z];
    });
    await withChance(x_NT, label_NT, rng);
    return { x_NT, label_NT, source_N: base.source_N, z_NZ, from_N: source === 'prior' ? order.fill(-1) : order };
  }

  const draw: Cgats['draw'] = async (count, run, how = {}) => {
    const made: Samples = {
      T,
      x_NT: new Float32Array(count * T),
      label_NT: new Float32Array(count * T),
      source_N: new Int32Array(count),
    };
    const z_NZ = new Float32Array(count * p.latent);
    const from_N = new Int32Array(count);
    for (let from = 0; from < count; from += AT_ONCE) {
      await run.checkpoint();
      const some = await batch(Math.min(AT_ONCE, count - from), run.rng, how);
      made.x_NT.set(some.x_NT, from * T);
      made.label_NT.set(some.label_NT, from * T);
      made.source_N.set(some.source_N, from);
      z_NZ.set(some.z_NZ, from * p.latent);
      from_N.set(some.from_N, from);
    }
    return { samples: scale.invert(made), z_NZ, from_N };
  };

  return {
    T,
    latent: p.latent,
    history,
    labelModel,
    describe,
    decode,
    sample,
    draw,
    make: async (count, run) => (await draw(count, run)).samples,
    snapshot: () => readWeights(weights),
    dispose: () => disposeWeights(weights),
  };
}

const scaleOf = (samples: Samples, p: P): SourceScale => (p.scale === 'zscore' ? fitSourceScale(samples) : unit);

/**
 * Trained networks again from a snapshot and the windows they were trained on. Throws EngineError('bad-input',
 * 'bad-weights') for a snapshot of other settings.
 */
export function restoreCgats(weights: Readonly<Record<string, WeightArray>>, train: Samples, p: P): Cgats {
  refuseUseless(train);
  const shapes = cgatsShapes(networkOf(p));
  checkWeights(weights, shapes);
  const scale = scaleOf(train, p);
  const own = Object.fromEntries(Object.keys(shapes).map((name) => [name, weights[name]]));
  return cgatsOf(makeWeights(own), p, scale.apply(train), scale, { normal: [], anomalous: [] });
}

/** Trains on labelled windows. Throws as an augmentation's `fit`. */
async function fitCgats(samples: Samples, p: P, run: Run): Promise<Cgats> {
  refuseUseless(samples);
  const shapes = cgatsShapes(networkOf(p));
  const scale = scaleOf(samples, p);
  const scaled = scale.apply(samples);
  const start = { T: samples.T, longMemory: p.longMemory };
  const weights = makeWeights(startWeights(shapes, (name, shape) => cgatsStart(name, shape, run.rng, shapes, start)));
  const labels = fitLabelModel(scaled, p.labels as LabelModelKind);
  const history = await trainCgats(weights, scaled, p, labels, run);
  return cgatsOf(weights, p, scaled, scale, history);
}

export const cgats = defineAugmentation({
  card: {
    id: 'c-gats',
    title: 'C-GATS',
    summary:
      'Learns normal windows from windows with hidden steps, then how anomalies look at labelled places; makes anomalous windows with exact labels.',
    paper: {
      cite: 'Singh, Sankararaman, Narayanaswamy & Song, SyntheticData4ML at NeurIPS 2022',
      url: 'https://openreview.net/forum?id=7tMRd6-5lPw',
    },
    deviations: [
      'Encoder and both decoders are LSTMs of 32 and 64 units; the paper says this of the anomalous decoder only.',
      'The label joins the input of the last recurrent layer, which reads it from both ends; in a last linear layer it could only add one constant.',
      'The divergence counts once a window, with weight 1, beside ½ Σ (x − x̂)²; equation 7 leaves signs and weights open.',
      'p(Y) is the labels of training windows turned by a random number of steps; the paper leaves its form open.',
      'Windows of real series are standardised by series with training statistics before steps are hidden.',
      'Early stopping after 10 epochs on a random tenth of the training windows; the paper says only “until convergence”.',
      'Preset lite: step 1 begins with the first tenth of each window and takes in ever more of it, and gates start with a long memory (Tallec & Ollivier 2018); on whole windows from the start the networks stay at the mean. φ starts as ψ, the rate falls, gradients are clipped, and updates count, not epochs.',
      'Preset lite: windows get what φ leaves unexplained at labelled steps, one number a run and one a step. z cannot tell what was hidden, so equation 8 makes φ the mean over all anomalies that fit, which for spikes of either sign is no spike.',
    ],
  },
  params: cgatsParams,
  presets: {
    paper: {},
    lite: {
      ...{ hidden1: 16, hidden2: 32, batch: 16, rate: 0.007, fade: 0.1, clip: 5, longMemory: true },
      ...{ epochs1: 4, updates1: 3000, growing: 0.6, epochs2: 4, updates2: 600, patience: 2 },
      ...{ startFromNormal: true, noise: 'labelled' },
    },
  },
  fit: fitCgats,
});

/** Mean |change| of a window by its label, inside the labelled steps and outside. */
export type LabelEffect = { readonly inside: number; readonly outside: number };

/** Chance enters both windows alike. */
const DICE = 1;

/** What the label changes in windows of these latent numbers: a label is kept when little moves outside. */
export async function labelEffect(
  model: Pick<Cgats, 'sample'>,
  z_NZ: Float32Array,
  { label_NT, source_N }: Pick<Samples, 'label_NT' | 'source_N'>,
): Promise<LabelEffect> {
  const withLabel = await model.sample(z_NZ, label_NT, source_N, seeded(DICE));
  const without = await model.sample(z_NZ, new Float32Array(label_NT.length), source_N, seeded(DICE));
  let inside = 0;
  let outside = 0;
  let marked = 0;
  for (let i = 0; i < withLabel.length; i++) {
    const change = Math.abs(withLabel[i] - without[i]);
    if (label_NT[i] > 0) {
      inside += change;
      marked++;
    } else outside += change;
  }
  return { inside: inside / Math.max(1, marked), outside: outside / Math.max(1, withLabel.length - marked) };
}
