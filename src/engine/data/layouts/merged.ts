import {
  assetNames,
  draft,
  fileName,
  leftOver,
  stem,
  tables,
  asset,
  spansOf,
  type DraftAsset,
  type Hint,
  type Layout,
  type TableFile,
} from './draft.ts';
import { guessedNote, pairAsset, pairs, usedPaths } from './parts.ts';

/**
 * Arrays named for their part: X_train.npy, X_test.npy, X_test_label.npy (or the same names inside of an .npz).
 * Entities may be glued together in them, which the files do not say.
 */
export const mergedArrays: Layout = {
  id: 'merged npy',
  recognise: (files) => {
    const found = pairs(files).filter(({ train, test }) => train!.dtype !== null && test!.dtype !== null);
    if (found.length === 0) return null;
    const names = assetNames(found.map(({ entity }) => (entity === '' ? 'arrays' : `${entity}.npy`)));
    const assets = found.map((pair, i) => pairAsset(names[i], pair));
    const hints = new Map<string, Hint>();
    for (const { name } of assets[0].table.columns)
      hints.set(name, { role: 'sensor', reason: 'column of the array', sure: 2 });
    const labelled = found.some(({ label }) => label !== null);
    const reason = `arrays named train and test${labelled ? ' with test_label' : ''}`;
    return draft('merged npy', reason, assets, {
      hints,
      benchmark: true,
      notes: [...guessedNote(found), ...leftOver(files, usedPaths(found))],
    });
  },
};

const LABEL_ARRAY = /^(y|labels?|is_anomaly|anomal(y|ies)|targets?|gt|ground_truth)$/i;

/** One array of data and, where there is one, an array of labels of the same length. */
export const arrays: Layout = {
  id: 'NumPy',
  recognise: (files) => {
    const all = tables(files);
    if (all.length === 0 || all.some(({ dtype }) => dtype === null)) return null;
    const isLabel = ({ path, shape, table }: TableFile): boolean => {
      const flat = shape.length === 1 || shape[1] === 1;
      const [column] = table.columns;
      const binary = column.kind === 'number' && column.values.every((value) => value === 0 || value === 1);
      return flat && binary && LABEL_ARRAY.test(stem(path));
    };
    const labels = all.filter(isLabel);
    const data = all.length === labels.length ? all : all.filter((file) => !labels.includes(file));
    const names = assetNames(data.map(({ path }) => path));
    const assets = data.map(({ table }, i): DraftAsset => {
      const fits = labels.find((file) => file.table.rows === table.rows && !data.includes(file));
      const column = fits?.table.columns[0];
      return asset(names[i], table, { rowLabels: column?.kind === 'number' ? spansOf(column.values) : null });
    });
    const reason = `${data
      .map(({ path }) => fileName(path))
      .slice(0, 3)
      .join(', ')}: array of numbers`;
    return draft('NumPy', reason, assets);
  },
};
