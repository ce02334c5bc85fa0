/**
 * Compares what the importers do with an expected.json of schema "golden-formats/1". Used by the tests beside this
 * file and by `npm run golden`, so it must stay free of the samples at hand.
 */
import { asEngineError } from '../errors.ts';
import type { Series } from '../types.ts';
import { readLabels } from './labels.ts';
import { readNpy } from './npy.ts';
import { openSource } from './open.ts';
import type { InputFile, ReadRun, Source, SourceReport } from './types.ts';
import { zipEntries } from './zip.ts';

export type FormatFiles = {
  /** Bytes of a file by its path relative to expected.json. */
  readonly read: (path: string) => Uint8Array;
  /** Paths of all files below a folder, relative to that folder. */
  readonly list: (folder: string) => readonly string[];
};

export type FormatResult = {
  readonly name: string;
  readonly ok: boolean;
  readonly skipped: boolean;
  readonly detail: string;
};

/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return -- golden files are checked by comparing, whatever they hold */
type Json = any;

export const quietRun: ReadRun = { checkpoint: () => Promise.resolve(), progress: () => undefined };

export const inputFile = (path: string, bytes: Uint8Array): InputFile => ({
  path,
  size: bytes.length,
  stream: () => new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(),
});

class Differences {
  readonly list: string[] = [];
  same(what: string, got: unknown, want: unknown): void {
    const [a, b] = [plain(got), plain(want)];
    if (a !== b) this.list.push(`${what}: got ${a}, want ${b}`);
  }
  holds(what: string, ok: boolean): void {
    if (!ok) this.list.push(what);
  }
}

const plain = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'bigint') return String(one);
    return typeof one === 'number' && Number.isNaN(one) ? 'NaN' : Object.is(one, -0) ? 0 : one;
  });

const isoMs = (ns: bigint | null): string | null =>
  ns === null ? null : new Date(Number(ns / 1_000_000n)).toISOString();
const inclusive = (spans: readonly { start: number; end: number }[] | null, offset = 0): number[][] =>
  (spans ?? []).map(({ start, end }) => [start - offset, end - 1 - offset]);

/** One line an entry of `expected`: files, layouts and labels. */
export async function checkFormats(files: FormatFiles, expected: Json): Promise<FormatResult[]> {
  const out: FormatResult[] = [];
  const check = async (name: string, run: (d: Differences) => Promise<string | undefined>): Promise<void> => {
    const d = new Differences();
    let note: string | undefined;
    try {
      note = await run(d);
    } catch (thrown) {
      const { kind, message } = asEngineError(thrown);
      d.list.push(`threw ${kind}: ${message}`);
    }
    out.push({ name, ok: d.list.length === 0, skipped: false, detail: d.list.join('; ') || (note ?? '') });
  };
  for (const entry of expected.files ?? []) await check(entry.path, (d) => checkFile(files, entry, d));
  for (const entry of expected.layouts ?? [])
    await check(`${entry.root} (${entry.layout})`, (d) => checkLayout(files, entry, d));
  for (const entry of expected.labels ?? []) await check(entry.path, (d) => checkLabels(files, entry, d));
  return out;
}

async function refusal(run: () => Promise<unknown>, want: Json, d: Differences): Promise<string> {
  try {
    await run();
  } catch (thrown) {
    const { code, kind, place, message, cure } = asEngineError(thrown);
    d.same('code', code, 'bad-input');
    d.same('kind', kind, want.kind);
    d.same('line', place.line ?? null, want.line ?? null);
    d.holds('says what to do', cure !== '');
    return message;
  }
  d.list.push(`loaded, but should be refused as ${String(want.kind)}`);
  return '';
}

