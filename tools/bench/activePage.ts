/**
 * Fine-tuning as the page does it, with honest answers: a run is taught, scored anew under its own head and asked again.
 * Judged on the steps behind the pool, about which no question could be. Are scores better or worse than before?
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../../src/engine/errors.ts';
import { paperFeedback, teachParams } from '../../src/engine/feedback/teachParams.ts';
import { ANOMALOUS, UNKNOWN } from '../../src/engine/labels/steps.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues } from '../../src/engine/params.ts';
import { fitAndScore, scoreWith, teachAndScore } from '../../src/engine/pipeline.ts';
import type { Result, Setup } from '../../src/engine/pipeline.ts';
import { hybrid } from '../../src/engine/query/hybrid.ts';
import { simulatedOracle } from '../../src/engine/query/oracle.ts';
import { errorScore, poolOf } from '../../src/engine/query/pool.ts';
import { seeded } from '../../src/engine/rng.ts';
import { readShipped } from '../../src/engine/shipped.ts';
import { bundledSeries } from '../../src/engine/synth/bundled.ts';
import { readManifest } from '../../src/engine/synth/manifest.ts';
import { useBackend } from '../../src/engine/tensor/node.testkit.ts';
import type { Series } from '../../src/engine/types.ts';
import { setupOf } from '../../src/workers/engines.ts';
import { ACTIVE_SETS, RATIO, WINDOW } from './activeSets.ts';
import { judged } from './activeRows.ts';
import type { Bench, BenchOptions, Cell, Table } from './bench.ts';
import { quietRun } from './runs.ts';
import { assetsIn, filesOf } from './sources.ts';

const BUNDLED = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'public', 'datasets');

/** Feedback by name: what differs from the page's defaults. */
const FEEDBACK: Readonly<Record<string, AnyValues>> = {
  page: {},
  paper: paperFeedback,
  'paper, 1e-3': { ...paperFeedback, rate: 1e-3 },
  'all labelled judged': { ...paperFeedback, rate: 1e-3, judged: 'labelled' },
  'nothing hidden': { ...paperFeedback, rate: 1e-3, hide: false },
  'nothing hidden, rehearsed': { ...paperFeedback, rate: 1e-3, hide: false, rehearse: 1 },
  'nothing hidden, rehearsed, 2e-4': { ...paperFeedback, rate: 2e-4, hide: false, rehearse: 1 },
  'bound 1.2, 2e-4': { rate: 2e-4, keep: 1.2 },
  'normal only': { rate: 2e-4, keep: 0, phases: 'min' },
};

type Start = Pick<Result, 'weights' | 'r_TS' | 'score'>;
type Case = {
  readonly name: string;
  readonly series: Series;
  readonly setup: Setup;
  readonly start: () => Promise<Start>;
};

const lite = (engine: string, params: AnyValues): Setup =>
  setupOf({ engine, preset: 'lite', params, head: 'm2ad', headParams: {}, imputation: {} });

const fresh = (name: string, series: Series, setup: Setup, seed: number): Case => ({
  name,
  series,
  setup,
  start: () => fitAndScore(series, setup, quietRun(seed)),
});

function pumpStation(): Series {
  const manifest = readManifest(JSON.parse(readFileSync(join(BUNDLED, 'manifest.json'), 'utf8')));
  const entry = manifest.datasets.find(({ id }) => id === 'pump-station')!;
  return bundledSeries(entry, new Uint8Array(readFileSync(join(BUNDLED, entry.file.path))));
}

/** The run that the page opens with. */
function shippedCase(series: Series): Case {
  const run = readShipped(readFileSync(join(BUNDLED, 'pump-station.run.json'), 'utf8'));
  const setup = setupOf({ ...run, imputation: {} });
  const start = async () => ({
    weights: run.weights,
    ...(await scoreWith(series, setup, run.weights, run.headState, quietRun(0))),
  });
  return { name: 'pump-station, M2AD as shipped', series, setup, start };
}

/** A training of at most ten epochs, windows without overlap when scoring: minutes instead of an hour. */
const quick = (stride: number): AnyValues => ({ epochs: 10, stride, cover: 1 });

