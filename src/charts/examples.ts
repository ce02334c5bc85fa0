/** One worked example of every option builder: for the snapshot test and the gallery. The numbers are made up. */
import type { EChartsOption } from 'echarts';
import type { Curve, Histogram } from '../workers/protocol.ts';
import type { ChartTable } from './chartParts.ts';
import { errorHistogram, errorHistogramTable } from './errorHistogram.ts';
import type { ErrorHistogramInput } from './errorHistogram.ts';
import { alarmsOverTime, alarmsOverTimeTable } from './alarmsOverTime.ts';
import type { AlarmsOverTimeInput } from './alarmsOverTime.ts';
import { falseAlarms, falseAlarmsTable } from './falseAlarms.ts';
import type { FalseAlarmsInput } from './falseAlarms.ts';
import { learnedPeriods, learnedPeriodsTable } from './learnedPeriods.ts';
import type { LearnedPeriodsInput } from './learnedPeriods.ts';
import { lossCurves, lossTable } from './lossCurves.ts';
import type { LossInput } from './lossCurves.ts';
import { memoryAddressing, memoryAddressingTable } from './memoryAddressing.ts';
import type { AddressingInput } from './memoryAddressing.ts';
import { memoryConfusion, memoryConfusionTable } from './memoryConfusion.ts';
import type { ConfusionInput } from './memoryConfusion.ts';
import { memoryFusion, memoryFusionTable } from './memoryFusion.ts';
import type { FusionInput } from './memoryFusion.ts';
import { memorySignals, memorySignalsTable } from './memorySignals.ts';
import type { SignalsInput } from './memorySignals.ts';
import { qqPlot, qqTable } from './qqPlot.ts';
import type { QqInput } from './qqPlot.ts';
import { rankPlot, rankTable } from './rankPlot.ts';
import type { RankInput } from './rankPlot.ts';
import { scoreCurves, scoreCurvesTable } from './scoreCurves.ts';
import type { CurveKind, NamedCurves, ScoreCurvesInput } from './scoreCurves.ts';
import { spreadCurves, spreadTable } from './spreadCurves.ts';
import type { SpreadInput } from './spreadCurves.ts';
import { scoreHistogram, scoreHistogramTable } from './scoreHistogram.ts';
import type { ScoreHistogramInput } from './scoreHistogram.ts';
import type { Theme } from './theme.ts';

export type Example = { readonly option: (theme: Theme) => EChartsOption; readonly table: () => ChartTable };

const range = (from: number, to: number, count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

const bell = (x: number, mean: number, sd: number): number =>
  Math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));

function curve(x: Float32Array, y: (x: number) => number): Curve {
  return { x, y: x.map(y) };
}

function histogram(from: number, to: number, bins: number, y: (x: number) => number): Histogram {
  const width = (to - from) / bins;
  return { from, width, density: Float32Array.from({ length: bins }, (_, i) => y(from + (i + 0.5) * width)) };
}

const parts = [
  { weight: 0.55, mean: 0.04, sd: 0.011 },
  { weight: 0.35, mean: 0.06, sd: 0.016 },
  { weight: 0.1, mean: 0.11, sd: 0.03 },
];
const errorsX = range(0, 0.28, 141);
const mixed = (x: number): number => parts.reduce((sum, p) => sum + p.weight * bell(x, p.mean, p.sd), 0);

const errorInput: ErrorHistogramInput = {
  errorTitle: 'smoothed error',
  errors: histogram(0, 0.25, 100, (x) => (mixed(x) > 0.02 ? mixed(x) : 0)),
  mixture: curve(errorsX, mixed),
  components: parts.map((p) => curve(errorsX, (x) => p.weight * bell(x, p.mean, p.sd))),
  error: 0.26,
  logP: Math.log(8.9e-7),
  at: '01:35',
};

/** Gamma(5, 12) up to its norming constant 4!·12⁵. */
const gammaLike = (x: number): number => (x <= 0 ? 0 : (x ** 4 * Math.exp(-x / 12)) / (24 * 12 ** 5));
const scoresX = range(0, 320, 161);

const scoreInput: ScoreHistogramInput = {
  scores: histogram(0, 320, 80, gammaLike),
  gamma: { ...curve(scoresX, gammaLike), shape: 5, scale: 12 },
  chi2: { ...curve(scoresX, (x) => bell(x, 66, 11.5)), df: 66 },
  chi2Threshold: 107.3,
  threshold: 187.9,
};

