import * as v from 'valibot';
import { EngineError } from '../../errors.ts';
import { endsOf } from '../intervals.ts';
import { patternOf, readTime } from '../times.ts';
import { zoneReader, type ToUtc } from '../zones.ts';
import { asset, draft, leftOver, stampLabelsOf, tables, type Hint, type Layout, type StampLabel } from './draft.ts';

const Windows = v.record(v.string(), v.array(v.tuple([v.string(), v.string()])));
type Window = readonly [string, string];

/**
 * Numenta Anomaly Benchmark (Lavin and Ahmad 2015): data/CATEGORY/FILE.csv with timestamp,value and windows as JSON,
 * both ends included. The first 15 % of a file are probation, so they train.
 */
export const nab: Layout = {
  id: 'NAB',
  recognise: (files) => {
    const labels = files.flatMap((file) => {
      if (file.kind !== 'json') return [];
      const parsed = v.safeParse(Windows, file.value, { abortEarly: true });
      return parsed.success ? [{ path: file.path, windows: new Map(Object.entries(parsed.output)) }] : [];
    });
    const list = labels.find(({ path }) => /windows/i.test(path)) ?? labels.at(0);
    if (list === undefined) return null;
    const found = tables(files).flatMap((file) => {
      const key = keyOf(file.path.replace(/\.gz$/i, ''), [...list.windows.keys()]);
      return key === undefined ? [] : [{ key, table: file.table }];
    });
    if (found.length === 0) return null;
    const hints = new Map<string, Hint>([
      ['timestamp', { role: 'time', reason: 'time column of NAB', sure: 3 }],
      ['value', { role: 'sensor', reason: 'the one value of NAB', sure: 3 }],
    ]);
    const assets = found.map(({ key, table }) =>
      asset(key.replace(/\.csv$/i, ''), table, {
        trainRows: Math.floor(0.15 * table.rows),
        stampLabels: stampLabelsOf((zone) => {
          const toUtc = zoneReader(zone);
          return (list.windows.get(key) ?? []).map((window) => stamps(list.path, window, toUtc));
        }),
      }),
    );
    const reason = `${assets.length} files are named in ${list.path}; windows include both ends, the first 15 % are probation`;
    return draft('NAB', reason, assets, {
      hints,
      benchmark: true,
      notes: leftOver(files, new Set(found.map(({ table }) => table.path))),
    });
  },
};

/** The name by which the windows know a file: with its folder, or without where a browser gives none. */
function keyOf(path: string, names: readonly string[]): string | undefined {
  const exact = names.find((name) => path === name || path.endsWith(`/${name}`));
  if (exact !== undefined || path.includes('/')) return exact;
  const alike = names.filter((name) => name.endsWith(`/${path}`));
  return alike.length === 1 ? alike[0] : undefined;
}

function stamps(file: string, window: Window, toUtc: ToUtc): StampLabel {
  for (const text of window) {
    const pattern = patternOf(text);
    if (pattern !== null && readTime(text, pattern, true) !== null) continue;
    const cure = 'Write it as YYYY-MM-DD hh:mm:ss.';
    throw new EngineError('bad-input', 'unparseable-timestamp', `${file}: "${text}" is no time.`, cure, { file });
  }
  return endsOf(file, window, 1, toUtc);
}
