/** Generated anomalies as lessons: pieces of a series with an anomaly in each, laid behind it for teaching alone. */
import { ANOMALOUS, UNKNOWN } from '../labels/steps.ts';
import { stretches } from '../pipeline.ts';
import type { Lessons } from '../pipeline.ts';
import type { Column, Series, Span } from '../types.ts';
import { withChanges } from './inject.ts';
import type { Injection } from './inject.ts';

function joinedColumn(column: Column, pieces: readonly Column[]): Column {
  const length = pieces.reduce((sum, piece) => sum + piece.length, column.length);
  const out = column instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
  out.set(column);
  let at = column.length;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/**
 * Each injection in a copy of the rows around its window, `margin` more on either side where the stretch has them: all
 * other sensors are as they were there. Injected steps are anomalous, nothing is said of the others. `label_T` [T] is
 * what people said of the series itself.
 */
export function appended(
  series: Series,
  label_T: Uint8Array,
  injections: readonly Injection[],
  margin: number,
): Lessons {
  const within = stretches(series);
  const placed = injections.flatMap((injection) => {
    const end = injection.start + injection.mask_T.length;
    const stretch = within.find((span) => span.start <= injection.start && end <= span.end);
    if (!stretch) return [];
    const from = Math.max(stretch.start, injection.start - margin);
    const rows: Span = { start: from, end: Math.min(stretch.end, end + margin) };
    const own = series.columns.map((column) => column.subarray(rows.start, rows.end));
    return [
      {
        rows,
        start: injection.start - from,
        columns: withChanges(own, [{ ...injection, start: injection.start - from }]),
        mask_T: injection.mask_T,
      },
    ];
  });
  const T = placed.reduce((sum, { rows }) => sum + rows.end - rows.start, series.T);
  const all_T = new Uint8Array(T).fill(UNKNOWN);
  all_T.set(label_T);
  const pieces: Span[] = [];
  let at = series.T;
  for (const { rows, start, mask_T } of placed) {
    for (let t = 0; t < mask_T.length; t++) if (mask_T[t] > 0) all_T[at + start + t] = ANOMALOUS;
    const end = at + rows.end - rows.start;
    pieces.push({ start: at, end });
    at = end;
  }
  const columns = series.columns.map((column, n) =>
    joinedColumn(
      column,
      placed.map((piece) => piece.columns[n]),
    ),
  );
  return { series: { ...series, T, columns }, label_T: all_T, pieces };
}
