import type { Timed } from './clock.ts';
import { looksLikeDays, type Typed } from './columns.ts';
import type { DraftAsset, DraftNote } from './layouts/draft.ts';
import { count } from './limits.ts';
import type { ReadNote } from './table.ts';
import type { ColumnPlan, Problem, RolePlan } from './types.ts';

/** Every code that a problem may have, with the level it is shown at. */
export const WARNING_CODES: ReadonlyMap<string, Problem['level']> = new Map<string, Problem['level']>([
  ['ambiguous-date-order', 'warning'],
  ['comment-lines', 'note'],
  ['constant-column', 'warning'],
  ['duplicate-column-names', 'warning'],
  ['duplicate-timestamps', 'warning'],
  ['encoding-fallback', 'warning'],
  ['gaps', 'note'],
  ['irregular-sampling', 'warning'],
  ['joined-date-time', 'note'],
  ['missing-values', 'note'],
  ['no-header', 'note'],
  ['no-time-zone', 'note'],
  ['no-value-columns', 'warning'],
  ['non-finite-values', 'warning'],
  ['one-line', 'note'],
  ['precision-loss', 'warning'],
  ['ragged-rows', 'warning'],
  ['several-shapes', 'warning'],
  ['skipped-files', 'note'],
  ['spreadsheet-days', 'note'],
  ['text-cells', 'warning'],
  ['text-columns', 'note'],
  ['too-short', 'warning'],
  ['train-test-order', 'warning'],
  ['units-row', 'note'],
  ['unlabelled-name', 'warning'],
  ['unreadable-files', 'warning'],
  ['unsorted', 'warning'],
]);

type Given = Omit<Problem, 'level' | 'lines' | 'column' | 'choices' | 'chosen'> & Partial<Problem>;

export const problem = (given: Given): Problem => ({
  level: WARNING_CODES.get(given.code) ?? 'note',
  lines: [],
  column: null,
  choices: [],
  chosen: null,
  ...given,
});

const TITLES: ReadonlyMap<string, string> = new Map([
  ['comment-lines', 'Comment lines'],
  ['duplicate-column-names', 'Columns with the same name'],
  ['encoding-fallback', 'Not UTF-8'],
  ['no-header', 'No column names'],
  ['one-line', 'One long line'],
  ['precision-loss', 'Numbers too large to be exact'],
  ['ragged-rows', 'Short rows'],
  ['units-row', 'A row of units'],
]);

/** A count with its words: "1 time appears", "3 times appear". */
const many = (n: number, one: string, more: string): string => `${count(n)} ${n === 1 ? one : more}`;

const listed = (lines: readonly number[]): string => {
  const shown = lines.slice(0, 5).map(count).join(', ');
  return `line${lines.length === 1 ? '' : 's'} ${shown}${lines.length > 5 ? ` and ${count(lines.length - 5)} more` : ''}`;
};

function readProblems(notes: readonly ReadNote[]): Problem[] {
  return notes.map(({ code, lines, detail }) => {
    const where = lines.length > 0 ? `${listed(lines)}: ` : '';
    return problem({ code, title: TITLES.get(code) ?? code, detail: where + detail, lines });
  });
}

export type Scene = {
  readonly asset: DraftAsset;
  readonly typed: readonly Typed[];
  readonly timed: Timed;
  readonly plan: RolePlan;
  readonly benchmark: boolean;
};

/** Problems of one asset under a plan. Codes are stable; texts are for people. */
export function findProblems(scene: Scene): Problem[] {
  const { asset } = scene;
  return [...clockProblems(scene), ...columnProblems(scene), ...readProblems(asset.table.notes)];
}

