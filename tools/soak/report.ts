/** The record of a soak as a figure, a table and words. */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { count } from '../../src/charts/format.ts';
import type { Reading } from './measure.ts';
import { median, slopePerHour, tau } from './trend.ts';
import type { Point } from './trend.ts';

type Line = {
  readonly key: keyof Reading;
  readonly name: string;
  readonly unit: 'MB' | '';
  /** What the tab is allowed to gain in an hour: less than that is flat. */
  readonly flat: number;
};

const LINES: readonly Line[] = [
  { key: 'pageHeap', name: 'Heap of the page', unit: 'MB', flat: 2 },
  { key: 'workerHeap', name: 'Heap of the workers', unit: 'MB', flat: 2 },
  { key: 'tensors', name: 'Tensors', unit: '', flat: 1 },
  { key: 'tensorBytes', name: 'Bytes of tensors', unit: 'MB', flat: 0.1 },
  { key: 'wasmBytes', name: 'WebAssembly memory', unit: 'MB', flat: 20 },
  { key: 'gpuBuffers', name: 'GPU buffers', unit: '', flat: 5 },
  { key: 'gpuBytes', name: 'Bytes of GPU buffers', unit: 'MB', flat: 5 },
  { key: 'workers', name: 'Workers', unit: '', flat: 0.1 },
  { key: 'nodes', name: 'Nodes of the document', unit: '', flat: 100 },
  { key: 'listeners', name: 'Event listeners', unit: '', flat: 20 },
  { key: 'documents', name: 'Documents', unit: '', flat: 0.1 },
  { key: 'rendererAnon', name: 'Memory of the process', unit: 'MB', flat: 50 },
];

type Row = Line & {
  readonly points: readonly Point[];
  /** Over what follows the warm-up. */
  readonly middle: number;
  readonly perHour: number;
  readonly tau: number;
};

const pointsOf = (readings: readonly Reading[], { key, unit }: Line): Point[] =>
  readings.flatMap((reading) => {
    const value = reading[key];
    return typeof value === 'number' ? [{ minutes: reading.minutes, value: unit === 'MB' ? value / 1e6 : value }] : [];
  });

/** Everything that was read at least twice after the first `warmUp` minutes. */
function rowsOf(readings: readonly Reading[], warmUp: number): Row[] {
  return LINES.flatMap((line) => {
    const points = pointsOf(readings, line);
    const late = points.filter(({ minutes }) => minutes >= warmUp);
    if (late.length < 2) return [];
    return [{ ...line, points, middle: median(late), perHour: slopePerHour(late), tau: tau(late) }];
  });
}

const number = (value: number, unit: string): string =>
  unit === 'MB' ? value.toFixed(Math.abs(value) < 10 ? 2 : 1) : count(Math.round(value));

/** Markdown of the rows. */
function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ name, unit, points, middle, perHour, tau: direction }) => {
    const words = [points[0]?.value ?? NaN, middle, points.at(-1)?.value ?? NaN].map((value) => number(value, unit));
    const slope = `${perHour < 0 ? '−' : '+'}${Math.abs(perHour).toFixed(unit === 'MB' ? 2 : 1)}`;
    return `| ${name}${unit === '' ? '' : `, ${unit}`} | ${words.join(' | ')} | ${slope} | ${direction.toFixed(2).replace('-', '−')} |`;
  });
  return [
    '| | at the start | median | at the end | slope per hour | tau |',
    '| --- | --: | --: | --: | --: | --: |',
    ...lines,
  ].join('\n');
}

const WIDTH = 860;
const LEFT = 190;
const RIGHT = 130;
const HEIGHT = 46;

