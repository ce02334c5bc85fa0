/** What the council and its members say of a series, joined and read in several ways, and how well that does. */
import { combine } from '../../src/engine/council/combine.ts';
import type { Rule } from '../../src/engine/council/combine.ts';
import { council as engine } from '../../src/engine/council/council.ts';
import { MEMBERS } from '../../src/engine/council/members.ts';
import { rankLaw, rankNegLogP } from '../../src/engine/detect/conformal.ts';
import { conformal } from '../../src/engine/detect/heads/conformal.ts';
import { own } from '../../src/engine/detect/heads/own.ts';
import { aucRoc } from '../../src/engine/eval/aucRoc.ts';
import { averagePrecision } from '../../src/engine/eval/averagePrecision.ts';
import { flagsOf, prepareScores, segmentsOf } from '../../src/engine/eval/prepare.ts';
import { vus } from '../../src/engine/eval/vus.ts';
import { heldBack } from '../../src/engine/detect/heldBack.ts';
import { FOLLOWING, follow, groundOf } from '../../src/engine/detect/recalibrate.ts';
import type { AnyDetector, AnyHead } from '../../src/engine/model.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues } from '../../src/engine/params.ts';
import { judge, partsIn, preparedFor, rows, trainingWindows } from '../../src/engine/pipeline.ts';
import type { Score, Series } from '../../src/engine/types.ts';
import { VUS_WINDOW } from './judge.ts';
import { quietRun } from './runs.ts';

/** Nominal share of false alarms. */
export const SIGNIFICANCE = 0.001;

/** Steps in which the council follows drift: the conformal head's preset for an engine's own score. */
export const FOLLOWED = resolve(conformal.params, conformal.presets['own']).follow;

export type Row = {
  readonly vusPr: number | null;
  readonly ap: number | null;
  readonly roc: number | null;
  /** Share of the normal test steps, and of all, that are flagged; null for scores without p-values. */
  readonly alarms: number | null;
  readonly flagged: number | null;
  /** Labelled events with a flagged step, of all; without padding. */
  readonly found: number;
  readonly events: number;
};

export type Ranked = Pick<Score, 'score_T' | 'logP_T'>;

export function rowOf(series: Series, { score_T, logP_T }: Ranked): Row {
  const { start, end } = series.test;
  const label_T = flagsOf(series.labels ?? [], series.T).subarray(start, end);
  const logP = logP_T.subarray(start, end);
  const isFlagged = (t: number): boolean => logP[t] < Math.log(SIGNIFICANCE);
  const share = (steps: readonly number[]): number => steps.filter(isFlagged).length / steps.length;
  const steps = [...label_T.keys()];
  const events = segmentsOf(label_T);
  const prepared = prepareScores(label_T, score_T.subarray(start, end));
  const calibrated = logP.some((value) => !Number.isNaN(value));
  return {
    vusPr: vus(prepared, VUS_WINDOW)?.vusPr ?? null,
    ap: averagePrecision(prepared),
    roc: aucRoc(prepared),
    alarms: calibrated ? share(steps.filter((t) => label_T[t] === 0)) : null,
    flagged: calibrated ? share(steps) : null,
    found: events.filter((event) => steps.slice(event.start, event.end).some(isFlagged)).length,
    events: events.length,
  };
}

/** A detector's word on every step, learned on training without its last share `held`. */
export async function heard(series: Series, detector: AnyDetector, values: AnyValues, held: number, seed: number) {
  const setup = { detector, values, head: own, headValues: {}, imputation: {} };
  const { prepared, windowing } = preparedFor(series, setup);
  const { learned, calibrated } = heldBack(series, held, windowing.W + windowing.horizon);
  const run = quietRun(seed);
  const train = trainingWindows({ ...series, train: learned }, prepared, windowing);
  const fitted = await detector.fit(train, values, run);
  try {
    const { expectation, residual } = await judge(series, prepared, windowing, fitted, run);
    return { residual, parts: expectation.parts, calibrated };
  } finally {
    fitted.dispose();
  }
}

export type Heard = Awaited<ReturnType<typeof heard>>;

/** The same scores with the share `flagged` of the test steps flagged that score highest. */
export function flagging({ test }: Series, { score_T }: Ranked, flagged: number): Ranked {
  const sorted = score_T
    .slice(test.start, test.end)
    .filter((score) => !Number.isNaN(score))
    .sort();
  const count = Math.round(flagged * sorted.length);
  const least = count === 0 ? Infinity : sorted[sorted.length - count];
  return { score_T, logP_T: score_T.map((score) => (score >= least ? -Infinity : 0)) };
}

export async function headScore(
  series: Series,
  said: Heard,
  head: AnyHead,
  given: AnyValues,
  seed: number,
): Promise<Score> {
  const run = quietRun(seed);
  const { residual, parts, calibrated } = said;
  const values = resolve(head.params, given);
  const learned = rows(residual, calibrated);
  const fitted = await head.fit(learned, series.sensors, values, run, partsIn(parts, calibrated));
  return fitted.score(residual, run, parts);
}

/**
 * What the conformal head makes of the engine's own score, without its parts by sensor, which take most of the time and
 * do not count here. `following`: steps in which drift is followed; 0 not at all.
 */
export function jointScore({ parts, calibrated }: Heard, following: number): Ranked {
  const part = parts.find(({ name }) => name === 'score');
  const plain_T = Float64Array.from(part?.value_T ?? [], (value) => Math.log(Math.max(value, 1e-30)));
  const ground = groundOf(plain_T.slice(calibrated.start, calibrated.end));
  const strength_T = following === 0 ? plain_T : follow(plain_T, ground, { ...FOLLOWING, memory: following }).z_T;
  const law = rankLaw(strength_T.slice(calibrated.start, calibrated.end));
  const logP_T = strength_T.map((x) => (law === null ? NaN : -rankNegLogP(law, x)));
  return { score_T: logP_T.map((logP) => -logP), logP_T };
}

/** The council's verdicts joined by another rule or with other weights, without asking the members again. */
export function rejoined(said: Heard, rule: Rule, weights: AnyValues): Heard {
  const verdicts = MEMBERS.flatMap(({ id }) => {
    const part = said.parts.find(({ name }) => name === `verdict-${id}`);
    const weight = Number(weights[id] ?? resolve(engine.params)[id]);
    return part === undefined || weight === 0 ? [] : [{ nlp_T: Float64Array.from(part.value_T), weight }];
  });
  const value_T = Float32Array.from(combine(verdicts, rule).strength_T);
  return { ...said, parts: [{ name: 'score', title: 'joint', value_T }] };
}
