/**
 * The part that all detectors share which reconstruct a whole window: fresh weights, training, scoring over overlapping
 * windows, evidence, snapshot. A model says what its weights are and what it makes of a batch.
 * Dimensions: B batch, W window, S sensors, C covariates, F = S + C.
 */
import { EngineError } from '../../errors.ts';
import type { Evidence, FitOptions, Fitted, MemoryEvidence, Run, WeightArray, Windowing } from '../../model.ts';
import { sizeOf } from '../../shape.ts';
import { torchUniform } from '../../tensor/init.ts';
import * as tf from '../../tensor/tf.ts';
import type { Tensor2D, Tensor3D } from '../../tensor/tf.ts';
import { checkWeights, disposeWeights, makeWeights, readAll, readWeights, startWeights } from '../../tensor/weights.ts';
import type { Tensors, WeightArrays, Weights } from '../../tensor/weights.ts';
import { descend } from '../../train.ts';
import type { History, Loss } from '../../train.ts';
import type { Expectation, ScorePart, Windows } from '../../types.ts';
import { checkWindows, gather, inOrder, restore, unwindow } from '../../window.ts';

export type Dims = { readonly S: number; readonly C: number };

export type Part = { readonly name: string; readonly title: string; readonly value_BW: Tensor2D };

/** Reconstructed sensors [B, W, S] and score parts by step of each window. */
export type Judged = { readonly y_BWS: Tensor3D; readonly parts: readonly Part[] };

export type ShownWindow = Omit<Evidence, 'window'>;

/** Settings that the shared part reads. */
export type CommonSettings = {
  readonly window: number;
  readonly stride: number;
  readonly cover: number;
  readonly dropTail?: boolean;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly fade: number;
  readonly validation: number;
  readonly patience: number;
  readonly restoreBest: boolean;
};

export type Shapes = Readonly<Record<string, readonly number[]>>;

export type Reconstructor<P extends CommonSettings> = {
  /** Throws EngineError('bad-input') for settings that do not go together. */
  readonly check: (p: P) => void;
  readonly shapes: (p: P, dims: Dims) => Shapes;
  /** Initial values of one weight; `shapes` are those of all. */
  readonly start: (name: string, shape: readonly number[], p: P, rng: () => number, shapes: Shapes) => Float32Array;
  /** Weights that are measured on the training windows instead of learned; they are part of `shapes`. */
  readonly measure?: (train: Windows, p: P) => WeightArrays;
  readonly losses: (weights: Weights, p: P, dims: Dims) => readonly Loss[];
  readonly judge: (weights: Tensors, x_BWF: Tensor3D, p: P, dims: Dims) => Judged;
  /** Evidence of a batch of one window, for models that have any. */
  readonly show?: (weights: Tensors, x_BWF: Tensor3D, p: P, dims: Dims) => Promise<ShownWindow>;
  /** What memories made of the first window of a batch, for models that have any. */
  readonly recall?: (weights: Tensors, x_BWF: Tensor3D, p: P, dims: Dims) => Promise<MemoryEvidence>;
  /** Windows judged together, in scoring and validation, where the model has a say; null for what fits into memory. */
  readonly judgeBatch?: (p: P) => number | null;
  /** Floats that scoring one window holds at a time, roughly. */
  readonly floatsPerWindow: (p: P, dims: Dims) => number;
};

/** The sensors of windows of sensors and covariates. */
export const sensorsOf = (x_BWF: Tensor3D, S: number): Tensor3D =>
  x_BWF.shape[2] === S ? x_BWF : tf.slice3d(x_BWF, [0, 0, 0], [x_BWF.shape[0], x_BWF.shape[1], S]);

/** Squared error averaged over sensors, [B, W]. */
export const squaredError = (x_BWS: Tensor3D, y_BWS: Tensor3D): Tensor2D =>
  tf.mean<Tensor2D>(tf.square(tf.sub(x_BWS, y_BWS)), -1);

