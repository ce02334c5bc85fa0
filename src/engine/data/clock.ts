import { EngineError } from '../errors.ts';
import { isNull } from './numbers.ts';
import { cellText, type Table } from './table.ts';
import { epochNs, epochUnit, patternOf, readTime, toNs, type EpochUnit, type Pattern, type WallTime } from './times.ts';
import type { ClockInfo, Gap, RolePlan } from './types.ts';
import { zoneReader } from './zones.ts';

/** Times of the rows of one asset. */
export type Timed = {
  /** Nanoseconds since 1970 UTC, in file order; null when rows are only numbered. */
  readonly ns: BigInt64Array | null;
  /** Rows in time order, stable; training rows stay before test rows. */
  readonly order: Uint32Array;
  /** Lines of rows that run back in time, and of rows that repeat a time. */
  readonly backLines: readonly number[];
  readonly repeatedLines: readonly number[];
  readonly info: ClockInfo;
  /** Median step; null when there is no usual step. */
  readonly stepNs: bigint | null;
  readonly irregular: boolean;
  readonly ambiguousOrder: 'day-first' | 'month-first' | null;
  /** True when some stamps have no zone of their own. */
  readonly naive: boolean;
  /** How the times are written, for the person. */
  readonly written: string;
};

type Reading = Pick<RolePlan, 'zone' | 'dateOrder'> & { readonly timeReading: RolePlan['timeReading'] };

/** A step counts as the usual one when it is within a fifth of it; a clock is regular when half of its steps are. */
const NEAR = 0.2;
const USUAL = 0.5;

export function numbered(rows: number, zone: string): Timed {
  const info = { firstNs: null, lastNs: null, stepMs: null, zone, gaps: null, duplicates: 0 };
  const order = new Uint32Array(rows);
  for (let r = 0; r < rows; r++) order[r] = r;
  const none = { ns: null, backLines: [], repeatedLines: [], stepNs: null, irregular: false };
  return { ...none, order, info, ambiguousOrder: null, naive: false, written: 'numbered rows' };
}

/** Reads the time of every row. Throws EngineError('bad-input', 'unparseable-timestamp') with the first bad line. */
export function readClock(table: Table, columns: readonly number[], reading: Reading, trainRows: number): Timed {
  if (columns.length === 0 || reading.timeReading === 'index') return numbered(table.rows, reading.zone);
  const cells = (row: number): string =>
    columns
      .map((c) => cellText(table.columns[c], row, { decimal: '.' }))
      .join(' ')
      .trim();
  const unit = numberUnit(table, columns, reading.timeReading ?? 'auto', cells);
  if (unit === 'none') return numbered(table.rows, reading.zone);
  const read = unit === null ? dates(table, cells, reading) : epochs(table, cells, unit);
  return { ...read, ...laidOut(read.ns, table, trainRows, reading.zone) };
}

type Read = { readonly ns: BigInt64Array } & Pick<Timed, 'ambiguousOrder' | 'naive' | 'written'>;

/** Unit of numeric times; null when the column holds dates; 'none' when its numbers are no times. */
function numberUnit(
  table: Table,
  columns: readonly number[],
  asked: NonNullable<RolePlan['timeReading']>,
  cells: (row: number) => string,
): EpochUnit | null | 'none' {
  let first = 0;
  while (first < table.rows && isNull(cells(first))) first++;
  if (columns.length > 1 || first === table.rows) return null;
  const value = Number(cells(first));
  if (Number.isNaN(value)) return null;
  if (asked !== 'auto' && asked !== 'index') return asked;
  if (patternOf(cells(first)) === 'compact' && epochUnit(value) === null) return null;
  if (patternOf(cells(first)) === 'compact' && table.columns[columns[0]].kind === 'text' && cells(first).length === 14)
    return null;
  return epochUnit(value) ?? 'none';
}

function bad(table: Table, row: number, cell: string, why: string): EngineError {
  const line = table.lines[row];
  const message = `${table.path}: line ${line} has "${cell.slice(0, 40)}" as its time, ${why}.`;
  const cure = 'Mend that line, or give the column another role; then rows are numbered.';
  return new EngineError('bad-input', 'unparseable-timestamp', message, cure, { file: table.path, line });
}

function epochs(table: Table, cells: (row: number) => string, unit: EpochUnit): Read {
  const ns = new BigInt64Array(table.rows);
  for (let row = 0; row < table.rows; row++) {
    const cell = cells(row);
    const at = epochNs(cell, unit);
    if (at === null)
      throw bad(table, row, cell, `not a number of ${unit} since ${unit === 'days' ? '1899-12-30' : '1970'}`);
    ns[row] = at;
  }
  return {
    ns,
    ambiguousOrder: null,
    naive: unit === 'days',
    written: unit === 'days' ? 'spreadsheet days' : `Unix time in ${unit}`,
  };
}

