/** A made-up machine, fitted runs of it, and its rows as a stream. */
import { heads } from '../detect/heads/index.ts';
import { quietRun } from '../detect/testData.testkit.ts';
import type { AnyDetector } from '../model.ts';
import { resolve } from '../params.ts';
import type { AnyValues } from '../params.ts';
import { fitAndScore } from '../pipeline.ts';
import type { Result, Setup } from '../pipeline.ts';
import { trainingMeans } from '../prepare.ts';
import type { Learned } from '../prepare.ts';
import { normal, seeded } from '../rng.ts';
import type { Score, Series } from '../types.ts';
import type { Before, LiveModel, LiveScorer, Settled } from './scorer.ts';

export const TRAIN = 260;
export const T = 620;

/** Three coupled waves and a covariate; some jumps in the judged part, and values that are missing there. */
export function machine(contiguous = true, gaps: 'none' | 'some' = 'some'): Series {
  const rng = seeded(4);
  const columns = Array.from({ length: 4 }, () => new Float32Array(T));
  for (let t = 0; t < T; t++) {
    for (let s = 0; s < 3; s++) columns[s][t] = 40 + 9 * Math.sin(t / 6 + s) + 0.4 * normal(rng);
    columns[3][t] = t % 12;
    if (t > TRAIN && t % 71 < 4) columns[1][t] += 12;
    if (gaps === 'some' && ((t > 330 && t < 342) || (t > 410 && t < 413))) columns[2][t] = NaN;
    if (gaps === 'some' && t >= 500 && t < 504) for (const column of columns) column[t] = NaN;
  }
  return {
    asset: 'machine',
    T,
    sensors: ['a', 'b', 'c'].map((name) => ({ name, unit: '', system: '' })),
    covariates: [{ name: 'hour', unit: '', system: '' }],
    columns,
    clock: { kind: 'index' },
    train: { start: 0, end: TRAIN },
    test: { start: TRAIN, end: T },
    contiguous,
    labels: null,
    causes: [],
  };
}

/** Rows [n, F] of steps. */
export function rowsOf({ columns }: Series, start: number, end: number): Float64Array {
  const F = columns.length;
  return Float64Array.from({ length: (end - start) * F }, (_, i) => columns[i % F][start + Math.floor(i / F)]);
}

export function setupFor(detector: AnyDetector, given: AnyValues, head = 'm2ad', headGiven: AnyValues = {}): Setup {
  const known = (table: object, values: AnyValues): AnyValues =>
    Object.fromEntries(Object.entries(values).filter(([key]) => key in table));
  return {
    detector,
    values: resolve(detector.params, known(detector.params as object, given)),
    head: heads[head],
    headValues: resolve(heads[head].params, headGiven),
    // What is held does not wait for the end of a gap, so a stream fills as the whole series does.
    imputation: { a: 'hold', b: 'hold', c: 'hold', hour: 'hold' },
  };
}

export type Fit = {
  readonly series: Series;
  readonly setup: Setup;
  readonly result: Result;
  readonly learned: Learned;
};

export async function fit(series: Series, setup: Setup): Promise<Fit> {
  const result = await fitAndScore(series, setup, quietRun());
  return { series, setup, result, learned: { scaler: result.scaler, mean_F: trainingMeans(series) } };
}

export const modelOf = ({ series, setup, result, learned }: Fit): LiveModel => ({
  setup,
  weights: result.weights,
  headState: JSON.parse(JSON.stringify(result.headState)) as Result['headState'],
  learned,
  sensors: series.sensors,
  covariates: series.covariates,
});

/** What the judged part goes on from. */
export function beforeTest({ series, result }: Fit): Before {
  const { train, test, sensors, contiguous } = series;
  return {
    step: test.start,
    origin: contiguous ? train.start : test.start,
    rows: contiguous ? rowsOf(series, train.start, test.start) : new Float64Array(0),
    residual: { T: test.start, S: sensors.length, r_TS: result.r_TS.slice(0, test.start * sensors.length) },
    parts: result.parts.map((part) => ({ ...part, value_T: part.value_T.slice(0, test.start) })),
  };
}

/** Pushes rows in pieces of these sizes, over and over. */
export async function stream(live: LiveScorer, rows: Float64Array, F: number, sizes: readonly number[], seed = 1) {
  const out: Settled[] = [];
  const run = quietRun(seed);
  for (let at = 0, n = 0; at < rows.length; n++) {
    const to = Math.min(rows.length, at + sizes[n % sizes.length] * F);
    for await (const settled of live.push(rows.slice(at, to), run)) out.push(settled);
    at = to;
  }
  return out;
}

/** Scores of settled steps in a row. */
export const scoresOf = (settled: readonly Settled[], key: 'score_T' | 'logP_T' = 'score_T'): number[] =>
  settled.flatMap(({ score }: { score: Score }) => [...score[key]]);
