/**
 * Segments with classes: a folder of files, each one segment, whose first folder names its class (`class/subject/file` or
 * `class/file`), or one table whose class column says where segments begin and end.
 */
import type { Cells, Table } from '../table.ts';
import { cellText, stackedAll } from '../table.ts';
import { classesOf, proposeNormal, subjectsOf } from '../segments.ts';
import type { Proposal, SegmentInfo } from '../segments.ts';
import {
  asset,
  byName,
  draft,
  leftOver,
  stem,
  tables,
  type Draft,
  type Hint,
  type Layout,
  type TableFile,
} from './draft.ts';
import { DSADS_CLASSES, DSADS_COLUMNS, DSADS_INTENSE } from './dsads.ts';

const MOST_CLASSES = 200;
const FEWEST_FILES = 4;

/** Folders below the ones that all files share: [class, subject or '']. */
function placed(files: readonly TableFile[]): readonly { file: TableFile; class: string; subject: string }[] {
  const folders = files.map(({ path }) => path.split('/').slice(0, -1));
  let shared = 0;
  while (folders.every((parts) => parts.length > shared && parts[shared] === folders[0][shared])) shared++;
  return files.map((file, n) => {
    const [name = '', ...rest] = folders[n].slice(shared);
    return { file, class: name, subject: rest.join('/') };
  });
}

const isDsads = (found: ReturnType<typeof placed>): boolean =>
  found[0].file.table.columns.length === DSADS_COLUMNS.length &&
  found.every((one) => /^a\d\d$/.test(one.class) && /^p\d$/.test(one.subject) && /^s\d+$/.test(stem(one.file.path)));

/** Mean deviation of the sensors within a segment, each in units of its own over all rows. */
function movementIn({ columns }: Table): (segment: SegmentInfo) => number {
  const values = columns.flatMap((column) => (column.kind === 'number' ? [column.values] : []));
  const deviation = (x: Float64Array, start: number, end: number): number => {
    let [n, mean, squares] = [0, 0, 0];
    for (let t = start; t < end; t++) {
      if (Number.isNaN(x[t])) continue;
      const step = x[t] - mean;
      mean += step / ++n;
      squares += step * (x[t] - mean);
    }
    return n === 0 ? 0 : Math.sqrt(squares / n);
  };
  const whole = values.map((x) => deviation(x, 0, x.length) || 1);
  return ({ start, end }) =>
    values.reduce((sum, x, c) => sum + deviation(x, start, end) / whole[c], 0) / Math.max(1, values.length);
}

const DSADS_PROPOSAL: Proposal = {
  normal: DSADS_CLASSES.filter((name) => !DSADS_INTENSE.includes(name)),
  reason: 'as in the AMSL paper: stairs, running, jumping and basketball are judged',
};

type Found = {
  readonly layout: string;
  readonly reason: string;
  readonly name: string;
  readonly table: Table;
  readonly segments: readonly SegmentInfo[];
  readonly hints: ReadonlyMap<string, Hint>;
  readonly proposal: Proposal;
};

function drafted(found: Found, notes: Draft['notes']): Draft {
  const { layout, reason, name, table, segments, hints, proposal } = found;
  const subjects = subjectsOf(segments);
  const guess = { normal: proposal.normal, by: 'segment', judged: subjects.at(-1) ?? '' } as const;
  const classified = { all: segments, proposal, guess };
  return draft(layout, reason, [asset(name, table, { contiguous: false, classified })], {
    hints,
    benchmark: true,
    notes,
  });
}

/** The files one under the other, each a segment. */
function joined(found: ReturnType<typeof placed>, names: readonly string[] | null): Pick<Found, 'table' | 'segments'> {
  const ordered = [...found].sort((a, b) => byName(a.file.path, b.file.path));
  const whole = stackedAll(ordered.map(({ file }) => file.table));
  const table =
    names === null ? whole : { ...whole, columns: whole.columns.map((column, c) => ({ ...column, name: names[c] })) };
  let row = 0;
  const segments = ordered.map(({ file, class: name, subject }) => {
    const start = row;
    row += file.table.rows;
    return { start, end: row, class: name, subject, name: file.path };
  });
  return { table, segments };
}

/** As long and as wide as one another, several of each class: folders of long recordings are assets instead. */
function areSegments(found: ReturnType<typeof placed>): boolean {
  const [{ file: first }] = found;
  const alike = found.every(
    ({ file: { table, dtype } }) =>
      table.rows === first.table.rows && table.columns.length === first.table.columns.length && dtype === first.dtype,
  );
  const counts = new Map<string, number>();
  for (const one of found) counts.set(one.class, (counts.get(one.class) ?? 0) + 1);
  const several = counts.size >= 2 && counts.size <= MOST_CLASSES && !counts.has('');
  return alike && several && [...counts.values()].every((count) => count > 1);
}