function clockProblems({ asset, timed, plan, typed }: Scene): Problem[] {
  const { table } = asset;
  const found: Problem[] = [];
  const numbering = plan.columns.map((column): ColumnPlan =>
    column.role === 'time' ? { ...column, role: 'ignore' } : column,
  );
  const isTime = (c: number): boolean => plan.columns[c].role === 'time';
  if (timed.backLines.length > 0) {
    found.push(
      problem({
        code: 'unsorted',
        title: many(timed.backLines.length, 'row goes back in time', 'rows go back in time'),
        detail: `${listed(timed.backLines)}; rows are sorted by time`,
        lines: timed.backLines,
        choices: [
          { id: 'sort', label: 'Sort by time', change: {} },
          { id: 'number', label: 'Keep the order and number the rows', change: { columns: numbering } },
        ],
        chosen: 'sort',
      }),
    );
  }
  if (timed.info.duplicates > 0) found.push(duplicateProblem(timed, plan));
  if (timed.ambiguousOrder !== null) {
    found.push(
      problem({
        code: 'ambiguous-date-order',
        title: 'Day and month can be told apart only by their spacing',
        detail: `read ${timed.ambiguousOrder === 'day-first' ? 'day first' : 'month first'}, which spaces the rows more evenly`,
        choices: [
          { id: 'day-first', label: 'Day first', change: { dateOrder: 'day-first' } },
          { id: 'month-first', label: 'Month first', change: { dateOrder: 'month-first' } },
        ],
        chosen: timed.ambiguousOrder,
      }),
    );
  }
  if (timed.naive) {
    const utc = { id: 'UTC', label: 'UTC', change: { zone: 'UTC' } };
    const own = { id: plan.zone, label: plan.zone, change: { zone: plan.zone } };
    const detail = `read as ${plan.zone}; choose another zone if the clock on the wall was meant`;
    const choices = plan.zone === 'UTC' ? [utc] : [utc, own];
    found.push(problem({ code: 'no-time-zone', title: 'Times without a zone', detail, choices, chosen: plan.zone }));
  }
  const gaps = timed.info.gaps ?? [];
  if (gaps.length > 0) {
    const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
    const detail = `${many(missing, 'row is', 'rows are')} missing, first after row ${count(gaps[0].afterRow)}; gaps stay gaps`;
    const lines = gaps.slice(0, 1000).map(({ afterRow }) => table.lines[timed.order[afterRow - 1]]);
    found.push(problem({ code: 'gaps', title: many(gaps.length, 'gap', 'gaps'), detail, lines }));
  }
  if (timed.irregular) {
    const detail = 'no step is usual; every row keeps its own time and no gaps are looked for';
    found.push(problem({ code: 'irregular-sampling', title: 'Irregular sampling', detail }));
  }
  const time = typed.findIndex((_, c) => isTime(c));
  if (typed.filter((_, c) => isTime(c)).length > 1) {
    const detail = typed.flatMap(({ cells }, c) => (isTime(c) ? [cells.name] : [])).join(' and ');
    const choices = [
      { id: 'join', label: 'Join them', change: {} },
      { id: 'apart', label: 'Number the rows', change: { columns: numbering } },
    ];
    found.push(
      problem({ code: 'joined-date-time', title: 'Date and time of day are joined', detail, choices, chosen: 'join' }),
    );
  } else if (time >= 0 && looksLikeDays(typed[time])) found.push(daysProblem(typed[time], plan));
  if (table.rows < 3)
    found.push(problem({ code: 'too-short', title: 'Too short', detail: `only ${many(table.rows, 'row', 'rows')}` }));
  return found;
}

function duplicateProblem(timed: Timed, plan: RolePlan): Problem {
  const choice = (id: RolePlan['duplicates'], label: string): Problem['choices'][number] => ({
    id,
    label,
    change: { duplicates: id },
  });
  return problem({
    code: 'duplicate-timestamps',
    title: many(timed.info.duplicates, 'time appears again', 'times appear again'),
    detail: `${listed(timed.repeatedLines)}; all rows are kept until you choose`,
    lines: timed.repeatedLines,
    choices: [
      choice('keep', 'Keep all'),
      choice('first', 'Keep the first'),
      choice('last', 'Keep the last'),
      choice('mean', 'Keep the mean'),
    ],
    chosen: plan.duplicates,
  });
}

