/** TimeEval's canonical table: timestamp, one column a channel, is_anomaly. */
import { ANOMALOUS, stepLabels, UNKNOWN } from '../steps.ts';
import { firstStep, labelsOfRows, verdictsIn, withColumn } from './csvColumn.ts';
import type { LabelFormat } from './format.ts';

export const timeEval: LabelFormat = {
  id: 'timeeval',
  title: 'TimeEval table',
  about: 'All columns and is_anomaly: 1 where called anomalous, 0 elsewhere. By step; "normal" and "unsure" are lost.',
  bounds: 'by row',
  extension: 'csv',
  write(labels, series) {
    const label_T = stepLabels(labels, series);
    const text = withColumn(series, 'is_anomaly', (t) => (label_T[t] === ANOMALOUS ? 1 : 0));
    return text.replace(/^(time|step)(?=,)/, 'timestamp');
  },
  read(file, target) {
    if (file.kind !== 'table') return null;
    const last = file.table.columns.at(-1);
    if (last?.name.trim().toLowerCase() !== 'is_anomaly') return null;
    const values = verdictsIn(last, file.table.style);
    if (values === null) return null;
    const from = firstStep(target.series, file.table.rows, file.path);
    const codes = Uint8Array.from(values, (value) => (value > 0 ? ANOMALOUS : UNKNOWN));
    return { labels: labelsOfRows(codes, from, target), problems: [] };
  },
};
