import { EngineError } from '../errors.ts';
import type { Cause, Channel, Clock, Column, Series, Span } from '../types.ts';
import type { Timed } from './clock.ts';
import { numbersOf } from './columns.ts';
import { joined, spansOf, type DraftAsset, type StampLabel } from './layouts/draft.ts';
import { count, LIMITS, within } from './limits.ts';
import { isNull, type NumberStyle } from './numbers.ts';
import type { Cells } from './table.ts';
import type { RolePlan } from './types.ts';

/** Gaps are filled with rows of missing values as long as that at most triples the rows. */
const MOST_GROWTH = 3;
/** With fewer observed training values than this share, nothing can be learned. */
const LEAST_SEEN = 0.2;

/** In place of a step, for rows that are left out. */
const LEFT_OUT = -1;

/**
 * Step of each row. Where repeated times are merged, `rows_T` lists the rows of each step. A step without rows is one
 * that the file does not have.
 */
type Steps = {
  readonly T: number;
  readonly step_R: Int32Array;
  readonly rows_T: readonly (readonly number[])[] | null;
  readonly clock: Clock;
};

/**
 * One asset as a series: sensors first, then covariates; rows in time order, repeated times settled as the plan says,
 * missing rows of a regular clock present as NaN. Throws EngineError('bad-input') when no column is a sensor.
 */
export function buildSeries(asset: DraftAsset, timed: Timed, plan: RolePlan): Series {
  const { table } = asset;
  const roles = (role: string): number[] => plan.columns.flatMap((column, c) => (column.role === role ? [c] : []));
  const sensors = roles('sensor');
  const covariates = roles('covariate');
  if (sensors.length === 0) {
    const cure = 'Give at least one column of numbers the role sensor.';
    throw new EngineError('bad-input', 'no-sensor', `${asset.name} has no sensor.`, cure, { file: table.path });
  }
  const steps = layOut(timed, plan, asset.trainRows ?? table.rows, table.rows);
  const columns = [...sensors, ...covariates].map((c) => {
    return column(numbersOf(table.columns[c], table.style), steps, plan.duplicates);
  });
  const { train, test } = splitOf(asset, steps, plan);
  const labels = labelsOf(rowFlags(asset, timed, plan), steps);
  const channel = (c: number): Channel => ({
    name: table.columns[c].name,
    unit: plan.columns[c].unit,
    system: plan.columns[c].system,
  });
  return {
    asset: asset.name,
    T: steps.T,
    sensors: sensors.map(channel),
    covariates: covariates.map(channel),
    columns,
    clock: steps.clock,
    train,
    test,
    contiguous: asset.contiguous || plan.split.kind !== 'layout',
    ...(asset.laidOut && { segments: asset.laidOut.segments }),
    labels,
    causes: causesOf(asset, steps, sensors),
  };
}

/** Why nothing can be learned from a series, as an error with its cure; null when something can. */
export function uselessness({ asset, train, columns, sensors, T }: Series, file: string): EngineError | null {
  const place = { file };
  if (train.end <= train.start) {
    const cure = 'Choose a split that leaves rows for training.';
    return new EngineError('bad-input', 'no-training-rows', `${asset} has no training rows.`, cure, place);
  }
  let seen = 0;
  let varies = false;
  for (const column of columns.slice(0, sensors.length)) {
    let first = NaN;
    for (let t = train.start; t < train.end; t++) if (!Number.isNaN(column[t])) seen++;
    for (let t = 0; t < T && !varies; t++) {
      if (Number.isNaN(first)) first = column[t];
      else if (!Number.isNaN(column[t]) && column[t] !== first) varies = true;
    }
  }
  const cells = sensors.length * (train.end - train.start);
  if (seen < LEAST_SEEN * cells) {
    const message = `${asset}: only ${count(seen)} of ${count(cells)} training values are present.`;
    const cure = 'Ignore the columns with the most gaps, or choose a training part with fewer.';
    return new EngineError('bad-input', 'too-many-gaps', message, cure, place);
  }
  if (varies || T < 2) return null;
  const cure = 'Give a column that varies the role sensor.';
  return new EngineError(
    'bad-input',
    'constant-sensors',
    `${asset}: every sensor has one value in all rows.`,
    cure,
    place,
  );
}

