/**
 * What a run's numbers are worth: all metrics of a score, and the same of baselines and of detectors that look at
 * nothing, on the same rows under the same rules.
 */
import { randomFlags } from './baselines/random.ts';
import { runBaseline } from './baselines/index.ts';
import { forHead, meanOver } from './baselines/baseline.ts';
import type { Baseline, BaselineResult } from './baselines/baseline.ts';
import { curvesOf } from './curves.ts';
import type { ScoreCurves } from './curves.ts';
import { findEvents } from './detect/events.ts';
import { asM2adState, m2ad as m2adHead } from './detect/heads/m2ad.ts';
import { thresholds } from './detect/thresholds/index.ts';
import { EngineError } from './errors.ts';
import type { Counts } from './eval/counts.ts';
import { eventOverlap } from './eval/eventOverlap.ts';
import { METRICS } from './eval/index.ts';
import { stepCounts } from './eval/stepPrediction.ts';
import type { StepCounts } from './eval/stepPrediction.ts';
import { mean } from './math/moments.ts';
import type { Run } from './model.ts';
import { resolve } from './params.ts';
import { judge, preparedFor, trainingWindows } from './pipeline.ts';
import type { Setup } from './pipeline.ts';
import { measure, metricInput } from './review.ts';
import type { EventSettings, Flagging, MetricRow } from './review.ts';
import { seeded } from './rng.ts';
import type { Residual, Series, Span, Threshold } from './types.ts';

/** A score under a threshold, against labels. */
export type Measured = {
  readonly metrics: readonly MetricRow[];
  readonly curves: ScoreCurves;
  readonly threshold: Threshold;
  /** Share of judged steps over the threshold. */
  readonly flaggedShare: number;
  readonly events: number;
  /** Counts that can be added over assets. */
  readonly steps: StepCounts;
  readonly overlap: Counts;
};

/** Rules that turn a score into events; a baseline has no calibration of its own, so its threshold is a percentile. */
export type BesideRules = Pick<
  EventSettings,
  'significance' | 'percentile' | 'padding' | 'mergeGap' | 'minLength' | 'spacing'
>;

/** What a detector that looks at nothing reaches on the metrics of flagged steps. */
export type Trivial = {
  readonly id: 'random-flags' | 'everything';
  readonly share: number;
  readonly metrics: readonly MetricRow[];
};

export type Beside = Measured & {
  readonly id: string;
  /** `own`: the baseline's score. `head`: its residuals through the M2AD head. */
  readonly how: 'own' | 'head';
};

const ALL = METRICS.map(({ id }) => id);
const OF_FLAGS = METRICS.filter(({ basis }) => basis === 'flags').map(({ id }) => id);

/** All metrics and curves; null without labels in a judged part. */
export function measured(series: Series, score_T: Float64Array, flagging: Flagging): Measured | null {
  const input = metricInput(series, score_T, flagging);
  if (input === null) return null;
  const { threshold } = flagging;
  const steps = stepCounts(input.scores.label_T, input.flag_T);
  return {
    metrics: measure(input, flagging, ALL),
    curves: curvesOf(input.scores, threshold.value),
    threshold,
    flaggedShare: input.flag_T.length === 0 ? 0 : (steps.tp + steps.fp) / input.flag_T.length,
    events: input.detected.length,
    steps,
    overlap: eventOverlap(input.truth, input.detected),
  };
}

/** The judged steps over a threshold, as events under the rules. */
function flaggingAt({ T, test }: Series, score_T: Float64Array, threshold: Threshold, rules: BesideRules): Flagging {
  const logP_T = new Float64Array(T).fill(NaN);
  const { events } = findEvents({ score_T, logP_T }, threshold.value, rules, test);
  return { threshold, padding: rules.padding, spacing: rules.spacing ?? 0, events };
}

function thresholdOf(series: Series, score_T: Float64Array, rules: BesideRules, gamma: ReturnType<typeof gammaOf>) {
  const { train, test, labels } = series;
  const input = {
    score_T,
    train,
    test,
    labels,
    ...rules,
    ratio: 1,
    level: 98,
    sigmas: 3,
    manual: null,
    gamma,
    df: null,
  };
  const rule = gamma === null ? 'percentile' : 'gamma';
  const threshold = thresholds[rule].compute(input);
  return threshold ?? { value: Infinity, rule, source: 'training scores that hold no value', oracle: false };
}

const gammaOf = (state: Readonly<Record<string, unknown>>) => asM2adState(state)?.calibration.gamma ?? null;

