/** Scores and events as Parquet tables: for data frames and warehouses, with the same columns as the CSV. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ParquetWriteOptions } from 'hyparquet-writer';
import { syntheticSteps } from './exports.ts';
import type { RunEvents } from './review.ts';
import type { RunArrays } from './tracks.ts';
import type { Clock, Series } from './types.ts';

type Schema = NonNullable<ParquetWriteOptions['schema']>;
type Column = { readonly element: Schema[number]; readonly data: unknown[] };

/** Nanoseconds since 1970 of a step of a clock that has times. */
const nsOf = (clock: Exclude<Clock, { kind: 'index' }>, step: number): bigint =>
  clock.kind === 'regular' ? clock.startNs + BigInt(step) * clock.stepNs : clock.ns_T[step];

/** A number of a table; a score that no sensor speaks for is missing there, not a number. */
const finite = (value: number): number | null => (Number.isNaN(value) ? null : value);

const INT = (name: string): Schema[number] => ({ name, type: 'INT32', repetition_type: 'REQUIRED' });
const REAL = (name: string): Schema[number] => ({ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' });
const TEXT = (name: string): Schema[number] => ({
  ...{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
});

/** Exact: milliseconds, which other exports are content with, would round fast clocks. */
const TIME = (name: string): Schema[number] => ({
  ...{ name, type: 'INT64', repetition_type: 'REQUIRED' },
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' },
});
const FLAG = (name: string): Schema[number] => ({ name, type: 'BOOLEAN', repetition_type: 'REQUIRED' });

function scoreColumns(series: Series, { score }: RunArrays, { threshold, events }: RunEvents): Column[] {
  const { T, clock, test } = series;
  const event_T = new Int32Array(T);
  for (const { start, end, number } of events) event_T.fill(number, start, end);
  const synthetic_T = syntheticSteps(series);
  const steps = Array.from({ length: T }, (_, t) => t);
  return [
    { element: INT('step'), data: steps },
    ...(clock.kind === 'index' ? [] : [{ element: TIME('time'), data: steps.map((t) => nsOf(clock, t)) }]),
    { element: TEXT('part'), data: steps.map((t) => (t >= test.start && t < test.end ? 'test' : 'train')) },
    { element: REAL('score'), data: Array.from(score.score_T, finite) },
    {
      element: REAL('log10_tail_probability'),
      data: Array.from(score.logP_T, (logP) => finite(logP / Math.LN10)),
    },
    { element: FLAG('flagged'), data: Array.from(score.score_T, (value) => value > threshold.value) },
    {
      element: { name: 'event', type: 'INT32', repetition_type: 'OPTIONAL' },
      data: Array.from(event_T, (number) => number || null),
    },
    ...(synthetic_T ? [{ element: FLAG('synthetic'), data: Array.from(synthetic_T, Boolean) }] : []),
  ];
}

function eventColumns(series: Series, { events }: RunEvents): Column[] {
  const { clock, sensors } = series;
  const synthetic_T = syntheticSteps(series);
  const column = (element: Schema[number], read: (event: RunEvents['events'][number]) => unknown): Column => ({
    element,
    data: events.map(read),
  });
  return [
    column(INT('event'), (e) => e.number),
    column(INT('start_step'), (e) => e.start),
    column(INT('end_step_exclusive'), (e) => e.end),
    ...(clock.kind === 'index'
      ? []
      : [
          column(TIME('start_time'), (e) => nsOf(clock, e.start)),
          column(TIME('last_time'), (e) => nsOf(clock, e.end - 1)),
        ]),
    column(INT('flagged_steps'), (e) => e.flagged),
    column(REAL('severity'), (e) => finite(e.severity)),
    column(REAL('peak_score'), (e) => finite(e.score)),
    column(REAL('log10_tail_probability'), (e) => finite(e.logP / Math.LN10)),
    column(TEXT('first_system'), (e) => e.system),
    // A list of its own would need nested columns, which few tables read: JSON in a text, as the names may hold anything.
    column(TEXT('sensors'), (e) =>
      JSON.stringify(e.top.map(({ sensor, share }) => ({ name: sensors[sensor].name, share: finite(share) }))),
    ),
    column(REAL('labelled_share'), (e) => e.labelled),
    ...(synthetic_T ? [column(FLAG('synthetic'), (e) => synthetic_T.subarray(e.start, e.end).includes(1))] : []),
  ];
}

/** Where flags come from, as JSON. */
const originOf = ({ threshold: { value, rule, source } }: RunEvents): string => JSON.stringify({ value, rule, source });

const fileOf = (columns: readonly Column[], series: Series, result: RunEvents): ArrayBuffer =>
  parquetWriteBuffer({
    columnData: columns.map(({ element, data }) => ({ name: element.name, data })),
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(({ element }) => element)],
    createdBy: 'telltale',
    kvMetadata: [
      { key: 'asset', value: series.asset },
      { key: 'threshold', value: originOf(result) },
    ],
  });

/** One row a step. `time` is in nanoseconds UTC; `event` is the rank of the event that holds the step, if any. */
export const scoresParquet = (series: Series, run: RunArrays, result: RunEvents): ArrayBuffer =>
  fileOf(scoreColumns(series, run, result), series, result);

/** One row an event, the worst first; steps half-open, times of the first and the last step. */
export const eventsParquet = (series: Series, result: RunEvents): ArrayBuffer =>
  fileOf(eventColumns(series, result), series, result);
