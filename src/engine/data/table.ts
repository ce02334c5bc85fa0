import { EngineError } from '../errors.ts';
import { LIMITS, within } from './limits.ts';
import { isNull, toNumber, type NumberStyle } from './numbers.ts';

/** A column of numbers. Cells that are no numbers are NaN here; what they said is in `written` as far as it is kept. */
export type NumberCells = {
  readonly kind: 'number';
  readonly name: string;
  readonly values: Float64Array;
  /** Row → cell as written, for cells that are not plain numbers (first `KEPT` of them). */
  readonly written: ReadonlyMap<number, string>;
  /** Rows with text that means neither a number nor "missing". */
  readonly oddRows: readonly number[];
  /** Rows with inf, or a number too large for a double. */
  readonly infiniteRows: readonly number[];
};

/** A column kept as text, trimmed; null words are kept as written. */
export type TextCells = { readonly kind: 'text'; readonly name: string; readonly cells: readonly string[] };

export type Cells = NumberCells | TextCells;

/** A table as read from one file (or one entry of an archive). */
export type Table = {
  readonly path: string;
  readonly rows: number;
  readonly columns: readonly Cells[];
  /** 1-based physical line of each row. */
  readonly lines: Uint32Array;
  readonly hasHeader: boolean;
  readonly style: NumberStyle;
  readonly facts: readonly string[];
  readonly notes: readonly ReadNote[];
  /** Units as a row under the names or a header says; '' where none. */
  readonly units: readonly string[];
};

/** Something met while reading, as a warning code with its place. */
export type ReadNote = { readonly code: string; readonly lines: readonly number[]; readonly detail: string };

const KEPT = 10_000;
const INTERNED = 4096;

export type TableBuilder = {
  /** 1 where the column is kept as text. */
  readonly isText: Uint8Array;
  /** Number columns, by index; grown before each row that needs it, so fetch it again after `startRow`. */
  readonly numbers: Float64Array[];
  readonly startRow: () => number;
  /** Stores a trimmed cell that the fast path could not read as a plain number, or any cell of a text column. */
  readonly cell: (column: number, text: string, line: number) => void;
  /** Ends the row; cells from `filled` on become missing. `extra` is the first cell too many that holds something. */
  readonly endRow: (line: number, filled: number, extra: string | null) => void;
  readonly finish: (rest: Omit<Table, 'rows' | 'columns' | 'lines' | 'notes'>, notes: readonly ReadNote[]) => Table;
};

