/**
 * Detectors that look at one sensor at a time and say how strange each step is, without saying what was expected:
 * classifiers that learn from labels, and rules. The same one serves a whole series of many sensors and a set of short
 * windows. Dimensions: B batch, W window, K steps of a window that a detector speaks of (its last ones), T steps.
 */
import { EngineError } from '../../errors.ts';
import type { FitOptions, Run, WeightArray } from '../../model.ts';
import * as tf from '../../tensor/tf.ts';
import type { Tensor2D, Tensor3D } from '../../tensor/tf.ts';
import {
  checkWeights,
  disposeWeights,
  makeWeights,
  readAll,
  readWeights,
  startWeights,
  weightArray,
} from '../../tensor/weights.ts';
import type { Tensors, Weights } from '../../tensor/weights.ts';
import { descend } from '../../train.ts';
import type { History, Loss } from '../../train.ts';
import type { Span, Windows } from '../../types.ts';
import { cutStarts, unwindow } from '../../window.ts';
import type { Shapes } from './reconstructor.ts';

/** A stretch of one sensor without a break; `label_T` is 1 where a step is anomalous, 0 where not, or between. */
export type Piece = { readonly x_T: Float32Array; readonly label_T: Float32Array };

export type Cuts = {
  readonly window: number;
  /** Steps between training windows. */
  readonly stride: number;
  /** How many of a window's last steps are judged; the window itself for detectors that see both sides. */
  readonly judged: number;
  /** Steps between scored windows, at most `judged`. */
  readonly scoreStride: number;
};

export type Schedule = {
  readonly epochs: number;
  readonly batch: number;
  readonly validation: number;
  readonly patience: number;
  readonly restoreBest: boolean;
  readonly rateFactor?: (epoch: number) => number;
};

/** The schedule that the common settings of training describe. */
export const scheduleOf = (p: Omit<Schedule, 'rateFactor'> & { readonly fade: number }): Schedule => ({
  epochs: p.epochs,
  batch: p.batch,
  validation: p.validation,
  patience: p.patience,
  restoreBest: p.restoreBest,
  rateFactor: (epoch) => p.fade ** epoch,
});

/** What a detector reads of one window, by input channel, and the labels it learns from. */
export type Example = { readonly channels_IW: readonly Float32Array[]; readonly label_W: Float32Array };

/** A detector with weights. Batches of `losses` hold its input channels and, as the last column, the label. */
export type LearningScorer<P> = {
  /** Needs anomalies among the labels of the training part. */
  readonly supervised: (p: P) => boolean;
  /** What it reads of a window; absent for the bare values. */
  readonly view?: (x_W: Float32Array, p: P) => readonly Float32Array[];
  /** Labels of a training window, or a window of its own making; absent for the window and labels as they are. */
  readonly example?: (x_W: Float32Array, label_W: Float32Array, p: P, rng: () => number) => Example;
  readonly cuts: (p: P) => Cuts;
  readonly schedule: (p: P) => Schedule;
  /** Throws EngineError('bad-input') for settings that do not go together. */
  readonly check: (p: P) => void;
  readonly shapes: (p: P) => Shapes;
  readonly start: (name: string, shape: readonly number[], p: P, rng: () => number, shapes: Shapes) => Float32Array;
  /** `positives`: share of the labels that are anomalous, for weights of the classes. */
  readonly losses: (weights: Weights, p: P, positives: number) => readonly Loss[];
  /** Strangeness of the judged steps [B, K], from 0, of the channels [B, W, I]. */
  readonly judge: (weights: Tensors, x_BWI: Tensor3D, p: P) => Tensor2D;
  /** Floats that scoring one window holds at a time, roughly. */
  readonly floatsPerWindow: (p: P) => number;
};

/** A rule: what it learns are a few numbers. */
export type RuleScorer<P> = {
  /** Numbers to keep, by name; they may be searched for with the labels. */
  readonly learn: (pieces: readonly Piece[], p: P, rng: () => number) => Readonly<Record<string, number>>;
  readonly score: (x_T: Float32Array, learned: Readonly<Record<string, number>>, p: P) => Float32Array;
  /** Steps that a piece must have to be judged. */
  readonly least: (p: P) => number;
};

export type FittedScorer = {
  /** Strangeness of every step of each stretch; NaN where the detector cannot speak. */
  readonly score: (stretches: readonly Float32Array[], run: Run) => Promise<Float32Array[]>;
  readonly snapshot: () => Promise<Record<string, WeightArray>>;
  readonly history: History;
  readonly dispose: () => void;
};

