import { intervalsOf, namesEnds } from '../intervals.ts';
import { asset, assetNames, draft, fileName, stampLabelsOf, tables, type Layout, type TableFile } from './draft.ts';

const isIntervals = ({ table }: TableFile): boolean => {
  const [first, second, ...more] = table.columns;
  if (namesEnds(table)) return true;
  const text = first.kind === 'text' && (second as typeof first | undefined)?.kind === 'text';
  return text && more.length === 0 && !table.hasHeader;
};

/**
 * A table of sensors and a table of labelled times: AWS Lookout (two columns without names: start, end) and Orion
 * (start,end,severity). Both ends are included, so a label of no length covers one sample.
 */
export const intervals: Layout = {
  id: 'intervals',
  recognise: (files) => {
    const all = tables(files);
    const lists = all.filter(isIntervals);
    const data = all.filter((file) => !lists.includes(file));
    if (lists.length !== 1 || data.length === 0) return null;
    const [list] = lists;
    const stampLabels = stampLabelsOf((zone) => intervalsOf(list.path, list.table, zone));
    const orion = list.table.columns.some(({ name }) => name.toLowerCase() === 'severity');
    const names = assetNames(data.map(({ path }) => path));
    const assets = data.map(({ table }, i) => asset(names[i], table, { stampLabels }));
    const id = orion ? 'Orion' : list.table.hasHeader ? 'Table and label times' : 'AWS start/end labels';
    return draft(id, `${fileName(list.path)} holds labelled times, both ends included`, assets);
  },
};
