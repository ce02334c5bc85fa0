/**
 * What it does to an engine when its sensors are scaled robustly and each window is normalised by itself: on machines that
 * change with known truth, on a level that is wrong for some steps, and on labelled data.
 */
import { existsSync } from 'node:fs';
import { findEvents } from '../../src/engine/detect/events.ts';
import { conformal } from '../../src/engine/detect/heads/conformal.ts';
import type { AnyDetector } from '../../src/engine/model.ts';
import { detectors, quickDetectors } from '../../src/engine/models/index.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues } from '../../src/engine/params.ts';
import { fitAndScore } from '../../src/engine/pipeline.ts';
import { driftCase, DRIFT_TITLES, DRIFTS } from '../../src/engine/synth/drifts.ts';
import type { DriftCase, DriftName } from '../../src/engine/synth/drifts.ts';
import type { Score, Series, Span } from '../../src/engine/types.ts';
import type { Bench, BenchOptions, Cell, Table } from './bench.ts';
import { meanOf } from './bench.ts';
import { SIGNIFICANCE, headScore, heard, rowOf } from './councilHeard.ts';
import type { Row } from './councilHeard.ts';
import { quietRun } from './runs.ts';
import { loadSets } from './sources.ts';
import { openStore, RESULTS } from './store.ts';

/** Raised when a change of the engines makes kept results stale. */
const VERSION = 1;

const INPUTS: readonly (readonly [title: string, given: AnyValues])[] = [
  ['as they come', {}],
  ['robust scale', { inputScale: 'robust' }],
  ['level of each window taken out', { perWindow: 'level' }],
  ['level and spread taken out', { perWindow: 'full' }],
  ['both, robust scale', { inputScale: 'robust', perWindow: 'full' }],
];

const RULES = { padding: 0, mergeGap: 20, minLength: 5, significance: SIGNIFICANCE };

const keyOf = (detector: AnyDetector, given: AnyValues) => ({
  ...{ engine: detector.card.id, values: resolve(detector.params, given) },
});

const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Kept results, so that a stopped benchmark goes on where it was. */
async function kept<R>(name: string, about: object, make: () => Promise<R>): Promise<R> {
  const store = openStore<R>(RESULTS);
  const key = { bench: 'normalise', version: VERSION, ...about };
  const found = store.get(`normalise-${name}`, key);
  if (found !== null) return found;
  const made = await make();
  store.put(`normalise-${name}`, key, made);
  return made;
}

async function scored(series: Series, detector: AnyDetector, given: AnyValues, seed: number): Promise<Score> {
  const values = resolve(detector.params, given);
  const setup = { detector, values, head: conformal, headValues: resolve(conformal.params), imputation: {} };
  return (await fitAndScore(series, setup, quietRun(seed))).score;
}

type Told = { readonly found: number; readonly anomalies: number; readonly alarmed: number };

/** Anomalies with an event, and steps of events after the change that touch none. */
function toldOf({ series, changed }: DriftCase, score: Score): Told {
  const { events } = findEvents(score, -2 * Math.log(SIGNIFICANCE), RULES, series.test);
  const labels = series.labels ?? [];
  const apart = events.filter(
    (event) => event.end > (changed ?? series.test.start) && !labels.some((label) => overlaps(label, event)),
  );
  return {
    found: labels.filter((label) => events.some((event) => overlaps(event, label))).length,
    anomalies: labels.length,
    alarmed: sum(apart.map(({ start, end }) => end - start)),
  };
}

async function driftRows(
  detector: AnyDetector,
  names: readonly DriftName[],
  seeds: readonly number[],
  log: BenchOptions['log'],
): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  for (const name of names)
    for (const [title, given] of INPUTS) {
      const told = async (hasAnomalies: boolean): Promise<Told[]> => {
        const all: Told[] = [];
        for (const seed of seeds) {
          const one = driftCase(name, hasAnomalies, seed);
          const about = { drift: name, hasAnomalies, seed, ...keyOf(detector, given) };
          all.push(
            await kept('drift', about, async () => toldOf(one, await scored(one.series, detector, given, seed))),
          );
        }
        return all;
      };
      const [calm, odd] = [await told(false), await told(true)];
      const found = sum(odd.map((one) => one.found)) / sum(odd.map((one) => one.anomalies));
      rows.push([
        ...[DRIFT_TITLES[name], detector.card.title, title],
        ...[meanOf(calm.map((one) => one.alarmed)), meanOf(odd.map((one) => one.alarmed)), 100 * found],
      ]);
      log(`${name}, ${detector.card.id}, ${title}`);
    }
  return rows;
}

const LENGTHS = [10, 40, 160, 640] as const;
const RISE = 4;

/** A machine that does not change, with one sensor at a wrong level for so many steps. */
function excursion(length: number, seed: number): { series: Series; odd: Span } {
  const { series } = driftCase('none', false, seed);
  const odd = { start: 5000, end: 5000 + length };
  const columns = series.columns.map((column, s) =>
    s === 2 ? column.map((value, t) => (t >= odd.start && t < odd.end ? value + RISE : value)) : column,
  );
  return { series: { ...series, columns }, odd };
}

