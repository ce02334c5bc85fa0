import {
  asset,
  assetNames,
  draft,
  fileName,
  leftOver,
  stem,
  tables,
  type DraftNote,
  type Hint,
  type Layout,
} from './draft.ts';

const UCR = /^\d+_UCR_Anomaly_.*?(?:_(\d+)_(\d+)_(\d+))?$/i;

/**
 * UCR anomaly archive (Wu and Keogh 2021): NNN_UCR_Anomaly_NAME_trainEnd_begin_end.txt, one value a row (or all on one
 * line); begin and end count from 1 and are both included.
 */
export const ucr: Layout = {
  id: 'UCR',
  recognise: (files) => {
    const found = tables(files).filter(({ path, table }) => UCR.test(stem(path)) && table.columns.length === 1);
    if (found.length === 0) return null;
    const notes: DraftNote[] = [];
    const assets = found.map(({ path, table }) => {
      const numbers = (UCR.exec(stem(path)) ?? []).slice(1).map(Number);
      const [trainRows, begin, end] = numbers;
      const column = { ...table.columns[0], name: 'value' };
      const whole = { ...table, columns: [column] };
      const fits = trainRows < table.rows && begin >= 1 && begin <= end && end <= table.rows;
      if (fits) return asset(stem(path), whole, { trainRows, rowLabels: [{ start: begin - 1, end }] });
      const detail = `${fileName(path)} should end with the training end, the anomaly's first and its last row.`;
      notes.push({ code: 'unlabelled-name', level: 'warning', title: 'No labels in the file name', detail });
      return asset(stem(path), whole);
    });
    const hints = new Map<string, Hint>([
      ['value', { role: 'sensor', reason: 'the one value of a UCR file', sure: 3 }],
    ]);
    const reason = 'training end and anomaly stand in the file name, counted from 1';
    notes.push(...leftOver(files, new Set(found.map(({ path }) => path))));
    return draft('UCR', reason, assets, { hints, notes, benchmark: true });
  },
};

const TSB = /_tr_(\d+)_1st_(\d+)$/i;

/** TSB-AD (Liu and Paparrizos 2024): ..._tr_TRAINEND_1st_FIRSTANOMALY.csv, the last column is the label. */
export const tsbAd: Layout = {
  id: 'TSB-AD',
  recognise: (files) => {
    const found = tables(files).filter(({ path, table }) => TSB.test(stem(path)) && table.columns.length > 1);
    if (found.length === 0) return null;
    const names = assetNames(found.map(({ path }) => path));
    const hints = new Map<string, Hint>();
    const assets = found.map(({ path, table }, i) => {
      const label = table.columns.at(-1)!.name;
      hints.set(label, { role: 'label', reason: 'the last column of TSB-AD is the label', sure: 3 });
      const trainRows = Math.min(table.rows, Number(TSB.exec(stem(path))?.[1]));
      return asset(names[i], table, { trainRows });
    });
    return draft('TSB-AD', 'the training end stands in the file name', assets, {
      hints,
      benchmark: true,
      notes: leftOver(files, new Set(found.map(({ path }) => path))),
    });
  },
};

/** TimeEval (Wenig et al. 2022): timestamp, dimensions, is_anomaly; NAME.train.csv and NAME.test.csv. */
export const timeEval: Layout = {
  id: 'TimeEval',
  recognise: (files) => {
    const found = tables(files).filter(({ table: { columns } }) => {
      return columns.length > 2 && columns[0].name === 'timestamp' && columns.at(-1)!.name === 'is_anomaly';
    });
    if (found.length === 0 || found.length < tables(files).length) return null;
    const names = assetNames(found.map(({ path }) => path));
    const hints = new Map<string, Hint>([
      ['timestamp', { role: 'time', reason: 'time column of TimeEval', sure: 3 }],
      ['is_anomaly', { role: 'label', reason: 'label column of TimeEval', sure: 3 }],
    ]);
    const assets = found.map(({ table }, i) => asset(names[i], table));
    return draft('TimeEval', 'columns timestamp … is_anomaly', assets, { hints, benchmark: true });
  },
};