/** One small lane for each row over the same minutes; the warm-up is shaded. */
function figureOf(rows: readonly Row[], warmUp: number, title: string): string {
  const end = Math.max(...rows.map(({ points }) => points.at(-1)?.minutes ?? 0));
  const x = (minutes: number): number => LEFT + (minutes / end) * (WIDTH - LEFT - RIGHT);
  const lanes = rows.map(({ name, unit, points, perHour }, n) => {
    const top = 40 + n * (HEIGHT + 10);
    const most = Math.max(...points.map(({ value }) => value), 1e-9) * 1.1;
    const y = (value: number): number => top + HEIGHT - (value / most) * HEIGHT;
    const path = points.map(
      ({ minutes, value }, at) => `${at === 0 ? 'M' : 'L'}${x(minutes).toFixed(1)},${y(value).toFixed(1)}`,
    );
    const last = points.at(-1)?.value ?? NaN;
    const slope = `${perHour < 0 ? '−' : '+'}${Math.abs(perHour).toFixed(unit === 'MB' ? 2 : 1)} an hour`;
    return [
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${top + HEIGHT}" y2="${top + HEIGHT}" stroke="#c9ced6"/>`,
      `<text x="${LEFT - 10}" y="${top + 20}" text-anchor="end">${name}</text>`,
      `<text x="${LEFT - 10}" y="${top + 35}" text-anchor="end" fill="#5b6470">0 to ${number(most, unit)}${unit === '' ? '' : ` ${unit}`}</text>`,
      `<path d="${path.join('')}" fill="none" stroke="#1f5fa8" stroke-width="1.5"/>`,
      `<text x="${WIDTH - RIGHT + 10}" y="${top + 20}">${number(last, unit)}${unit === '' ? '' : ` ${unit}`}</text>`,
      `<text x="${WIDTH - RIGHT + 10}" y="${top + 35}" fill="#5b6470">${slope}</text>`,
    ].join('');
  });
  const bottom = 40 + rows.length * (HEIGHT + 10);
  const ticks = Array.from({ length: Math.floor(end / 20) + 1 }, (_, n) => n * 20).map(
    (minutes) =>
      `<text x="${x(minutes).toFixed(1)}" y="${bottom + 12}" text-anchor="middle" fill="#5b6470">${minutes}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 32}" font-family="system-ui, sans-serif" font-size="11" fill="#1d2127">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${bottom + 32}" fill="#fff"/>`,
    `<rect x="${LEFT}" y="34" width="${(x(warmUp) - LEFT).toFixed(1)}" height="${bottom - 38}" fill="#f0f2f5"/>`,
    `<text x="${LEFT}" y="20" font-size="13" font-weight="600">${title}</text>`,
    ...lanes,
    ...ticks,
    `<text x="${WIDTH - RIGHT}" y="${bottom + 26}" text-anchor="end" fill="#5b6470">minutes; shaded: warm-up, not part of the slopes</text>`,
    '</svg>',
    '',
  ].join('\n');
}

/** What was done how often, and what stumbled. */
function deedsOf(readings: readonly Reading[]): {
  readonly done: ReadonlyMap<string, number>;
  readonly stumbled: number;
} {
  const done = new Map<string, number>();
  for (const reading of readings)
    for (const text of reading.done) {
      const name = text.replace(/ \d+ s$/, '');
      done.set(name, (done.get(name) ?? 0) + 1);
    }
  return { done, stumbled: readings.reduce((sum, { stumbled }) => sum + stumbled.length, 0) };
}

/** Writes the figure and gives the Markdown of a record. */
export function summarised(readings: readonly Reading[], warmUp: number, figure: string): string {
  const rows = rowsOf(readings, warmUp);
  const last = readings.at(-1);
  if (!last || rows.length === 0) throw new Error('the record holds no two readings after the warm-up');
  const minutes = Math.round(last.minutes);
  const { done, stumbled } = deedsOf(readings);
  const all = [...done.values()].reduce((sum, times) => sum + times, 0);
  const deeds = [...done].map(([name, times]) => `${name} ${times}`).join(', ');
  const title = `What is held over ${minutes} minutes, ${last.backend ?? 'no'} backend: ${readings.length} readings`;
  writeFileSync(figure, figureOf(rows, warmUp, title));
  const growing = rows.filter(({ perHour, flat }) => perHour > flat);
  const verdict =
    growing.length === 0
      ? 'Nothing grows by more than its bound.'
      : `Over its bound: ${growing.map(({ name, flat, unit }) => `${name} (bound ${flat}${unit === '' ? '' : ` ${unit}`} an hour)`).join(', ')}.`;
  return [
    `${minutes} minutes, ${readings.length} readings after forced collections, ${all} activities done (${deeds}), ${stumbled} not finished in their time or with a complaint. The slope is the median of all slopes between two readings after the first ${warmUp} minutes (Theil–Sen); tau is Kendall's. ${verdict}`,
    '',
    `![${title}](reliability/${basename(figure)})`,
    '',
    tableOf(rows),
    '',
  ].join('\n');
}