function cases({ data, seed }: BenchOptions): Readonly<Record<string, () => Promise<Case>>> {
  const pump = pumpStation();
  const first = async (set: string): Promise<Series> => (await ACTIVE_SETS[set](data))[0];
  const transformerOn = async (set: string): Promise<Case> => {
    const series = await first(set);
    return fresh(`${series.asset}, Transformer`, series, lite('transformer', quick(10)), seed);
  };
  const m2adOn = async (set: string): Promise<Case> => {
    const series = await first(set);
    return fresh(`${series.asset}, M2AD`, series, lite('m2ad', { epochs: 10, stride: 10 }), seed);
  };
  return {
    shipped: () => Promise.resolve(shippedCase(pump)),
    pump: () => Promise.resolve(fresh('pump-station, Transformer', pump, lite('transformer', quick(10)), seed)),
    asd: () => transformerOn('ASD'),
    smd: async () => {
      const { assets } = await assetsIn(filesOf(join(data, 'smd'), ['machine-1-2']));
      return fresh('machine-1-2, Transformer', assets[0], lite('transformer', quick(50)), seed);
    },
    'asd-m2ad': () => m2adOn('ASD'),
  };
}

/** One round: the strangest windows and one of each interval are asked and answered, then taught with all before them. */
async function roundOf(
  { series, setup }: Case,
  before: Start,
  held: { readonly label_T: Uint8Array; readonly asked: { start: number; end: number }[] },
  feedback: AnyValues,
  seed: number,
): Promise<Start> {
  const { T } = series;
  const residual = { T, S: series.sensors.length, r_TS: before.r_TS };
  const part = { kind: 'part', ratio: RATIO } as const;
  const pool = poolOf(series, residual, errorScore(residual), { window: WINDOW, part, asked: held.asked });
  const answer = simulatedOracle(series.labels ?? [], 0, seeded(seed));
  for (const { window } of hybrid.pick(pool, resolve(hybrid.params, {}), Infinity, seeded(seed))) {
    const span = pool.span_N[window];
    held.label_T.set(answer(span), span.start);
    held.asked.push(span);
  }
  return teachAndScore(series, setup, before.weights, held.label_T, resolve(teachParams, feedback), quietRun(seed));
}

const trainError = ({ train, sensors }: Series, { r_TS }: Start): number => {
  const errors = r_TS
    .subarray(train.start * sensors.length, train.end * sensors.length)
    .filter((r) => !Number.isNaN(r));
  return errors.reduce((sum, r) => sum + Math.abs(r), 0) / errors.length;
};

async function rowsOf(one: Case, names: readonly string[], rounds: number, options: BenchOptions): Promise<Cell[][]> {
  const { seed, log } = options;
  const first = await one.start();
  const figures = (state: Start): Cell[] => {
    const { vusPr, paK } = judged(one.series, state.score.score_T);
    return [vusPr, paK, trainError(one.series, state)];
  };
  const table: Cell[][] = [[one.name, 'before any answer', 0, 0, ...figures(first)]];
  for (const name of names) {
    const held = { label_T: new Uint8Array(one.series.T).fill(UNKNOWN), asked: [] };
    let state = first;
    for (let round = 1; round <= rounds; round++) {
      state = await roundOf(one, state, held, FEEDBACK[name], seed);
      const anomalous = held.label_T.filter((code) => code === ANOMALOUS).length;
      const row = [one.name, name, held.asked.length, anomalous, ...figures(state)];
      table.push(row);
      log(row.map((cell) => (typeof cell === 'number' ? Number(cell.toFixed(3)) : cell)).join(' | '));
    }
  }
  return table;
}

const chosen = <X>(all: Readonly<Record<string, X>>, wanted: string | undefined, what: string): [string, X][] =>
  (wanted?.split(';') ?? Object.keys(all)).map((name) => {
    if (Object.hasOwn(all, name)) return [name, all[name]];
    throw new EngineError(
      'bad-input',
      'bad-parameter',
      `there is no ${what} "${name}"`,
      `Choose from ${Object.keys(all).join('; ')}.`,
    );
  });

export const activePage: Bench = {
  name: 'teach',
  about:
    'fine-tuning as the page does it, with honest answers (--set cases="shipped;asd" feedback="page;paper" rounds=3)',
  async run(options) {
    const { set } = options;
    await useBackend('wasm');
    const names = chosen(FEEDBACK, set['feedback'], 'feedback').map(([name]) => name);
    const rows: Cell[][] = [];
    for (const [, load] of chosen(cases(options), set['cases'], 'case'))
      rows.push(...(await rowsOf(await load(), names, Number(set['rounds'] ?? 3), options)));
    const table: Table = {
      title: 'Honest answers',
      notes: [
        `Rounds of 10 windows of ${WINDOW} in the first ${100 * RATIO} % of the test part, judged on the rest, score of the run's own head.`,
      ],
      columns: ['run', 'feedback', 'windows asked', 'anomalous steps', 'VUS-PR', 'PA%K AUC', 'training error'],
      rows,
    };
    return { settings: { seed: options.seed, feedback: FEEDBACK }, tables: [table] };
  },
};
