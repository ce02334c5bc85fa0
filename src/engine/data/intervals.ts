import { EngineError } from '../errors.ts';
import { cellText, type Table } from './table.ts';
import { epochNs, epochUnit, patternOf, readTime, toNs } from './times.ts';

/** A time as text or number, in nanoseconds since 1970 UTC; throws with its line when it is none. */
export function momentNs(file: string, cell: string, line: number): bigint {
  const text = cell.trim();
  const value = Number(text);
  const unit = text === '' || Number.isNaN(value) ? null : (epochUnit(value) ?? 's');
  const pattern = unit === null ? patternOf(text) : null;
  const time = pattern === null ? null : readTime(text, pattern, true);
  const ns = unit !== null ? epochNs(text, unit) : time === null ? null : toNs(time, (s) => s);
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

/** Start and end of each row, from the columns of these names or else the first two. */
export function intervalsOf(file: string, table: Table): { startNs: bigint; endNs: bigint; row: number }[] {
  const find = (pattern: RegExp, other: number): number => {
    const c = table.columns.findIndex(({ name }) => pattern.test(name));
    return c < 0 ? other : c;
  };
  const start = find(/^(start|start_time|begin|from)$/i, 0);
  const end = find(/^(end|end_time|stop_time|stop|to)$/i, 1);
  return Array.from(table.lines, (line, row) => {
    const startNs = momentNs(file, cellText(table.columns[start], row, table.style), line);
    const endNs = momentNs(file, cellText(table.columns[end], row, table.style), line);
    refuseReversed(file, startNs, endNs, line);
    return { startNs, endNs, row };
  });
}
