/** Tables of scores and events read back by readers that are not ours: papaparse for CSV, hyparquet for Parquet. */
import * as fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { eventsCsv, scoresCsv, stampOf } from './exports.ts';
import { eventsParquet, scoresParquet } from './exportsParquet.ts';
import type { EventRow, RunEvents } from './review.ts';
import type { RunArrays } from './tracks.ts';
import type { Clock, Series } from './types.ts';

const T = 12;
const NAMES = ['flow', '=cmd()', 'a "quoted", name\nof two lines', '水压'];

const clocks: fc.Arbitrary<Clock> = fc.oneof(
  fc.constant<Clock>({ kind: 'index' }),
  fc
    .tuple(fc.bigInt(-(10n ** 18n), 4n * 10n ** 18n), fc.bigInt(1n, 10n ** 14n))
    .map(([startNs, stepNs]): Clock => ({ kind: 'regular', startNs, stepNs, zone: 'UTC' })),
  fc.array(fc.bigInt(0n, 10n ** 18n), { minLength: T, maxLength: T }).map((times): Clock => ({
    kind: 'stamps',
    ns_T: BigInt64Array.from(times.sort((a, b) => (a < b ? -1 : 1))),
    zone: 'UTC',
  })),
);
const seriesList = fc.tuple(clocks, fc.boolean()).map(([clock, hasMade]): Series => ({
  ...{ asset: 'plant', T, covariates: [], columns: [], clock, contiguous: true, labels: null, causes: [] },
  sensors: NAMES.map((name) => ({ name, unit: '', system: '' })),
  ...{ train: { start: 0, end: 5 }, test: { start: 5, end: T } },
  ...(hasMade && { synthetic: [{ span: { start: 7, end: 9 }, sensors: [0] }] }),
}));

/** CSV has no word for the sign of zero, so none is made, and nothing so small that a quotient of it were one. */
const numbers = fc.double({ noDefaultInfinity: true }).map((n) => (Math.abs(n) < 1e-300 ? 0 : n));
const runs = fc
  .tuple(fc.float64Array({ minLength: T, maxLength: T }), fc.array(numbers, { minLength: T, maxLength: T }))
  .map(([score_T, logs]) => ({
    score: {
      score_T: score_T.map((n) => (Object.is(n, -0) || !Number.isFinite(n) ? NaN : n)),
      logP_T: Float64Array.from(logs),
    },
  })) as fc.Arbitrary<unknown> as fc.Arbitrary<RunArrays>;

const tops = fc
  .uniqueArray(fc.nat({ max: NAMES.length - 1 }), { maxLength: 3 })
  .chain((sensors) =>
    fc.tuple(
      ...sensors.map((sensor) => fc.double({ min: 0, max: 1, noNaN: true }).map((share) => ({ sensor, share }))),
    ),
  );
const results = fc
  .tuple(
    numbers.filter((n) => !Number.isNaN(n)),
    fc.array(
      fc.record({
        at: fc.nat({ max: T - 1 }),
        length: fc.integer({ min: 1, max: 3 }),
        ...{ severity: numbers, score: numbers, logP: numbers },
        system: fc.constantFrom('', 'pump, "A"', '@sum'),
        top: tops,
        labelled: fc.option(fc.double({ min: 0, max: 1, noNaN: true }).map((n) => n + 0)),
      }),
      { maxLength: 4 },
    ),
  )
  .map(([value, list]) => ({
    threshold: { value, rule: 'gamma', source: 'training scores', oracle: false },
    events: list.map(({ at, length, ...rest }, n) => ({
      ...{ start: at, end: Math.min(T, at + length), number: n + 1, flagged: 1, ...rest },
    })),
  })) as fc.Arbitrary<unknown> as fc.Arbitrary<RunEvents>;

/** What a spreadsheet would run has an apostrophe before it: the one change that CSV makes. */
const guarded = (name: string): string => (/^[=+\-@\t\r]/.test(name) ? `'${name}` : name);

const csvRows = (text: string): Record<string, string>[] => {
  const { data, errors } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  expect(errors).toEqual([]);
  return data;
};
const fromCsv = (cell: string): number | null => (cell === '' ? null : Number(cell));
const orNull = (value: number | null): number | null => (value === null || Number.isNaN(value) ? null : value);
const nanos = { timestampFromNanoseconds: (ns: bigint) => ns };
const parquetRows = (file: ArrayBuffer): Promise<Record<string, unknown>[]> =>
  parquetReadObjects({ file, parsers: nanos });
const nsOf = (clock: Clock, t: number): bigint | undefined =>
  clock.kind === 'index'
    ? undefined
    : clock.kind === 'regular'
      ? clock.startNs + BigInt(t) * clock.stepNs
      : clock.ns_T[t];

const madeAt = (series: Series, start: number, end: number): boolean | undefined =>
  series.synthetic === undefined ? undefined : start < 9 && end > 7;
const eventAt = ({ events }: RunEvents, t: number): number | null =>
  events.findLast(({ start, end }) => t >= start && t < end)?.number ?? null;

