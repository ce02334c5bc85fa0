import type { ReactNode } from 'react';
import type { ChartTable } from './chartParts.ts';
import { chartWords } from './words.ts';

/** Rows beyond this are left to the export; the caption says so. */
const ROWS = 200;

/** The numbers of a chart as a table for screen readers. */
export function TableTwin({ table }: { readonly table: ChartTable }): ReactNode {
  const cut = table.rows.length > ROWS ? chartWords.firstRows(ROWS, table.rows.length) : '';
  return (
    // The box is what hides: a caption lies outside of its table's own box, where Firefox does not clip it.
    <div className="tt-hidden">
      <table>
        <caption>{table.caption + cut}</caption>
        <thead>
          <tr>
            {table.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, ROWS).map((row, i) => (
            <tr key={i}>
              {row.map((cell, k) => (
                <td key={k}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
