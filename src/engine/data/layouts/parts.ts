import { EngineError } from '../../errors.ts';
import { count } from '../limits.ts';
import type { Range, ReadFile } from '../read.ts';
import { stacked, type Table } from '../table.ts';
import { asset, joined, spansOf, stem, tables, type DraftAsset, type DraftNote, type TableFile } from './draft.ts';

type Part = 'train' | 'test' | 'label' | 'ranges';

/** Files of one asset by what they are for. */
export type Pair = {
  readonly entity: string;
  train: TableFile | null;
  test: TableFile | null;
  label: TableFile | null;
  ranges: { readonly path: string; readonly ranges: readonly Range[] } | null;
  /** True when nothing but the order of the files tells training from test. */
  guessed: boolean;
};

const FOLDERS: Readonly<Record<string, Part>> = {
  train: 'train',
  training: 'train',
  test: 'test',
  testing: 'test',
  test_label: 'label',
  test_labels: 'label',
  label: 'label',
  labels: 'label',
  interpretation_label: 'ranges',
  interpretation_labels: 'ranges',
};
const NAME = /^(?:(.*?)[_\-. ])?(train|training|test|testing)(?:[_\-. ]?(label|labels))?$/i;
const NAME_Y = /^(?:(.*?)[_\-. ])?y[_\-. ]?(test)$/i;

/** Asset and part that a path speaks of: by a folder such as "test_label", else by the file name ("X_train"). */
function byPath(path: string): { entity: string; part: Part | null } {
  const folders = path.split('/').slice(0, -1);
  const name = stem(path);
  for (let i = folders.length - 1; i >= 0; i--) {
    const part = FOLDERS[folders[i].toLowerCase()] as Part | undefined;
    if (part === undefined) continue;
    return { entity: [...folders.slice(0, i), ...folders.slice(i + 1), name].join('/'), part };
  }
  const y = NAME_Y.exec(name);
  const hit = y ?? NAME.exec(name);
  if (hit === null) return { entity: [...folders, name].join('/'), part: null };
  const [, prefix, which, label] = hit as (string | undefined)[];
  const part =
    y !== null || label !== undefined ? 'label' : which?.toLowerCase().startsWith('train') ? 'train' : 'test';
  const base = (prefix ?? '').replace(/(^|[_\-. ])x$/i, '');
  return { entity: [...folders, ...(base === '' ? [] : [base])].join('/'), part };
}

const empty = (entity: string): Pair => ({
  entity,
  train: null,
  test: null,
  label: null,
  ranges: null,
  guessed: false,
});

/** Groups files to pairs of training and test tables with their labels. Files that belong to no pair are left out. */
export function pairs(files: readonly ReadFile[]): Pair[] {
  const found = new Map<string, Pair>();
  const loose = new Map<string, ReadFile[]>();
  for (const file of files) {
    if (file.kind !== 'table' && file.kind !== 'ranges') continue;
    const { entity, part } = byPath(file.path);
    if (part === null) {
      loose.set(entity, [...(loose.get(entity) ?? []), file]);
      continue;
    }
    const pair = found.get(entity) ?? empty(entity);
    found.set(entity, pair);
    if (file.kind === 'ranges') pair.ranges = file;
    else if (part !== 'ranges') pair[part] = file;
  }
  for (const [entity, group] of loose) {
    const pair = group.length > 1 ? byContent(entity, group) : null;
    if (pair !== null) found.set(entity, pair);
  }
  return [...found.values()].filter(
    ({ train, test }) => train !== null && test !== null && train.table.columns.length === test.table.columns.length,
  );
}

/** Files that share one name, told apart by what they hold: ranges, one column of 0 and 1, and two equal tables. */
function byContent(entity: string, group: readonly ReadFile[]): Pair | null {
  const dropped = [...group].sort((a, b) => a.order - b.order);
  const ranges = dropped.find((file) => file.kind === 'ranges') ?? null;
  const label = tables(dropped).find(({ table }) => table.columns.length === 1 && isBinary(table)) ?? null;
  const [first, second, ...more] = tables(dropped).filter((file) => file !== label) as (TableFile | undefined)[];
  if (first === undefined || second === undefined || more.length > 0) return null;
  if (first.table.columns.length !== second.table.columns.length) return null;
  const rows = label?.table.rows;
  const sure = rows !== undefined && (first.table.rows === rows) !== (second.table.rows === rows);
  const swapped = sure && first.table.rows === rows;
  return { entity, train: swapped ? second : first, test: swapped ? first : second, label, ranges, guessed: !sure };
}

