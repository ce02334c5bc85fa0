/** The data sets of the active-learning benchmark, as series with a pool to ask about and a part to judge. */
import { basename, join } from 'node:path';
import type { Series, Span } from '../../src/engine/types.ts';
import { filesBelow, inputFile } from '../files.ts';
import { openSource } from '../../src/engine/data/open.ts';
import { assetsIn, filesOf, quietRead } from './sources.ts';

/** Share of the test part that is the unlabelled pool: the largest of the paper's, and the one of its table 4. */
export const RATIO = 0.4;
/** Steps of a window everywhere, as in the paper. */
export const WINDOW = 50;
/** Assets of a set with many. */
const ASSETS = 2;

/** First step of the part that is judged. */
export const cutOf = ({ test }: Series): number => test.start + Math.floor(RATIO * (test.end - test.start));

const holds = (labels: readonly Span[], part: Span): boolean =>
  labels.some(({ start, end }) => start < part.end && end > part.start);

/** An anomaly to be asked about and one to be judged by. */
const usable = (series: Series): boolean => {
  const cut = cutOf(series);
  const labels = series.labels ?? [];
  return holds(labels, { start: series.test.start, end: cut }) && holds(labels, { start: cut, end: series.test.end });
};

/** The first assets in order of name that can be used: nobody picks. */
async function some(data: string, folder: string): Promise<Series[]> {
  const { assets } = await assetsIn(filesOf(join(data, folder), []));
  return [...assets]
    .sort((a, b) => (a.asset < b.asset ? -1 : 1))
    .filter(usable)
    .slice(0, ASSETS);
}

async function runOf(folder: string, path: string): Promise<Series> {
  const source = await openSource([inputFile(folder, path)], quietRead);
  const [series] = source.build(source.report.plan);
  return series;
}

/**
 * SKAB as one series: the anomaly-free run to train on, then all labelled runs in order of name. Each is cut to whole
 * windows, so that no window lies in two runs.
 */
async function skab(data: string): Promise<Series[]> {
  const folder = join(data, 'skab');
  const paths = filesBelow(folder).filter((path) => path.includes('.csv'));
  const isFree = (path: string): boolean => path.startsWith('anomaly-free');
  const inOrder = [...paths.filter(isFree), ...paths.filter((path) => !isFree(path)).sort()];
  const runs = await Promise.all(inOrder.map((path) => runOf(folder, path)));
  const lengths = runs.map(({ T }) => Math.floor(T / WINDOW) * WINDOW);
  const starts = lengths.map((_, n) => lengths.slice(0, n).reduce((sum, length) => sum + length, 0));
  const T = lengths.reduce((sum, length) => sum + length, 0);
  const columns = runs[0].sensors.map((_, s) => {
    const column = new Float64Array(T);
    runs.forEach((run, n) => column.set(run.columns[s].subarray(0, lengths[n]), starts[n]));
    return column;
  });
  const labels = runs.flatMap((run, n) =>
    (n === 0 ? [] : (run.labels ?? []))
      .map(({ start, end }) => ({ start: start + starts[n], end: Math.min(end, lengths[n]) + starts[n] }))
      .filter(({ start, end }) => end > start),
  );
  const [, border] = starts;
  const parts = { train: { start: 0, end: border }, test: { start: border, end: T } };
  return [{ ...runs[0], ...parts, asset: 'skab', T, columns, labels, clock: { kind: 'index' }, contiguous: false }];
}

/** The halves of the paper: 69 thousand rows to train on, as many to test. Only one labelled range falls in the judged part. */
async function gecco(data: string): Promise<Series[]> {
  const folder = join(data, 'gecco2018');
  const [path] = filesBelow(folder).filter((name) => basename(name).includes('.csv'));
  return [{ ...(await runOf(folder, path)), asset: 'gecco' }];
}

/** The quick ones first. */
export const ACTIVE_SETS: Readonly<Record<string, (data: string) => Promise<Series[]>>> = {
  ASD: (data) => some(data, 'asd'),
  SKAB: skab,
  SMD: (data) => some(data, 'smd'),
  GECCO: gecco,
};