/** Share of the odd steps that are flagged, for each length. */
async function levelRows(detector: AnyDetector, seeds: readonly number[], log: BenchOptions['log']): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  for (const [title, given] of INPUTS) {
    const shares: Cell[] = [];
    for (const length of LENGTHS) {
      const all: number[] = [];
      for (const seed of seeds) {
        const flagged = async (): Promise<number> => {
          const { series, odd } = excursion(length, seed);
          const { logP_T } = await scored(series, detector, given, seed);
          return logP_T.subarray(odd.start, odd.end).filter((logP) => logP < Math.log(SIGNIFICANCE)).length;
        };
        all.push((100 * (await kept('level', { length, seed, ...keyOf(detector, given) }, flagged))) / length);
      }
      shares.push(meanOf(all));
    }
    rows.push([detector.card.title, title, ...shares]);
    log(`levels, ${detector.card.id}, ${title}`);
  }
  return rows;
}

const percent = (share: number | null): number | null => (share === null ? null : 100 * share);

function setRow(set: string, title: string, inputs: string, all: readonly Row[]): Cell[] {
  const alarms = all.map((row) => row.alarms).filter((share) => share !== null);
  const sorted = [...alarms].sort((a, b) => a - b);
  const of = (key: 'found' | 'events'): number => sum(all.map((row) => row[key]));
  return [
    ...[set, title, inputs, meanOf(all.map(({ vusPr }) => vusPr)), meanOf(all.map(({ ap }) => ap))],
    ...[percent(sorted[(sorted.length - 1) >> 1] ?? null), percent(sorted.at(-1) ?? null)],
    `${of('found')}/${of('events')}`,
  ];
}

async function setRows(engines: readonly AnyDetector[], options: BenchOptions): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  for await (const { set, assets } of loadSets(options))
    for (const detector of engines)
      for (const [title, given] of INPUTS) {
        const all: Row[] = [];
        for (const series of assets) {
          const row = async (): Promise<Row> => {
            const values = resolve(detector.params, given);
            const said = await heard(series, detector, values, resolve(conformal.params).held, options.seed);
            return rowOf(series, await headScore(series, said, conformal, {}, options.seed));
          };
          const about = { asset: series.asset, seed: options.seed, ...keyOf(detector, given) };
          all.push(await kept(set, about, row));
          options.log(`${set} ${series.asset}, ${detector.card.id}, ${title}`);
        }
        rows.push(setRow(`${set}, ${assets.length} assets`, detector.card.title, title, all));
      }
  return rows;
}

function enginesOf(names: string): AnyDetector[] {
  const all = new Map([...detectors, ...quickDetectors]);
  return names.split('+').map((name) => {
    const found = all.get(name);
    if (found === undefined) throw new Error(`there is no engine "${name}"`);
    return found;
  });
}

async function run(options: BenchOptions) {
  const engines = enginesOf(options.set['engines'] ?? 'kmeans+window-pca');
  const wanted = (options.set['drifts'] ?? DRIFTS.join('+')).split('+');
  const names = DRIFTS.filter((name) => wanted.includes(name));
  const seeds = Array.from({ length: Number(options.set['seeds'] ?? 2) }, (_, i) => options.seed + 100 + i);
  const drifts: Cell[][] = [];
  const levels: Cell[][] = [];
  for (const detector of engines) {
    drifts.push(...(await driftRows(detector, names, seeds, options.log)));
    levels.push(...(await levelRows(detector, seeds, options.log)));
  }
  const sets = existsSync(options.data) ? await setRows(engines, options) : [];
  const head = `Conformal head, p < ${SIGNIFICANCE}; defaults of engine and inputs but for what is named.`;
  const tables: Table[] = [
    {
      id: 'drifts',
      title: `Inputs and changes of the machine, ${seeds.length} series each`,
      notes: [head, 'Alarmed: steps in events after the change that touch no anomaly. Found: anomalies with an event.'],
      columns: ['change', 'engine', 'inputs', 'alarmed, no anomalies', 'alarmed, anomalies', 'found %'],
      rows: drifts,
    },
    {
      id: 'levels',
      title: `Share of the steps flagged while one sensor lies ${RISE} higher, in %, ${seeds.length} series each`,
      notes: [head, 'The engines’ windows have 20 (KMeans) and 10 steps (PCA).'],
      columns: ['engine', 'inputs', ...LENGTHS.map((length) => `${length} steps`)],
      rows: levels,
    },
    {
      id: 'sets',
      title: 'Inputs on labelled data',
      notes: [head, 'Flagged: share of the normal test steps, in the median and the worst asset. No padding.'],
      columns: ['data', 'engine', 'inputs', 'VUS-PR', 'AP', 'flagged %', 'worst %', 'events found'],
      rows: sets,
    },
  ];
  return {
    settings: { inputs: INPUTS, engines: engines.map(({ card }) => card.id), rules: RULES, seed: options.seed },
    tables,
  };
}

export const normalise: Bench = {
  name: 'normalise',
  about:
    'robust scale and normalised windows: changes of the machine, wrong levels, labelled data (--set seeds=N --set engines=a+b --set drifts=a+b)',
  run,
};