const quantiles = range(20, 320, 60);

const qqInput: QqInput = {
  observed: quantiles,
  gamma: quantiles.map((q) => q * 0.7 + 10),
  chi2: quantiles.map((q) => 40 + q * 0.25),
  ksGamma: 0.13,
  ksChi2: 0.26,
};

const lossInput: LossInput = {
  epochs: 10,
  history: Array.from({ length: 6 }, (_, i) => ({
    loss: 0.4 * 0.7 ** i + 0.02,
    'loss (validation)': 0.42 * 0.74 ** i + 0.05,
    reconstruction: 0.3 * 0.68 ** i + 0.01,
    'reconstruction (validation)': 0.31 * 0.72 ** i + 0.04,
    CAD: 0.06 - 0.04 * 0.7 ** i,
    'CAD (validation)': 0.062 - 0.04 * 0.72 ** i,
  })),
};

const periodsInput: LearnedPeriodsInput = {
  periods: [
    { layer: 0, period_H: Float32Array.of(87, 39, 15, 5.2) },
    { layer: 1, period_H: Float32Array.of(62, 30, 11, Infinity) },
  ],
  spectrum: {
    region: { start: 0, end: 400 },
    period_K: Float32Array.from({ length: 200 }, (_, k) => 400 / (k + 1)),
    share_K: Float32Array.from({ length: 200 }, (_, k) => bell(k, 26, 2) * 0.8 + bell(k, 60, 4) * 0.2),
  },
  window: 100,
  chosen: { layer: 1, head: 2 },
  length: (steps) => `${steps} min`,
};

