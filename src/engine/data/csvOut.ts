/** A cell of an export. Numbers are written as numbers; NaN and null as an empty cell. */
export type OutCell = string | number | bigint | boolean | null;

/** Text that a spreadsheet would run; some take the wide forms of East Asian keyboards as well. */
export const isFormula = (text: string): boolean => /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text);

/**
 * One cell as CSV text (RFC 4180). Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers,
 * negative ones too, stay as they are.
 */
export function csvCell(value: OutCell): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
  if (typeof value !== 'string') return String(value);
  const text = isFormula(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as CSV text with LF line ends, the last line included. */
export function csvText(rows: Iterable<readonly OutCell[]>): string {
  let text = '';
  for (const row of rows) text += `${row.map(csvCell).join(',')}\n`;
  return text;
}