/** Mean of |x - y| over sensors, [B, W]. */
export const absoluteError = (x_BWS: Tensor3D, y_BWS: Tensor3D): Tensor2D =>
  tf.mean<Tensor2D>(tf.abs(tf.sub(x_BWS, y_BWS)), -1);

/** Layer norms start as the identity, everything else as PyTorch's Linear: U(±1/√fan in), which its biases share. */
export function startOf(name: string, shape: readonly number[], fanIn: number, rng: () => number): Float32Array {
  const size = sizeOf(shape);
  if (/norm\d?\.gamma$/.test(name)) return new Float32Array(size).fill(1);
  if (/norm\d?\.beta$/.test(name)) return new Float32Array(size);
  return torchUniform(size, fanIn, rng);
}

/** Throws EngineError('bad-input', 'bad-heads') unless the heads divide the width. */
export function checkHeads({ hidden, heads }: { readonly hidden: number; readonly heads: number }): void {
  if (hidden % heads === 0) return;
  const near = Math.max(1, Math.round(hidden / heads)) * heads;
  throw new EngineError(
    'bad-input',
    'bad-heads',
    `${heads} heads cannot share a width of ${hidden} evenly`,
    `Set the width to ${near}, or choose a number of heads that divides ${hidden}.`,
  );
}

const BUDGET = 24e6;

/** Scoring batches stay within about 100 MB. */
function scoringBatch<P extends CommonSettings>(model: Reconstructor<P>, p: P, dims: Dims, given?: number): number {
  const fits = Math.max(1, Math.min(256, Math.floor(BUDGET / model.floatsPerWindow(p, dims))));
  return model.judgeBatch?.(p) ?? given ?? fits;
}

const windowingOf = ({ window, stride, cover, dropTail }: CommonSettings): Windowing => ({
  W: window,
  horizon: 0,
  stride,
  scoreStride: Math.max(1, Math.round(window / cover)),
  ...(dropTail && { dropTail }),
});

function checkSame(windows: Windows, p: CommonSettings, dims: Dims): void {
  const { S, C, W, horizon } = windows;
  checkWindows(windows);
  if (S === dims.S && C === dims.C && W === p.window && horizon === 0) return;
  throw new EngineError(
    'bug',
    'bad-shape',
    `this detector was fitted for S=${dims.S}, C=${dims.C}, W=${p.window}, horizon 0; ` +
      `got S=${S}, C=${C}, W=${W}, horizon ${horizon}`,
  );
}

async function expect<P extends CommonSettings>(
  model: Reconstructor<P>,
  weights: Weights,
  p: P,
  dims: Dims,
  windows: Windows,
  run: Run,
): Promise<Expectation> {
  checkSame(windows, p, dims);
  const { T, S, C, W, start_N } = windows;
  const order = inOrder(start_N.length);
  const size = scoringBatch(model, p, dims, run.scored);
  const expected = unwindow(T, S, windows.sideBySide);
  const parts = new Map<string, { title: string; steps: ReturnType<typeof unwindow> }>();
  for (let from = 0; from < order.length; from += size) {
    await run.checkpoint();
    const to = Math.min(order.length, from + size);
    const judged = tf.scoped(() =>
      model.judge(weights, tf.tensor3d(gather(windows, order, from, to), [to - from, W, S + C]), p, dims),
    );
    const held = [judged.y_BWS, ...judged.parts.map(({ value_BW }) => value_BW)];
    const [y, ...values] = await readAll(held).finally(() => tf.dispose(held));
    const starts = start_N.subarray(from, to);
    restore(windows, order, from, to, y);
    expected.add(y, starts, W);
    judged.parts.forEach(({ name, title }, n) => {
      const part = parts.get(name) ?? { title, steps: unwindow(T, 1, windows.sideBySide) };
      parts.set(name, part);
      part.steps.add(values[n], starts, W);
    });
    run.progress({ kind: 'scoring', done: to, of: order.length });
  }
  const named = [...parts].map(([name, { title, steps }]): ScorePart => ({ name, title, value_T: steps.mean() }));
  return { T, S, y_TS: expected.mean(), parts: named };
}

