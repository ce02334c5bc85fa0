/**
 * Batches computed in parts: one after another on one copy of the weights, which takes less memory, or at once on
 * several copies ("replicas", each in a worker), which takes less time. The sums of a part are weighted by its share of
 * the batch, so that those of all parts add up to the batch's own, to rounding.
 */
import type { Windows } from './types.ts';
import { EngineError } from './errors.ts';
import { sizeOf } from './shape.ts';
import { gradientsOf } from './tensor/gradients.ts';
import { isWhole, noiseOf } from './tensor/noise.ts';
import type { Share } from './tensor/noise.ts';
import { add, dispose, keep, mul, scalar, tensor, tensor2d, tensor3d, tidy, zerosLike } from './tensor/tf.ts';
import type { Scalar, Tensor } from './tensor/tf.ts';
import { assignWeights, readAll, readWeights, weightArray } from './tensor/weights.ts';
import type { WeightArrays } from './tensor/weights.ts';
import type { Batch, Descent, Loss } from './train.ts';

/** A part of a batch for one of the losses. Plain values: it travels to another worker as it is. */
export type Part = {
  /** Place of the loss in the model's list. */
  readonly loss: number;
  readonly training: boolean;
  /** From 1. */
  readonly epoch: number;
  /** Of the whole batch's noise. */
  readonly seed: number;
  readonly share: Share;
  /** Windows computed at a time. */
  readonly chunk: number;
  /** The part's windows [n, W, F] and targets [n, S], n = to - from. */
  readonly x_BWF: Float32Array;
  readonly y_BS: Float32Array;
};

/** A model that computes parts of batches with weights that are handed to it. */
export type Replica = {
  /** False where the windows of a batch depend on each other: then only whole batches make sense. */
  readonly separable: boolean;
  /** Of the windows in its batches: a detector may make other ones than it was given. */
  readonly shape: Pick<Windows, 'W' | 'S' | 'C'>;
  readonly losses: number;
  /** Windows of a training batch, and of one in validation. */
  readonly batch: number;
  readonly judged: number;
  /** Floats of all weights. */
  readonly size: number;
  readonly weights: () => Promise<WeightArrays>;
  /**
   * Sums of a part: value, terms, then, in training, gradients, as one array. `weights` are all floats of all weights in
   * the model's order; null keeps those it has. Throws as the model does.
   */
  readonly compute: (part: Part, weights: Float32Array | null) => Promise<Float32Array>;
  /** Computes a part and throws the sums away: for measuring, without what it takes to hand them over. */
  readonly rehearse: (part: Part) => Promise<void>;
};

/** Another replica that computes parts for this one. Rejects when it is gone. */
export type Helper = Pick<Replica, 'compute'>;

/** How batches are computed. */
export type Work = {
  /** Windows computed at a time in training; a batch that cannot be divided is computed whole. */
  readonly chunk: number;
  /** The same in validation. */
  readonly judged: number;
  readonly helpers?: readonly Helper[];
  /** Called when a helper is gone; its parts are computed here from now on. `left` helpers remain. */
  readonly onLost?: (left: number, why: unknown) => void;
};

/** What of a training is needed to compute parts. */
export type Subject = Pick<Descent, 'weights' | 'losses' | 'windows'>;

export const isSeparable = (losses: readonly Loss[]): boolean => losses.every(({ separable }) => separable === true);

/** Cuts a batch of `of` windows into `count` shares that differ by one window at most; never more than windows. */
export function sharesOf(of: number, count: number): Share[] {
  const parts = Math.max(1, Math.min(of, count));
  return Array.from({ length: parts }, (_, n) => ({
    from: Math.floor((n * of) / parts),
    to: Math.floor(((n + 1) * of) / parts),
    of,
  }));
}

/** Shapes of what `sumsOf` gives. */
function shapesOf({ weights, losses }: Subject, { loss, training }: Part): (readonly number[])[] {
  const { terms = [], moves } = losses[loss];
  return [[], ...terms.map(() => []), ...(training ? moves.map((name) => weights[name].shape) : [])];
}