/** A row of the table of scores as both files must give it. */
const scoreRow = (series: Series, run: RunArrays, result: RunEvents, t: number) => ({
  step: t,
  part: t < 5 ? 'train' : 'test',
  score: orNull(run.score.score_T[t]),
  log10: orNull(run.score.logP_T[t] / Math.LN10),
  flagged: run.score.score_T[t] > result.threshold.value,
  event: eventAt(result, t),
  synthetic: madeAt(series, t, t + 1),
});

const eventRow = (series: Series, e: EventRow) => ({
  ...{ event: e.number, start: e.start, end: e.end, flagged: e.flagged },
  ...{ severity: orNull(e.severity), peak: orNull(e.score), log10: orNull(e.logP / Math.LN10) },
  labelled: e.labelled,
  synthetic: madeAt(series, e.start, e.end),
});

const flag = (cell: string | undefined): boolean | undefined => (cell === undefined ? undefined : cell === '1');

describe('a table of scores', () => {
  it('comes back from CSV to the last bit', () => {
    fc.assert(
      fc.property(seriesList, runs, results, (series, run, result) => {
        const rows = csvRows(scoresCsv(series, run, result));
        const read = rows.map((row) => ({
          ...{ step: Number(row['step']), part: row['part'], score: fromCsv(row['score']) },
          ...{ log10: fromCsv(row['log10_tail_probability']), flagged: flag(row['flagged']) },
          ...{ event: fromCsv(row['event']), synthetic: flag(row['synthetic']) },
        }));
        expect(read).toEqual(Array.from({ length: T }, (_, t) => scoreRow(series, run, result, t)));
        expect(rows.map((row) => row['time'])).toEqual(rows.map((_, t) => stampOf(series.clock, t) ?? ''));
      }),
    );
  });

  it('comes back from Parquet to the last bit and the last nanosecond', async () => {
    await fc.assert(
      fc.asyncProperty(seriesList, runs, results, async (series, run, result) => {
        const rows = await parquetRows(scoresParquet(series, run, result));
        const read = rows.map(({ time, log10_tail_probability, ...row }) => ({
          ...row,
          log10: log10_tail_probability,
          synthetic: row['synthetic'],
        }));
        expect(read).toEqual(Array.from({ length: T }, (_, t) => scoreRow(series, run, result, t)));
        expect(rows.map(({ time }) => time)).toEqual(rows.map((_, t) => nsOf(series.clock, t)));
      }),
    );
  });
});

describe('a table of events', () => {
  it('comes back from CSV to the last bit, its header says half-open', () => {
    fc.assert(
      fc.property(seriesList, results, (series, result) => {
        const rows = csvRows(eventsCsv(series, result));
        const read = rows.map((row) => ({
          ...{ event: Number(row['event']), start: Number(row['start_step']), end: Number(row['end_step_exclusive']) },
          flagged: Number(row['flagged_steps']),
          ...{ severity: fromCsv(row['severity']), peak: fromCsv(row['peak_score']) },
          ...{ log10: fromCsv(row['log10_tail_probability']), labelled: fromCsv(row['labelled_share']) },
          synthetic: flag(row['synthetic']),
        }));
        expect(read).toEqual(result.events.map((event) => eventRow(series, event)));
        result.events.forEach(({ system, top, start, end }, n) => {
          expect(rows[n]['first_system']).toBe(guarded(system));
          for (const { sensor } of top) expect(rows[n]['sensors']).toContain(NAMES[sensor]);
          expect(rows[n]['start_time']).toBe(stampOf(series.clock, start) ?? '');
          expect(rows[n]['last_time']).toBe(stampOf(series.clock, end - 1) ?? '');
        });
      }),
    );
  });

  it('comes back from Parquet with sensors and shares, and says where its threshold came from', async () => {
    await fc.assert(
      fc.asyncProperty(seriesList, results, async (series, result) => {
        const file = eventsParquet(series, result);
        const rows = await parquetRows(file);
        const read = rows.map((row) => ({
          ...{ event: row['event'], start: row['start_step'], end: row['end_step_exclusive'] },
          ...{ flagged: row['flagged_steps'], severity: row['severity'], peak: row['peak_score'] },
          ...{ log10: row['log10_tail_probability'], labelled: row['labelled_share'], synthetic: row['synthetic'] },
        }));
        expect(read).toEqual(result.events.map((event) => eventRow(series, event)));
        result.events.forEach(({ system, top, start, end }, n) => {
          expect(rows[n]['first_system']).toBe(system);
          const named = top.map(({ sensor, share }) => ({ name: NAMES[sensor], share }));
          expect(JSON.parse(String(rows[n]['sensors']))).toEqual(JSON.parse(JSON.stringify(named)));
          expect([rows[n]['start_time'], rows[n]['last_time']]).toEqual([
            nsOf(series.clock, start),
            nsOf(series.clock, end - 1),
          ]);
        });
        const said = parquetMetadata(file).key_value_metadata?.map(({ key }) => key);
        expect(said).toEqual(['asset', 'threshold']);
      }),
    );
  });
});
