import { isNull, isNumeric, toBoolean, toNumber, type NumberStyle } from './numbers.ts';
import { isTimeName, looksLikeTime } from './sniff.ts';
import { cellText, type Cells, type Table } from './table.ts';
import { epochUnit } from './times.ts';
import type { ColumnType } from './types.ts';

/** A column after its type is known. `values` are numbers (booleans as 1 and 0); null for text. */
export type Typed = {
  readonly cells: Cells;
  readonly type: ColumnType;
  readonly values: Float64Array | null;
  readonly missing: number;
  readonly constant: boolean;
  /** True when at least two rows hold a value and all of them hold the same. */
  readonly min: number;
  readonly max: number;
  readonly distinct: number;
  /** Rows whose value differs from the one before. */
  readonly changes: number;
};

const MANY = 50;

export function typed(cells: Cells, { style, hasHeader }: Pick<Table, 'style' | 'hasHeader'>): Typed {
  const type = typeOf(cells, style, hasHeader);
  const values = type === 'number' || type === 'boolean' ? numbersOf(cells, style) : null;
  return { cells, type, values, ...(values === null ? textStats(cells) : numberStats(values)) };
}

function typeOf(cells: Cells, style: NumberStyle, hasHeader: boolean): ColumnType {
  if (cells.kind === 'number') return 'number';
  const sample = cells.cells.slice(0, 500).filter((cell) => !isNull(cell));
  if (looksLikeTime(hasHeader ? cells.name : '', sample)) return 'timestamp';
  if (sample.length === 0) return cells.cells.every(isNull) ? 'number' : 'text';
  const all = (test: (cell: string) => boolean): boolean =>
    sample.every(test) && cells.cells.every((c) => isNull(c) || test(c));
  if (all((cell) => isNumeric(cell, style))) return 'number';
  return all((cell) => !Number.isNaN(toBoolean(cell))) ? 'boolean' : 'text';
}

/** Numbers of any column; NaN where a cell is neither number nor truth value. */
export function numbersOf(cells: Cells, style: NumberStyle): Float64Array {
  if (cells.kind === 'number') return cells.values;
  return Float64Array.from(cells.cells, (cell) => {
    const value = toNumber(cell, style);
    if (Number.isNaN(value)) return isNull(cell) ? NaN : toBoolean(cell);
    return Number.isFinite(value) ? value : NaN;
  });
}

type Stats = Pick<Typed, 'missing' | 'constant' | 'min' | 'max' | 'distinct' | 'changes'>;

function numberStats(values: Float64Array): Stats {
  let missing = 0;
  let min = Infinity;
  let max = -Infinity;
  let changes = 0;
  let before = NaN;
  const seen = new Set<number>();
  for (const value of values) {
    if (Number.isNaN(value)) {
      missing++;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === before) continue;
    if (!Number.isNaN(before)) changes++;
    before = value;
    if (seen.size < MANY) seen.add(value);
  }
  const none = missing === values.length;
  const constant = !none && min === max && values.length - missing > 1;
  return { missing, constant, min: none ? NaN : min, max: none ? NaN : max, distinct: seen.size, changes };
}

function textStats(cells: Cells): Stats {
  const list = cells.kind === 'text' ? cells.cells : [];
  const seen = new Set<string>();
  let missing = 0;
  let changes = 0;
  let before: string | null = null;
  for (const cell of list) {
    if (isNull(cell)) missing++;
    else {
      if (before !== null && cell !== before) changes++;
      before = cell;
      if (seen.size < MANY) seen.add(cell);
    }
  }
  return { missing, constant: seen.size === 1 && list.length > 1, min: NaN, max: NaN, distinct: seen.size, changes };
}

/** Numbers that spreadsheets would show as dates: the days of 1954 to 2173 fall between 20 000 and 100 000. */
export const looksLikeDays = (column: Typed): boolean =>
  column.type === 'number' && isTimeName(column.cells.name) && column.min >= 20_000 && column.max < 100_000;

/** Whole numbers that rise by one from row to row; at row `border` another file begins, which may count anew. */
export function countsRows({ values }: Typed, border: number | null): boolean {
  if (values === null || values.length < 2) return false;
  return values.every((value, i) => i === 0 || i === border || value - values[i - 1] === 1);
}

/** Never falls from row to row; it may where another file begins, at row `border`. */
export function rises({ values }: Typed, border: number | null): boolean {
  return (
    values?.every((value, i) => !Number.isNaN(value) && (i === 0 || i === border || value >= values[i - 1])) ?? false
  );
}

export const isEpochSized = ({ min, max }: Typed): boolean => epochUnit(min) !== null && epochUnit(max) !== null;

const isClockOnly = (cell: string): boolean => /^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?$/.test(cell);

/** A column of times of day, to be joined with a column of dates. */
export const isTimeOfDay = ({ cells }: Typed): boolean =>
  cells.kind === 'text' && cells.cells.length > 0 && cells.cells.every((cell) => isClockOnly(cell.trim()));

export const isDateOnly = ({ cells, type }: Typed): boolean =>
  type === 'timestamp' && cells.kind === 'text' && cells.cells.every((cell) => isNull(cell) || !cell.includes(':'));

/** Minimum and maximum of 60 equal parts, NaN where a part has no value; of fewer rows, each fills several parts. */
export function spark(values: Float64Array | null): Float32Array {
  const parts = 60;
  const out = new Float32Array(parts * 2).fill(NaN);
  if (values === null) return out;
  for (let part = 0; part < parts; part++) {
    const from = Math.floor((part * values.length) / parts);
    const to = Math.min(values.length, Math.max(from + 1, Math.floor(((part + 1) * values.length) / parts)));
    for (let i = from; i < to; i++) {
      const value = values[i];
      if (Number.isNaN(value)) continue;
      if (!(out[part * 2] <= value)) out[part * 2] = value;
      if (!(out[part * 2 + 1] >= value)) out[part * 2 + 1] = value;
    }
  }
  return out;
}

export const firstCell = (cells: Cells, style: NumberStyle): string => {
  const length = cells.kind === 'text' ? cells.cells.length : cells.values.length;
  return length > 0 ? cellText(cells, 0, style) : '';
};
