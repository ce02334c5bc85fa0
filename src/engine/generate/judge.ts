/**
 * How well detectors find anomalies in windows, and what generated windows do to them: train on real windows, on
 * generated ones or on both, test on real or generated ones. Source: C-GATS paper, supplement 6.3 and 6.4.
 * Dimensions: N windows, T steps.
 */
import { bestF1 } from '../eval/bestF1.ts';
import { prepareScores } from '../eval/prepare.ts';
import { stepPrediction } from '../eval/stepPrediction.ts';
import type { Run } from '../model.ts';
import type { AnyStepDetector } from '../models/shared/stepDetector.ts';
import type { Piece } from '../models/shared/stepScorer.ts';
import type { AnyValues } from '../params.ts';
import { derived, seeded, shuffle } from '../rng.ts';
import { inOrder } from '../window.ts';
import type { AnyAugmentation } from './augmentation.ts';
import { countOf, joined, picked, windowOf } from './samples.ts';
import type { Samples } from './samples.ts';
import { fitSourceScale } from './sourceScale.ts';

/** Steps whose label is at least a half count as anomalous: mixed windows have labels between. */
const ODD = 0.5;

export type F1s = {
  /** All steps of all windows together, at the threshold with the best F1 on the training windows. */
  readonly pooled: number;
  /** The same at the threshold with the best F1 on the tested windows themselves: uses their labels. */
  readonly pooledOracle: number;
  /** Mean over the anomalous windows of the best F1 of each with a threshold of its own: uses their labels. */
  readonly macroOracle: number;
};

const oddSteps = (label_T: Float32Array): Uint8Array => Uint8Array.from(label_T, (label) => (label >= ODD ? 1 : 0));

/** Thresholds 0, 0.01, ..., 1 over scores brought to [0, 1] in each window, as the paper searches. */
const GRID = 101;

/** Best F1 of one window over the grid; NaN where no step is anomalous. */
export function windowF1(score_T: Float32Array, odd_T: Uint8Array): number {
  if (!odd_T.includes(1)) return NaN;
  const low = score_T.reduce((a, b) => Math.min(a, b), Infinity);
  const high = score_T.reduce((a, b) => Math.max(a, b), -Infinity);
  const flag_T = new Uint8Array(score_T.length);
  let best = 0;
  for (let k = 0; k < GRID; k++) {
    const bound = k / (GRID - 1);
    for (let t = 0; t < flag_T.length; t++)
      flag_T[t] = (high > low ? (score_T[t] - low) / (high - low) : 0) < bound ? 0 : 1;
    best = Math.max(best, stepPrediction(odd_T, flag_T).f1);
  }
  return best;
}

export function macroF1(scores_NT: Float32Array, samples: Samples): number {
  const { T } = samples;
  let sum = 0;
  let count = 0;
  for (let n = 0; n < countOf(samples); n++) {
    const f1 = windowF1(scores_NT.subarray(n * T, (n + 1) * T), oddSteps(windowOf(samples, n).label_T));
    if (Number.isNaN(f1)) continue;
    sum += f1;
    count++;
  }
  return count > 0 ? sum / count : NaN;
}

/** F1 of all steps together at one threshold: flag when the score is above it. */
export function pooledF1(scores_NT: Float32Array, label_NT: Float32Array, threshold: number): number {
  const flag_NT = Uint8Array.from(scores_NT, (score) => (score > threshold ? 1 : 0));
  return stepPrediction(oddSteps(label_NT), flag_NT).f1;
}

const best = (scores_NT: Float32Array, label_NT: Float32Array) => bestF1(prepareScores(oddSteps(label_NT), scores_NT));

const piecesOf = (samples: Samples): Piece[] =>
  Array.from({ length: countOf(samples) }, (_, n) => windowOf(samples, n));

