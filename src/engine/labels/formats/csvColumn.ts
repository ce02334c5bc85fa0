/** The data with one column more: 1 anomalous, 0 normal, empty where nothing is known. What most people want. */
import { numbersOf } from '../../data/columns.ts';
import { csvText } from '../../data/csvOut.ts';
import type { OutCell } from '../../data/csvOut.ts';
import { namesEnds } from '../../data/intervals.ts';
import { isNull } from '../../data/numbers.ts';
import type { NumberStyle } from '../../data/numbers.ts';
import type { Cells } from '../../data/table.ts';
import { EngineError } from '../../errors.ts';
import { stampOf, syntheticSteps } from '../../exports.ts';
import type { Series, Span } from '../../types.ts';
import { ANOMALOUS, NORMAL, stepLabels, UNKNOWN } from '../steps.ts';
import type { Label, Verdict } from '../types.ts';
import { labelFor } from './format.ts';
import type { LabelFormat, Target } from './format.ts';

/** Header and one line a step: time or step number, sensors, covariates, then what `last` says of the step. */
export function withColumn(series: Series, name: string, last: (step: number) => OutCell): string {
  const { T, sensors, covariates, columns, clock } = series;
  const lines: OutCell[][] = [
    [clock.kind === 'index' ? 'step' : 'time', ...[...sensors, ...covariates].map((channel) => channel.name), name],
  ];
  for (let t = 0; t < T; t++) lines.push([stampOf(clock, t) ?? t, ...columns.map((column) => column[t]), last(t)]);
  return csvText(lines);
}

/** First step of the series that a file of this many rows speaks of: all steps, or the judged ones. */
export function firstStep({ T, test, asset }: Series, rows: number, file: string): number {
  if (rows === T) return 0;
  if (rows === test.end - test.start) return test.start;
  throw new EngineError(
    'bad-input',
    'bad-length',
    `${file} has ${rows} rows, ${asset} has ${T} steps, ${test.end - test.start} of them judged`,
    'Give one row for each step, or one for each judged step.',
    { file },
  );
}

/** Runs of equal codes that are not unknown. */
export function runsOf(code_T: ArrayLike<number>): { readonly span: Span; readonly code: number }[] {
  const runs: { span: Span; code: number }[] = [];
  for (let t = 0; t < code_T.length; t++) {
    const code = code_T[t];
    if (code === UNKNOWN) continue;
    const start = t;
    while (t + 1 < code_T.length && code_T[t + 1] === code) t++;
    runs.push({ span: { start, end: t + 1 }, code });
  }
  return runs;
}

/** Numbers of a column of verdicts, truth values as 1 and 0, NaN where a cell is empty; null for one of other words. */
export function verdictsIn(column: Cells, style: NumberStyle): Float64Array | null {
  const values = numbersOf(column, style);
  if (column.kind === 'number') return values;
  return column.cells.every((cell, row) => isNull(cell) || !Number.isNaN(values[row])) ? values : null;
}

/** A label for every run of equal verdicts; `codes` by row of the file. */
export function labelsOfRows(codes: Uint8Array, from: number, target: Target): Label[] {
  return runsOf(codes).map(({ span, code }) =>
    labelFor(target, {
      span: { start: span.start + from, end: span.end + from },
      verdict: (code === ANOMALOUS ? 'anomalous' : 'normal') satisfies Verdict,
    }),
  );
}

/** The series with a column that says which steps were generated, where any were: no copy of the data may lose that. */
function marked(series: Series): Series {
  const synthetic_T = syntheticSteps(series);
  if (synthetic_T === null) return series;
  const channel = { name: 'synthetic', unit: '', system: '' };
  return {
    ...series,
    covariates: [...series.covariates, channel],
    columns: [...series.columns, Float32Array.from(synthetic_T)],
  };
}

export const csvColumn: LabelFormat = {
  id: 'csv-column',
  title: 'CSV, data and label column',
  about:
    'All columns and a last one: 1 anomalous, 0 normal, empty unknown. By step; no authors, notes or single sensors. Generated steps have a column of their own.',
  bounds: 'by row',
  extension: 'csv',
  write(labels, series) {
    const label_T = stepLabels(labels, series);
    return withColumn(marked(series), 'label', (t) => (label_T[t] === UNKNOWN ? null : label_T[t]));
  },
  read(file, target) {
    if (file.kind !== 'table') return null;
    const last = file.table.columns.at(-1);
    if (
      last?.name.trim().toLowerCase() !== 'label' ||
      file.table.columns.some(({ name }) => name.trim().toLowerCase() === 'series')
    )
      return null;
    const { T, test } = target.series;
    // A list of ranges may say what each of them is.
    if (namesEnds(file.table) && ![T, test.end - test.start].includes(file.table.rows)) return null;
    const from = firstStep(target.series, file.table.rows, file.path);
    const values = verdictsIn(last, file.table.style);
    if (values === null) return null;
    const codes = Uint8Array.from(values, (value) =>
      Number.isNaN(value) ? UNKNOWN : value === 0 ? NORMAL : ANOMALOUS,
    );
    return { labels: labelsOfRows(codes, from, target), problems: [] };
  },
};
