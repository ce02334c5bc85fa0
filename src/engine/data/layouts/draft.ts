import type { Segment, Span } from '../../types.ts';
import type { Proposal, SegmentInfo, SegmentPlan } from '../segments.ts';
import type { ReadFile } from '../read.ts';
import type { Table } from '../table.ts';
import type { Problem, Role, Sureness } from '../types.ts';

/** What a layout knows about a column; it comes before any guess from names and values. */
export type Hint = {
  readonly role?: Role;
  readonly system?: string;
  readonly unit?: string;
  readonly reason: string;
  readonly sure: Sureness;
};

/** Inclusive range of times with a label, in nanoseconds since 1970 UTC. */
export type StampLabel = { readonly startNs: bigint; readonly endNs: bigint };
export type StampLabels = (zone: string) => readonly StampLabel[];

/** Reads the times once a zone, and at once in UTC, so that a broken one is told of when the files are opened. */
export function stampLabelsOf(read: StampLabels): StampLabels {
  const known = new Map([['UTC', read('UTC')]]);
  return (zone) => {
    const found = known.get(zone) ?? read(zone);
    known.set(zone, found);
    return found;
  };
}

/** One asset of a recognised source: rows in file order, training rows first. */
export type DraftAsset = {
  readonly name: string;
  readonly table: Table;
  /** Rows before this one train; null where the layout does not say. */
  readonly trainRows: number | null;
  /** Files of the training and the test part, where they may have been mistaken for one another. */
  readonly parts: readonly [Table, Table] | null;
  /** False where the distance in time between training and test part is unknown. */
  readonly contiguous: boolean;
  /** Labelled rows in file order; null where the layout has no labels of that kind. */
  readonly rowLabels: readonly Span[] | null;
  /** Labelled times, those without a zone read in the one given, as the rows are; null where there are none. */
  readonly stampLabels: StampLabels | null;
  readonly causes: readonly { readonly span: Span; readonly sensors: readonly number[] }[];
  /** Where the rows are segments of known classes. */
  readonly classified?: Classified;
  /** Order of the rows and their segments under a plan; made from `classified`. */
  readonly laidOut?: { readonly order: Uint32Array; readonly segments: readonly Segment[] };
};

export type Classified = {
  readonly all: readonly SegmentInfo[];
  readonly proposal: Proposal;
  readonly guess: SegmentPlan;
};

export type DraftNote = Pick<Problem, 'code' | 'level' | 'title' | 'detail'> &
  Partial<Pick<Problem, 'lines' | 'column' | 'choices' | 'chosen'>>;

export type Draft = {
  readonly layout: string;
  readonly reason: string;
  readonly name: string;
  readonly assets: readonly DraftAsset[];
  readonly hints: ReadonlyMap<string, Hint>;
  readonly notes: readonly DraftNote[];
  /** Benchmark sets keep every sensor, even constant ones, because labels count them by number. */
  readonly benchmark: boolean;
};

export type TableFile = Extract<ReadFile, { kind: 'table' }>;

/** Recognises a layout among the files, or says null. Throws EngineError('bad-input') when a part contradicts another. */
export type Layout = { readonly id: string; readonly recognise: (files: readonly ReadFile[]) => Draft | null };

export const tables = (files: readonly ReadFile[]): TableFile[] => files.filter((file) => file.kind === 'table');

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Name without folders, extension, and the " (1)" that browsers add to a second download. */
export const stem = (path: string): string =>
  fileName(path)
    .replace(/\.[A-Za-z]\w{0,4}$/, '')
    .replace(/ \(\d+\)$/, '');

export const asset = (name: string, table: Table, more: Partial<DraftAsset> = {}): DraftAsset => ({
  name,
  table,
  trainRows: null,
  parts: null,
  contiguous: true,
  rowLabels: null,
  stampLabels: null,
  causes: [],
  ...more,
});

export const draft = (
  layout: string,
  reason: string,
  assets: readonly DraftAsset[],
  more: Partial<Draft> = {},
): Draft => ({
  layout,
  reason,
  name: assets.length === 1 ? assets[0].name : `${layout}, ${assets.length} assets`,
  assets: [...assets].sort((a, b) => byName(a.name, b.name)),
  hints: new Map(),
  notes: [],
  benchmark: false,
  ...more,
});

/** Names in the order people expect: omi-2 before omi-10. */
export function byName(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => name.split(/(\d+)/));
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] === y[i]) continue;
    return i % 2 === 1 && Number(x[i]) !== Number(y[i]) ? Number(x[i]) - Number(y[i]) : x[i] < y[i] ? -1 : 1;
  }
  return x.length - y.length;
}

/** Runs of ones in a column of labels; anything above one half counts, missing does not. */
export function spansOf(values: ArrayLike<number>, offset = 0): Span[] {
  const spans: Span[] = [];
  for (let i = 0, start = -1; i <= values.length; i++) {
    const on = i < values.length && values[i] > 0.5;
    if (on && start < 0) start = i;
    if (on || start < 0) continue;
    spans.push({ start: start + offset, end: i + offset });
    start = -1;
  }
  return spans;
}

/** Paths without the folders that all of them share, and without extension. */
export function assetNames(paths: readonly string[]): string[] {
  const split = paths.map((path) => path.split('/'));
  let shared = 0;
  while (split.every((parts) => parts.length > shared + 1 && parts[shared] === split[0][shared])) shared++;
  const short = split.map((parts) => [...parts.slice(shared, -1), stem(parts[parts.length - 1])].join('/'));
  const seen = new Map<string, number>();
  return short.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

/** Sorted, with ranges that touch or overlap made one. */
export function joined(spans: readonly Span[]): Span[] {
  const out: { start: number; end: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else out.push({ ...span });
  }
  return out;
}

/** A note on the tables that a layout has no use for, so that nothing is dropped in silence. */
export function leftOver(files: readonly ReadFile[], used: ReadonlySet<string>): DraftNote[] {
  const left = tables(files).flatMap(({ path }) => (used.has(path) ? [] : [path]));
  if (left.length === 0) return [];
  const detail = `${left.slice(0, 5).join(', ')}${left.length > 5 ? ` and ${left.length - 5} more` : ''}`;
  return [{ code: 'skipped-files', level: 'note', title: `${left.length} tables are no part of this layout`, detail }];
}