/** Places the rows on steps. */
function layOut({ ns, order, stepNs }: Timed, plan: RolePlan, trainRows: number, rows: number): Steps {
  const R = order.length;
  const step_R = new Int32Array(rows).fill(LEFT_OUT);
  if (ns === null) {
    for (let i = 0; i < R; i++) step_R[order[i]] = i;
    return { T: R, step_R, rows_T: null, clock: { kind: 'index' } };
  }
  const groups = grouped(ns, order, trainRows, plan.duplicates !== 'keep');
  const at = groups.map(([row]) => ns[row]);
  const grid = stepNs === null ? null : onGrid(at, stepNs);
  const T = grid === null ? groups.length : grid[grid.length - 1] + 1;
  const rows_T: number[][] | null = groups.length === R ? null : Array.from({ length: T }, () => []);
  for (const [g, rows] of groups.entries()) {
    const t = grid === null ? g : grid[g];
    if (rows_T !== null) rows_T[t] = rows;
    for (const row of rows) step_R[row] = t;
  }
  if (grid !== null) {
    return { T, step_R, rows_T, clock: { kind: 'regular', startNs: at[0], stepNs: stepNs!, zone: plan.zone } };
  }
  const forward = at.every((moment, t) => t === 0 || moment >= at[t - 1]);
  const clock: Clock = forward ? { kind: 'stamps', ns_T: BigInt64Array.from(at), zone: plan.zone } : { kind: 'index' };
  return { T, step_R, rows_T, clock };
}

/** Rows in time order; those with one time are together where `merge` says so. */
function grouped(ns: BigInt64Array, order: Uint32Array, trainRows: number, merge: boolean): number[][] {
  const groups: number[][] = [];
  for (let i = 0; i < order.length; i++) {
    const row = order[i];
    const same = merge && i > 0 && i !== trainRows && ns[row] === ns[order[i - 1]];
    if (same) groups[groups.length - 1].push(row);
    else groups.push([row]);
  }
  return groups;
}

/** Step of each moment on a clock of exactly `stepNs`; null where one falls between steps or the clock grows too long. */
function onGrid(at: readonly bigint[], stepNs: bigint): number[] | null {
  if (stepNs <= 0n || at.length < 2) return null;
  const [start] = at;
  const steps: number[] = [];
  for (const moment of at) {
    const offset = moment - start;
    const before = steps.at(-1) ?? -1;
    if (offset % stepNs !== 0n) return null;
    const step = Number(offset / stepNs);
    if (step <= before) return null;
    steps.push(step);
  }
  return steps[steps.length - 1] + 1 > MOST_GROWTH * at.length ? null : steps;
}

/** Values by step. Float64 only where float32 would change a value by more than a ten-thousandth of its spread. */
function column(values: Float64Array, { T, step_R, rows_T }: Steps, duplicates: RolePlan['duplicates']): Column {
  let out: Float64Array;
  if (rows_T === null) {
    out = new Float64Array(T).fill(NaN);
    for (let r = 0; r < step_R.length; r++) if (step_R[r] !== LEFT_OUT) out[step_R[r]] = values[r];
  } else out = Float64Array.from(rows_T, (rows) => settled(values, rows, duplicates));
  const narrow = new Float32Array(out);
  return losesSignal(out, narrow) ? out : narrow;
}

function settled(values: Float64Array, rows: readonly number[], duplicates: RolePlan['duplicates']): number {
  if (rows.length === 0) return NaN;
  if (rows.length === 1 || duplicates === 'first' || duplicates === 'keep') return values[rows[0]];
  if (duplicates === 'last') return values[rows[rows.length - 1]];
  const seen = rows.map((row) => values[row]).filter((value) => !Number.isNaN(value));
  if (seen.length === 0) return NaN;
  const sum = seen.reduce((total, value) => total + value, 0);
  if (Number.isFinite(sum)) return sum / seen.length;
  // The sum of huge values may be beyond all numbers where their mean is not; rounded up, so may the sum of their shares.
  const shares = seen.reduce((mean, value) => mean + value / seen.length, 0);
  const lowest = seen.reduce((a, b) => Math.min(a, b));
  return Math.min(
    Math.max(shares, lowest),
    seen.reduce((a, b) => Math.max(a, b)),
  );
}

