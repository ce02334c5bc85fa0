import { LIMITS, within } from '../limits.ts';
import { withColumns, withRows, cellText, type Table } from '../table.ts';
import { asset, draft, tables, type Hint, type Layout } from './draft.ts';

/** Long tables, one asset an identifier: the IOPS/KPI set (timestamp, value, label, KPI ID). */
export const kpi: Layout = {
  id: 'KPI',
  recognise: (files) => {
    const found = tables(files).filter(({ table }) => table.hasHeader && idColumn(table) >= 0);
    if (found.length === 0 || found.length < tables(files).length) return null;
    const assets = found.flatMap(({ table }) => {
      const id = idColumn(table);
      const rows = new Map<string, number[]>();
      for (let row = 0; row < table.rows; row++) {
        const name = cellText(table.columns[id], row, table.style);
        const list = rows.get(name);
        if (list === undefined) rows.set(name, [row]);
        else list.push(row);
      }
      within(rows.size, LIMITS.assets, 'series', table.path, 'Keep fewer of them in one file.');
      const rest = withColumns(
        table,
        [...table.columns.keys()].filter((c) => c !== id),
      );
      return [...rows].map(([name, list]) => asset(name, withRows(rest, list)));
    });
    const hints = new Map<string, Hint>([['label', { role: 'label', reason: 'label column of the KPI set', sure: 3 }]]);
    const reason = `long table, ${assets.length} series by ${found[0].table.columns[idColumn(found[0].table)].name}`;
    return draft('KPI', reason, assets, { hints, benchmark: true });
  },
};

const idColumn = ({ columns }: Table): number => columns.findIndex(({ name }) => /^(kpi[ _]?id)$/i.test(name));
