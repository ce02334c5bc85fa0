/** What a benchmark is and how its tables are printed. */

export type BenchOptions = {
  /** Folder that holds the data sets. */
  readonly data: string;
  /** Data sets or assets to use; empty means all. A name matches when it is the data set's or the asset's. */
  readonly only: readonly string[];
  readonly seed: number;
  /** Settings given as `--set key=value`. */
  readonly set: Readonly<Partial<Record<string, string>>>;
  readonly log: (line: string) => void;
};

export type Cell = string | number | null;

export type Table = {
  /** By which docs/BENCHMARKS.md names it; else made of the title. */
  readonly id?: string;
  readonly title: string;
  /** How the numbers came about: threshold, padding, window, data part. */
  readonly notes: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

export type BenchResult = {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tables: readonly Table[];
  /** Pieces of work that there was no time for; the same command goes on with them. */
  readonly left?: number;
};

export type Bench = {
  readonly name: string;
  readonly about: string;
  readonly run: (options: BenchOptions) => Promise<BenchResult>;
};

/** Text of a cell; `whole` when the whole column holds integers. */
function cellText(cell: Cell, whole: boolean): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  return whole ? String(cell) : cell.toFixed(Math.abs(cell) < 100 ? 3 : 1);
}

/** Columns and rows as Markdown, aligned; undefined values are a dash. */
export function gridText({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  const whole = columns.map((_, c) => rows.every((row) => typeof row[c] !== 'number' || Number.isInteger(row[c])));
  const texts = [columns, ...rows.map((row) => row.map((cell, c) => cellText(cell, whole[c])))].map((row) =>
    row.map((text) => text.replaceAll('|', '\\|')),
  );
  const widths = columns.map((_, c) => Math.max(3, ...texts.map((row) => row[c].length)));
  const isText = columns.map((_, c) => rows.some((row) => typeof row[c] === 'string'));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, c) => (isText[c] ? text.padEnd(widths[c]) : text.padStart(widths[c]))).join(' | ')} |`;
  const rule = `|${widths.map((width, c) => (isText[c] ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(texts[0]), rule, ...texts.slice(1).map(line)].join('\n');
}

/** A table with its title and notes. */
export const tableText = (table: Table): string =>
  [`## ${table.title}`, ...table.notes, '', gridText(table), ''].join('\n');

/** Mean of the values that are defined; null when none is. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const held = values.filter((value) => value !== null);
  return held.length === 0 ? null : held.reduce((a, b) => a + b, 0) / held.length;
}
