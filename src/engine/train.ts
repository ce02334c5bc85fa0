/**
 * The training loop; it knows no model. Seeded order, one optimiser a loss, the last windows kept for validation, early
 * stopping with the best weights restored, one readback an epoch, resumable to the byte, nothing left behind on a throw.
 */
import { cancelled, EngineError } from './errors.ts';
import type { FitOptions, Run, TrainState, WeightArray } from './model.ts';
import { flatWeights, isSeparable, replicaOf, sharesOf, sumsFrom, sumsOf } from './replica.ts';
import type { Helper, Part, Work } from './replica.ts';
import { derived, seeded, shuffle } from './rng.ts';
import { adam } from './tensor/adam.ts';
import type { Adam, AdamOptions, Gradients } from './tensor/adam.ts';
import { assertAlive, settle } from './tensor/backend.ts';
import type { Noise, Share } from './tensor/noise.ts';
import { add, dispose, mul, scalar, stack, tidy, zeros } from './tensor/tf.ts';
import type { Scalar, Tensor, Tensor2D, Tensor3D } from './tensor/tf.ts';
import { assignWeights, checkWeights, disposeWeights, readAll, weightArray } from './tensor/weights.ts';
import type { WeightArrays, Weights } from './tensor/weights.ts';
import type { Windows } from './types.ts';
import { checkWindows, gather, gatherTargets, inOrder } from './window.ts';

export type Batch = {
  readonly x_BWF: Tensor3D;
  /** Sensors of the target step, `start + W - 1 + horizon`. */
  readonly y_BS: Tensor2D;
  /** True while learning, false in validation: dropout and noise belong to the first. */
  readonly training: boolean;
  /** Number of the epoch, from 1: for losses that shift their weights as they learn. */
  readonly epoch: number;
  /**
   * For masks and noise. Seeded by epoch and batch, so that a resumed run draws what the uninterrupted one would have
   * drawn. Losses that are separable use its `fill` (through tensor/noise.ts) and nothing else of it.
   */
  readonly rng: Noise;
  /** Hands in the value of one of the loss's `terms` for this batch. */
  readonly note: (term: string, value: Scalar) => void;
};

