/** Executions and time of each parser as a Markdown table. */
export type Row = { readonly name: string; execs: number; seconds: number; faults: number };

const plain = new Intl.NumberFormat('en-GB');

/** `wallMs`: since the run began. */
export function tableOf(rows: readonly Row[], wallMs: number): string {
  const { user, system } = process.cpuUsage();
  const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const line = (name: string, execs: number, seconds: number, faults: number): string =>
    `| ${name} | ${plain.format(execs)} | ${plain.format(Math.round(seconds))} | ${plain.format(Math.round(execs / Math.max(0.001, seconds)))} | ${plain.format(faults)} |`;
  return [
    '| parser | executions | seconds | a second | findings |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows.map(({ name, execs, seconds, faults }) => line(name, execs, seconds, faults)),
    line(
      'all',
      sum((row) => row.execs),
      sum((row) => row.seconds),
      sum((row) => row.faults),
    ),
    '',
    `Wall time ${(wallMs / 60_000).toFixed(1)} minutes, processor time ${((user + system) / 60e6).toFixed(1)} minutes.`,
  ].join('\n');
}
