/**
 * What a person reviews of a run: its events under given settings, what each is made of, and what the number rests on.
 * Pure functions of a series, the run's arrays and the head's state; nothing is fitted here.
 */
import { attribute, directionAt, scoreWithout } from './detect/attribution.ts';
import type { AttributionRule, SystemShare } from './detect/attribution.ts';
import { bySeverity, findEvents, flaggedShareOf } from './detect/events.ts';
import { flagsOver } from './detect/peaks.ts';
import { chi2Df, headEvidence } from './detect/evidence.ts';
import type { HeadEvidence } from './detect/evidence.ts';
import { explainEvent } from './detect/explain.ts';
import type { EventFacts, SentencePiece } from './detect/explain.ts';
import type { M2adState } from './detect/heads/m2ad.ts';
import { thresholds } from './detect/thresholds/index.ts';
import type { ThresholdInput } from './detect/thresholds/rule.ts';
import { classResults } from './data/segments.ts';
import type { ClassResult } from './data/segments.ts';
import { METRICS } from './eval/index.ts';
import type { MetricInput } from './eval/index.ts';
import { flagsOf, prepareScores } from './eval/prepare.ts';
import { stepPrediction } from './eval/stepPrediction.ts';
import { EngineError } from './errors.ts';
import type { HeadState } from './model.ts';
import { scaleAt } from './prepare.ts';
import type { RunArrays } from './tracks.ts';
import type { Contribution, Event, Score, Series, Span, Threshold } from './types.ts';

/** Numbers of the threshold rules that take one of their own. */
export type RuleNumbers = {
  /** Per cent of training and judged scores together, for rule 'ratio'. */
  readonly ratio: number;
  /** Percentile of the training scores at which their tail begins, for rules 'pot' and 'spot'. */
  readonly level: number;
  /** Deviations over the mean, for rule 'sigma'. */
  readonly sigmas: number;
};

/** All that turns a score into events; every one is visible and can be changed. */
export type EventSettings = {
  /** Nominal share of false alarms, for the rules that use one and for severity. */
  readonly significance: number;
  /** Id of a threshold rule. */
  readonly rule: string;
  /** Score value for rule 'manual' (dragged by hand). */
  readonly manual: number | null;
  /** 0 to 100, for rule 'percentile'. */
  readonly percentile: number;
  /** Those that are not given are the defaults: runs kept before a rule came have none. */
  readonly numbers?: Partial<RuleNumbers>;
  /** Steps added on both sides of each flagged run before merging. */
  readonly padding: number;
  /** Runs closer than this many steps become one event. */
  readonly mergeGap: number;
  /** Events with fewer flagged steps are dropped. */
  readonly minLength: number;
  /** Least distance of flagged steps: one alarm an excursion. 0, or absent in runs kept before: every step over the threshold. */
  readonly spacing?: number;
  readonly attribution: AttributionRule;
};

/** One event as a table shows it. */
export type EventRow = Event & {
  /** 1-based rank by severity. */
  readonly number: number;
  readonly system: string;
  readonly systemShare: number;
  /** Top sensors by share, at most 5. */
  readonly top: readonly Contribution[];
  /** Share of the event's steps that the file labels call anomalous; null without labels. */
  readonly labelled: number | null;
};

export type RunEvents = {
  readonly threshold: Threshold;
  readonly settings: EventSettings;
  /** By severity, the worst first. */
  readonly events: readonly EventRow[];
  /** Share of judged (test) steps flagged, before and after padding. */
  readonly flaggedShare: number;
  readonly paddedShare: number;
  readonly trainFlaggedShare: number;
  /** Verdicts on whole segments by class; absent where the rows are no segments. */
  readonly classes?: readonly ClassResult[];
};

export type SensorAtPeak = {
  readonly sensor: number;
  /** In the source's units; NaN where unknown. */
  readonly observed: number;
  readonly expected: number;
  /** Residual in units of the 95 % band. */
  readonly inBands: number;
  /** Highest score of the event and its flagged steps if this sensor were not in the sum. */
  readonly scoreWithout: number;
  readonly stepsWithout: number;
};

