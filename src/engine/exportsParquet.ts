/** Scores as a Parquet table: for data frames and warehouses, with the same columns as the CSV. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ParquetWriteOptions } from 'hyparquet-writer';
import { syntheticSteps } from './exports.ts';
import type { RunEvents } from './review.ts';
import type { RunArrays } from './tracks.ts';
import type { Clock, Series } from './types.ts';

type Schema = NonNullable<ParquetWriteOptions['schema']>;
type Column = { readonly element: Schema[number]; readonly data: unknown[] };

/** Nanoseconds since 1970 of each step as the clock has them; null for numbered steps. */
function stampsOf(clock: Clock, T: number): bigint[] | null {
  if (clock.kind === 'index') return null;
  return Array.from({ length: T }, (_, t) =>
    clock.kind === 'regular' ? clock.startNs + BigInt(t) * clock.stepNs : clock.ns_T[t],
  );
}

/** A number of a table; a score that no sensor speaks for is missing there, not a number. */
const finite = (value: number): number | null => (Number.isNaN(value) ? null : value);

function columnsOf(series: Series, { score }: RunArrays, { threshold, events }: RunEvents): Column[] {
  const { T, clock, test } = series;
  const event_T = new Int32Array(T);
  for (const { start, end, number } of events) event_T.fill(number, start, end);
  const stamps = stampsOf(clock, T);
  const synthetic_T = syntheticSteps(series);
  const steps = Array.from({ length: T }, (_, t) => t);
  const optional = 'OPTIONAL';
  const required = 'REQUIRED';
  return [
    { element: { name: 'step', type: 'INT32', repetition_type: required }, data: steps },
    ...(stamps
      ? [
          {
            // Exact: milliseconds, which other exports are content with, would round fast clocks.
            element: {
              ...{ name: 'time', type: 'INT64', repetition_type: required },
              logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' },
            } as Schema[number],
            data: stamps,
          },
        ]
      : []),
    {
      element: { name: 'part', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: required },
      data: steps.map((t) => (t >= test.start && t < test.end ? 'test' : 'train')),
    },
    {
      element: { name: 'score', type: 'DOUBLE', repetition_type: optional },
      data: Array.from(score.score_T, finite),
    },
    {
      element: { name: 'log10_tail_probability', type: 'DOUBLE', repetition_type: optional },
      data: Array.from(score.logP_T, (logP) => finite(logP / Math.LN10)),
    },
    {
      element: { name: 'flagged', type: 'BOOLEAN', repetition_type: required },
      data: Array.from(score.score_T, (value) => value > threshold.value),
    },
    {
      element: { name: 'event', type: 'INT32', repetition_type: optional },
      data: Array.from(event_T, (number) => number || null),
    },
    ...(synthetic_T
      ? [
          {
            element: { name: 'synthetic', type: 'BOOLEAN', repetition_type: required } as Schema[number],
            data: Array.from(synthetic_T, Boolean),
          },
        ]
      : []),
  ];
}

/** Where flags come from, as JSON. */
const originOf = ({ threshold: { value, rule, source } }: RunEvents): string => JSON.stringify({ value, rule, source });

/** One row a step. `time` is in nanoseconds UTC; `event` is the rank of the event that holds the step, if any. */
export function scoresParquet(series: Series, run: RunArrays, result: RunEvents): ArrayBuffer {
  const columns = columnsOf(series, run, result);
  return parquetWriteBuffer({
    columnData: columns.map(({ element, data }) => ({ name: element.name, data })),
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(({ element }) => element)],
    createdBy: 'telltale',
    kvMetadata: [
      { key: 'asset', value: series.asset },
      { key: 'threshold', value: originOf(result) },
    ],
  });
}
