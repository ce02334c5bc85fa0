import { download } from '../../controls/download.ts';
import type { TableRow } from '../../state/compareRows.ts';
import type { TableColumn } from './columns.tsx';

/** A cell of a CSV file; what a spreadsheet would take for a formula is made text. */
function cellOf(text: string): string {
  const isNumber = text !== '' && Number.isFinite(Number(text));
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

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
  const text = [['name', 'run', ...head], ...lines].map((line) => line.map(cellOf).join(',')).join('\r\n');
  download({ name: 'runs.csv', blob: new Blob([text], { type: 'text/csv' }) });
}
