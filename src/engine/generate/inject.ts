/** Puts generated anomalies into a series. What is put in is a change on labelled steps, so that labels stay exact. */
import { EngineError } from '../errors.ts';
import type { Column, Series, Span } from '../types.ts';
import { sensorAt } from './seriesSamples.ts';

export type Injection = {
  readonly sensor: number;
  /** Row where the window begins. */
  readonly start: number;
  /** What is added to the sensor's values where the mask is 1, in its own units, [T]. */
  readonly change_T: ArrayLike<number>;
  /** 1 at the steps that become anomalous, [T]. */
  readonly mask_T: ArrayLike<number>;
};

/** Adds the change of each injection to its sensor; gaps stay gaps. Windows must lie inside the series. */
export function withChanges(columns: readonly Column[], injections: readonly Injection[]): Column[] {
  const changed = new Map<number, Column>();
  for (const { sensor, start, change_T, mask_T } of injections) {
    const own = changed.get(sensor) ?? columns[sensor].slice();
    changed.set(sensor, own);
    for (let t = 0; t < mask_T.length; t++) if (mask_T[t] > 0) own[start + t] += change_T[t];
  }
  return columns.map((column, n) => changed.get(n) ?? column);
}

/** Sorted and disjoint ranges that cover the same steps. */
export function merged(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last && span.start <= last.end) out[out.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else out.push(span);
  }
  return out;
}

/** Runs of masked steps of a window that begins at `start`. */
function maskedRuns(mask_T: ArrayLike<number>, start: number): Span[] {
  return merged(
    Array.from({ length: mask_T.length }, (_, t) => t)
      .filter((t) => mask_T[t] > 0)
      .map((t) => ({ start: start + t, end: start + t + 1 })),
  );
}

/**
 * The series with one anomaly more, which is labelled, has its sensor for a cause, and is marked as synthetic for good.
 * Throws EngineError('bad-input'): 'no-such-sensor', 'no-room' where the window reaches over the ends of the series,
 * 'empty-mask', 'nothing-measured' where the sensor has no value at any masked step.
 */
export function inject(series: Series, injection: Injection): Series {
  const { sensor, start, mask_T } = injection;
  sensorAt(series, sensor);
  if (!Number.isInteger(start) || start < 0 || start + mask_T.length > series.T)
    throw new EngineError(
      'bad-input',
      'no-room',
      `a window of ${mask_T.length} steps from step ${start} on does not lie in ${series.asset} (${series.T} steps)`,
      `Choose a start from 0 to ${series.T - mask_T.length}.`,
    );
  const runs = maskedRuns(mask_T, start);
  if (runs.length === 0)
    throw new EngineError('bad-input', 'empty-mask', 'no step is painted', 'Paint where the anomaly shall be.');
  const steps = runs.flatMap((run) => Array.from({ length: run.end - run.start }, (_, n) => run.start + n));
  if (steps.every((t) => Number.isNaN(series.columns[sensor][t])))
    throw new EngineError(
      'bad-input',
      'nothing-measured',
      `${series.sensors[sensor].name} has no value there`,
      'Choose a place where the sensor was recorded.',
    );
  const marks = runs.map((span) => ({ span, sensors: [sensor] }));
  return {
    ...series,
    columns: withChanges(series.columns, [injection]),
    labels: merged([...(series.labels ?? []), ...runs]),
    causes: [...series.causes, ...marks],
    synthetic: [...(series.synthetic ?? []), ...marks],
  };
}