export type EventDetail = {
  readonly row: EventRow;
  /** When, how strong, which system and sensors, in which direction; said in English by `sentence`. */
  readonly facts: EventFacts;
  readonly sentence: readonly SentencePiece[];
  readonly systems: readonly SystemShare[];
  /** The five sensors with the largest shares. */
  readonly atPeak: readonly SensorAtPeak[];
  /** The same question for the whole first system. */
  readonly withoutSystem: {
    readonly name: string;
    readonly sensors: number;
    readonly score: number;
    readonly steps: number;
  };
};

/** Times and lengths as the page writes them, in the data's zone. */
export type EventWords = { readonly start: string; readonly length: string; readonly peakTime: string };

/** One row of the threshold card. */
export type ThresholdRow = Threshold & {
  readonly title: string;
  /** The number that the rule was given, in words; '' when it takes none. */
  readonly setting: string;
  readonly events: number;
  readonly testShare: number;
  readonly trainShare: number;
  /** Of judged steps against file labels, no adjustment; null without labels. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
};

export type MetricRow = {
  readonly id: string;
  readonly title: string;
  readonly value: number | null;
  readonly provenance: string;
};

/** The papers' common ratio, SPOT's published level, and the habit of three deviations. */
const defaultNumbers: RuleNumbers = { ratio: 1, level: 98, sigmas: 3 };

const numbersOf = ({ numbers }: EventSettings): RuleNumbers => ({ ...defaultNumbers, ...numbers });

/** Padding is off by default: it makes events look found by merging false alarms into true ones. */
export const defaultSettings: EventSettings = {
  significance: 0.001,
  rule: 'gamma',
  manual: null,
  percentile: 99.5,
  numbers: defaultNumbers,
  padding: 0,
  mergeGap: 10,
  minLength: 1,
  spacing: 0,
  attribution: 'error',
};

const TOP = 5;

function inputFor(series: Series, { score_T }: Score, state: HeadState, settings: EventSettings): ThresholdInput {
  const { train, test, labels } = series;
  const { significance, percentile, manual } = settings;
  return {
    score_T,
    train,
    test,
    labels,
    significance,
    percentile,
    ...numbersOf(settings),
    manual,
    gamma: (state as M2adState).calibration.gamma,
    df: chi2Df(state as M2adState),
  };
}

function thresholdFor(series: Series, score: Score, state: HeadState, settings: EventSettings): Threshold {
  const rule = Object.hasOwn(thresholds, settings.rule) ? thresholds[settings.rule] : null;
  const threshold = rule?.compute(inputFor(series, score, state, settings)) ?? null;
  if (!threshold) {
    throw new EngineError(
      'bad-input',
      'no-threshold',
      `the rule "${settings.rule}" gives no threshold for this run`,
      'Choose another rule: best F1 needs labels, chi-square equal weights, POT at least ten scores in the tail.',
    );
  }
  return threshold;
}

const overlap = (a: Span, b: Span): number => Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));

function rowOf(series: Series, score: Score, event: Event, number: number, rule: AttributionRule): EventRow {
  const { sensors, systems } = attribute(score, series.sensors, event, rule);
  const labelled = series.labels?.reduce((sum, label) => sum + overlap(label, event), 0);
  return {
    ...event,
    number,
    system: systems[0].name,
    systemShare: systems[0].share,
    top: sensors.slice(0, TOP),
    labelled: labelled === undefined ? null : labelled / (event.end - event.start),
  };
}