function losesSignal(wide: Float64Array, narrow: Float32Array): boolean {
  let n = 0;
  let mean = 0;
  let m2 = 0;
  let worst = 0;
  for (let t = 0; t < wide.length; t++) {
    const value = wide[t];
    if (Number.isNaN(value)) continue;
    if (!Number.isFinite(narrow[t])) return true;
    n++;
    const delta = value - mean;
    mean += delta / n;
    m2 += delta * (value - mean);
    const error = Math.abs(value - narrow[t]);
    if (error > worst) worst = error;
  }
  const spread = Math.sqrt(m2 / Math.max(1, n));
  return worst > 1e-4 * spread && worst > 0 && spread > 0;
}

function splitOf(asset: DraftAsset, { T, step_R }: Steps, { split }: RolePlan): { train: Span; test: Span } {
  const at = (step: number): { train: Span; test: Span } => {
    const cut = Math.max(0, Math.min(T, Math.round(step)));
    return { train: { start: 0, end: cut }, test: { start: cut, end: T } };
  };
  if (split.kind === 'share') return at(Math.floor(T * split.share));
  if (split.kind === 'step') return at(split.step);
  const { trainRows } = asset;
  if (trainRows === null) return at(Math.floor(T / 2));
  // Rows may be out of order, so the training part ends where its number of rows, counted in time order, ends.
  const sorted = step_R.filter((step) => step !== LEFT_OUT).sort();
  if (trainRows >= sorted.length) return at(T);
  return at(sorted[trainRows]);
}

const NORMAL_WORDS = new Set([
  '',
  'normal',
  '0',
  'no',
  'none',
  'false',
  'benign',
  'ok',
  'good',
  'healthy',
  'regular',
  'f',
  'n',
]);

/** 1 for anomalous rows, 0 for others; words other than "normal" and its like are anomalous, however blanks split them. */
function labelFlags(cells: Cells, style: NumberStyle): Float64Array {
  const values = numbersOf(cells, style);
  if (cells.kind === 'number' || cells.cells.every((cell, r) => isNull(cell) || !Number.isNaN(values[r]))) {
    return values.map((value) => (value > 0.5 ? 1 : 0));
  }
  return Float64Array.from(cells.cells, (cell) => {
    const word = cell.replace(/\s/g, '').toLowerCase();
    return NORMAL_WORDS.has(word) || isNull(word) ? 0 : 1;
  });
}

/** 1 for rows with a label, in file order; null when the asset has no labels. */
export function rowFlags(
  { table, rowLabels, stampLabels }: DraftAsset,
  { ns, stepNs }: Timed,
  plan: RolePlan,
): Uint8Array | null {
  const columns = plan.columns.flatMap(({ role }, c) => (role === 'label' ? [c] : []));
  if (columns.length === 0 && rowLabels === null && stampLabels === null) return null;
  const flag_R = new Uint8Array(table.rows);
  for (const c of columns) labelFlags(table.columns[c], table.style).forEach((on, r) => (flag_R[r] |= on));
  for (const { start, end } of joined(rowLabels ?? [])) flag_R.fill(1, start, end);
  if (stampLabels === null) return flag_R;
  const stamps = apart(stampLabels(plan.zone));
  const at_R = ns ?? counted(table, plan);
  const isMet = new Uint8Array(stamps.length);
  for (let r = 0; r < table.rows; r++) {
    const n = rangeAt(stamps, at_R[r]);
    if (n < 0) continue;
    flag_R[r] = 1;
    isMet[n] = 1;
  }
  const missed = stamps.filter((_, n) => isMet[n] === 0);
  if (stepNs !== null && missed.length > 0) for (const r of nearestRows(missed, at_R, stepNs)) flag_R[r] = 1;
  return flag_R;
}