async function inspect<P extends CommonSettings>(
  show: NonNullable<Reconstructor<P>['show']>,
  weights: Weights,
  p: P,
  dims: Dims,
  windows: Windows,
  n: number,
): Promise<Evidence> {
  checkSame(windows, p, dims);
  const { start_N, W, S, C } = windows;
  if (!(n >= 0 && n < start_N.length))
    throw new EngineError('bug', 'no-such-window', `window ${n} is asked for, there are ${start_N.length}`);
  const x_BWF = tf.tensor3d(gather(windows, inOrder(start_N.length), n, n + 1), [1, W, S + C]);
  try {
    return { window: { start: start_N[n], end: start_N[n] + W }, ...(await show(weights, x_BWF, p, dims)) };
  } finally {
    x_BWF.dispose();
  }
}

async function recalled<P extends CommonSettings>(
  model: Reconstructor<P>,
  weights: Weights,
  p: P,
  dims: Dims,
  windows: Windows,
): Promise<MemoryEvidence> {
  checkSame(windows, p, dims);
  const { start_N, W, S, C } = windows;
  const B = start_N.length;
  const x_BWF = tf.tensor3d(gather(windows, inOrder(B), 0, B), [B, W, S + C]);
  try {
    return await model.recall!(weights, x_BWF, p, dims);
  } finally {
    x_BWF.dispose();
  }
}

function fitted<P extends CommonSettings>(
  model: Reconstructor<P>,
  weights: Weights,
  p: P,
  dims: Dims,
  history: History,
): Fitted {
  const { show } = model;
  return {
    expect: (windows, run) => expect(model, weights, p, dims, windows, run),
    ...(model.recall && { recall: (windows: Windows) => recalled(model, weights, p, dims, windows) }),
    ...(show && { inspect: (windows: Windows, n: number) => inspect(show, weights, p, dims, windows, n) }),
    snapshot: () => readWeights(weights),
    history,
    rebuilds: {
      weights,
      lead: 0,
      reconstruct: (x_BWF) => model.judge(weights, x_BWF, p, dims).y_BWS,
    },
    dispose: () => disposeWeights(weights),
  };
}

/** Fresh weights in the order of `shapes`, so that the same seed gives the same bytes. */
export function freshWeights<P extends CommonSettings>(
  model: Reconstructor<P>,
  p: P,
  dims: Dims,
  rng: () => number,
): WeightArrays {
  const shapes = model.shapes(p, dims);
  return startWeights(shapes, (name, shape) => model.start(name, shape, p, rng, shapes));
}

/** `windowing`, `fit` and `restore` of a detector made of this model. */
export function reconstructing<P extends CommonSettings>(model: Reconstructor<P>) {
  return {
    inspects: model.show !== undefined,
    recalls: model.recall !== undefined,
    teaches: true,
    windowing: windowingOf,
    epochs: (p: P) => p.epochs,
    async fit(train: Windows, p: P, run: Run, options?: FitOptions): Promise<Fitted> {
      checkWindows(train);
      model.check(p);
      const dims = { S: train.S, C: train.C };
      const fresh = freshWeights(model, p, dims, run.rng);
      const weights = makeWeights({ ...fresh, ...model.measure?.(train, p) });
      const { epochs, batch, validation, patience, restoreBest, fade } = p;
      const descent = {
        ...{ windows: train, weights, epochs, batch, validation, patience, restoreBest },
        ...(model.judgeBatch && { validationBatch: scoringBatch(model, p, dims) }),
      };
      const losses = model.losses(weights, p, dims);
      const history = await descend({ ...descent, losses, rateFactor: (epoch) => fade ** epoch }, run, options);
      return fitted(model, weights, p, dims, history);
    },
    restore(weights: Readonly<Record<string, WeightArray>>, p: P, dims: Dims): Fitted {
      model.check(p);
      const shapes = model.shapes(p, dims);
      checkWeights(weights, shapes);
      const own = Object.keys(shapes).map((name) => [name, weights[name]] as const);
      return fitted(model, makeWeights(Object.fromEntries(own)), p, dims, []);
    },
  };
}