function dates(table: Table, cells: (row: number) => string, reading: Reading): Read {
  const first = cells(0);
  const pattern = patternOf(first);
  if (pattern === null) throw bad(table, 0, first, 'which is no date');
  const { dayFirst, ambiguous } = dateOrder(table, cells, pattern, reading.dateOrder);
  const toUtc = zoneReader(reading.zone);
  const ns = new BigInt64Array(table.rows);
  let naive = false;
  for (let row = 0; row < table.rows; row++) {
    const cell = cells(row);
    const time = readTime(cell, pattern, dayFirst);
    if (time === null) {
      throw bad(
        table,
        row,
        cell,
        patternOf(cell) === null ? 'which is no date' : 'written otherwise than the rows before',
      );
    }
    naive ||= time.offsetS === null;
    ns[row] = toNs(time, toUtc);
  }
  const written = pattern === 'iso' ? 'ISO 8601' : `dates such as ${first}`;
  const ambiguousOrder = ambiguous ? (dayFirst ? 'day-first' : 'month-first') : null;
  return { ns, ambiguousOrder, naive, written };
}

/**
 * Day or month first: as asked; else by a number above 12; else by which reading gives the more even spacing, day
 * first when both are equal.
 */
function dateOrder(
  table: Table,
  cells: (row: number) => string,
  pattern: Pattern,
  asked: RolePlan['dateOrder'],
): { dayFirst: boolean; ambiguous: boolean } {
  if (pattern !== 'slashed' && pattern !== 'dotted') return { dayFirst: true, ambiguous: false };
  const both = [true, false].map((dayFirst) => {
    const steps = new Map<number, number>();
    let before: WallTime | null = null;
    for (let row = 0; row < table.rows; row++) {
      const time = readTime(cells(row), pattern, dayFirst);
      if (time === null) return { fits: row, even: 0 };
      if (before !== null) steps.set(time.s - before.s, (steps.get(time.s - before.s) ?? 0) + 1);
      before = time;
    }
    let even = 0;
    for (const times of steps.values()) even = Math.max(even, times);
    return { fits: table.rows, even };
  });
  const [day, month] = both;
  const undecided = day.fits === table.rows && month.fits === table.rows;
  if (asked !== 'auto') return { dayFirst: asked === 'day-first', ambiguous: undecided };
  if (!undecided) return { dayFirst: day.fits >= month.fits, ambiguous: false };
  return { dayFirst: pattern === 'dotted' || day.even >= month.even, ambiguous: pattern === 'slashed' };
}

/** Sorts each part by time and finds the usual step, holes, repeated and backward times. */
function laidOut(
  ns: BigInt64Array,
  table: Table,
  trainRows: number,
  zone: string,
): Pick<Timed, 'order' | 'backLines' | 'repeatedLines' | 'info' | 'stepNs' | 'irregular'> {
  const order = Uint32Array.from({ length: ns.length }, (_, r) => r);
  const backLines: number[] = [];
  for (let r = 1; r < ns.length; r++) if (r !== trainRows && ns[r] < ns[r - 1]) backLines.push(table.lines[r]);
  const byTime = (a: number, b: number): number => (ns[a] < ns[b] ? -1 : ns[a] > ns[b] ? 1 : a - b);
  if (backLines.length > 0) {
    order.subarray(0, trainRows).sort(byTime);
    order.subarray(trainRows).sort(byTime);
  }
  const steps: number[] = [];
  const repeatedLines: number[] = [];
  for (let i = 1; i < order.length; i++) {
    if (i === trainRows) continue;
    const step = Number(ns[order[i]] - ns[order[i - 1]]);
    if (step === 0) repeatedLines.push(table.lines[order[i]]);
    else steps.push(step);
  }
  const median = medianOf(steps);
  const near = steps.filter((step) => Math.abs(step - median) <= NEAR * median).length;
  const irregular = steps.length > 0 && near < USUAL * steps.length;
  const usual = steps.length > 0 && !irregular;
  const gaps = usual ? gapsOf(ns, order, trainRows, median) : [];
  const info: ClockInfo = {
    firstNs: ns[order[0]],
    lastNs: ns[order[order.length - 1]],
    stepMs: usual ? median / 1e6 : null,
    zone,
    gaps: irregular ? null : gaps,
    duplicates: repeatedLines.length,
  };
  return { order, backLines, repeatedLines, info, stepNs: usual ? BigInt(Math.round(median)) : null, irregular };
}

function gapsOf(ns: BigInt64Array, order: Uint32Array, trainRows: number, step: number): Gap[] {
  const gaps: Gap[] = [];
  for (let i = 1; i < order.length; i++) {
    const [fromNs, toNs] = [ns[order[i - 1]], ns[order[i]]];
    const missing = Math.round(Number(toNs - fromNs) / step) - 1;
    if (i !== trainRows && missing > 0) gaps.push({ afterRow: i, fromNs, toNs, missing });
  }
  return gaps;
}

function medianOf(steps: readonly number[]): number {
  if (steps.length === 0) return NaN;
  const sorted = Float64Array.from(steps).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
