import { asset, assetNames, draft, tables, type Layout } from './draft.ts';

/** Tables of any kind, one asset a file. */
export const plain: Layout = {
  id: 'CSV',
  recognise: (files) => {
    const all = tables(files);
    if (all.length === 0) return null;
    const names = assetNames(all.map(({ path }) => path));
    const assets = all.map(({ table }, i) => asset(names[i], table));
    const reason = all.length === 1 ? 'one table' : `${all.length} tables, one asset each`;
    return draft('CSV', reason, assets);
  },
};
