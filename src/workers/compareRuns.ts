/** Runs beside each other and beside simple detectors: what the worker says of them. */
import { BASELINES } from '../engine/baselines/index.ts';
import { besideBaseline, besideUntrained, measured, trivialRows } from '../engine/beside.ts';
import type { Beside, BesideRules } from '../engine/beside.ts';
import { besideRows } from '../engine/besideEvents.ts';
import { severityOf } from '../engine/detect/events.ts';
import { EngineError } from '../engine/errors.ts';
import { METRICS } from '../engine/eval/index.ts';
import type { Run } from '../engine/model.ts';
import type { AnyValues, ParamTable } from '../engine/params.ts';
import { defaultSettings } from '../engine/review.ts';
import type { Series } from '../engine/types.ts';
import type { Difference, RunMeasures, RunsBeside, SeverityRow, Yardsticks } from './compareProtocol.ts';
import { setupOf } from './engines.ts';
import type { EventSettings, RunInfo } from './protocol.ts';
import type { LiveRun } from './session.ts';

/** Chance is the same for everybody: the seed of random scores, random flags and untrained weights. */
const SEED = 11;

/** The network that stays as it was drawn. */
const UNTRAINED = {
  ...{ engine: 'm2ad', preset: 'lite', params: {}, head: 'm2ad', headParams: {}, imputation: {} },
  id: 'untrained',
};

export const yardsticks = (): Yardsticks => ({
  metrics: METRICS.map(({ id, title, paper, better, wonBy, basis }) => ({ id, title, paper, better, wonBy, basis })),
  baselines: [
    ...BASELINES.map(({ id, title, summary }) => ({ id, title, summary })),
    {
      id: UNTRAINED.id,
      title: 'Untrained network',
      summary: 'The LSTM of M2AD lite with weights as they were drawn; mean squared error over sensors.',
    },
  ],
});

export const needsTensors = (baselineId: string): boolean => baselineId === UNTRAINED.id;

export const rulesOf = ({
  significance,
  percentile,
  padding,
  mergeGap,
  minLength,
  spacing = 0,
}: EventSettings): BesideRules => ({
  ...{ significance, percentile, padding, mergeGap, minLength, spacing },
});

/** A run against the labels; null where there are none in the judged part. */
export function measuresOf({ series, stored }: LiveRun): RunMeasures | null {
  const { threshold, settings, events, flaggedShare } = stored.info.result;
  const own = measured(series, stored.score.score_T, {
    threshold,
    padding: settings.padding,
    spacing: settings.spacing ?? 0,
    events,
  });
  const rules = rulesOf(settings);
  return own && { ...own, rules, trivial: trivialRows(series, flaggedShare, rules, SEED) };
}

/** One baseline on one series. `run(seed)` is the engine's view of the job. */
export function baselineOf(
  series: Series,
  id: string,
  rules: BesideRules,
  run: (seed: number) => Run,
): Promise<Beside[]> {
  if (id === UNTRAINED.id) return besideUntrained(series, setupOf(UNTRAINED), rules, run(SEED));
  const baseline = BASELINES.find((entry) => entry.id === id);
  if (!baseline)
    throw new EngineError(
      'bad-input',
      'unknown-baseline',
      `there is no baseline "${id}"`,
      `Choose one of ${BASELINES.map((entry) => entry.id).join(', ')}.`,
    );
  return besideBaseline(series, baseline, rules, run(SEED));
}

type Half = { readonly table: ParamTable; readonly values: AnyValues };

/** Parameters that both have and that differ: those of one engine mean nothing to another. */
const valueDifferences = (of: Difference['of'], a: Half, b: Half): Difference[] =>
  Object.entries(a.table)
    .filter(([key]) => Object.hasOwn(b.table, key) && a.values[key] !== b.values[key])
    .map(([key, { label }]) => ({ of, key, label, a: String(a.values[key]), b: String(b.values[key]) }));

const SETTINGS = [
  'rule',
  'significance',
  'percentile',
  'manual',
  'padding',
  'mergeGap',
  'minLength',
  'spacing',
] as const;

/** What differs in how two runs were made and in how their scores become events. */
export function differencesOf(one: RunInfo, other: RunInfo): Difference[] {
  const [a, b] = [setupOf(one.job), setupOf(other.job)];
  const plain = (of: Difference['of'], key: string, of_: (info: RunInfo) => string): Difference[] =>
    of_(one) === of_(other) ? [] : [{ of, key, label: null, a: of_(one), b: of_(other) }];
  const learnt = ({ descent }: RunInfo): string =>
    descent ? `${descent.round}: ${descent.anomalous + descent.normal}` : '';
  return [
    ...plain('run', 'engine', ({ engineTitle }) => engineTitle),
    ...plain('run', 'preset', ({ job }) => job.preset),
    ...plain('run', 'seed', ({ job }) => String(job.seed)),
    ...plain('run', 'taught', learnt),
    ...plain('run', 'confirmed', ({ confirmed = [] }) => confirmed.map(({ words }) => words).join('; ')),
    ...plain('run', 'imputation', ({ job }) => [...new Set(Object.values(job.imputation))].join(', ')),
    ...valueDifferences(
      'engine',
      { table: a.detector.params as ParamTable, values: a.values },
      { table: b.detector.params as ParamTable, values: b.values },
    ),
    ...plain('run', 'head', ({ job }) => setupOf(job).head.card.title),
    ...valueDifferences(
      'head',
      { table: a.head.params as ParamTable, values: a.headValues },
      { table: b.head.params as ParamTable, values: b.headValues },
    ),
    ...SETTINGS.flatMap((key) =>
      plain('events', key, ({ result }) => String({ ...defaultSettings, ...result.settings }[key] ?? '')),
    ),
    ...plain('run', 'backend', ({ backend }) => backend),
    ...plain('run', 'work', ({ work }) => (work ? `${work.chunk}/${work.batch}, ${work.workers}` : '')),
  ];
}

/** Two runs of one series; throws EngineError('bad-input', 'other-series') otherwise. */
export function besideEachOther(a: LiveRun, b: LiveRun): RunsBeside {
  const [one, other] = [a.stored.info, b.stored.info];
  const { labels, test } = a.series;
  requireSameSeries(one, other);
  return {
    differences: differencesOf(one, other),
    rows: besideRows(one.result.events, other.result.events, labels, test),
  };
}

export function requireSameSeries(one: RunInfo, other: RunInfo): void {
  if (one.data.datasetId !== other.data.datasetId || one.data.asset !== other.data.asset)
    throw new EngineError(
      'bad-input',
      'other-series',
      `${one.name} and ${other.name} are runs of different series`,
      'Choose two runs of one asset.',
    );
}

/** The judged part in cells, each with its largest severity. */
export function severityRow({ series, stored }: LiveRun, stepsPerCell: number): SeverityRow {
  const { start, end } = series.test;
  const { settings } = stored.info.result;
  const { logP_T } = stored.score;
  const severity_N = new Float32Array(Math.ceil((end - start) / stepsPerCell)).fill(NaN);
  for (let t = start; t < end; t++) {
    const logP = logP_T[t] ?? NaN;
    if (Number.isNaN(logP)) continue;
    const n = Math.floor((t - start) / stepsPerCell);
    const severity = severityOf(logP, settings.significance);
    if (!(severity <= (severity_N[n] ?? NaN))) severity_N[n] = severity;
  }
  return { runId: stored.info.id, asset: series.asset, from: start, stepsPerCell, steps: end - start, severity_N };
}