/** Collects rows column by column. `textColumns` are kept as text from the start so that nothing is rounded. */
export function tableBuilder(
  file: string,
  names: readonly string[],
  textColumns: readonly boolean[],
  style: NumberStyle,
  expectedRows: number,
): TableBuilder {
  const width = names.length;
  within(width, LIMITS.columns, 'columns', file, 'Keep the columns that matter, or transpose it.');
  let capacity = Math.max(16, Math.min(expectedRows, Math.floor(LIMITS.cells / Math.max(1, width))));
  let row = 0;
  const isText = Uint8Array.from(textColumns, Number);
  const numbers: Float64Array[] = names.map((_, c) => new Float64Array(isText[c] === 1 ? 0 : capacity));
  let lines = new Uint32Array(capacity);
  const texts = names.map((): string[] => []);
  const interned = names.map(() => new Map<string, string>());
  const written = names.map(() => new Map<number, string>());
  const oddRows = names.map((): number[] => []);
  const infiniteRows = names.map((): number[] => []);
  const raggedLines: number[] = [];

  const startRow = (): number => {
    if (row < capacity) return row;
    within((row + 1) * width, LIMITS.cells, 'cells', file, 'Keep fewer columns, or split it by time.');
    capacity = Math.min(capacity * 2, Math.ceil(LIMITS.cells / width) + 1);
    for (let c = 0; c < width; c++) if (isText[c] === 0) numbers[c] = grown(numbers[c], capacity);
    const more = new Uint32Array(capacity);
    more.set(lines);
    lines = more;
    return row;
  };
  const keep = (c: number, text: string): string => {
    const known = interned[c].get(text);
    if (known !== undefined) return known;
    if (interned[c].size < INTERNED) interned[c].set(text, text);
    return text;
  };
  const turnToText = (c: number): void => {
    isText[c] = 1;
    texts[c] = Array.from(numbers[c].subarray(0, row), (value, r) => {
      return written[c].get(r) ?? (Number.isNaN(value) ? '' : String(value).replace('.', style.decimal));
    });
    numbers[c] = new Float64Array(0);
  };
  const cell = (c: number, text: string, line: number): void => {
    if (text.includes('\0')) throw binary(file, line);
    if (isText[c] === 1) {
      texts[c].push(keep(c, text));
      return;
    }
    const value = toNumber(text, style);
    numbers[c][row] = Number.isFinite(value) ? value : NaN;
    if (Number.isFinite(value)) return;
    if (text !== '' && written[c].size < KEPT) written[c].set(row, keep(c, text));
    if (!Number.isNaN(value)) infiniteRows[c].push(row);
    else if (!isNull(text)) oddRows[c].push(row);
    if (oddRows[c].length > 20 + row / 20) {
      turnToText(c);
      texts[c].push(keep(c, text));
    }
  };
  const endRow = (line: number, filled: number, extra: string | null): void => {
    if (extra !== null) {
      const why = `line ${line} has more cells than there are columns (${width}); the first one too many is "${extra.slice(0, 40)}"`;
      const cure = 'Check for an unquoted separator or a decimal comma in that line, then mend it.';
      throw new EngineError('bad-input', 'too-many-cells', `${file}: ${why}.`, cure, { file, line });
    }
    if (filled < width) raggedLines.push(line);
    for (let c = filled; c < width; c++) {
      if (isText[c] === 1) texts[c].push('');
      else numbers[c][row] = NaN;
    }
    lines[row++] = line;
  };
  const finish: TableBuilder['finish'] = (rest, notes) => {
    const ragged = {
      code: 'ragged-rows',
      lines: raggedLines,
      detail: 'shorter than the header; read as missing values',
    };
    const columns = names.map((name, c): Cells => {
      if (isText[c] === 1) return { kind: 'text', name, cells: texts[c] };
      const values = capacity > row * 1.25 + 64 ? numbers[c].slice(0, row) : numbers[c].subarray(0, row);
      const odd = oddRows[c];
      if (odd.length > row / 4) turnToText(c);
      if (isText[c] === 1) return { kind: 'text', name, cells: texts[c] };
      return { kind: 'number', name, values, written: written[c], oddRows: odd, infiniteRows: infiniteRows[c] };
    });
    const all = raggedLines.length > 0 ? [...notes, ragged] : notes;
    return { ...rest, rows: row, columns, lines: lines.slice(0, row), notes: all };
  };
  return { isText, numbers, startRow, cell, endRow, finish };
}

export function binary(file: string, line: number | null): EngineError {
  const where = line === null ? '' : ` (NUL bytes from line ${line} on)`;
  const cure =
    'Export it as CSV text. Spreadsheets, Parquet and archives under a .csv name cannot be read as they are.';
  const place = line === null ? { file } : { file, line };
  return new EngineError('bad-input', 'binary-content', `${file} holds binary data, not text${where}.`, cure, place);
}

function grown(old: Float64Array, capacity: number): Float64Array {
  const more = new Float64Array(capacity);
  more.set(old);
  return more;
}

/** The cell as it stands in the file; numbers are printed the shortest way that gives the same number. */
export function cellText(column: Cells, row: number, { decimal }: NumberStyle): string {
  if (column.kind === 'text') return column.cells[row];
  const value = column.values[row];
  if (Number.isNaN(value)) return column.written.get(row) ?? '';
  return decimal === '.' ? String(value) : String(value).replace('.', ',');
}

const joinRows = (a: readonly number[], b: readonly number[], offset: number): number[] => [
  ...a,
  ...b.map((r) => r + offset),
];

function joinCells(a: Cells, b: Cells, rowsA: number, style: NumberStyle): Cells {
  if (a.kind === 'number' && b.kind === 'number') {
    const values = new Float64Array(a.values.length + b.values.length);
    values.set(a.values);
    values.set(b.values, a.values.length);
    const written = new Map(a.written);
    for (const [row, text] of b.written) written.set(row + rowsA, text);
    return {
      ...a,
      values,
      written,
      oddRows: joinRows(a.oddRows, b.oddRows, rowsA),
      infiniteRows: joinRows(a.infiniteRows, b.infiniteRows, rowsA),
    };
  }
  return { kind: 'text', name: a.name, cells: textsOf(a, style).concat(textsOf(b, style)) };
}

const textsOf = (column: Cells, style: NumberStyle): readonly string[] =>
  column.kind === 'text' ? column.cells : Array.from(column.values, (_, r) => cellText(column, r, style));

