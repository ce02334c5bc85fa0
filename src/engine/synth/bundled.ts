/** Reads a bundled data set back into a Series. */
import { decompressSync, strFromU8 } from 'fflate';
import { LIMITS } from '../data/limits.ts';
import { EngineError } from '../errors.ts';
import type { Channel, Clock, Series, Span } from '../types.ts';
import type { BundledColumn, BundledDataset } from './manifest.ts';
import { causesOf } from './system.ts';

/** Steps for each row of the file. */
const MOST_STEPS = 1000;

const damaged = (entry: BundledDataset, what: string, line?: number): EngineError =>
  new EngineError(
    'bad-input',
    'damaged-dataset',
    `The bundled data set "${entry.title}" is damaged: ${what}.`,
    'Reload the page; if it stays so, the files on the server do not belong together.',
    line === undefined ? { file: entry.file.path } : { file: entry.file.path, line },
  );

const channelsOf = (entry: BundledDataset, role: BundledColumn['role']): readonly Channel[] =>
  entry.columns.filter((c) => c.role === role).map(({ name, unit, system }) => ({ name, unit, system }));

function clockOf(entry: BundledDataset): Clock {
  if (entry.clock.kind === 'index') return { kind: 'index' };
  if (Number.isNaN(Date.parse(entry.clock.start))) throw damaged(entry, `it begins at no time, ${entry.clock.start}`);
  return {
    kind: 'regular',
    startNs: BigInt(Date.parse(entry.clock.start)) * 1_000_000n,
    stepNs: BigInt(entry.clock.stepSeconds) * 1_000_000_000n,
    zone: entry.clock.zone,
  };
}

/** Step of a line: from its time stamp where there is a clock, else its number. */
function stepOf(entry: BundledDataset, stamp: string | null, row: number): number {
  if (entry.clock.kind === 'index' || stamp === null) return row;
  return (Date.parse(stamp) - Date.parse(entry.clock.start)) / (1000 * entry.clock.stepSeconds);
}

function runsOf(label_T: Uint8Array): readonly Span[] {
  const runs: Span[] = [];
  for (let t = 0; t < label_T.length; t++) {
    if (label_T[t] === 0 || (t > 0 && label_T[t - 1] === 1)) continue;
    const end = label_T.indexOf(0, t);
    runs.push({ start: t, end: end === -1 ? label_T.length : end });
  }
  return runs;
}

/** `bytes` as text. A server may have unpacked the file on the way (Content-Encoding: gzip); then it is text already. */
function textOf(entry: BundledDataset, bytes: Uint8Array): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return strFromU8(bytes);
  try {
    return strFromU8(decompressSync(bytes));
  } catch {
    throw damaged(entry, 'it cannot be unpacked');
  }
}

/** Ranges and sizes of the manifest hold together, before anything is asked for. */
function checkSteps(entry: BundledDataset, sensors: readonly Channel[], C: number): void {
  const T = entry.steps;
  // A recorder misses rows, not nearly all of them.
  if (T > MOST_STEPS * entry.file.rows || T * (sensors.length + C) > LIMITS.cells)
    throw damaged(entry, `${entry.file.rows} rows for ${T} steps`);
  const spans = [entry.train, entry.test, ...entry.anomalies.map(({ span }) => span)];
  if (spans.some(({ end }) => end > T) || entry.anomalies.some(({ span }) => span.start === span.end))
    throw damaged(entry, `a range leaves its ${T} steps`);
  const names = new Set(sensors.map(({ name }) => name));
  if (entry.anomalies.some((anomaly) => !anomaly.sensors.every((name) => names.has(name))))
    throw damaged(entry, 'an anomaly names a sensor that is not there');
  if (Math.max(entry.train.start, entry.test.start) < Math.min(entry.train.end, entry.test.end))
    throw damaged(entry, 'its parts overlap');
}

/**
 * The Series of a bundled data set from the bytes of its file (gzipped or already unpacked). Steps without a line are
 * NaN in every column; labels are half-open ranges; causes come from the manifest.
 * Throws EngineError('bad-input', 'damaged-dataset') with the line when file and manifest disagree.
 */
export function bundledSeries(entry: BundledDataset, bytes: Uint8Array): Series {
  const lines = textOf(entry, bytes).split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines[0] !== entry.columns.map((c) => c.name).join(',')) throw damaged(entry, 'its header is another', 1);
  if (lines.length - 1 !== entry.file.rows) {
    throw damaged(entry, `${lines.length - 1} rows instead of ${entry.file.rows}`);
  }
  const T = entry.steps;
  const sensors = channelsOf(entry, 'sensor');
  const covariates = channelsOf(entry, 'covariate');
  checkSteps(entry, sensors, covariates.length);
  const columns = [...sensors, ...covariates].map(() => new Float32Array(T).fill(NaN));
  const label_T = new Uint8Array(T);
  // Cell number -> column number: sensors first, then covariates, whatever their order in the file.
  const order = [...sensors, ...covariates].map((c) => entry.columns.findIndex((column) => column.name === c.name));
  const timeAt = entry.columns.findIndex((c) => c.role === 'time');
  const labelAt = entry.columns.findIndex((c) => c.role === 'label');
  for (let row = 0; row < lines.length - 1; row++) {
    const cells = lines[row + 1].split(',');
    const t = stepOf(entry, timeAt === -1 ? null : cells[timeAt], row);
    if (cells.length !== entry.columns.length) throw damaged(entry, `${cells.length} cells in a line`, row + 2);
    if (!Number.isInteger(t) || t < 0 || t >= T) throw damaged(entry, 'a time is off the clock', row + 2);
    order.forEach((at, i) => {
      const value = cells[at] === '' ? NaN : Number(cells[at]);
      columns[i][t] = value;
      if (!Number.isFinite(columns[i][t]) && cells[at] !== '')
        throw damaged(entry, `"${cells[at].slice(0, 40)}" is no number`, row + 2);
    });
    if (labelAt !== -1) label_T[t] = cells[labelAt] === '1' ? 1 : 0;
  }
  return {
    asset: entry.asset,
    T,
    sensors,
    covariates,
    columns,
    clock: clockOf(entry),
    train: entry.train,
    test: entry.test,
    contiguous: entry.contiguous,
    labels: labelAt === -1 ? null : runsOf(label_T),
    causes: causesOf(entry.anomalies, sensors),
  };
}