/** Trains on one set of windows and judges another; windows are standardised by series with training statistics. */
export async function trainAndJudge(
  detector: AnyStepDetector,
  values: AnyValues,
  train: Samples,
  test: Samples,
  run: Run,
): Promise<F1s> {
  const scale = fitSourceScale(train);
  const [learn, judge] = [scale.apply(train), scale.apply(test)];
  const fitted = await detector.steps.fit(piecesOf(learn), values, run);
  try {
    const scored = async (samples: Samples): Promise<Float32Array> => {
      const out = new Float32Array(samples.x_NT.length);
      const scores = await fitted.score(
        piecesOf(samples).map(({ x_T }) => x_T),
        run,
      );
      scores.forEach((score_T, n) => {
        out.set(score_T, n * samples.T);
      });
      return out;
    };
    const threshold = best(await scored(learn), learn.label_NT).threshold;
    const scores_NT = await scored(judge);
    return {
      pooled: pooledF1(scores_NT, judge.label_NT, threshold),
      pooledOracle: best(scores_NT, judge.label_NT).f1,
      macroOracle: macroF1(scores_NT, judge),
    };
  } finally {
    fitted.dispose();
  }
}

export type Split = { readonly train: Samples; readonly test: Samples };

/**
 * `window`: windows drawn at random, as the paper splits; overlapping windows of one series then stand on both sides,
 * which is a leak. `source`: whole groups on one side, by default whole series.
 */
export function split(
  samples: Samples,
  by: 'window' | 'source',
  share: number,
  rng: () => number,
  group_N: Int32Array = samples.source_N,
): Split {
  const N = countOf(samples);
  if (by === 'window') {
    const order = shuffle(inOrder(N), rng);
    const border = Math.round(N * (1 - share));
    return { train: picked(samples, order.subarray(0, border)), test: picked(samples, order.subarray(border)) };
  }
  const groups = shuffle(Int32Array.from(new Set(group_N)), rng);
  const held = new Set(groups.subarray(0, Math.max(1, Math.round(groups.length * share))));
  const of = (inTest: boolean): Samples =>
    picked(
      samples,
      inOrder(N).filter((n) => held.has(group_N[n]) === inTest),
    );
  return { train: of(false), test: of(true) };
}

/** Which windows teach and which are judged: T real or synthetic (or both) trained, R or S tested. */
export const SETTINGS = ['TRTR', 'T(R+S)TR', 'TRTS', 'TSTR'] as const;
export type Setting = (typeof SETTINGS)[number];

/** Share of the windows that is held out for testing, as in the paper. */
export const HELD_OUT = 0.2;

export type Trial = {
  readonly samples: Samples;
  readonly split: 'window' | 'source';
  /** What stays on one side of a split by source, [N]; left out: the series of each window. */
  readonly group_N?: Int32Array;
  readonly seed: number;
  /** null: no augmentation; only TRTR then means anything. */
  readonly augmentation: { readonly using: AnyAugmentation; readonly values: AnyValues } | null;
  readonly detectors: readonly {
    readonly using: AnyStepDetector;
    readonly values: AnyValues;
    /** Left out: all settings of the trial. */
    readonly settings?: readonly Setting[];
  }[];
  readonly settings: readonly Setting[];
};

/** F1s by detector and setting of one split and one seed; `told` is called after each of them. */
export async function tryOut(
  trial: Trial,
  run: Omit<Run, 'rng'>,
  told: (detector: string, setting: Setting, f1s: F1s) => void,
): Promise<void> {
  const { samples, augmentation, seed } = trial;
  const seededRun = (purpose: number): Run => ({ ...run, rng: seeded(derived(seed, purpose)) });
  const { train, test } = split(samples, trial.split, HELD_OUT, seededRun(1).rng, trial.group_N);
  let made: Samples | null = null;
  if (augmentation !== null) {
    const maker = await augmentation.using.fit(train, augmentation.values, seededRun(2));
    try {
      made = await maker.make(countOf(train), seededRun(3));
    } finally {
      maker.dispose();
    }
  }
  const parts = (setting: Setting): Split | null => {
    if (setting === 'TRTR') return { train, test };
    if (made === null) return null;
    if (setting === 'T(R+S)TR') return { train: joined(train, made), test };
    if (setting === 'TSTR') return { train: made, test };
    return { train: samples, test: split(made, 'window', HELD_OUT, seededRun(4).rng).test };
  };
  for (const { using, values, settings = trial.settings } of trial.detectors)
    for (const setting of settings) {
      const sides = parts(setting);
      if (sides === null) continue;
      told(using.card.id, setting, await trainAndJudge(using, values, sides.train, sides.test, seededRun(5)));
    }
}
