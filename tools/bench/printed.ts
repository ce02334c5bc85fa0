/** What papers print beside what our benchmarks found, with the reason for the deviation: docs/results/printed.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../src/engine/errors.ts';
import type { Cell, Table } from './bench.ts';
import { COMMITTED, PRINTED_FILE, tableIn } from './results.ts';
import type { Results } from './results.ts';

/** A cell of a result: its table, the first cells of its row, its column. */
type Place = {
  readonly result: string;
  readonly table: string;
  readonly row: readonly string[];
  readonly column: string;
};

export type PrintedRow = {
  readonly what: string;
  readonly printed: number;
  /** Table or figure of the paper. */
  readonly where: string;
  readonly ours: Place;
  /** What a figure must be read beside: rows of the same column (random scores, simple detectors), or another column. */
  readonly beside: readonly (readonly string[] | { readonly column: string })[];
  /** Why ours differs. */
  readonly why: string;
};

export type Printed = Readonly<Record<string, readonly PrintedRow[]>>;

export const readPrinted = (folder = COMMITTED): Printed =>
  JSON.parse(readFileSync(join(folder, PRINTED_FILE), 'utf8')) as Printed;

/** The number at a place. Throws EngineError('bad-input', 'no-cell') where there is none. */
function numberAt(results: Results, { result, table, row, column }: Place): number {
  const found = tableIn(results, result, table).table;
  const c = found.columns.indexOf(column);
  const cells = found.rows.find((one) => row.every((text, n) => one[n] === text));
  const cell = cells?.[c];
  if (typeof cell === 'number') return cell;
  throw new EngineError(
    'bad-input',
    'no-cell',
    `${result}#${table} has no number in row "${row.join(', ')}", column "${column}"`,
    `Rows: ${found.rows.map((one) => String(one[0])).join('; ')}. Columns: ${found.columns.join('; ')}.`,
  );
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

function rowOf(results: Results, { what, printed, where, ours, beside, why }: PrintedRow): Cell[] {
  const own = numberAt(results, ours);
  const others = beside.map((other) => {
    const name = 'column' in other ? other.column : other.filter((text) => text !== '').join(', ');
    const place = 'column' in other ? { ...ours, ...other } : { ...ours, row: other };
    return `${name} ${numberAt(results, place).toFixed(3)}`;
  });
  return [what, where, printed, own, signed(own - printed), others.join('; '), why];
}

/** One group as a table. Throws EngineError('bad-input') for a group, table or cell that is not there. */
export function printedTable(results: Results, printed: Printed, group: string): Table {
  if (!Object.hasOwn(printed, group))
    throw new EngineError('bad-input', 'no-group', `there is no group ${group}`, `See ${PRINTED_FILE}.`);
  return {
    title: group,
    notes: [],
    columns: ['what', 'printed in', 'paper', 'ours', 'deviation', 'beside, same data and measure', 'why'],
    rows: printed[group].map((row) => rowOf(results, row)),
  };
}

/** Commands whose results a group compares. */
export const commandsOf = (results: Results, printed: Printed, group: string): string[] => [
  ...new Set(printed[group].map(({ ours }) => tableIn(results, ours.result, ours.table).file.command)),
];