const DSADS_HINTS = new Map(
  DSADS_COLUMNS.map(({ name, system, unit }): [string, Hint] => [
    name,
    { role: 'sensor', system, unit, reason: 'order of the DSADS columns', sure: 3 },
  ]),
);

function dsadsFound(found: ReturnType<typeof placed>): Pick<Found, 'table' | 'segments'> {
  const named = found.map((one) => ({ ...one, class: DSADS_CLASSES[Number(one.class.slice(1)) - 1] ?? one.class }));
  return joined(
    named,
    DSADS_COLUMNS.map(({ name }) => name),
  );
}

export const segmentFiles: Layout = {
  id: 'segments',
  recognise: (files) => {
    const all = tables(files);
    if (all.length < FEWEST_FILES) return null;
    const found = placed(all);
    if (!areSegments(found)) return null;
    const dsads = isDsads(found);
    const made = dsads ? dsadsFound(found) : joined(found, null);
    const [classes, subjects] = [classesOf(made.segments).length, subjectsOf(made.segments).length];
    const reason =
      `${found.length} segments of ${found[0].file.table.rows} rows, the folder names the class (${classes})` +
      (subjects > 1 ? `, the next one the subject (${subjects})` : '');
    const what = dsads
      ? { layout: 'DSADS segments', name: 'DSADS', hints: DSADS_HINTS, proposal: DSADS_PROPOSAL }
      : {
          ...{ layout: 'segments', name: 'segments', hints: new Map<string, Hint>() },
          proposal: proposeNormal(made.segments, movementIn(made.table)),
        };
    return drafted({ ...what, ...made, reason }, leftOver(files, new Set(all.map(({ path }) => path))));
  },
};

const CLASS_COLUMN = /^(class|class_?name|activity|activity_?(id|name)|category|condition)$/i;
const SUBJECT_COLUMN = /^(subject|subject_?id|person|user|participant|machine|unit)$/i;
const SEGMENT_COLUMN = /^(segment|segment_?id|window|window_?id|trial|repetition)$/i;

/** The words of a column by row. */
const wordsOf = (column: Cells | undefined, table: Table): ((row: number) => string) =>
  column === undefined ? () => '' : (row) => cellText(column, row, table.style).trim();

/** Columns that tell segments apart: class, and where there are such subject and number of the segment. */
const telling = (table: Table): readonly (Cells | undefined)[] =>
  [CLASS_COLUMN, SUBJECT_COLUMN, SEGMENT_COLUMN].map((pattern) =>
    table.columns.find(({ name }) => pattern.test(name.trim())),
  );

/** Runs of rows in which none of the telling columns changes. */
function runsOf(table: Table, columns: readonly (Cells | undefined)[]): SegmentInfo[] {
  const parts = columns.map((cells) => wordsOf(cells, table));
  const segments: SegmentInfo[] = [];
  let start = 0;
  for (let row = 1; row <= table.rows; row++) {
    if (row < table.rows && parts.every((word) => word(row) === word(row - 1))) continue;
    const [name, subject] = parts.map((word) => word(start));
    segments.push({ start, end: row, class: name, subject, name: `rows ${start + 1} to ${row}` });
    start = row;
  }
  return segments;
}

/** One table with a class column: a segment lasts as long as class, subject and segment number stay. */
export const classColumn: Layout = {
  id: 'class column',
  recognise: (files) => {
    const all = tables(files);
    if (all.length !== 1) return null;
    const [{ path, table }] = all;
    const columns = telling(table);
    const [column, , number] = columns;
    if (column === undefined || table.columns.length < 2) return null;
    const segments = runsOf(table, columns);
    const classes = classesOf(segments).length;
    // Two words or numbers in a table without segments are an ordinary label.
    const fewest = number === undefined ? 3 : 2;
    if (classes < fewest || classes > MOST_CLASSES || segments.length < FEWEST_FILES) return null;
    const hints = new Map<string, Hint>(
      columns.flatMap((cells) =>
        cells === undefined ? [] : [[cells.name, { role: 'ignore', reason: 'tells segments apart', sure: 3 }]],
      ),
    );
    const subjects = subjectsOf(segments).length;
    const reason =
      `${segments.length} runs of one class in the column ${column.name} (${classes} classes)` +
      (subjects > 1 ? `, ${subjects} subjects` : '');
    const proposal = proposeNormal(segments, movementIn(table));
    return drafted({ layout: 'class column', reason, name: stem(path), table, segments, hints, proposal }, []);
  },
};
