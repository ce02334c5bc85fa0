/** The registry of metrics. Adding one: a file with the arithmetic, a line here, a row in the tests. */
import type { Span, Threshold } from '../types.ts';
import { affiliation } from './affiliation.ts';
import { aucPrTrapezoid } from './aucPr.ts';
import { aucRoc } from './aucRoc.ts';
import { averagePrecision } from './averagePrecision.ts';
import { bestF1 } from './bestF1.ts';
import { bestPaF1 } from './bestPaF1.ts';
import { fBeta } from './counts.ts';
import { bestEventF1, eventF1 } from './eventF1.ts';
import { eventOverlap } from './eventOverlap.ts';
import { macro } from './macro.ts';
import { paKBest } from './paK.ts';
import { flagsOf } from './prepare.ts';
import type { PreparedScores } from './prepare.ts';
import { rangeAuc } from './rangeAuc.ts';
import { rangeBased } from './rangeBased.ts';
import { falseAlarmRate, flaggedShare, pointAdjusted, stepCounts, stepPrediction } from './stepPrediction.ts';
import { timeToDetect } from './timeToDetect.ts';
import { vus } from './vus.ts';

/** What a metric may look at; every array covers the same T steps. */
export type MetricInput = {
  readonly scores: PreparedScores;
  /** Flagged steps before padding and merging. */
  readonly flag_T: Uint8Array;
  /** Labelled and found ranges, sorted and disjoint. */
  readonly truth: readonly Span[];
  readonly detected: readonly Span[];
};

/** How the numbers came about; printed with each value. */
export type MetricSettings = {
  /** Window L of VUS and range-AUC, in steps. */
  readonly window: number;
  readonly threshold: Threshold;
  /** Padding of found events on each side, in steps. */
  readonly padding: number;
  /** Which data was judged, in words: "test part". */
  readonly part: string;
};

export type Basis = 'scores' | 'oracle' | 'flags';

export type Metric = {
  readonly id: string;
  readonly title: string;
  readonly paper: string;
  readonly better: 'higher' | 'lower' | 'neither';
  /** The trivial detector that wins it, when there is one; show the metric beside that detector only. */
  readonly wonBy: 'random scores' | 'flag everything' | null;
  /** `scores`: no threshold. `oracle`: labels choose one. `flags`: what was flagged at the threshold in force. */
  readonly basis: Basis;
  /** Where threshold, adjustment and window come from, in one line. */
  readonly provenance: (settings: MetricSettings) => string;
  /** null: undefined for this input, show no number. */
  readonly value: (input: MetricInput, settings: MetricSettings) => number | null;
};

type Origin = Pick<Metric, 'basis' | 'provenance'>;

const free: Origin = { basis: 'scores', provenance: ({ part }) => `no threshold; ${part}` };
const windowed: Origin = {
  basis: 'scores',
  provenance: ({ window, part }) => `no threshold; window 0 to ${window} steps; ${part}`,
};
const oracle = (adjustment: string): Origin => ({
  basis: 'oracle',
  provenance: ({ part }) => `threshold chosen with the labels (oracle); ${adjustment}; ${part}`,
});
const at = ({ value, rule, source, oracle: peeked }: Threshold): string =>
  Number.isFinite(value)
    ? `threshold ${value.toPrecision(4)}, ${rule}, from ${source}${peeked ? ' (oracle)' : ''}`
    : `${rule}, from ${source}`;
const flagged = (adjustment: string): Origin => ({
  basis: 'flags',
  provenance: ({ threshold, part }) => `${at(threshold)}; ${adjustment}; ${part}`,
});
const padded: Origin = {
  basis: 'flags',
  provenance: ({ threshold, padding, part }) =>
    `${at(threshold)}; events padded by ${padding} steps on each side and merged; ${part}`,
};

const judge = ({ scores, flag_T }: MetricInput) => stepPrediction(scores.label_T, flag_T);
const metric = (
  id: string,
  title: string,
  paper: string,
  origin: Origin,
  value: Metric['value'],
  extra: Partial<Pick<Metric, 'better' | 'wonBy'>> = {},
): Metric => ({ id, title, paper, better: 'higher', wonBy: null, ...origin, value, ...extra });

const VUS_PAPER = 'Paparrizos et al., PVLDB 2022, doi:10.14778/3551793.3551830';
const PA_PAPER = 'Xu et al., WWW 2018, doi:10.1145/3178876.3185996';
const PAK_PAPER = 'Kim et al., AAAI 2022, doi:10.1609/aaai.v36i7.20680';
const EVENT_PAPER = 'Garg et al., TNNLS 2021, doi:10.1109/TNNLS.2021.3105827';
const OVERLAP_PAPER = 'Alnegheimish et al., M2AD, 2025, arXiv:2504.15225';
const AMSL_PAPER = 'Zhang et al., AMSL, TKDE 2022, doi:10.1109/TKDE.2021.3139916';