async function checkFile(files: FormatFiles, entry: Json, d: Differences): Promise<string | undefined> {
  const bytes = files.read(entry.path);
  const input = inputFile(entry.path, bytes);
  const open = (): Promise<Source> => openSource([input], quietRun);
  if (entry.verdict === 'refuse') return refusal(open, entry.error, d);
  const source = await open();
  if (entry.arrays !== undefined) return checkArrays(entry, bytes, d);
  const { report } = source;
  if (entry.rows !== undefined) d.same('rows', report.assets[0].rows, entry.rows);
  checkColumns(report, entry, d);
  checkClock(report, entry, d);
  for (const code of entry.warnings ?? [])
    d.holds(
      `no warning ${String(code)}`,
      report.problems.some((one) => one.code === code),
    );
  checkValues(source, entry, d);
  if (entry.dtype !== undefined) checkNpy(entry, bytes, d);
  const extra = report.problems.filter(
    ({ code, level }) => level === 'warning' && !(entry.warnings ?? []).includes(code),
  );
  return extra.length > 0 ? `further warnings: ${extra.map(({ code }) => code).join(', ')}` : undefined;
}

function checkColumns(report: SourceReport, entry: Json, d: Differences): void {
  const { columns, problems, plan } = report;
  if (entry.columns) {
    d.same(
      'names',
      columns.map(({ name }) => name),
      entry.columns.map((one: Json) => one.name),
    );
    const got = columns.map(({ type }, c) => (typeFits(entry, type, c) ? entry.columns[c]?.type : type));
    d.same(
      'types',
      got,
      entry.columns.map((one: Json) => one.type),
    );
    const missing = Object.fromEntries(columns.filter((one) => one.missing > 0).map((one) => [one.name, one.missing]));
    if (entry.missing !== undefined) d.same('missing', missing, entry.missing);
  }
  if (entry.types)
    d.same(
      'types',
      columns.map(({ type }) => type),
      entry.types,
    );
  if (entry.columnCount !== undefined) d.same('columns', columns.length, entry.columnCount);
  if (entry.firstName !== undefined) d.same('first name', columns[0].name, entry.firstName);
  if (entry.lastName !== undefined) d.same('last name', columns.at(-1)?.name, entry.lastName);
  if (entry.columnCount !== undefined)
    d.same('distinct names', new Set(columns.map(({ name }) => name)).size, columns.length);
  if (entry.constantColumns)
    d.same(
      'constant',
      columns.filter((one) => one.constant).map(({ name }) => name),
      entry.constantColumns,
    );
  if (entry.raggedLines)
    d.same('ragged', problems.find(({ code }) => code === 'ragged-rows')?.lines, entry.raggedLines);
  if (entry.labelColumn) {
    const labels = columns.filter((_, c) => plan.columns[c].role === 'label');
    d.same(
      'label',
      labels.map(({ name }) => name),
      [entry.labelColumn],
    );
  }
}

/** A date or a time of day may be timestamp or text, where the entry says that its columns may be joined. */
const typeFits = (entry: Json, type: string, c: number): boolean =>
  entry.alternative !== undefined && type === 'timestamp' && entry.columns[c]?.type === 'text';

function checkClock(report: SourceReport, entry: Json, d: Differences): void {
  const { clock, columns } = report;
  const [first, last] = [isoMs(clock.firstNs), isoMs(clock.lastNs)];
  if (entry.timeIsIndex === true) {
    const joined = first !== null && first === entry.alternative?.first && last === entry.alternative?.last;
    d.holds(`time is ${String(first)}, want numbered rows`, joined || clock.firstNs === null);
    if (typeof entry.first === 'number') d.same('first', columns[0].min, entry.first);
    if (typeof entry.last === 'number') d.same('last', columns[0].max, entry.last);
    return;
  }
  if (entry.first !== undefined) d.same('first', first, entry.first);
  if (entry.last !== undefined) d.same('last', last, entry.last);
  if (entry.lastNanoseconds) d.same('last ns', String(clock.lastNs), entry.lastNanoseconds);
  if (entry.stepMs !== undefined) d.same('step', clock.stepMs, entry.stepMs);
  if (entry.duplicateTimestamps !== undefined) d.same('duplicates', clock.duplicates, entry.duplicateTimestamps);
  checkGaps(clock, entry, d);
}