/** Threshold and events of a run under `settings`. Throws EngineError('bad-input') for a rule that does not apply. */
export function reviewEvents(
  series: Series,
  { score }: RunArrays,
  state: HeadState,
  settings: EventSettings,
): RunEvents {
  const threshold = thresholdFor(series, score, state, settings);
  const { events, flaggedShare, paddedShare } = findEvents(score, threshold.value, settings, series.test);
  return {
    threshold,
    settings: { ...settings, numbers: numbersOf(settings) },
    events: bySeverity(events).map((event, i) => rowOf(series, score, event, i + 1, settings.attribution)),
    flaggedShare,
    paddedShare,
    trainFlaggedShare: flaggedShareOf(score.score_T, threshold.value, series.train, settings.spacing),
    ...(series.segments && {
      classes: classResults(series.segments, score.score_T, threshold.value, series.test),
    }),
  };
}

function settingOf(rule: string, settings: EventSettings): string {
  const { significance, percentile } = settings;
  const { ratio, level, sigmas } = numbersOf(settings);
  switch (rule) {
    case 'percentile':
      return `${String(percentile)} %`;
    case 'ratio':
      return `${String(ratio)} %`;
    case 'pot':
    case 'spot':
      return `q = ${String(significance)}, tail from ${String(level)} %`;
    case 'sigma':
      return `k = ${String(sigmas)}`;
    case 'gamma':
    case 'chi2':
      return `p = ${String(significance)}`;
    default:
      return '';
  }
}

/** Every threshold rule that applies, with what it would flag. */
export function thresholdRows(series: Series, score: Score, state: HeadState, settings: EventSettings): ThresholdRow[] {
  const input = inputFor(series, score, state, settings);
  const { test, train, labels } = series;
  const label_T = labels ? flagsOf(labels, series.T).subarray(test.start, test.end) : null;
  return Object.values(thresholds).flatMap((rule) => {
    const threshold = rule.compute(input);
    if (!threshold) return [];
    const { events, flaggedShare } = findEvents(score, threshold.value, settings, test);
    const flag_N = flagsOver(score.score_T, threshold.value, test, settings.spacing);
    const judged = label_T ? stepPrediction(label_T, flag_N) : null;
    return [
      {
        ...threshold,
        title: rule.title,
        setting: settingOf(rule.id, settings),
        events: events.length,
        testShare: flaggedShare,
        trainShare: flaggedShareOf(score.score_T, threshold.value, train, settings.spacing),
        precision: judged?.precision ?? null,
        recall: judged?.recall ?? null,
        f1: judged?.f1 ?? null,
      },
    ];
  });
}

/** Three significant digits, no trailing zeros; '' for a missing value. */
const brief = (value: number): string => (Number.isNaN(value) ? '' : String(Number(value.toPrecision(3))));

function factsOf(
  series: Series,
  run: RunArrays,
  detail: Omit<EventDetail, 'sentence' | 'facts'>,
  threshold: number,
  words: EventWords,
): EventFacts {
  const { row, atPeak, systems } = detail;
  const { score } = run;
  return {
    ...words,
    severity: row.severity,
    log10P: row.logP / Math.LN10,
    system: systems.length > 1 ? systems[0] : null,
    sensors: atPeak.map(({ sensor, observed, expected }, i) => ({
      name: series.sensors[sensor].name,
      system: series.sensors[sensor].system,
      share: row.top[i].share,
      direction: directionAt({ T: series.T, S: score.S, r_TS: run.r_TS }, sensor, row.peak),
      observed: brief(observed),
      expected: brief(expected),
      unit: series.sensors[sensor].unit,
    })),
    standsWithoutFirst: (atPeak[0]?.scoreWithout ?? 0) > threshold,
    counted: score.weight_S.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0),
  };
}