export const METRICS: readonly Metric[] = [
  metric('vus-pr', 'VUS-PR', VUS_PAPER, windowed, ({ scores }, { window }) => vus(scores, window)?.vusPr ?? null),
  metric('vus-roc', 'VUS-ROC', VUS_PAPER, windowed, ({ scores }, { window }) => vus(scores, window)?.vusRoc ?? null),
  metric('average-precision', 'Average precision', 'step sum, no interpolation', free, ({ scores }) =>
    averagePrecision(scores),
  ),
  metric('auc-roc', 'AUC-ROC', 'Fawcett 2006, doi:10.1016/j.patrec.2005.10.010', free, ({ scores }) => aucRoc(scores)),
  metric(
    'auc-pr-trapezoid',
    'AUC-PR (trapezoid)',
    'Davis & Goadrich 2006, doi:10.1145/1143844.1143874',
    free,
    ({ scores }) => aucPrTrapezoid(scores),
  ),
  metric(
    'range-auc-roc',
    'Range-AUC-ROC',
    VUS_PAPER,
    windowed,
    ({ scores }, { window }) => rangeAuc(scores, window)?.rAucRoc ?? null,
  ),
  metric(
    'range-auc-pr',
    'Range-AUC-PR',
    VUS_PAPER,
    windowed,
    ({ scores }, { window }) => rangeAuc(scores, window)?.rAucPr ?? null,
  ),
  metric('best-f1', 'Best F1', 'oracle threshold', oracle('unadjusted'), ({ scores }) => bestF1(scores).f1),
  metric(
    'best-pa-f1',
    'Best F1, point-adjusted',
    PA_PAPER,
    oracle('point-adjusted'),
    ({ scores }) => bestPaF1(scores).f1,
    { wonBy: 'random scores' },
  ),
  metric(
    'pa-k-auc',
    'PA%K AUC',
    PAK_PAPER,
    oracle('adjusted above K %, F1 maximised for each K from 0 to 100'),
    ({ scores }) => paKBest(scores).auc,
  ),
  metric(
    'best-event-f1',
    'Best event F1',
    EVENT_PAPER,
    oracle('event recall with step precision'),
    ({ scores }) => bestEventF1(scores)?.f1 ?? null,
  ),
  metric('step-precision', 'Step precision', 'plain', flagged('unadjusted'), (input) => judge(input).precision),
  metric('step-recall', 'Step recall', 'plain', flagged('unadjusted'), (input) => judge(input).recall),
  metric('step-f1', 'Step F1', 'plain', flagged('unadjusted'), (input) => judge(input).f1),
  metric('step-f05', 'Step F0.5', 'plain', flagged('unadjusted'), (input) => fBeta(judge(input), 0.5)),
  metric(
    'pa-f1',
    'F1, point-adjusted',
    PA_PAPER,
    flagged('point-adjusted'),
    ({ scores, flag_T }) => stepPrediction(scores.label_T, pointAdjusted(scores.label_T, flag_T)).f1,
    { wonBy: 'random scores' },
  ),
  metric(
    'event-f1',
    'Event F1 (step precision)',
    EVENT_PAPER,
    flagged('event recall with step precision'),
    ({ scores, flag_T }) => eventF1(scores.label_T, flag_T).f1,
  ),
  metric(
    'range-f1',
    'Range-based F1',
    'Tatbul et al., NeurIPS 2018, arXiv:1803.03639',
    flagged('alpha 0.2, flat bias'),
    ({ scores, flag_T }) => rangeBased(scores.label_T, flag_T)?.f1 ?? null,
  ),
  metric(
    'affiliation-f1',
    'Affiliation F1',
    'Huet et al., KDD 2022, doi:10.1145/3534678.3539339',
    flagged('unadjusted'),
    ({ scores, flag_T }) => affiliation(scores.label_T, flag_T)?.f1 ?? null,
    { wonBy: 'random scores' },
  ),
  metric(
    'overlap-precision',
    'Event precision (overlap)',
    OVERLAP_PAPER,
    padded,
    ({ truth, detected }) => eventOverlap(truth, detected).precision,
    { wonBy: 'flag everything' },
  ),
  metric(
    'overlap-recall',
    'Event recall (overlap)',
    OVERLAP_PAPER,
    padded,
    ({ truth, detected }) => eventOverlap(truth, detected).recall,
    { wonBy: 'flag everything' },
  ),
  metric(
    'overlap-f1',
    'Event F1 (overlap)',
    OVERLAP_PAPER,
    padded,
    ({ truth, detected }) => eventOverlap(truth, detected).f1,
    { wonBy: 'flag everything' },
  ),
  metric(
    'overlap-f05',
    'Event F0.5 (overlap)',
    OVERLAP_PAPER,
    padded,
    ({ truth, detected }) => eventOverlap(truth, detected).f05,
    { wonBy: 'flag everything' },
  ),
  metric(
    'flagged',
    'Share of steps flagged',
    'plain',
    flagged('before padding'),
    ({ flag_T }) => flaggedShare(flag_T),
    { better: 'neither' },
  ),
  metric(
    'flagged-padded',
    'Share of steps in events',
    'plain',
    padded,
    ({ detected, flag_T }) => flaggedShare(flagsOf(detected, flag_T.length)),
    { better: 'neither' },
  ),
  metric(
    'false-alarm-rate',
    'False-alarm rate on normal steps',
    'plain',
    flagged('before padding'),
    ({ scores, flag_T }) => falseAlarmRate(scores.label_T, flag_T),
    { better: 'lower' },
  ),
  metric(
    'macro-f1',
    'Macro F1 (AMSL)',
    AMSL_PAPER,
    flagged('harmonic mean of class-mean precision and recall'),
    ({ scores, flag_T }) => macro(stepCounts(scores.label_T, flag_T)).f1,
  ),
  metric(
    'time-to-detect',
    'Mean time to detect, steps',
    'plain',
    flagged('segments found only'),
    ({ scores, flag_T }) => timeToDetect(scores.label_T, flag_T).meanSteps,
    { better: 'lower', wonBy: 'flag everything' },
  ),
];