/** Value, terms and, in training, gradients of a loss on a batch. Inside a tidy. */
function computed(subject: Subject, loss: Loss, given: Omit<Batch, 'note'>): Tensor[] {
  const { weights } = subject;
  const noted: Record<string, Scalar> = {};
  const note: Batch['note'] = (term, value) => {
    // The gradient's own tidy would free it; a phase may note a term again.
    (noted as Partial<typeof noted>)[term]?.dispose();
    noted[term] = keep(value.clone());
  };
  const batch: Batch = { ...given, note };
  const termsNow = () => (loss.terms ?? []).map((term) => noted[term].clone());
  try {
    if (!batch.training) return [loss.value(batch), ...termsNow()];
    const { value, grads } = loss.gradients?.(batch) ?? gradientsOf(weights, loss.moves, () => loss.value(batch));
    const all = grads as Readonly<Record<string, Tensor | null | undefined>>;
    return [value, ...termsNow(), ...loss.moves.map((name) => all[name] ?? zerosLike(weights[name]))];
  } finally {
    dispose(noted);
  }
}

/**
 * Value, terms and, in training, gradients of a part, times the part's share of its batch; the caller disposes them.
 * `checkpoint` is awaited between two chunks. Leaves nothing behind on a throw.
 */
export async function sumsOf(subject: Subject, part: Part, checkpoint: () => Promise<void>): Promise<Tensor[]> {
  const { W, S, C } = subject.windows;
  const { share, chunk, training, epoch, seed } = part;
  const count = share.to - share.from;
  let sums: Tensor[] | null = null;
  try {
    for (let from = 0; from < count; from += chunk) {
      if (from > 0) await checkpoint();
      const to = Math.min(count, from + chunk);
      const own = { from: share.from + from, to: share.from + to, of: share.of };
      const before: Tensor[] | null = sums;
      const next = tidy((): Tensor[] => {
        const x_BWF = tensor3d(part.x_BWF.subarray(from * W * (S + C), to * W * (S + C)), [to - from, W, S + C]);
        const y_BS = tensor2d(part.y_BS.subarray(from * S, to * S), [to - from, S]);
        const rng = noiseOf(seed, own);
        const values = computed(subject, subject.losses[part.loss], { x_BWF, y_BS, training, epoch, rng });
        const weighted = isWhole(own) ? values : values.map((value) => mul(value, scalar((to - from) / share.of)));
        return before === null ? weighted : weighted.map((value, n) => add(before[n], value));
      });
      if (before !== null) dispose(before);
      sums = next;
    }
    return sums ?? [];
  } catch (thrown) {
    if (sums !== null) dispose(sums);
    throw thrown;
  }
}

/** Many arrays as one, and back. */
function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const values of arrays) {
    all.set(values, at);
    at += values.length;
  }
  return all;
}

function parted(all: Float32Array, shapes: readonly (readonly number[])[]): Float32Array[] {
  let at = 0;
  const parts = shapes.map((shape) => all.subarray(at, (at += sizeOf(shape))));
  if (at !== all.length)
    throw new EngineError('bug', 'bad-shape', `${all.length} numbers came from a replica, ${at} were expected`);
  return parts;
}

/** Sums of another replica as tensors, for adding to those from here. */
export const sumsFrom = (subject: Subject, part: Part, flat: Float32Array): Tensor[] =>
  parted(flat, shapesOf(subject, part)).map((values, n) => tensor(values, [...shapesOf(subject, part)[n]]));

/** All weights as one array. */
export const flatWeights = async ({ weights }: Subject): Promise<Float32Array> =>
  joined(await readAll(Object.values(weights)));

function assignFlat({ weights }: Subject, flat: Float32Array): void {
  const entries = Object.entries(weights);
  const values = parted(
    flat,
    entries.map(([, { shape }]) => shape),
  );
  assignWeights(
    weights,
    Object.fromEntries(entries.map(([name, { shape }], n) => [name, weightArray([...shape], values[n])])),
  );
}

/** The untrained model of a training, to be asked for parts. */
export function replicaOf(descent: Descent, judged: number, checkpoint: () => Promise<void>): Replica {
  const { weights, losses, batch } = descent;
  return {
    separable: isSeparable(losses),
    shape: { W: descent.windows.W, S: descent.windows.S, C: descent.windows.C },
    losses: losses.length,
    batch,
    judged,
    size: Object.values(weights).reduce((sum, { size }) => sum + size, 0),
    weights: () => readWeights(weights),
    rehearse: async (part) => dispose(await sumsOf(descent, part, checkpoint)),
    async compute(part, flat) {
      if (flat !== null) assignFlat(descent, flat);
      const sums = await sumsOf(descent, part, checkpoint);
      try {
        return joined(await readAll(sums));
      } finally {
        dispose(sums);
      }
    },
  };
}