function checkGaps(clock: SourceReport['clock'], entry: Json, d: Differences): void {
  if (entry.gaps === undefined) return;
  const gaps = clock.gaps?.map(({ afterRow, fromNs, toNs, missing }) => {
    return { afterRow, from: isoMs(fromNs), to: isoMs(toNs), missing };
  });
  d.same('gaps', gaps ?? null, entry.gaps);
}

/** Values in time order as `build` gives them, with every column of numbers made a sensor. */
function checkValues(source: Source, entry: Json, d: Differences): void {
  const { report } = source;
  const { columns, plan } = report;
  if (entry.values !== undefined || entry.labelSegmentsInclusive !== undefined) {
    const roles = plan.columns.map((one, c) => {
      const isValue =
        columns[c].type !== 'text' && one.role !== 'time' && one.role !== 'label' && columns[c].type !== 'timestamp';
      return { ...one, role: isValue ? ('sensor' as const) : one.role };
    });
    const [series] = source.build({ ...plan, columns: roles, split: { kind: 'share', share: 1 } });
    for (const [name, want] of Object.entries(entry.values ?? {})) {
      const at = series.sensors.findIndex((one) => one.name === name);
      const got = at < 0 ? [] : Array.from(series.columns[at]);
      d.holds(
        `${name}: got ${plain(got)}, want ${plain(want)}`,
        closeAll(got, (want as (number | string)[]).map(Number), series.columns[at] instanceof Float32Array),
      );
    }
    if (entry.labelSegmentsInclusive) d.same('labels', inclusive(series.labels), entry.labelSegmentsInclusive);
  }
  const page = source.rows(report.assets[0].name, 0, report.assets[0].rows);
  const cells = (name: string): string[] => page.cells.map((row) => row[columns.findIndex((one) => one.name === name)]);
  for (const [name, want] of Object.entries(entry.text ?? {})) d.same(name, cells(name), want);
  const row = (at: number): number[] => page.cells.at(at)?.map((cell) => (cell === '' ? NaN : Number(cell))) ?? [];
  if (entry.firstRow) d.same('first row', row(0), entry.firstRow);
  if (entry.lastRow) d.same('last row', row(-1), entry.lastRow);
  if (entry.missingCount !== undefined)
    d.same(
      'missing',
      columns.reduce((sum, { missing }) => sum + missing, 0),
      entry.missingCount,
    );
}

function closeAll(got: readonly number[], want: readonly number[], narrow: boolean): boolean {
  return got.length === want.length && got.every((value, i) => same(value, want[i], narrow));
}

function same(got: number, want: number, narrow: boolean): boolean {
  if (Number.isNaN(want) || Number.isNaN(got)) return Number.isNaN(want) && Number.isNaN(got);
  return narrow ? got === Math.fround(want) : got === want;
}

function checkNpy(entry: Json, bytes: Uint8Array, d: Differences): void {
  const { shape, dtype, fortranOrder } = readNpy(entry.path, bytes);
  d.same('shape', shape, entry.shape);
  d.same('dtype', dtype, entry.dtype);
  d.same('order', fortranOrder, entry.fortranOrder);
}