/** The rows of `b` under those of `a`; both have the same number of columns. Names are those of `a`. */
export function stacked(a: Table, b: Table): Table {
  const lines = new Uint32Array(a.rows + b.rows);
  lines.set(a.lines);
  lines.set(b.lines, a.rows);
  const columns = a.columns.map((column, c) => joinCells(column, b.columns[c], a.rows, a.style));
  return { ...a, rows: a.rows + b.rows, columns, lines, notes: [...a.notes, ...b.notes] };
}

/** Many tables of the same columns one under the other; their columns are copied once. */
export function stackedAll(parts: readonly Table[]): Table {
  const [first] = parts;
  const rows = parts.reduce((sum, table) => sum + table.rows, 0);
  within(rows * first.columns.length, LIMITS.cells, 'cells', first.path, 'Drop fewer files.');
  const offsets: number[] = [];
  parts.reduce((offset, table) => (offsets.push(offset), offset + table.rows), 0);
  const columns = first.columns.map((column, c): Cells => {
    const cells = parts.map((table) => table.columns[c]);
    if (!cells.every((one) => one.kind === 'number'))
      return {
        kind: 'text',
        name: column.name,
        cells: parts.flatMap((table) => textsOf(table.columns[c], table.style)),
      };
    const values = new Float64Array(rows);
    cells.forEach((one, n) => values.set(one.values.subarray(0, parts[n].rows), offsets[n]));
    const moved = (list: (one: NumberCells) => readonly number[]): number[] =>
      cells.flatMap((one, n) => list(one).map((row) => row + offsets[n]));
    return {
      ...{ kind: 'number', name: column.name, values },
      written: new Map(
        cells.flatMap((one, n) => [...one.written].map(([row, text]) => [row + offsets[n], text] as const)),
      ),
      oddRows: moved((one) => one.oddRows),
      infiniteRows: moved((one) => one.infiniteRows),
    };
  });
  const lines = new Uint32Array(rows);
  parts.forEach((table, n) => lines.set(table.lines, offsets[n]));
  return { ...first, rows, columns, lines, notes: parts.flatMap(({ notes }) => notes) };
}

/** The named columns only, in the given order. */
export const withColumns = (table: Table, keep: readonly number[]): Table => ({
  ...table,
  columns: keep.map((c) => table.columns[c]),
  units: keep.map((c) => table.units[c] ?? ''),
});

/** Whether a list in rising order has this number. */
function isAmong(list: readonly number[], wanted: number): boolean {
  let [low, high] = [0, list.length];
  while (low < high) {
    const mid = (low + high) >> 1;
    if (list[mid] < wanted) low = mid + 1;
    else high = mid;
  }
  return list[low] === wanted;
}

/** Some rows of a table, in the given order. */
export function withRows(table: Table, rows: readonly number[]): Table {
  const isRising = rows.every((r, i) => i === 0 || r > rows[i - 1]);
  const columns = table.columns.map((column): Cells => {
    if (column.kind === 'text') return { ...column, cells: rows.map((r) => column.cells[r]) };
    const at = new Map(rows.map((r, i) => [r, i]));
    // A table may be taken apart into thousands: each looks at its own rows only.
    const moved = (list: readonly number[]): number[] =>
      isRising ? rows.flatMap((r, i) => (isAmong(list, r) ? [i] : [])) : list.flatMap((r) => at.get(r) ?? []);
    const written = new Map(
      rows.flatMap((r, i) => {
        const text = column.written.get(r);
        return text === undefined ? [] : [[i, text] as const];
      }),
    );
    const values = Float64Array.from(rows, (r) => column.values[r]);
    return { ...column, values, written, oddRows: moved(column.oddRows), infiniteRows: moved(column.infiniteRows) };
  });
  return { ...table, rows: rows.length, columns, lines: Uint32Array.from(rows, (r) => table.lines[r]) };
}

/** A table of numbers that has no text behind it, such as an array file. */
export function numberTable(
  path: string,
  names: readonly string[],
  values: readonly Float64Array[],
  facts: string[],
): Table {
  const rows = values[0].length;
  return {
    path,
    rows,
    columns: names.map((name, c) => ({
      kind: 'number',
      name,
      values: values[c].map((value) => (Number.isFinite(value) ? value : NaN)),
      written: new Map(),
      oddRows: [],
      infiniteRows: Array.from(values[c].keys()).filter((r) => Math.abs(values[c][r]) === Infinity),
    })),
    lines: Uint32Array.from({ length: rows }, (_, r) => r + 1),
    hasHeader: false,
    style: { decimal: '.' },
    facts,
    notes: [],
    units: names.map(() => ''),
  };
}
