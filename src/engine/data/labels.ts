import * as v from 'valibot';
import { EngineError } from '../errors.ts';
import type { Span } from '../types.ts';
import { endsOf, intervalsOf, momentNs, namesEnds, refuseReversed } from './intervals.ts';
import { spansOf } from './layouts/draft.ts';
import { endsIncluded } from './layouts/parts.ts';
import { isNull, toNumber } from './numbers.ts';
import { epochNs } from './times.ts';
import { readFiles, type ReadFile } from './read.ts';
import { cellText, type Table } from './table.ts';
import type { InputFile, ReadRun } from './types.ts';
import { zoneReader } from './zones.ts';

/** A labelled time; both ends are included, so an instant has equal ends. */
export type LabelInterval = {
  /** Series, signal or channel as the file names it; '' when it names none. */
  readonly series: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly label: string;
  readonly score: number | null;
  readonly line: number | null;
};

/** Labelled rows, half-open, 0-based in the file that they belong to; `sensors` 0-based where the file names them. */
export type LabelRows = {
  readonly series: string;
  readonly span: Span;
  readonly label: string;
  readonly sensors: readonly number[];
};

export type LabelSet = {
  readonly format: string;
  readonly intervals: readonly LabelInterval[];
  readonly rows: readonly LabelRows[];
  /** Series that the file speaks of, those of which it says that nothing is labelled among them. */
  readonly named: readonly string[];
  /** Rows that the file itself has, where it holds one label a row; null otherwise. */
  readonly rowCount: number | null;
  /** What the score means; null when there is none. */
  readonly direction: 'higher is worse' | 'lower is worse' | null;
};

const set = (format: string, { intervals = [], rows = [], named, ...more }: Partial<LabelSet>): LabelSet => ({
  format,
  intervals,
  rows,
  named: [...new Set(named ?? [...intervals, ...rows].map(({ series }) => series))],
  rowCount: null,
  direction: null,
  ...more,
});

/**
 * Reads a label file: Label Studio JSON, MTV events JSON, NAB windows JSON, TRAINSET CSV, M2AD output, Orion and AWS
 * intervals, telemanom row ranges, interpretation ranges, or one 0/1 a row. Throws EngineError('bad-input') with line.
 */
export async function readLabels(file: InputFile, run: ReadRun): Promise<LabelSet> {
  const { files } = await readFiles([file], run);
  return labelsIn(files[0], file.path);
}

/** The same for a file that was read already; `path` is what messages call it, `zone` that of times without one. */
export function labelsIn(one: ReadFile, path: string, zone = 'UTC'): LabelSet {
  if (one.kind === 'failed') throw one.error;
  if (one.kind === 'json') return fromJson(path, one.value, zone);
  if (one.kind === 'ranges') return fromRanges(one);
  if (one.kind === 'table') return fromTable(path, one.table, zone);
  throw unknown(path);
}

const unknown = (file: string): EngineError => {
  const cure =
    'Label Studio, MTV, NAB, TRAINSET, Orion, AWS and telemanom labels can be read, and a column of 0 and 1.';
  return new EngineError('bad-input', 'unknown-labels', `${file} holds no labels of a known form.`, cure, { file });
};

const LabelStudio = v.array(
  v.object({
    annotations: v.array(
      v.object({ result: v.array(v.unknown()), was_cancelled: v.optional(v.nullable(v.boolean())) }),
    ),
  }),
);
/** Other results, such as a choice that speaks of the whole task, are no ranges. */
const Region = v.object({
  value: v.object({
    start: v.union([v.number(), v.string()]),
    end: v.union([v.number(), v.string()]),
    timeserieslabels: v.optional(v.array(v.string())),
  }),
});
const Mtv = v.object({
  events: v.array(
    v.object({
      signal_id: v.optional(v.union([v.string(), v.number()])),
      start_time: v.number(),
      stop_time: v.number(),
      tag: v.optional(v.nullable(v.string())),
      score: v.optional(v.nullable(v.number())),
    }),
  ),
});
const Windows = v.record(v.string(), v.array(v.tuple([v.string(), v.string()])));

/** By the decimals as they are written: those of the binary number are off by up to 120 ns today. */
const decimalNs = (value: number, unit: 's' | 'ms'): bigint => {
  const ns = epochNs(String(value), unit);
  if (ns === null)
    throw new EngineError('bad-input', 'bad-time', `${value} is no time since 1970`, 'Correct that time.');
  return ns;
};

const unlabelled = { label: '', score: null, line: null };

function interval(
  file: string,
  series: string,
  startNs: bigint,
  endNs: bigint,
  more: Partial<LabelInterval>,
): LabelInterval {
  refuseReversed(file, startNs, endNs, more.line ?? 1);
  return { ...unlabelled, series, startNs, endNs, ...more };
}

function fromJson(file: string, value: unknown, zone: string): LabelSet {
  const toUtc = zoneReader(zone);
  const studio = v.safeParse(LabelStudio, Array.isArray(value) ? value : [value], { abortEarly: true });
  if (studio.success) {
    const moment = (at: number | string): bigint =>
      typeof at === 'number' ? decimalNs(at, 'ms') : momentNs(file, at, 1, toUtc);
    const results = studio.output.flatMap((task) =>
      task.annotations.flatMap(({ result, was_cancelled: isSkipped }) => (isSkipped === true ? [] : result)),
    );
    const intervals = results.flatMap((one) => {
      const region = v.safeParse(Region, one, { abortEarly: true });
      if (!region.success) return [];
      const { start, end, timeserieslabels = [] } = region.output.value;
      const labels = timeserieslabels.length > 0 ? timeserieslabels : [''];
      return labels.map((label) => interval(file, '', moment(start), moment(end), { label }));
    });
    return set('Label Studio', { intervals });
  }
  const mtv = v.safeParse(Mtv, value, { abortEarly: true });
  if (mtv.success) {
    const intervals = mtv.output.events.map(({ signal_id, start_time, stop_time, tag, score }) => {
      const [startNs, endNs] = [decimalNs(start_time, 's'), decimalNs(stop_time, 's')];
      return interval(file, String(signal_id ?? ''), startNs, endNs, { label: tag ?? '', score: score ?? null });
    });
    return set('MTV events', { intervals });
  }
  const windows = v.safeParse(Windows, value, { abortEarly: true });
  if (!windows.success) throw unknown(file);
  const intervals = Object.entries(windows.output).flatMap(([series, list]) =>
    list.map((ends): LabelInterval => ({ ...unlabelled, series, ...endsOf(file, ends, 1, toUtc) })),
  );
  return set('NAB windows', { intervals, named: Object.keys(windows.output) });
}

