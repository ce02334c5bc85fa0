/** What every benchmark of a detector says about one asset, and how assets are put together. */
import { randomFlags } from '../../src/engine/baselines/random.ts';
import { findEvents } from '../../src/engine/detect/events.ts';
import type { EventRules } from '../../src/engine/detect/events.ts';
import { aucRoc } from '../../src/engine/eval/aucRoc.ts';
import { averagePrecision } from '../../src/engine/eval/averagePrecision.ts';
import { eventOverlap, overlapScores } from '../../src/engine/eval/eventOverlap.ts';
import type { EventOverlap } from '../../src/engine/eval/eventOverlap.ts';
import { paKBest } from '../../src/engine/eval/paK.ts';
import { flagsOf, prepareScores, segmentsOf } from '../../src/engine/eval/prepare.ts';
import { stepCounts } from '../../src/engine/eval/stepPrediction.ts';
import { vus } from '../../src/engine/eval/vus.ts';
import type { Series } from '../../src/engine/types.ts';
import { meanOf } from './bench.ts';

/** Window of VUS in steps: the figures that it is compared with use the same. */
export const VUS_WINDOW = 100;

/** How flags become events in every table that counts events with padding. */
export const RULES = { padding: 50, mergeGap: 0, minLength: 1, significance: 0.001 };

/** True where no sensor moves in training: then no head has anything to calibrate. */
export const isStill = ({ sensors, columns, train }: Series): boolean =>
  sensors.every((_, s) => {
    const seen = columns[s].subarray(train.start, train.end).filter((value) => !Number.isNaN(value));
    return seen.every((value) => value === seen[0]);
  });

/** Random flags are drawn this often and their counts averaged. */
const RANDOM_DRAWS = 5;

export type Ranking = {
  readonly vusPr: number | null;
  readonly ap: number | null;
  readonly roc: number | null;
  readonly paK: number | null;
};

/** Scores of the test part against its labels, without any threshold. */
export function ranking(series: Series, score_T: Float64Array): Ranking {
  const { start, end } = series.test;
  const label_T = flagsOf(series.labels ?? [], series.T).subarray(start, end);
  const prepared = prepareScores(label_T, score_T.subarray(start, end));
  return {
    vusPr: vus(prepared, VUS_WINDOW)?.vusPr ?? null,
    ap: averagePrecision(prepared),
    roc: aucRoc(prepared),
    paK: series.labels?.length === 0 ? null : paKBest(prepared).auc,
  };
}

export const meanRanking = (all: readonly Ranking[]): Ranking => ({
  vusPr: meanOf(all.map(({ vusPr }) => vusPr)),
  ap: meanOf(all.map(({ ap }) => ap)),
  roc: meanOf(all.map(({ roc }) => roc)),
  paK: meanOf(all.map(({ paK }) => paK)),
});

export type Flagged = {
  readonly overlap: EventOverlap;
  /** Share of test steps flagged before and after padding and merging. */
  readonly flagged: number;
  readonly padded: number;
  /** Steps flagged that are labelled anomalous, and all flagged. */
  readonly hits: number;
  readonly flags: number;
  /** Normal test steps flagged, and all normal test steps. */
  readonly falseAlarms: number;
  readonly normal: number;
  readonly steps: number;
};

/** Events at a threshold against the labelled segments of the test part. */
export function flagging(series: Series, score_T: Float64Array, threshold: number, rules: EventRules): Flagged {
  const { test, T } = series;
  const label_T = flagsOf(series.labels ?? [], T).subarray(test.start, test.end);
  const flag_T = Uint8Array.from(score_T.subarray(test.start, test.end), (score) => (score > threshold ? 1 : 0));
  const { tp, fp, tn } = stepCounts(label_T, flag_T);
  const logP_T = new Float64Array(T).fill(NaN);
  const found = findEvents({ score_T, logP_T }, threshold, rules, test);
  const truth = segmentsOf(label_T).map(({ start, end }) => ({ start: start + test.start, end: end + test.start }));
  return {
    overlap: eventOverlap(truth, found.events),
    flagged: found.flaggedShare,
    padded: found.paddedShare,
    hits: tp,
    flags: tp + fp,
    falseAlarms: fp,
    normal: fp + tn,
    steps: test.end - test.start,
  };
}

/** Random flags on the same share of test steps, through the same padding and merging; several draws. */
export function randomFlagging(series: Series, share: number, rules: EventRules, rng: () => number): Flagged[] {
  const { start, end } = series.test;
  return Array.from({ length: RANDOM_DRAWS }, () => {
    const score_T = new Float64Array(series.T);
    score_T.set(randomFlags(end - start, share, rng), start);
    return flagging(series, score_T, 0.5, rules);
  });
}

/** Everything flagged: one event over the whole test part. */
export const flagEverything = (series: Series, rules: EventRules): Flagged =>
  flagging(series, new Float64Array(series.T).fill(1), 0.5, rules);

export type Pooled = {
  readonly overlap: EventOverlap;
  readonly flagged: number;
  readonly padded: number;
  readonly stepPrecision: number | null;
  readonly falseAlarmRate: number | null;
};

/** Counts added over assets, then shares; assets weigh by their steps. */
export function pool(all: readonly Flagged[]): Pooled {
  const sum = (of: (one: Flagged) => number): number => all.reduce((total, one) => total + of(one), 0);
  const steps = sum((one) => one.steps);
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    overlap: overlapScores({
      tp: sum(({ overlap }) => overlap.tp),
      fp: sum(({ overlap }) => overlap.fp),
      fn: sum(({ overlap }) => overlap.fn),
    }),
    flagged: sum((one) => one.flagged * one.steps) / steps,
    padded: sum((one) => one.padded * one.steps) / steps,
    stepPrecision: share(
      sum((one) => one.hits),
      sum((one) => one.flags),
    ),
    falseAlarmRate: share(
      sum((one) => one.falseAlarms),
      sum((one) => one.normal),
    ),
  };
}
