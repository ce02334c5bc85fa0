import { assetNames, draft, fileName, leftOver, tables, type Draft, type Hint, type Layout } from './draft.ts';
import { guessedNote, hasSensors, pairAsset, pairs, usedPaths, type Pair } from './parts.ts';
import type { ReadFile } from '../read.ts';

function pairDraft(
  id: string,
  files: readonly ReadFile[],
  found: readonly Pair[],
  reason: string,
  hints: ReadonlyMap<string, Hint>,
): Draft {
  const names = assetNames(found.map(({ entity }) => (entity === '' ? `${id}.x` : `${entity}.x`)));
  const assets = found.map((pair, i) => pairAsset(names[i], pair));
  return draft(id, reason, assets, {
    hints,
    benchmark: id === 'PSM',
    notes: [...guessedNote(found), ...leftOver(files, usedPaths(found))],
  });
}

const withHeader = (files: readonly ReadFile[]): Pair[] =>
  pairs(files).filter((pair) => pair.train!.dtype === null && pair.test!.dtype === null && hasSensors(pair));

/** Pooled Server Metrics (Abdulaal et al. 2021): train.csv, test.csv, test_label.csv; the first column counts minutes. */
export const psm: Layout = {
  id: 'PSM',
  recognise: (files) => {
    const found = withHeader(files).filter(({ train }) => /^timestamp_\(min\)$/i.test(train!.table.columns[0].name));
    if (found.length === 0) return null;
    const hints = new Map<string, Hint>([
      [
        'timestamp_(min)',
        { role: 'ignore', unit: 'min', reason: 'counts minutes from file to file, not a measurement', sure: 3 },
      ],
    ]);
    return pairDraft('PSM', files, found, 'train.csv and test.csv with a column of minutes', hints);
  },
};

/** Any other tables named or foldered train and test. */
export const trainAndTest: Layout = {
  id: 'Train and test',
  recognise: (files) => {
    const found = withHeader(files);
    if (found.length === 0) return null;
    const names = found.slice(0, 2).map(({ train, test }) => `${fileName(train!.path)} and ${fileName(test!.path)}`);
    return pairDraft('Train and test', files, found, `${names.join('; ')} have the same columns`, new Map());
  },
};

/** SWaT as Time-Series-Library ships it: swat_train2.csv and swat2.csv, the last column is the label. */
export const swatPair: Layout = {
  id: 'SWaT',
  recognise: (files) => {
    const swat = tables(files).filter(({ path }) => /^swat/i.test(fileName(path)));
    const train = swat.find(({ path }) => /train/i.test(fileName(path)));
    const test = swat.find((file) => file !== train);
    if (train === undefined || test === undefined || train.table.columns.length !== test.table.columns.length)
      return null;
    const last = train.table.columns.at(-1)!.name;
    const hints = new Map<string, Hint>([
      [last, { role: 'label', reason: 'the last column of this layout is the label', sure: 3 }],
    ]);
    const pair: Pair = { entity: 'SWaT', train, test, label: null, ranges: null, guessed: false };
    return pairDraft('SWaT', files, [pair], 'swat_train and swat tables, last column is the label', hints);
  },
};
