/** Comparisons for the fake engine: figures that follow from the names, so that tests can tell them apart. */
import type {
  Beside,
  CompareApi,
  MetricRow,
  RunInfo,
  RunMeasures,
  ScoreCurves,
  WireError,
  Yardsticks,
} from '../../workers/protocol.ts';
import { defaultRules } from './compareRows.ts';

const METRICS = [
  ['vus-pr', 'VUS-PR', 'scores', null],
  ['average-precision', 'Average precision', 'scores', null],
  ['step-f1', 'Step F1', 'flags', null],
  ['overlap-f1', 'Event F1 (overlap)', 'flags', 'flag everything'],
  ['best-pa-f1', 'Best F1, point-adjusted', 'oracle', 'random scores'],
] as const;

export const yardsticks: Yardsticks = {
  metrics: METRICS.map(([id, title, basis, wonBy]) => ({ id, title, basis, wonBy, paper: 'plain', better: 'higher' })),
  baselines: [
    { id: 'random', title: 'Random scores', summary: 'A uniform random number for each step.' },
    { id: 'pca', title: 'PCA', summary: 'Squared error left after the principal components.' },
  ],
};

const VALUES: Readonly<Record<string, readonly number[]>> = {
  run: [0.4, 0.35, 0.3, 0.6, 0.8],
  random: [0.05, 0.05, 0.02, 0.9, 0.95],
  pca: [0.45, 0.3, 0.2, 0.5, 0.7],
  everything: [0, 0, 0.1, 1, 0],
};

export const metricsOf = (who: string): MetricRow[] =>
  METRICS.map(([id, title], i) => ({
    id,
    title,
    value: VALUES[who]?.[i] ?? 0,
    provenance: `threshold of ${who}; unadjusted; test part`,
  }));

const curves = (skill: number): ScoreCurves => ({
  threshold_P: Float64Array.of(Infinity, 2, 1),
  precision_P: Float32Array.of(1, skill, 0.05),
  recall_P: Float32Array.of(0, skill, 1),
  f1_P: Float32Array.of(0, skill, 0.1),
  falseAlarms_P: Float32Array.of(0, 0.1, 1),
  paK_K: new Float32Array(101).fill(skill),
  labelledShare: 0.05,
  aucRoc: skill,
  averagePrecision: skill,
  bestF1: skill,
  paKAuc: skill,
  inForce: { threshold: 2, precision: skill, recall: skill, f1: skill, falseAlarms: 0.1 },
});

const measures = (run: RunInfo): RunMeasures => ({
  metrics: metricsOf('run'),
  curves: curves(0.4),
  threshold: run.result.threshold,
  flaggedShare: run.result.flaggedShare,
  events: run.result.events.length,
  steps: { tp: 10, fp: 10, fn: 10, tn: 100 },
  overlap: { tp: 3, fp: 1, fn: 1 },
  rules: defaultRules,
  trivial: [
    { id: 'random-flags', share: 0.02, metrics: [] },
    { id: 'everything', share: 1, metrics: metricsOf('everything').slice(2, 4) },
  ],
});

const beside = (id: string): Beside => ({
  id,
  how: 'own',
  metrics: metricsOf(id),
  curves: curves(id === 'pca' ? 0.45 : 0.05),
  threshold: { value: 1, rule: 'percentile', source: 'percentile 99.5 of training scores', oracle: false },
  flaggedShare: 0.01,
  events: 2,
  steps: { tp: 1, fp: 1, fn: 1, tn: 1 },
  overlap: { tp: 1, fp: 1, fn: 1 },
});

const ok = <V>(value: V) => Promise.resolve({ ok: true as const, value });
const gone: WireError = { code: 'bad-input', kind: 'no-run', message: 'No run.', cure: '', place: {} };

/** Answers about the runs that the fake engine keeps. */
export function fakeCompare(kept: Map<string, RunInfo>, calls: string[]): Omit<CompareApi, 'runEach'> {
  const with_ = <V>(id: string, make: (run: RunInfo) => V) => {
    const run = kept.get(id);
    return run ? ok(make(run)) : Promise.resolve({ ok: false as const, error: gone });
  };
  return {
    yardsticks: () => ok(yardsticks),
    allRuns: () => ok([...kept.values()].sort((a, b) => b.createdAtMs - a.createdAtMs)),
    noteRun: (id, note) =>
      with_(id, (run) => {
        const noted = { ...run, ...note };
        kept.set(id, noted);
        return noted;
      }),
    measures: (id) => {
      calls.push(`measures ${id}`);
      return with_(id, measures);
    },
    baseline: (_data, id) => {
      calls.push(`baseline ${id}`);
      return ok([beside(id)]);
    },
    compareRuns: (a, b) =>
      with_(a, (run) => ({
        differences: [{ of: 'run', key: 'seed', label: null, a: '1', b: String(kept.get(b)?.job.seed ?? '') }],
        rows: run.result.events.map((event) => ({
          ...{ start: event.start, end: event.end, of: 'label', verdict: 'fixed', a: null, b: event, change: null },
        })),
      })),
    severity: (id, stepsPerCell) =>
      with_(id, (run) => ({
        ...{ runId: id, asset: run.data.asset, from: 0, stepsPerCell, steps: 100 * stepsPerCell },
        severity_N: Float32Array.from({ length: 100 }, (_, n) => n),
      })),
    pooled: () => ok(metricsOf('run')),
    rank: (values) =>
      ok({
        meanRank_M: (values[0] ?? []).map((_, m) => m + 1),
        dataSets: values.length,
        ...{ chi2: 4, p: 0.05, criticalDifference: 1 },
      }),
  };
}