const BUDGET = 24e6;

/** Rows of value and label, end to end, with the windows that cross no border between pieces. */
function labelledWindows(pieces: readonly Piece[], { window: W, stride }: Cuts): Windows {
  const T = pieces.reduce((sum, { x_T }) => sum + x_T.length, 0);
  const x_TF = new Float32Array(2 * T);
  const spans: Span[] = [];
  let at = 0;
  for (const { x_T, label_T } of pieces) {
    spans.push({ start: at, end: at + x_T.length });
    for (let t = 0; t < x_T.length; t++) x_TF.set([x_T[t], label_T[t]], 2 * (at + t));
    at += x_T.length;
  }
  const start_N = cutStarts(spans, { W, horizon: 0, stride, tail: true });
  if (start_N.length === 0)
    throw new EngineError(
      'bad-input',
      'no-windows',
      `no stretch of the training part has the ${W} steps of a window`,
      'Use a shorter window or more training rows.',
    );
  return { x_TF, seen_TS: new Uint8Array(T).fill(1), T, S: 1, C: 1, start_N, W, horizon: 0 };
}

/** The same windows one after another, each as the detector reads it. */
function exampleWindows<P>(scorer: LearningScorer<P>, plain: Windows, p: P, rng: () => number): Windows {
  const { view, example } = scorer;
  if (view === undefined && example === undefined) return plain;
  const { W, start_N, x_TF } = plain;
  const examples = Array.from(start_N, (start): Example => {
    const column = (n: number): Float32Array => Float32Array.from({ length: W }, (_, w) => x_TF[2 * (start + w) + n]);
    const [x_W, label_W] = [column(0), column(1)];
    return example?.(x_W, label_W, p, rng) ?? { channels_IW: view?.(x_W, p) ?? [x_W], label_W };
  });
  const F = examples[0].channels_IW.length + 1;
  const T = examples.length * W;
  const rows = new Float32Array(T * F);
  examples.forEach(({ channels_IW, label_W }, n) => {
    for (let w = 0; w < W; w++) {
      channels_IW.forEach((channel, i) => (rows[(n * W + w) * F + i] = channel[w]));
      rows[(n * W + w) * F + F - 1] = label_W[w];
    }
  });
  return {
    ...plain,
    x_TF: rows,
    seen_TS: new Uint8Array(T * (F - 1)).fill(1),
    T,
    S: F - 1,
    start_N: Int32Array.from(start_N, (_, n) => n * W),
  };
}

/** Share of the windows' steps that are labelled anomalous. */
function positivesOf({ x_TF, T, S, C, start_N, W }: Windows): number {
  const F = S + C;
  let sum = 0;
  for (let t = 0; t < T; t++) sum += x_TF[t * F + F - 1];
  return start_N.length * W > 0 ? sum / T : 0;
}

/** Throws EngineError('bad-input', 'needs-labels') where a detector that learns from labels gets none. */
function checkLabels<P>(scorer: LearningScorer<P>, positives: number, p: P): void {
  if (positives > 0 || !scorer.supervised(p)) return;
  throw new EngineError(
    'bad-input',
    'needs-labels',
    'this engine learns from labelled anomalies, and the training part has none',
    'Move the split so that labelled anomalies lie in the training part, label some there, or choose an engine that needs no labels.',
  );
}

/** x with its first `count` steps mirrored in front, so that a detector of the last steps speaks of all. */
export function mirrored(x_T: Float32Array, count: number): Float32Array {
  const T = x_T.length;
  const out = new Float32Array(T + count);
  for (let i = 0; i < count; i++) {
    // Short stretches are mirrored to and fro.
    const period = Math.max(1, 2 * (T - 1));
    const back = (count - i) % period;
    out[i] = x_T[back < T ? back : period - back];
  }
  out.set(x_T, count);
  return out;
}

/** Where a window was cut: which stretch, and its first step in that stretch's rows. */
type Place = { readonly n: number; readonly start: number };

