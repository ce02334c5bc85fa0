import type { SpreadInput } from '../../../charts/spreadCurves.ts';
import { download } from '../../controls/download.ts';
import type { TableRow } from '../../state/compareRows.ts';
import type { TableColumn } from './columns.tsx';

/** A cell of a CSV file; what a spreadsheet would take for a formula is made text. */
function cellOf(text: string): string {
  const isNumber = text !== '' && Number.isFinite(Number(text));
  const safe = !isNumber && /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows of cells as CSV. */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map(cellOf).join(',')).join('\r\n');

const save = (name: string, rows: readonly (readonly string[])[]): void =>
  download({ name, blob: new Blob([csvText(rows)], { type: 'text/csv' }) });

/** The table as it is on screen, with values unrounded and, for metrics, where each comes from. */
export function saveTable(columns: readonly TableColumn[], rows: readonly TableRow[]): void {
  const head = columns.flatMap(({ title, isMetric }) => (isMetric ? [title, `${title}: origin`] : [title]));
  const lines = rows.map((row) => [
    row.name,
    row.run?.id ?? '',
    ...columns.flatMap(({ id, isMetric, text }) =>
      isMetric ? [text(row), row.cells[id]?.provenance ?? ''] : [text(row)],
    ),
  ]);
  save('runs.csv', [['name', 'run', ...head], ...lines]);
}

/** A row for each value of the setting and each line: mean and deviation over seeds, unrounded; then what stands beside. */
export function sweepRows({ setting, metric, values, lines, beside }: SpreadInput): string[][] {
  const spread = lines.flatMap(({ name, points }) =>
    points.map(({ at, mean, deviation, seeds }) => [
      values[at] ?? '',
      name,
      String(mean),
      seeds > 1 ? String(deviation) : '',
      String(seeds),
    ]),
  );
  return [
    [setting, 'line', metric, 'deviation', 'seeds'],
    ...spread,
    ...beside.map(({ name, value }) => ['', name, String(value), '', '']),
  ];
}

export const saveSweep = (input: SpreadInput): void => save('sweep.csv', sweepRows(input));

/** A row for each method: its mean rank and its value on each data set, unrounded. */
export function rankRows(
  methods: readonly { readonly name: string; readonly rank: number; readonly values: readonly number[] }[],
  sets: readonly string[],
  metric: string,
): string[][] {
  const rows = methods.map(({ name, rank, values }) => [name, String(rank), ...values.map(String)]);
  return [['method', `mean rank by ${metric}`, ...sets], ...rows];
}

export const saveRanks = (...given: Parameters<typeof rankRows>): void => save('ranks.csv', rankRows(...given));