const rows = (residual: Residual, { start, end }: Span): Residual => ({
  ...residual,
  T: end - start,
  r_TS: residual.r_TS.subarray(start * residual.S, end * residual.S),
});

/** A result through the M2AD head with its defaults; null where it moves nowhere in training. */
async function headed(series: Series, result: BaselineResult, rules: BesideRules, run: Run): Promise<Beside | null> {
  const { residual, sensors } = forHead(series, 'score', result);
  try {
    const head = await m2adHead.fit(rows(residual, series.train), sensors, resolve(m2adHead.params), run);
    const { score_T } = await head.score(residual, run);
    const threshold = thresholdOf(series, score_T, rules, gammaOf(head.state()));
    const found = measured(series, score_T, flaggingAt(series, score_T, threshold, rules));
    return found && { id: '', how: 'head', ...found };
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.kind === 'nothing-to-calibrate') return null;
    throw thrown;
  }
}

/**
 * A score that needs no labels to be made, measured as a run is: one row by itself and one through the head, which reads
 * its residuals, or the score itself where it does not speak of single sensors. [] without labels in a judged part.
 */
export async function besideOf(
  series: Series,
  id: string,
  result: BaselineResult,
  rules: BesideRules,
  run: Run,
): Promise<Beside[]> {
  const { score_T } = result;
  const threshold = thresholdOf(series, score_T, rules, null);
  const own = measured(series, score_T, flaggingAt(series, score_T, threshold, rules));
  if (own === null) return [];
  const head = await headed(series, result, rules, run);
  return [{ id, how: 'own', ...own }, ...(head ? [{ ...head, id }] : [])];
}

/** A baseline of the registry; throws EngineError('bad-input') where the series is too short for it. */
export const besideBaseline = async (
  series: Series,
  baseline: Baseline,
  rules: BesideRules,
  run: Run,
): Promise<Beside[]> => besideOf(series, baseline.id, runBaseline(baseline, series, run.rng), rules, run);

/** The same for a detector whose weights stay as they were drawn: `setup` as of a run, its head left aside. */
export async function besideUntrained(series: Series, setup: Setup, rules: BesideRules, run: Run): Promise<Beside[]> {
  const { prepared, windowing } = preparedFor(series, setup);
  const train = trainingWindows(series, prepared, windowing);
  // No settings form allows 0 epochs; the training loop then does nothing.
  const fitted = await setup.detector.fit(train, { ...setup.values, epochs: 0 }, run);
  try {
    const { residual } = await judge(series, prepared, windowing, fitted, run);
    const score_T = meanOver(residual, (r) => r * r);
    return await besideOf(series, 'untrained', { score_T, residual }, rules, run);
  } finally {
    fitted.dispose();
  }
}

/** Random flags are drawn this often and their metrics averaged. */
const DRAWS = 5;

function flagsMeasured(series: Series, flag_T: Uint8Array, rules: BesideRules, how: string): MetricRow[] {
  const score_T = new Float64Array(series.T);
  score_T.set(flag_T, series.test.start);
  const flagging = flaggingAt(series, score_T, { value: 0.5, rule: how, source: 'no data', oracle: false }, rules);
  const input = metricInput(series, score_T, flagging);
  // There is no threshold to speak of.
  const said = { ...flagging, threshold: { ...flagging.threshold, value: -Infinity } };
  return input === null ? [] : measure(input, said, OF_FLAGS);
}

const meanOf = (values: readonly (number | null)[]): number | null => {
  const held = values.filter((value) => value !== null);
  return held.length < values.length || held.length === 0 ? null : mean(held);
};

/**
 * Random flags on the same share of judged steps as a run flags, mean of several draws, and everything flagged: on the
 * metrics that look at flags. [] without labels in a judged part.
 */
export function trivialRows(series: Series, share: number, rules: BesideRules, seed: number): Trivial[] {
  const T = series.test.end - series.test.start;
  if (!series.labels || T <= 0) return [];
  const rng = seeded(seed);
  const draws = Array.from({ length: DRAWS }, () =>
    flagsMeasured(series, randomFlags(T, share, rng), rules, `random flags, mean of ${DRAWS} draws`),
  );
  const random = draws[0].map((row, i) => ({ ...row, value: meanOf(draws.map((draw) => draw[i].value)) }));
  return [
    { id: 'random-flags', share, metrics: random },
    { id: 'everything', share: 1, metrics: flagsMeasured(series, new Uint8Array(T).fill(1), rules, 'every step') },
  ];
}