/** Windows of all stretches share batches: short stretches would otherwise be judged one at a time. */
async function scoreStretches<P>(
  scorer: LearningScorer<P>,
  weights: Tensors,
  p: P,
  stretches: readonly Float32Array[],
  run: Run,
): Promise<Float32Array[]> {
  const { window: W, judged: K, scoreStride } = scorer.cuts(p);
  const lead = K < W ? W - K : 0;
  const rows = stretches.map((x_T) => (lead > 0 ? mirrored(x_T, lead) : x_T));
  const places = rows.flatMap((row, n) =>
    Array.from(
      cutStarts([{ start: 0, end: row.length }], { W, horizon: 0, stride: scoreStride, tail: true }),
      (start): Place => ({ n, start }),
    ),
  );
  const steps = stretches.map((x_T) => unwindow(x_T.length, 1));
  const size = Math.max(1, Math.min(256, Math.floor(BUDGET / scorer.floatsPerWindow(p))));
  for (let from = 0; from < places.length; from += size) {
    await run.checkpoint();
    const some = places.slice(from, from + size);
    const views = some.map(({ n, start }) => {
      const x_W = rows[n].slice(start, start + W);
      return scorer.view?.(x_W, p) ?? [x_W];
    });
    const I = views[0].length;
    const x_BWI = new Float32Array(some.length * W * I);
    views.forEach((channels, b) => {
      channels.forEach((channel, i) => {
        for (let w = 0; w < W; w++) x_BWI[(b * W + w) * I + i] = channel[w];
      });
    });
    const score_BK = tf.tidy(() => scorer.judge(weights, tf.tensor3d(x_BWI, [some.length, W, I]), p));
    const [values] = await readAll([score_BK]).finally(() => {
      score_BK.dispose();
    });
    some.forEach(({ n, start }, b) => {
      steps[n].add(values.subarray(b * K, (b + 1) * K), Int32Array.of(start + W - K - lead), K);
    });
  }
  return steps.map((one) => one.mean());
}

const learned = <P>(scorer: LearningScorer<P>, weights: Weights, p: P, history: History): FittedScorer => ({
  score: (stretches, run) => scoreStretches(scorer, weights, p, stretches, run),
  snapshot: () => readWeights(weights),
  history,
  dispose: () => disposeWeights(weights),
});

export async function fitLearning<P>(
  scorer: LearningScorer<P>,
  pieces: readonly Piece[],
  p: P,
  run: Run,
  options?: FitOptions,
): Promise<FittedScorer> {
  scorer.check(p);
  const windows = exampleWindows(scorer, labelledWindows(pieces, scorer.cuts(p)), p, run.rng);
  const positives = positivesOf(windows);
  checkLabels(scorer, positives, p);
  const shapes = scorer.shapes(p);
  const weights = makeWeights(startWeights(shapes, (name, shape) => scorer.start(name, shape, p, run.rng, shapes)));
  const losses = scorer.losses(weights, p, positives);
  const history = await descend({ windows, weights, losses, ...scorer.schedule(p) }, run, options);
  return learned(scorer, weights, p, history);
}

export function restoreLearning<P>(
  scorer: LearningScorer<P>,
  weights: Readonly<Record<string, WeightArray>>,
  p: P,
): FittedScorer {
  scorer.check(p);
  const shapes = scorer.shapes(p);
  checkWeights(weights, shapes);
  const own = Object.fromEntries(Object.keys(shapes).map((name) => [name, weights[name]]));
  return learned(scorer, makeWeights(own), p, []);
}

const ruled = <P>(rule: RuleScorer<P>, numbers: Readonly<Record<string, number>>, p: P): FittedScorer => ({
  score: async (stretches, run) => {
    const scores: Float32Array[] = [];
    for (const x_T of stretches) {
      await run.checkpoint();
      scores.push(x_T.length < rule.least(p) ? new Float32Array(x_T.length).fill(NaN) : rule.score(x_T, numbers, p));
    }
    return scores;
  },
  snapshot: () =>
    Promise.resolve(
      Object.fromEntries(
        Object.entries(numbers).map(([name, value]) => [name, weightArray([1], Float32Array.of(value))]),
      ),
    ),
  history: [],
  dispose: () => undefined,
});

export const fitRule = <P>(rule: RuleScorer<P>, pieces: readonly Piece[], p: P, run: Run): FittedScorer =>
  ruled(rule, rule.learn(pieces, p, run.rng), p);

export const restoreRule = <P>(
  rule: RuleScorer<P>,
  weights: Readonly<Record<string, WeightArray>>,
  p: P,
): FittedScorer =>
  ruled(rule, Object.fromEntries(Object.entries(weights).map(([name, { data }]) => [name, data[0]])), p);
