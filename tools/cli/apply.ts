/** A finished run put to use: on its own data again, or on other data of the same sensors. */
import type { Bundle, Facts } from '../../src/engine/bundle/bundle.ts';
import { seriesDigest } from '../../src/engine/bundle/digest.ts';
import { EngineError } from '../../src/engine/errors.ts';
import { scoreWith } from '../../src/engine/pipeline.ts';
import { reviewEvents } from '../../src/engine/review.ts';
import type { EventSettings, RunEvents } from '../../src/engine/review.ts';
import type { RunArrays } from '../../src/engine/tracks.ts';
import type { Series } from '../../src/engine/types.ts';
import { setupOf } from '../../src/workers/engines.ts';
import { Job } from '../../src/workers/jobs.ts';
import type { RolePlan, SourceReport } from '../../src/engine/data/types.ts';
import type { JobUpdate } from '../../src/workers/protocol.ts';
import { startBackend } from './backend.ts';

export type Applied = {
  readonly series: Series;
  readonly run: RunArrays;
  readonly result: RunEvents;
  readonly isOwn: boolean;
};

/** The run's own plan for its own files; else roles by name, where other columns keep what was guessed but are no sensors. */
export function planLike({ checksum, columns, plan }: SourceReport, { data }: Pick<Facts, 'data'>): RolePlan {
  if (checksum === data.checksum && data.plan !== null) return data.plan;
  const channels = (role: 'sensor' | 'covariate', list: Facts['data']['sensors']) =>
    list.map(({ name, unit, system }) => [name, { role, unit, system }] as const);
  const known = new Map([...channels('sensor', data.sensors), ...channels('covariate', data.covariates)]);
  return {
    ...plan,
    columns: columns.map(({ name }, c) => {
      const guessed = plan.columns[c];
      const own = known.get(name);
      const rest = guessed.role === 'time' || guessed.role === 'label' ? guessed.role : 'ignore';
      return own ? { ...guessed, ...own } : { ...guessed, role: rest };
    }),
  };
}

const missing = (names: readonly string[], { data }: Facts): EngineError =>
  new EngineError(
    'bad-input',
    'other-sensors',
    `the data has no ${names.slice(0, 5).join(', ')}${names.length > 5 ? `, … (${names.length} in all)` : ''}, on which the run of ${data.asset} was made`,
    'Score data with the same columns.',
  );

/** The run's channels in the run's order. Throws EngineError('bad-input', 'other-sensors') where one is not there. */
export function arranged(series: Series, facts: Facts): Series {
  const names = [...series.sensors, ...series.covariates].map(({ name }) => name);
  const wanted = [...facts.data.sensors, ...facts.data.covariates].map(({ name }) => name);
  const absent = wanted.filter((name) => !names.includes(name));
  if (absent.length > 0) throw missing(absent, facts);
  const { sensors, covariates } = facts.data;
  return {
    ...series,
    sensors,
    covariates,
    columns: wanted.map((name) => series.columns[names.indexOf(name)]),
    causes: [],
  };
}

/** Every step is judged. */
const asOther = (series: Series): Series => ({
  ...series,
  train: { start: 0, end: 0 },
  test: { start: 0, end: series.T },
});

/** On other data the run's threshold stays what it is: a number. Rules that need training scores have none there. */
const settingsFor = ({ result }: Bundle, change: Partial<EventSettings>, isOwn: boolean): EventSettings => ({
  ...result.settings,
  ...(!isOwn && { rule: 'manual', manual: result.threshold.value }),
  ...change,
});

/**
 * Scores and events of a run on a series. On its own data these are the run's own; on other data its model, scale and
 * head are used as they are, and nothing is learned. `change` is of the event settings.
 */
export async function applied(
  bundle: Bundle,
  series: Series,
  change: Partial<EventSettings>,
  { tell, signal }: { readonly tell: (update: JobUpdate) => void; readonly signal: AbortSignal },
): Promise<Applied> {
  const { facts, arrays, headState, weights, mean_F } = bundle;
  if ((await seriesDigest(series)) === facts.data.series) {
    const result = reviewEvents(series, arrays, headState, settingsFor(bundle, change, true));
    return { series, run: arrays, result, isOwn: true };
  }
  const other = asOther(arranged(series, facts));
  await startBackend(facts.run.backend as Parameters<typeof startBackend>[0]);
  const job = new Job('score', tell);
  signal.throwIfAborted();
  const stop = (): void => job.cancel();
  signal.addEventListener('abort', stop, { once: true });
  const learned = { scaler: arrays.scaler, mean_F };
  const setup = setupOf({ ...facts.job, imputation: facts.job.imputation });
  try {
    const run = await scoreWith(other, setup, weights, headState, job.run(facts.job.seed), learned);
    const result = reviewEvents(other, run, headState, settingsFor(bundle, change, false));
    return { series: other, run, result, isOwn: false };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