/** One column may be labels as well as a sensor, unless the labels are there beside it. */
export const hasSensors = ({ train, label }: Pair): boolean => train!.table.columns.length > 1 || label !== null;

function isBinary({ columns }: Table): boolean {
  const [column] = columns;
  return column.kind === 'number' && column.values.every((value) => value === 0 || value === 1);
}

/** Values of a label table: its last column, one row a test row. */
function labelValues(file: TableFile, testRows: number): Float64Array {
  const column = file.table.columns.at(-1)!;
  const place = { file: file.path };
  if (column.kind !== 'number') {
    const cure = 'Labels are 0 or 1, one a line.';
    throw new EngineError('bad-input', 'bad-labels', `${file.path} holds words where 0 or 1 is expected.`, cure, place);
  }
  if (column.values.length !== testRows) {
    const message = `${file.path} has ${count(column.values.length)} labels for ${count(testRows)} test rows.`;
    const cure = 'Check that labels and test part belong together.';
    throw new EngineError('bad-input', 'label-length', message, cure, place);
  }
  return column.values;
}

/** True when a range holds one row, or when reading the ends as included agrees better with the labels. */
export function endsIncluded(ranges: readonly Range[], labels: Float64Array | null): boolean {
  if (ranges.some(({ from, to }) => from === to)) return true;
  if (labels === null) return false;
  let votes = 0;
  for (const { to } of ranges) if (labels[to - 1] > 0.5) votes += labels[to] > 0.5 ? 1 : -1;
  return votes > 0;
}

/** A pair as an asset: training rows, then test rows; labels and causes moved behind the training part. */
export function pairAsset(name: string, { train, test, label, ranges }: Pair): DraftAsset {
  const [a, b] = [train!.table, test!.table];
  const values = label === null ? null : labelValues(label, b.rows);
  const included = ranges !== null && endsIncluded(ranges.ranges, values);
  const causes = (ranges?.ranges ?? []).map(({ from, to, sensors }) => {
    const beyond = sensors.find((sensor) => sensor < 1 || sensor > a.columns.length);
    if (to - (included ? 0 : 1) >= b.rows || beyond !== undefined) {
      const what = beyond === undefined ? `row ${to}` : `sensor ${beyond}`;
      const message = `${ranges!.path} speaks of ${what}, but there are ${count(b.rows)} test rows and ${a.columns.length} sensors.`;
      const cure = 'Check that it belongs to this asset.';
      throw new EngineError('bad-input', 'bad-range', message, cure, { file: ranges!.path });
    }
    const span = { start: a.rows + from, end: a.rows + to + (included ? 1 : 0) };
    return { span, sensors: sensors.map((sensor) => sensor - 1) };
  });
  const fromRanges = causes.length > 0 ? joined(causes.map(({ span }) => span)) : null;
  return asset(name, stacked(a, b), {
    trainRows: a.rows,
    parts: [a, b],
    contiguous: false,
    rowLabels: values === null ? fromRanges : spansOf(values, a.rows),
    causes,
  });
}

/** The note that lets a person swap training and test part. */
export function guessedNote(found: readonly Pair[]): DraftNote[] {
  const guessed = found.filter((pair) => pair.guessed);
  if (guessed.length === 0) return [];
  return [
    {
      code: 'train-test-order',
      level: 'warning',
      title: 'Which file trains is a guess',
      detail: `Nothing in the files of ${guessed[0].entity} tells training from test; the first one dropped trains.`,
      choices: [
        { id: 'as-dropped', label: 'The first one trains', change: { swap: false } },
        { id: 'swapped', label: 'Swap them', change: { swap: true } },
      ],
      chosen: 'as-dropped',
    },
  ];
}

/** Paths that went into the pairs. */
export function usedPaths(found: readonly Pair[]): Set<string> {
  return new Set(
    found.flatMap(({ train, test, label, ranges }) => [train, test, label, ranges].flatMap((f) => f?.path ?? [])),
  );
}