async function checkArrays(entry: Json, bytes: Uint8Array, d: Differences): Promise<undefined> {
  const entries = zipEntries(entry.path, bytes).filter(({ path }) => path.endsWith('.npy'));
  d.same('arrays', entries.length, Object.keys(entry.arrays).length);
  for (const [name, want] of Object.entries<Json>(entry.arrays)) {
    const safe = name
      .split('/')
      .filter((part) => part !== '..')
      .join('/');
    const found = entries.find(({ path }) => path === `${safe}.npy`);
    if (found === undefined) {
      d.list.push(`no array ${name}`);
      continue;
    }
    const array = readNpy(
      name,
      new Uint8Array(await new Response(found.stream() as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer()),
    );
    d.same(`${name} shape`, array.shape, want.shape);
    d.same(`${name} dtype`, array.dtype, want.dtype);
    if (want.lastRow)
      d.same(
        `${name} last row`,
        array.columns.map((column) => column.at(-1)),
        want.lastRow,
      );
    if (want.ones !== undefined)
      d.same(`${name} ones`, array.columns[0].filter((value) => value === 1).length, want.ones);
  }
  return undefined;
}

type Opened = {
  readonly source: Source;
  readonly series: Map<string, Series>;
  readonly reports: readonly SourceReport[];
};

/** Opens a folder and builds the assets of every group. */
async function openFolder(files: FormatFiles, root: string): Promise<Opened> {
  const inputs = files.list(root).map((path) => inputFile(path, files.read(`${root}/${path}`)));
  const source = await openSource(inputs, quietRun);
  const choices = source.report.problems.find(({ code }) => code === 'several-shapes')?.choices ?? [];
  const plans =
    choices.length === 0 ? [source.report.plan] : choices.map(({ change }) => ({ ...source.report.plan, ...change }));
  const series = plans.flatMap((plan) => [...source.build(plan)]).map((one): [string, Series] => [one.asset, one]);
  return { source, series: new Map(series), reports: plans.map((plan) => source.revise(plan)) };
}

const widthOf = ({ sensors, covariates }: Series): number => sensors.length + covariates.length;
const trainOf = ({ train }: Series): number => train.end - train.start;
const testOf = ({ test }: Series): number => test.end - test.start;

async function checkLayout(files: FormatFiles, entry: Json, d: Differences): Promise<string> {
  const { source, series, reports } = await openFolder(files, entry.root);
  const find = (name: string): Series => {
    const found =
      series.get(name) ?? [...series.values()].find(({ asset }) => name.includes(asset) || asset.includes(name));
    if (found === undefined) throw new Error(`no asset ${name} among ${[...series.keys()].join(', ')}`);
    return found;
  };
  const parts = entry.entities ?? entry.channels ?? entry.files ?? entry.series ?? [{ ...entry, only: true }];
  d.same('assets', series.size, parts.length);
  for (const want of parts) {
    const name: string = want.entity ?? want.channel ?? want.path ?? want.id ?? '';
    const one = want.only === true ? [...series.values()][0] : find(name.replace(/\.(csv|txt)$/, ''));
    checkAsset(one, want, name, d);
    const report = reports.find(({ assets }) => assets.some((asset) => asset.name === one.asset));
    if (want.columns)
      d.same(
        'columns',
        report?.columns.map((column) => column.name),
        want.columns,
      );
  }
  if (entry.severity) {
    const list = files.list(entry.root).find((path) => /anomal/i.test(path))!;
    const labels = await readLabels(inputFile(list, files.read(`${entry.root}/${list}`)), quietRun);
    d.same(
      'severity',
      labels.intervals.map(({ score }) => score),
      entry.severity,
    );
  }
  return `${source.report.layout}: ${source.report.reason}`;
}

function checkAsset(series: Series, want: Json, name: string, d: Differences): void {
  const field = (what: string, got: unknown, wanted: unknown): void => {
    if (wanted !== undefined) d.same(`${name} ${what}`, got, wanted);
  };
  const sides = want.trainRows !== undefined && want.testRows !== undefined;
  const offset = sides ? series.test.start : 0;
  const seen = Array.from({ length: series.T }, (_, t) => series.columns.some((column) => !Number.isNaN(column[t])));
  field('rows', seen.filter(Boolean).length, want.rows);
  field('train rows', trainOf(series), want.trainRows);
  field('test rows', testOf(series), want.testRows);
  field('train end', series.train.end, want.trainEnd ?? undefined);
  field('probation', series.train.end, want.probationRows);
  field('dims', widthOf(series), want.dims);
  field('segments', inclusive(series.labels, offset), want.segmentsInclusive);
  if (want.anomalyInName)
    field('anomaly', series.labels, [{ start: want.anomalyInName[0] - 1, end: want.anomalyInName[1] }]);
  if (want.trainEnd === null) field('labels', series.labels, null);
  if (want.sensorsZeroBased)
    field(
      'causes',
      series.causes.map(({ sensors }) => sensors),
      want.sensorsZeroBased,
    );
  if (want.sensorsZeroBased)
    field(
      'cause ranges',
      inclusive(
        series.causes.map(({ span }) => span),
        offset,
      ),
      want.segmentsInclusive,
    );
  for (const [column, missing] of Object.entries(want.missingTrain ?? {})) {
    const at = series.sensors.findIndex((one) => one.name === column);
    field(
      `missing in ${column}`,
      series.columns[at].subarray(0, series.train.end).filter(Number.isNaN).length,
      missing,
    );
  }
  checkSeriesClock(series, seen, want, field);
}

function checkSeriesClock(
  series: Series,
  seen: readonly boolean[],
  want: Json,
  field: (what: string, got: unknown, want: unknown) => void,
): void {
  const { clock, T } = series;
  if (clock.kind === 'index') return;
  const at = (t: number): bigint =>
    clock.kind === 'regular' ? clock.startNs + BigInt(t) * clock.stepNs : clock.ns_T[t];
  field('first', isoMs(at(0)), want.first);
  field('last', isoMs(at(T - 1)), want.last);
  if (clock.kind === 'regular') field('step', Number(clock.stepNs) / 1e6, want.stepMs);
  const repeated = Array.from({ length: T }, (_, t) => t > 0 && at(t) === at(t - 1)).filter(Boolean).length;
  field('duplicates', repeated, want.duplicateTimestamps);
  if (want.labelledTimestampsS) {
    const steps = (series.labels ?? []).flatMap(({ start, end }) =>
      Array.from({ length: end - start }, (_, i) => start + i),
    );
    field(
      'labelled times',
      steps.map((t) => Number(at(t) / 1_000_000_000n)),
      want.labelledTimestampsS,
    );
  }
  if (!want.gaps) return;
  const gaps: { afterRow: number; missing: number }[] = [];
  let rows = 0;
  for (let t = 0; t < T; t++) {
    if (seen[t]) rows++;
    else if (seen[t - 1]) gaps.push({ afterRow: rows, missing: 1 });
    else gaps.at(-1)!.missing++;
  }
  field('gaps', gaps, want.gaps);
}

async function checkLabels(files: FormatFiles, entry: Json, d: Differences): Promise<string | undefined> {
  const read = (): ReturnType<typeof readLabels> => readLabels(inputFile(entry.path, files.read(entry.path)), quietRun);
  if (entry.verdict === 'refuse') return refusal(read, entry.error, d);
  const labels = await read();
  const named = entry.intervalsMs?.some((one: Json[]) => one.length > 2);
  const got = labels.intervals.map(({ startNs, endNs, label }) => {
    const ms = [Number(startNs) / 1e6, Number(endNs) / 1e6];
    return named ? [...ms, label] : ms;
  });
  if (entry.intervalsMs) d.same('intervals', got, entry.intervalsMs);
  if (entry.score)
    d.same(
      'score',
      labels.intervals.map(({ score }) => score),
      entry.score,
    );
  if (entry.direction) d.same('direction', labels.direction, entry.direction);
  if (entry.rows !== undefined) d.same('rows', labels.rowCount, entry.rows);
  if (entry.labelledRows) {
    const rows = labels.rows.flatMap(({ span }) =>
      Array.from({ length: span.end - span.start }, (_, i) => span.start + i),
    );
    d.same('labelled rows', rows, entry.labelledRows);
  }
  if (entry.label) d.same('label', [...new Set(labels.rows.map(({ label }) => label))], [entry.label]);
  return labels.format;
}