/** For each range between two rows the row that is nearer, the earlier of equals; none further away than half a step. */
function nearestRows(missed: readonly StampLabel[], at_R: BigInt64Array, stepNs: bigint): number[] {
  const order = Uint32Array.from(at_R.keys()).sort((a, b) => (at_R[a] < at_R[b] ? -1 : at_R[a] > at_R[b] ? 1 : a - b));
  return missed.flatMap(({ startNs, endNs }) => {
    let [low, high] = [0, order.length];
    while (low < high) {
      const mid = (low + high) >> 1;
      if (at_R[order[mid]] < startNs) low = mid + 1;
      else high = mid;
    }
    if (low === 0 || low === order.length) return [];
    const [before, after] = [startNs - at_R[order[low - 1]], at_R[order[low]] - endNs];
    const [row, away] = after < before ? [order[low], after] : [order[low - 1], before];
    return 2n * away <= stepNs ? [row] : [];
  });
}

/** Rows whose times are small numbers, or that have none: the number as seconds, as label files without dates are read. */
function counted({ columns, rows, style }: DraftAsset['table'], plan: RolePlan): BigInt64Array {
  const of = plan.columns.findIndex(({ role }) => role === 'time');
  const values = of < 0 ? null : numbersOf(columns[of], style);
  const isUsed = values?.every((value) => Math.abs(value) < 9e9) ?? false;
  return BigInt64Array.from({ length: rows }, (_, r) => BigInt(Math.round(1e9 * (isUsed ? values![r] : r))));
}

/** Ranges of time in order, with those that touch or overlap made one. */
function apart(stamps: readonly StampLabel[]): readonly StampLabel[] {
  const out: { startNs: bigint; endNs: bigint }[] = [];
  for (const one of [...stamps].sort((a, b) => (a.startNs < b.startNs ? -1 : a.startNs > b.startNs ? 1 : 0))) {
    const last = out.at(-1);
    if (last === undefined || one.startNs > last.endNs) out.push({ ...one });
    else if (one.endNs > last.endNs) last.endNs = one.endNs;
  }
  return out;
}

/** Number of the range in which a moment lies, -1 for none; they are in order and apart. */
function rangeAt(stamps: readonly StampLabel[], ns: bigint): number {
  let [low, high] = [0, stamps.length];
  while (low < high) {
    const mid = (low + high) >> 1;
    if (stamps[mid].endNs < ns) low = mid + 1;
    else high = mid;
  }
  return low < stamps.length && stamps[low].startNs <= ns ? low : -1;
}

function labelsOf(flag_R: Uint8Array | null, { T, step_R }: Steps): readonly Span[] | null {
  if (flag_R === null) return null;
  const flag_T = new Uint8Array(T).fill(HOLE);
  for (let r = 0; r < flag_R.length; r++) {
    const t = step_R[r];
    if (t === LEFT_OUT) continue;
    flag_T[t] = flag_T[t] === HOLE ? flag_R[r] : flag_T[t] | flag_R[r];
  }
  // A hole between two labelled rows belongs to the label; any other hole does not.
  for (let t = 0; t < T; t++) {
    if (flag_T[t] !== HOLE) continue;
    let end = t;
    while (end < T && flag_T[end] === HOLE) end++;
    const inside = t > 0 && end < T && flag_T[t - 1] === 1 && flag_T[end] === 1;
    flag_T.fill(inside ? 1 : 0, t, end);
  }
  return spansOf(flag_T);
}

const HOLE = 2;

/** Causes with steps and with sensor numbers as in the series; what the plan leaves out is dropped. */
function causesOf({ causes, table }: DraftAsset, { step_R }: Steps, sensors: readonly number[]): Cause[] {
  const covered = causes.reduce(
    (sum, { span }) => sum + Math.max(0, Math.min(span.end, step_R.length) - span.start),
    0,
  );
  within(covered, LIMITS.cells, 'rows in its causes', table.path, 'Give each cause its own range.');
  return causes.flatMap(({ span, sensors: named }) => {
    const at = step_R.subarray(span.start, span.end).filter((step) => step !== LEFT_OUT);
    if (at.length === 0) return [];
    const start = at.reduce((a, b) => Math.min(a, b), Infinity);
    const end = at.reduce((a, b) => Math.max(a, b), -1) + 1;
    return [{ span: { start, end }, sensors: named.map((c) => sensors.indexOf(c)).filter((s) => s >= 0) }];
  });
}