function daysProblem({ cells }: Typed, plan: RolePlan): Problem {
  return problem({
    code: 'spreadsheet-days',
    title: 'May be spreadsheet days',
    detail: `${cells.name} holds numbers as spreadsheets count days since 1899-12-30`,
    column: cells.name,
    choices: [
      { id: 'auto', label: 'Numbers', change: { timeReading: 'auto' } },
      { id: 'days', label: 'Dates', change: { timeReading: 'days' } },
    ],
    chosen: plan.timeReading ?? 'auto',
  });
}

function columnProblems({ asset, typed, plan, benchmark }: Scene): Problem[] {
  const { table } = asset;
  const found: Problem[] = [];
  const isValue = (c: number): boolean => plan.columns[c].role === 'sensor' || plan.columns[c].role === 'covariate';
  const names = (list: readonly Typed[]): string => {
    const shown = list
      .slice(0, 5)
      .map(({ cells }) => cells.name)
      .join(', ');
    return list.length > 5 ? `${shown} and ${count(list.length - 5)} more` : shown;
  };
  const linesOf = (rows: readonly number[]): number[] => rows.slice(0, 1000).map((row) => table.lines[row]);
  for (const { cells } of typed) {
    if (cells.kind !== 'number') continue;
    if (cells.infiniteRows.length > 0) {
      const lines = linesOf(cells.infiniteRows);
      const detail = `${listed(lines)}: infinite or too large; read as missing`;
      const title = `${many(cells.infiniteRows.length, 'value', 'values')} not finite in ${cells.name}`;
      found.push(problem({ code: 'non-finite-values', title, detail, lines, column: cells.name }));
    }
    if (cells.oddRows.length > 0) {
      const lines = linesOf(cells.oddRows);
      const word = cells.written.get(cells.oddRows[0]) ?? '';
      const detail = `${listed(lines)}: read as missing`;
      const title = `“${word.slice(0, 20)}” where a number is expected`;
      found.push(problem({ code: 'text-cells', title, detail, lines, column: cells.name }));
    }
  }
  const gaps = typed.filter((column) => column.missing > 0 && column.values !== null);
  if (gaps.length > 0) {
    const cells = gaps.reduce((sum, { missing }) => sum + missing, 0);
    const title = `${many(cells, 'empty cell', 'empty cells')} in ${names(gaps)}`;
    const column = gaps.length === 1 ? gaps[0].cells.name : null;
    found.push(
      problem({
        code: 'missing-values',
        title,
        detail: 'kept as gaps; filled only inside of a run, and marked',
        column,
      }),
    );
  }
  const constant = typed.filter(
    (column, c) => column.constant && column.values !== null && plan.columns[c].role !== 'label',
  );
  if (constant.length > 0) {
    const detail = benchmark
      ? 'kept, because labels count the sensors by number'
      : 'left out, because nothing can be learned from them';
    const level = benchmark ? 'note' : 'warning';
    found.push(
      problem({ code: 'constant-column', level, title: `One value in every row: ${names(constant)}`, detail }),
    );
  }
  const texts = typed.filter(({ type }, c) => type === 'text' && plan.columns[c].role !== 'time');
  if (texts.length > 0)
    found.push(
      problem({
        code: 'text-columns',
        title: `Text in ${names(texts)}`,
        detail: 'text is left out unless it is a label',
      }),
    );
  if (!typed.some((_, c) => isValue(c)) && constant.length === 0) {
    found.push(
      problem({
        code: 'no-value-columns',
        title: 'No column to look at',
        detail: 'no column is a sensor or a covariate',
      }),
    );
  }
  return found;
}

export const noteProblems = (notes: readonly DraftNote[]): Problem[] =>
  notes.map((note) =>
    problem({
      ...note,
      lines: note.lines ?? [],
      column: note.column ?? null,
      choices: note.choices ?? [],
      chosen: note.chosen ?? null,
    }),
  );
