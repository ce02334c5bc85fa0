import { EngineError } from '../errors.ts';
import { cellText, type Table } from './table.ts';
import { epochNs, epochUnit, patternOf, readTime, toNs } from './times.ts';
import { zoneReader, type ToUtc } from './zones.ts';

/**
 * A time as text or number, in nanoseconds since 1970 UTC; one without a zone is read by `toUtc`, as UTC when left out.
 * Throws with its line when it is none.
 */
export function momentNs(file: string, cell: string, line: number, toUtc: ToUtc = (s) => s): bigint {
  const text = cell.trim();
  const value = Number(text);
  const size = epochUnit(value);
  // Digits such as 20240131 are a date where they are no moment; other small numbers are seconds.
  const isNumber = text !== '' && !Number.isNaN(value) && (size !== null || patternOf(text) !== 'compact');
  const unit = isNumber ? (size ?? 's') : null;
  const pattern = unit === null ? patternOf(text) : null;
  const time = pattern === null ? null : readTime(text, pattern, true);
  const ns = unit !== null ? epochNs(text, unit) : time === null ? null : toNs(time, toUtc);
  if (ns !== null) return ns;
  const message = `${file}: line ${line} holds "${text.slice(0, 40)}" where a time is expected.`;
  const cure = 'Write times as YYYY-MM-DD hh:mm:ss or as seconds since 1970.';
  throw new EngineError('bad-input', 'unparseable-timestamp', message, cure, { file, line });
}

export function refuseReversed(file: string, startNs: bigint, endNs: bigint, line: number): void {
  if (endNs >= startNs) return;
  const message = `${file}: the interval in line ${line} ends before it begins.`;
  throw new EngineError('bad-input', 'reversed-interval', message, 'Swap its start and end.', { file, line });
}

/** Both ends of an interval; throws with its line when one is no time, or when it ends before it begins. */
export function endsOf(
  file: string,
  [start, end]: readonly [string, string],
  line: number,
  toUtc: ToUtc,
): { startNs: bigint; endNs: bigint } {
  const startNs = momentNs(file, start, line, toUtc);
  const endNs = momentNs(file, end, line, toUtc);
  if (endNs >= startNs) return { startNs, endNs };
  // In order on the wall where it begins in the hour that the clock skips, which is read as an hour later: its end is sure.
  refuseReversed(file, momentNs(file, start, line), momentNs(file, end, line), line);
  return { startNs: endNs, endNs };
}

const START = /^(start|start_time|begin|from)$/i;
const END = /^(end|end_time|stop_time|stop|to)$/i;

/** Whether a table has a column of starts and one of ends, by their names. */
export const namesEnds = ({ columns }: Table): boolean =>
  columns.some(({ name }) => /^(start(_time)?|begin)$/i.test(name)) &&
  columns.some(({ name }) => /^(end(_time)?|stop(_time)?)$/i.test(name));

/** Start and end of each row, from the columns of these names or else the first two; times without a zone are of `zone`. */
export function intervalsOf(
  file: string,
  table: Table,
  zone: string,
): { startNs: bigint; endNs: bigint; row: number }[] {
  const toUtc = zoneReader(zone);
  const find = (pattern: RegExp, other: number): number => {
    const c = table.columns.findIndex(({ name }) => pattern.test(name));
    return c < 0 ? other : c;
  };
  const start = find(START, 0);
  const end = find(END, 1);
  return Array.from(table.lines, (line, row) => {
    const cell = (c: number): string => cellText(table.columns[c], row, table.style);
    return { ...endsOf(file, [cell(start), cell(end)], line, toUtc), row };
  });
}