/** One objective with its own weights and optimiser; several are stepped one after another on each batch. */
export type Loss = {
  readonly name: string;
  /** Names of the weights that this loss moves. */
  readonly moves: readonly string[];
  readonly value: (batch: Batch) => Scalar;
  /** Parts to be shown beside the loss; `value` notes each of them every time. They steer nothing. */
  readonly terms?: readonly string[];
  /** Value and gradients by weight name, where these are not the gradients of `value`. */
  readonly gradients?: (batch: Batch) => { readonly value: Scalar; readonly grads: Gradients };
  /** Done to the gradients of a whole batch before the step, e.g. clipping. Inside a tidy. */
  readonly adjust?: (grads: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>;
  /**
   * True where value, terms and gradients are means over windows that know nothing of each other: such a batch may be
   * computed in parts.
   */
  readonly separable?: boolean;
  readonly optimiser: AdamOptions;
};

export type Descent = {
  readonly windows: Windows;
  /** Owned by the caller on success, disposed here on any throw. */
  readonly weights: Weights;
  readonly losses: readonly Loss[];
  readonly epochs: number;
  readonly batch: number;
  /** Share of the windows, the last ones, on which learning is judged; 0 for none. */
  readonly validation: number;
  /** Windows judged at a time in validation; 256, or a training batch if that is more. */
  readonly validationBatch?: number;
  /** Epochs without a better validation loss (the sum of all losses) before stopping; 0 never stops early. */
  readonly patience: number;
  /** Put back the weights of the best validation loss at the end; otherwise the last ones stay. */
  readonly restoreBest: boolean;
  /** Factor on each optimiser's rate by epoch (0-based), for schedules. */
  readonly rateFactor?: (epoch: number) => number;
};

export type History = readonly Readonly<Record<string, number>>[];

/** Queued batches between two waits for a GPU. */
const AHEAD = 8;
const VALIDATION_BATCH = 256;

type Trainer = {
  readonly descent: Descent;
  readonly run: Run;
  readonly optimisers: readonly Adam[];
  readonly base: number;
  readonly learn_N: Int32Array;
  readonly judge_N: Int32Array;
  readonly chunk: number;
  readonly judged: number;
  readonly validationBatch: number;
  /** Null for one that is gone. */
  readonly helpers: (Helper | null)[];
  readonly onLost: Work['onLost'];
};

const noWindows = (count: number, what: string): EngineError =>
  new EngineError(
    'bad-input',
    'no-windows',
    `${count} windows are too few to ${what}`,
    'Use a shorter window, a smaller stride or more training rows.',
  );

/** The last `share` of the windows is for validation. Both parts are indices into `start_N`. */
export function splitWindows(count: number, share: number): { learn_N: Int32Array; judge_N: Int32Array } {
  if (count === 0) throw noWindows(count, 'train on');
  const judged = Math.floor(count * share);
  if (judged >= count) throw noWindows(count, `keep a share of ${share} for validation`);
  const all = inOrder(count);
  return { learn_N: all.slice(0, count - judged), judge_N: all.slice(count - judged) };
}

/** Independent seeded numbers for each epoch, all from the one draw at the start. */
const rngFor = (base: number, epoch: number): (() => number) => seeded((base ^ Math.imul(epoch + 1, 0x9e3779b1)) | 0);

/** Adds the batch's losses, weighted by its size, to the running sums on the device. */
function accumulate(sums_L: Tensor, values: readonly Tensor[], size: number): Tensor {
  return add(sums_L, mul(stack([...values]), scalar(size)));
}

const termsOf = ({ losses }: Descent): string[] => [...new Set(losses.flatMap(({ terms }) => terms ?? []))];

const validationBatchOf = ({ batch, validationBatch = Math.max(batch, VALIDATION_BATCH) }: Descent): number =>
  validationBatch;

/** What is common to all parts of a batch. */
type Given = { readonly order: Int32Array; readonly from: number; readonly to: number } & Pick<
  Part,
  'training' | 'epoch' | 'seed'
>;

function partOf({ descent, chunk, judged }: Trainer, loss: number, given: Given, share: Share): Part {
  const { order, from, to, training, epoch, seed } = given;
  const [first, last] = [from + share.from, from + share.to];
  return {
    ...{ loss, training, epoch, share, seed: derived(seed, loss) },
    chunk: isSeparable(descent.losses) ? (training ? chunk : judged) : to - from,
    x_BWF: gather(descent.windows, order, first, last),
    y_BS: gatherTargets(descent.windows, order, first, last),
  };
}

/** Asks all helpers that are left; null from those that are gone. */
async function askHelpers(trainer: Trainer, parts: readonly Part[]): Promise<Promise<Float32Array | null>[]> {
  const { helpers, descent, onLost } = trainer;
  if (helpers.every((helper) => helper === null)) return parts.map(() => Promise.resolve(null));
  const weights = await flatWeights(descent);
  return parts.map(async (part, n) => {
    try {
      return (await helpers[n]?.compute(part, weights.slice())) ?? null;
    } catch (thrown) {
      helpers[n] = null;
      onLost?.(helpers.filter((helper) => helper !== null).length, thrown);
      return null;
    }
  });
}

/**
 * Value, terms and gradients of one loss over a batch, from here and from the helpers. Parts stay the same when a helper
 * is gone, so the result does, too.
 */
async function batchSums(trainer: Trainer, loss: number, given: Given): Promise<Tensor[]> {
  const { descent, run, helpers } = trainer;
  const [own, ...others] = sharesOf(given.to - given.from, helpers.length + 1).map((share) =>
    partOf(trainer, loss, given, share),
  );
  const asked = await askHelpers(trainer, others);
  let sums = await sumsOf(descent, own, run.checkpoint);
  try {
    for (const [n, part] of others.entries()) {
      const flat = await asked[n];
      const next = flat === null ? await sumsOf(descent, part, run.checkpoint) : sumsFrom(descent, part, flat);
      const before = sums;
      sums = tidy(() => before.map((value, i) => add(value, next[i])));
      dispose([...before, ...next]);
    }
    return sums;
  } catch (thrown) {
    dispose(sums);
    throw thrown;
  }
}

/** Gradients by name from the end of `sums`, and one step down. */
function step({ descent, optimisers }: Trainer, n: number, sums: readonly Tensor[]): void {
  const { moves, adjust } = descent.losses[n];
  const grads = Object.fromEntries(moves.map((name, i) => [name, sums[sums.length - moves.length + i]]));
  tidy(() => optimisers[n].step(adjust?.(grads) ?? grads));
}

/** The losses of one batch, each followed by its step where it is for training, and then their terms. */
async function valuesOf(trainer: Trainer, given: Given): Promise<Tensor[]> {
  const { descent } = trainer;
  const values: Tensor[] = [];
  const noted = new Map<string, Tensor>();
  try {
    for (const [n, { terms = [] }] of descent.losses.entries()) {
      const sums = await batchSums(trainer, n, given);
      try {
        if (given.training) step(trainer, n, sums);
        values.push(sums[0].clone());
        for (const [i, term] of terms.entries()) {
          noted.get(term)?.dispose();
          noted.set(term, sums[1 + i].clone());
        }
      } finally {
        dispose(sums);
      }
    }
    return [...values, ...termsOf(descent).map((term) => noted.get(term)!)];
  } catch (thrown) {
    dispose([...values, ...noted.values()]);
    throw thrown;
  }
}

/** One pass over `order`; gives the sums of the losses, still on the device. `seed` is that of all noise in it. */
async function pass(
  trainer: Trainer,
  order: Int32Array,
  { training, epoch, seed }: Pick<Part, 'training' | 'epoch' | 'seed'>,
  report: (done: number, of: number) => void,
): Promise<Tensor> {
  const { descent, run } = trainer;
  const size = training ? descent.batch : trainer.validationBatch;
  const batches = Math.ceil(order.length / size);
  let sums_L: Tensor = zeros([descent.losses.length + termsOf(descent).length]);
  try {
    for (let n = 0; n < batches; n++) {
      await run.checkpoint();
      assertAlive();
      const from = n * size;
      const to = Math.min(order.length, from + size);
      const values = await valuesOf(trainer, { order, from, to, training, epoch, seed: derived(seed, n) });
      const next = tidy(() => accumulate(sums_L, values, to - from));
      dispose([sums_L, ...values]);
      sums_L = next;
      if (n % AHEAD === AHEAD - 1) await settle();
      report(n + 1, batches);
    }
    return sums_L;
  } catch (thrown) {
    sums_L.dispose();
    throw thrown;
  }
}

type Snapshot = {
  readonly losses: Record<string, number>;
  readonly monitored: number;
  readonly weights: WeightArrays;
  readonly optimiser: WeightArrays;
};

const optimiserTensors = ({ descent, optimisers }: Trainer): [string, Tensor][] =>
  optimisers.flatMap((optimiser, n) =>
    Object.entries(optimiser.tensors()).map(([name, value]): [string, Tensor] => [
      `${descent.losses[n].name}/${name}`,
      value,
    ]),
  );

/** Everything that leaves the device after an epoch, with one transfer. */
async function snapshot(trainer: Trainer, sums: Tensor[], withOptimiser: boolean): Promise<Snapshot> {
  const { descent, optimisers, learn_N, judge_N } = trainer;
  const names = Object.keys(descent.weights);
  const slots = withOptimiser ? optimiserTensors(trainer) : [];
  const values = await readAll([...sums, ...Object.values(descent.weights), ...slots.map(([, value]) => value)]);
  const rest = values.slice(sums.length);
  const array = (value: Tensor, data: Float32Array): WeightArray => weightArray([...value.shape], data);
  const losses: Record<string, number> = {};
  [...descent.losses.map(({ name }) => name), ...termsOf(descent)].forEach((name, n) => {
    losses[name] = values[0][n] / learn_N.length;
    if (sums.length > 1) losses[`${name} (validation)`] = values[1][n] / judge_N.length;
  });
  const judged = sums.length > 1 ? values[1].map((sum) => sum / judge_N.length) : values[0];
  return {
    losses,
    monitored: judged.slice(0, descent.losses.length).reduce((sum, value) => sum + value, 0),
    weights: Object.fromEntries(names.map((name, n) => [name, array(descent.weights[name], rest[n])])),
    optimiser: Object.fromEntries([
      ...slots.map(([name, value], n) => [name, array(value, rest[names.length + n])] as const),
      ...optimisers.map(
        (optimiser, n) =>
          [`${descent.losses[n].name}/step`, weightArray([], Float32Array.of(optimiser.count()))] as const,
      ),
    ]),
  };
}

/** One check an epoch is enough: a loss that is not finite once poisons its sum. */
function guard(losses: Readonly<Record<string, number>>, epoch: number, descent: Descent): void {
  for (const [name, value] of Object.entries(losses)) {
    if (Number.isFinite(value)) continue;
    const rate = Math.max(...descent.losses.map((loss) => loss.optimiser.rate));
    throw new EngineError(
      'bad-input',
      'diverged',
      `the loss "${name}" became ${String(value)} in epoch ${epoch + 1}`,
      `Lower the learning rate (now ${rate}) or choose another scaling, and look for extreme values in the data.`,
    );
  }
}

function resume(trainer: Trainer, from: TrainState): void {
  const { descent, optimisers } = trainer;
  checkWeights(
    from.weights,
    Object.fromEntries(Object.entries(descent.weights).map(([name, value]) => [name, value.shape])),
  );
  assignWeights(descent.weights, from.weights);
  optimisers.forEach((optimiser, n) => {
    const prefix = `${descent.losses[n].name}/`;
    const own = Object.entries(from.optimiser).filter(([name]) => name.startsWith(prefix));
    const state = Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
    optimiser.load(state);
  });
}

async function epochOf(trainer: Trainer, epoch: number, withOptimiser: boolean): Promise<Snapshot> {
  const { descent, run, base, learn_N, judge_N, optimisers } = trainer;
  const { epochs, rateFactor } = descent;
  if (rateFactor !== undefined)
    optimisers.forEach((optimiser, n) => optimiser.setRate(descent.losses[n].optimiser.rate * rateFactor(epoch)));
  const order = shuffle(learn_N.slice(), rngFor(base, epoch + 1));
  const sums: Tensor[] = [];
  try {
    sums.push(
      await pass(trainer, order, { training: true, epoch: epoch + 1, seed: derived(base, epoch + 1) }, (done, of) =>
        run.progress({ kind: 'batch', epoch: epoch + 1, epochs, done, of }),
      ),
    );
    // The same noise every time, so that epochs can be compared.
    const judging = { training: false, epoch: epoch + 1, seed: derived(base, 0) };
    if (judge_N.length > 0) sums.push(await pass(trainer, judge_N, judging, () => undefined));
    return await snapshot(trainer, sums, withOptimiser);
  } finally {
    dispose(sums);
  }
}

const FRESH: TrainState = { epoch: 0, weights: {}, optimiser: {}, best: null, badEpochs: 0, history: [] };

async function learn(trainer: Trainer, options: FitOptions): Promise<History> {
  const { descent, run } = trainer;
  const { from = FRESH, onState } = options;
  if (from.epoch > 0) resume(trainer, from);
  const history = [...from.history];
  let { best, badEpochs } = from;
  const judging = trainer.judge_N.length > 0;
  const tired = (): boolean => judging && descent.patience > 0 && badEpochs >= descent.patience;
  for (let epoch = from.epoch; epoch < descent.epochs && !tired(); epoch++) {
    const now = await epochOf(trainer, epoch, onState !== undefined);
    guard(now.losses, epoch, descent);
    history.push(now.losses);
    if (judging) {
      badEpochs = best === null || now.monitored < best.loss ? 0 : badEpochs + 1;
      if (badEpochs === 0) best = { loss: now.monitored, weights: now.weights };
    }
    run.progress({ kind: 'epoch', epoch: epoch + 1, epochs: descent.epochs, losses: now.losses });
    onState?.({
      epoch: epoch + 1,
      weights: now.weights,
      optimiser: now.optimiser,
      best,
      badEpochs,
      history: [...history],
    });
  }
  if (best !== null && descent.restoreBest) assignWeights(descent.weights, best.weights);
  return history;
}

/** A batch that cannot be divided is computed whole and here; in validation its size may be chosen. */
function planned(descent: Descent, work: Work = { chunk: Infinity, judged: Infinity }) {
  const { chunk, judged, helpers = [], onLost } = work;
  const separable = isSeparable(descent.losses);
  const validationBatch = validationBatchOf(descent);
  const isFixed = separable || descent.validationBatch !== undefined;
  return {
    ...{ chunk, judged, onLost },
    validationBatch: isFixed ? validationBatch : Math.min(validationBatch, judged),
    helpers: separable ? [...helpers] : [],
  };
}

/**
 * Trains `weights` in place and gives the losses by epoch: `name` in training, `name (validation)` where windows were
 * kept for it. Draws exactly one number from `run.rng`, so a caller that draws the same initial weights again resumes to
 * the same bytes. Progress counts epochs from 1.
 * Throws EngineError: 'no-windows', 'diverged', 'bad-weights' or 'bad-state' (a TrainState of another model),
 * 'device-lost', 'cancelled'; the weights are then disposed.
 */
export async function descend(descent: Descent, run: Run, options: FitOptions = {}): Promise<History> {
  const optimisers: Adam[] = [];
  try {
    checkWindows(descent.windows);
    if (options.serve !== undefined) {
      await options.serve(replicaOf(descent, validationBatchOf(descent), run.checkpoint));
      throw cancelled();
    }
    const base = Math.floor(run.rng() * 2 ** 32);
    for (const { moves, optimiser } of descent.losses)
      optimisers.push(adam(Object.fromEntries(moves.map((name) => [name, descent.weights[name]])), optimiser));
    const split = splitWindows(descent.windows.start_N.length, descent.validation);
    return await learn({ descent, run, optimisers, base, ...split, ...planned(descent, options.work) }, options);
  } catch (thrown) {
    disposeWeights(descent.weights);
    throw thrown;
  } finally {
    for (const optimiser of optimisers) optimiser.dispose();
  }
}
