import type { Cells } from '../table.ts';
import { asset, assetNames, draft, tables, type Hint, type Layout } from './draft.ts';

/** Plant logs such as SWaT and WADI: a time column, many tags, and a column of words "Normal" and "Attack". */
export const plant: Layout = {
  id: 'plant table',
  recognise: (files) => {
    const all = tables(files);
    const found = all.filter(({ table }) => table.columns.some(isAttack));
    if (found.length === 0 || found.length < all.length) return null;
    const hints = new Map<string, Hint>();
    for (const { table } of found) {
      for (const column of table.columns.filter(isAttack)) {
        hints.set(column.name, { role: 'label', reason: 'words Normal and Attack', sure: 3 });
      }
    }
    const names = assetNames(found.map(({ path }) => path));
    const assets = found.map(({ table }, i) => asset(names[i], table));
    return draft('plant table', 'a column of the words Normal and Attack', assets, { hints });
  },
};

function isAttack(column: Cells): boolean {
  if (/normal\s*\/\s*attack/i.test(column.name)) return true;
  if (column.kind !== 'text') return false;
  const words = new Set(column.cells.slice(0, 5000).map((cell) => cell.replace(/\s/g, '').toLowerCase()));
  return words.has('normal') && [...words].every((word) => word === 'normal' || word === 'attack' || word === '');
}
