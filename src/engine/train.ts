/**
 * The training loop; it knows no model. Seeded order, one optimiser a loss, the last windows kept for validation, early
 * stopping with the best weights restored, one readback an epoch, resumable to the byte, nothing left behind on a throw.
 */
import { EngineError } from './errors.ts';
import type { FitOptions, Run, TrainState, WeightArray } from './model.ts';
import { seeded, shuffle } from './rng.ts';
import { adam } from './tensor/adam.ts';
import type { Adam, AdamOptions, Gradients } from './tensor/adam.ts';
import { assertAlive, settle } from './tensor/backend.ts';
import { add, dispose, keep, mul, scalar, stack, tensor2d, tensor3d, tidy, variableGrads, zeros } from './tensor/tf.ts';
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
  /** For masks and noise. Seeded by epoch, so that a resumed run draws what the uninterrupted one would have drawn. */
  readonly rng: () => number;
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

/** Independent seeded numbers for each purpose and epoch, all from the one draw at the start. */
const rngFor = (base: number, purpose: number): (() => number) =>
  seeded((base ^ Math.imul(purpose + 1, 0x9e3779b1)) | 0);

function cut(windows: Windows, order: Int32Array, from: number, to: number): { x_BWF: Tensor3D; y_BS: Tensor2D } {
  const { W, S, C } = windows;
  return {
    x_BWF: tensor3d(gather(windows, order, from, to), [to - from, W, S + C]),
    y_BS: tensor2d(gatherTargets(windows, order, from, to), [to - from, S]),
  };
}

/** Adds the batch's losses, weighted by its size, to the running sums on the device. */
function accumulate(sums_L: Tensor, values: readonly Scalar[], size: number): Tensor {
  return keep(add(sums_L, mul(stack([...values]), scalar(size))));
}

/** Value and gradients of a loss by weight name; the caller disposes them. */
export function gradientsOf(
  weights: Weights,
  moves: readonly string[],
  loss: () => Scalar,
): { value: Scalar; grads: Record<string, Tensor> } {
  const { value, grads } = variableGrads(
    loss,
    moves.map((name) => weights[name]),
  );
  return { value, grads: Object.fromEntries(moves.map((name) => [name, grads[weights[name].name]])) };
}

function step(trainer: Trainer, batch: Batch): Scalar[] {
  const { losses, weights } = trainer.descent;
  return losses.map((loss, n) => {
    const { value, grads } = loss.gradients?.(batch) ?? gradientsOf(weights, loss.moves, () => loss.value(batch));
    trainer.optimisers[n].step(grads);
    return value;
  });
}

const termsOf = ({ losses }: Descent): string[] => [...new Set(losses.flatMap(({ terms }) => terms ?? []))];

/** The losses of one batch, after a step where it is for training, and then their terms. */
function valuesOf(trainer: Trainer, given: Omit<Batch, 'note'>): Scalar[] {
  const { descent } = trainer;
  const noted: Record<string, Scalar> = {};
  const note: Batch['note'] = (term, value) => {
    // The gradient's own tidy would free it; a phase may note a term again.
    (noted as Partial<typeof noted>)[term]?.dispose();
    noted[term] = keep(value.clone());
  };
  const batch: Batch = { ...given, note };
  try {
    const values = batch.training ? step(trainer, batch) : descent.losses.map((loss) => loss.value(batch));
    return [...values, ...termsOf(descent).map((term) => noted[term].clone())];
  } finally {
    dispose(noted);
  }
}

/** One pass over `order`; gives the sums of the losses, still on the device. */
async function pass(
  trainer: Trainer,
  order: Int32Array,
  { training, epoch, rng }: Pick<Batch, 'training' | 'epoch' | 'rng'>,
  report: (done: number, of: number) => void,
): Promise<Tensor> {
  const { descent, run } = trainer;
  const { batch, validationBatch = Math.max(batch, VALIDATION_BATCH) } = descent;
  const size = training ? batch : validationBatch;
  const batches = Math.ceil(order.length / size);
  let sums_L: Tensor = zeros([descent.losses.length + termsOf(descent).length]);
  try {
    for (let n = 0; n < batches; n++) {
      await run.checkpoint();
      assertAlive();
      const from = n * size;
      const to = Math.min(order.length, from + size);
      const next = tidy(() => {
        const values = valuesOf(trainer, { ...cut(descent.windows, order, from, to), training, epoch, rng });
        return accumulate(sums_L, values, to - from);
      });
      sums_L.dispose();
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
  const rng = rngFor(base, epoch + 1);
  const order = shuffle(learn_N.slice(), rng);
  const sums: Tensor[] = [];
  try {
    sums.push(
      await pass(trainer, order, { training: true, epoch: epoch + 1, rng }, (done, of) =>
        run.progress({ kind: 'batch', epoch: epoch + 1, epochs, done, of }),
      ),
    );
    // The same noise every time, so that epochs can be compared.
    const judging = { training: false, epoch: epoch + 1, rng: rngFor(base, 0) };
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
    const base = Math.floor(run.rng() * 2 ** 32);
    for (const { moves, optimiser } of descent.losses)
      optimisers.push(adam(Object.fromEntries(moves.map((name) => [name, descent.weights[name]])), optimiser));
    const split = splitWindows(descent.windows.start_N.length, descent.validation);
    return await learn({ descent, run, optimisers, base, ...split }, options);
  } catch (thrown) {
    disposeWeights(descent.weights);
    throw thrown;
  } finally {
    for (const optimiser of optimisers) optimiser.dispose();
  }
}