/** What one event is made of; `number` is its rank in `events`. Throws EngineError('bad-input') when it is not there. */
export function eventDetail(
  series: Series,
  run: RunArrays,
  events: RunEvents,
  band_S: Float32Array,
  number: number,
  words: EventWords,
): EventDetail {
  const row = events.events.find((event) => event.number === number);
  if (!row) throw new EngineError('bad-input', 'no-event', `there is no event ${number}`, 'Choose one from the table.');
  const { score } = run;
  const S = series.sensors.length;
  const { systems } = attribute(score, series.sensors, row, events.settings.attribution);
  const without = (sensors: readonly number[]) => scoreWithout(score, row, sensors, events.threshold.value);
  const atPeak = row.top.map(({ sensor }): SensorAtPeak => {
    const at = row.peak * S + sensor;
    const rest = without([sensor]);
    return {
      sensor,
      observed: series.columns[sensor][row.peak],
      expected: run.expected_TS[at],
      inBands: (run.r_TS[at] * scaleAt(run.scaler, row.peak).width_F[sensor]) / band_S[sensor],
      scoreWithout: rest.score,
      stepsWithout: rest.steps,
    };
  });
  const [first] = systems;
  const rest = without(first.sensors.map(({ sensor }) => sensor));
  const detail = {
    row,
    systems,
    atPeak,
    withoutSystem: { name: first.name, sensors: first.sensors.length, score: rest.score, steps: rest.steps },
  };
  const facts = factsOf(series, run, detail, events.threshold.value, words);
  return { ...detail, facts, sentence: explainEvent(facts) };
}

/** What stands behind the score of one sensor at one step; `range` is what the heat map covers. */
export function evidence(
  series: Series,
  run: RunArrays,
  state: HeadState,
  asked: { readonly sensor: number; readonly step: number; readonly range: Span; readonly significance: number },
): HeadEvidence {
  const residual = { T: series.T, S: run.score.S, r_TS: run.r_TS };
  return headEvidence(state as M2adState, residual, run.score, { ...asked, train: series.train });
}

/** Shown with each run: threshold-free metrics first, then those of the current events, each with its provenance. */
const RUN_METRICS = [
  'vus-pr',
  'average-precision',
  'auc-roc',
  'step-precision',
  'step-recall',
  'overlap-precision',
  'overlap-recall',
  'overlap-f1',
  'flagged',
  'flagged-padded',
  'false-alarm-rate',
];

/** Longest window of VUS and range metrics, in steps; printed with the value. */
export const METRIC_WINDOW = 100;

/** What was flagged with a score: its threshold, the padding of its events, and the events, over all steps. */
export type Flagging = {
  readonly threshold: Threshold;
  readonly padding: number;
  readonly spacing?: number;
  readonly events: readonly Span[];
};

/** The judged part as metrics see it; null without labels or without a judged step. */
export function metricInput(
  { test, labels }: Pick<Series, 'test' | 'labels'>,
  all_T: Float64Array,
  { threshold, spacing, events }: Omit<Flagging, 'padding'>,
): MetricInput | null {
  if (!labels || test.end <= test.start) return null;
  const score_T = all_T.subarray(test.start, test.end);
  const inTest = (span: Span): Span => ({
    start: Math.max(0, span.start - test.start),
    end: Math.min(test.end, span.end) - test.start,
  });
  const truth = labels.map(inTest).filter(({ start, end }) => end > start);
  return {
    scores: prepareScores(flagsOf(truth, score_T.length), score_T),
    flag_T: flagsOver(all_T, threshold.value, test, spacing),
    truth,
    detected: events.map(inTest).sort((a, b) => a.start - b.start),
  };
}

/** Metrics by id, in the order of the registry, each with its provenance. */
export function measure(input: MetricInput, { threshold, padding }: Flagging, ids: readonly string[]): MetricRow[] {
  const how = { window: METRIC_WINDOW, threshold, padding, part: 'test part' };
  return METRICS.filter(({ id }) => ids.includes(id)).map(({ id, title, value, provenance }) => ({
    id,
    title,
    value: value(input, how),
    provenance: provenance(how),
  }));
}

/** Metrics of the judged part against file labels; [] without labels or without a judged step. */
export function runMetrics(series: Series, score: Score, { threshold, settings, events }: RunEvents): MetricRow[] {
  const flagging = { threshold, padding: settings.padding, spacing: settings.spacing ?? 0, events };
  const input = metricInput(series, score.score_T, flagging);
  return input === null ? [] : measure(input, flagging, RUN_METRICS);
}