const addressed = (middle: number): Float32Array => {
  const weights = Float32Array.from(
    { length: 50 },
    (_, item) => 0.01 + bell(item, middle, 1.5) + bell(item, 40, 3) * 0.3,
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};

export const addressingInput: AddressingInput = {
  reads: [
    { title: 'global memory', weight_C: addressed(12) },
    { title: 'local memory', weight_C: addressed(31) },
  ],
  named: 3,
};

const viewNames = ['As it is', 'With noise', 'Negated', 'Reversed', 'Smoothed'];

export const fusionInput: FusionInput = {
  views: viewNames,
  local: Array.from({ length: 8 }, (_, e) => viewNames.map((_view, v) => 0.5 + 0.02 * e * (v - 1.5))),
  global: Array.from({ length: 8 }, (_, e) => viewNames.map((_view, v) => 0.5 + 0.012 * e * (2 - v))),
};

const wave = (phase: number, size: number): Float32Array =>
  Float32Array.from({ length: 64 }, (_, t) => 0.5 + size * Math.sin(t / 6 + phase));

const signalsInput: SignalsInput = {
  caption: 'Views of the window and what was rebuilt of them',
  panels: viewNames.map((title, v) => ({
    title,
    input_W: v === 4 ? null : wave(v, 0.4),
    rebuilt_W: wave(v + 0.2, 0.33),
    note: (0.002 * (v + 1)).toFixed(3),
  })),
  columns: 3,
};

export const confusionInput: ConfusionInput = {
  views: viewNames,
  share_RR: Float32Array.from({ length: 25 }, (_, i) => (Math.floor(i / 5) === i % 5 ? 0.8 : 0.05)),
};

/** A score that finds a share `skill` of what there is before its first false alarm. */
function curvesFor(name: string, look: NamedCurves['look'], skill: number): NamedCurves {
  const P = 60;
  const far = range(0, 1, P).map((x) => x ** 3);
  const recall = far.map((x) => skill + (1 - skill) * x);
  const precision = recall.map((r, i) => (0.05 * r) / (0.05 * r + 0.95 * far[i]! || 1));
  const f1 = precision.map((p, i) => (2 * p * recall[i]!) / (p + recall[i]! || 1));
  const at = Math.floor(P / 3);
  return {
    name,
    look,
    curves: {
      threshold_P: Float64Array.from(far, (_, i) => P - i),
      precision_P: precision,
      recall_P: recall,
      f1_P: f1,
      falseAlarms_P: far,
      paK_K: Float32Array.from({ length: 101 }, (_, K) => 0.9 - (0.9 - skill) * (1 - Math.exp(-K / 20))),
      labelledShare: 0.05,
      aucRoc: skill + (1 - skill) / 2,
      averagePrecision: skill,
      bestF1: skill,
      paKAuc: skill + 0.1,
      inForce: {
        threshold: P - at,
        precision: precision[at]!,
        recall: recall[at]!,
        f1: f1[at]!,
        falseAlarms: far[at]!,
      },
    },
  };
}

const curvesInput = (kind: CurveKind): ScoreCurvesInput => ({
  kind,
  of: [
    curvesFor('A run 5', 'a', 0.6),
    curvesFor('B run 6', 'b', 0.7),
    curvesFor('PCA', 'baseline', 0.4),
    curvesFor('KMeans', 'baseline', 0.5),
    curvesFor('random', 'random', 0.02),
  ],
});

const spreadInput: SpreadInput = {
  setting: 'Window',
  metric: 'VUS-PR',
  values: ['25', '50', '100', '200'],
  lines: [0, 1].map((n) => ({
    name: `Hidden ${String(32 * (n + 1))}`,
    points: [0, 1, 2, 3].map((at) => ({ at, mean: 0.3 + 0.05 * at - 0.04 * n * at, deviation: 0.02, seeds: 3 })),
  })),
  beside: [{ name: 'KMeans', value: 0.41 }],
};

const rankInput: RankInput = {
  methods: ['M2AD lite', 'KMeans on windows', 'AMAD lite', 'PCA', 'Random scores'].map((name, n) => ({
    name,
    rank: 1.4 + n * 0.8,
    isRun: name.endsWith('lite'),
  })),
  criticalDifference: 1.2,
  dataSets: 28,
  metric: 'VUS-PR',
};

const LEVELS = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

const alarmsInput: FalseAlarmsInput = {
  significance: 1e-3,
  lines: [
    { name: 'mill', look: 'chosen' as const, factor: 1.6 },
    { name: 'mill, before', look: 'before' as const, factor: 150 },
    { name: 'mill 2', look: 'other' as const, factor: 4 },
  ].map(({ name, look, factor }) => ({
    ...{ name, look, nominal_P: LEVELS, steps: 4200 },
    actual_P: LEVELS.map((level) => Math.min(1, level * factor)),
  })),
};

const alarmTimeInput: AlarmsOverTimeInput = {
  significance: 1e-3,
  starts: Array.from({ length: 12 }, (_, n) => `day ${n + 1}`),
  lines: [
    { name: 'mill', look: 'chosen', share_N: Array.from({ length: 12 }, (_, n) => (n < 3 ? NaN : 0.001 * (n % 4))) },
    { name: 'before', look: 'before', share_N: Array.from({ length: 12 }, (_, n) => (n < 3 ? NaN : 0.02 * n)) },
  ],
};

function example<Input>(
  input: Input,
  option: (input: Input, theme: Theme) => EChartsOption,
  table: (input: Input) => ChartTable,
): Example {
  return { option: (theme) => option(input, theme), table: () => table(input) };
}

export const examples: Readonly<Record<string, Example>> = {
  'error-histogram': example(errorInput, errorHistogram, errorHistogramTable),
  'score-histogram': example(scoreInput, scoreHistogram, scoreHistogramTable),
  'qq-plot': example(qqInput, qqPlot, qqTable),
  'learned-periods': example(periodsInput, learnedPeriods, learnedPeriodsTable),
  'curves-pa-k': example(curvesInput('pa-k'), scoreCurves, scoreCurvesTable),
  'curves-roc': example(curvesInput('roc'), scoreCurves, scoreCurvesTable),
  'curves-pr': example(curvesInput('pr'), scoreCurves, scoreCurvesTable),
  'curves-flagged': example(curvesInput('flagged'), scoreCurves, scoreCurvesTable),
  'spread-curves': example(spreadInput, spreadCurves, spreadTable),
  'rank-plot': example(rankInput, rankPlot, rankTable),
  'false-alarms': example(alarmsInput, falseAlarms, falseAlarmsTable),
  'alarms-over-time': example(alarmTimeInput, alarmsOverTime, alarmsOverTimeTable),
  'loss-curves': example(lossInput, lossCurves, lossTable),
  'memory-addressing': example(addressingInput, memoryAddressing, memoryAddressingTable),
  'memory-fusion': example(fusionInput, memoryFusion, memoryFusionTable),
  'memory-signals': example(signalsInput, memorySignals, memorySignalsTable),
  'memory-confusion': example(confusionInput, memoryConfusion, memoryConfusionTable),
};