function fromRanges({ path, ranges }: Extract<ReadFile, { kind: 'ranges' }>): LabelSet {
  const behind = endsIncluded(ranges, null) ? 1 : 0;
  const rows = ranges.map(({ from, to, sensors }) => ({
    series: path,
    span: { start: from, end: to + behind },
    label: '',
    sensors: sensors.map((sensor) => sensor - 1),
  }));
  return set('Interpretation ranges', { rows });
}

function fromTable(file: string, table: Table, zone: string): LabelSet {
  const names = table.columns.map(({ name }) => name.toLowerCase());
  const text = (name: string, row: number): string => {
    const c = names.indexOf(name);
    return c < 0 ? '' : cellText(table.columns[c], row, table.style);
  };
  if (names.includes('anomaly_sequences')) return telemanom(file, table, text);
  if (names.includes('timestamp') && names.includes('label') && names.includes('series'))
    return trainset(file, table, text, zone);
  const [first, second, ...more] = table.columns;
  const pairOfTimes =
    !table.hasHeader &&
    more.length === 0 &&
    first.kind === 'text' &&
    (second as typeof first | undefined)?.kind === 'text';
  if (namesEnds(table)) return intervalTable(file, table, text, { names, zone });
  if (pairOfTimes) {
    const intervals = intervalsOf(file, table, zone).map(({ startNs, endNs, row }) => {
      return interval(file, '', startNs, endNs, { line: table.lines[row] });
    });
    return set('AWS start/end', { intervals });
  }
  const last = table.columns.at(-1)!;
  if (last.kind !== 'number' || !last.values.every((value) => Number.isNaN(value) || Number.isInteger(value)))
    throw unknown(file);
  const rows = spansOf(last.values).map((span) => ({ series: '', span, label: '', sensors: [] }));
  return set('One label a row', { rows, rowCount: table.rows });
}

type CellOf = (name: string, row: number) => string;

function intervalTable(
  file: string,
  table: Table,
  text: CellOf,
  { names, zone }: { readonly names: readonly string[]; readonly zone: string },
): LabelSet {
  const m2 = names.includes('score');
  const scored = m2 ? 'score' : 'severity';
  const intervals = intervalsOf(file, table, zone).map(({ startNs, endNs, row }) => {
    const score = toNumber(text(scored, row), table.style);
    const series = text('entity', row) || text('signal', row);
    return interval(file, series, startNs, endNs, {
      label: text('label', row),
      score: Number.isNaN(score) ? null : score,
      line: table.lines[row],
    });
  });
  const direction = m2 ? 'lower is worse' : names.includes('severity') ? 'higher is worse' : null;
  return set(m2 ? 'M2AD output' : names.includes('severity') ? 'Orion' : 'Start and end', { intervals, direction });
}

/** Long table of series,timestamp,value,label: runs of the same label in one series. */
function trainset(file: string, table: Table, text: CellOf, zone: string): LabelSet {
  const toUtc = zoneReader(zone);
  const rows: LabelRows[] = [];
  const intervals: LabelInterval[] = [];
  for (let row = 0; row < table.rows; row++) {
    const label = text('label', row);
    if (isNull(label)) continue;
    const series = text('series', row);
    const start = row;
    while (row + 1 < table.rows && text('label', row + 1) === label && text('series', row + 1) === series) row++;
    rows.push({ series, span: { start, end: row + 1 }, label, sensors: [] });
    const [startNs, endNs] = [start, row].map((r) => momentNs(file, text('timestamp', r), table.lines[r], toUtc));
    intervals.push(interval(file, series, startNs, endNs, { label, line: table.lines[start] }));
  }
  return set('TRAINSET', { rows, intervals, rowCount: table.rows });
}

/** Number of a row as digits. Throws EngineError('bad-input', 'bad-range') for one that no file has. */
export function rowAt(file: string, digits: string, line: number): number {
  const row = Number(digits);
  if (row < Number.MAX_SAFE_INTEGER) return row;
  const message = `${file}: line ${line} counts further than rows can be counted.`;
  throw new EngineError('bad-input', 'bad-range', message, 'Give row numbers of the series.', { file, line });
}

function telemanom(file: string, table: Table, text: CellOf): LabelSet {
  const rows = Array.from(table.lines).flatMap((line, row) =>
    [...text('anomaly_sequences', row).matchAll(/\[\s*(\d+)\s*,\s*(\d+)\s*\]/g)].map((m) => {
      const [first, last] = [rowAt(file, m[1], line), rowAt(file, m[2], line)];
      refuseReversed(file, BigInt(first), BigInt(last), line);
      const span = { start: first, end: last + 1 };
      return { series: text('chan_id', row), span, label: '', sensors: [] };
    }),
  );
  return set('telemanom', { rows, named: Array.from(table.lines, (_, row) => text('chan_id', row)) });
}
