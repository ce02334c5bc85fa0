/**
 * AMSL on segments of known classes (DSADS): the paper's split and subjects that were never seen, every part of the method
 * taken away in turn, noise in the training data, beside simple detectors. Each trained network is kept, and goes on from
 * its last epoch: `--set minutes=9` stops in time and says what is missing.
 */
import { deserialize, serialize, setFlagsFromString } from 'node:v8';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../src/engine/errors.ts';
import { aucRoc } from '../../src/engine/eval/aucRoc.ts';
import { prepareScores } from '../../src/engine/eval/prepare.ts';
import { macro } from '../../src/engine/eval/macro.ts';
import { percentile } from '../../src/engine/math/quantile.ts';
import type { Run, TrainState } from '../../src/engine/model.ts';
import { amsl as detector } from '../../src/engine/models/amsl.ts';
import { amslPresets, amslVariants } from '../../src/engine/models/amslParams.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues } from '../../src/engine/params.ts';
import { seeded } from '../../src/engine/rng.ts';
import { useBackend } from '../../src/engine/tensor/node.testkit.ts';
import type { Bench, BenchOptions, Cell, Table } from './bench.ts';
import { segmentSet, slower, splitOf, tablesOf, windowsOf } from './amslData.ts';
import type { SegmentSet } from './amslData.ts';
import { knnErrors, pcaErrors, randomErrors } from './amslSimple.ts';
import type { Errors } from './amslSimple.ts';
import { settingsFor } from './m2ad.ts';
import { openStore, RESULTS } from './store.ts';
import type { Key, Store } from './store.ts';

/**
 * Sizes for one core: a network of the paper's shape, half as wide, reads every fourth step (6.25 Hz). At a rate of 1e-2
 * the classifier of the transformations may stay at chance.
 */
const LITE = {
  every: 4,
  filters: 16,
  decoder: 16,
  items: 50,
  epochs: 10,
  batch: 16,
  dropout: 0.2,
  rate: 3e-3,
  fade: 0.9,
  patience: 0,
};

type Scene = {
  readonly set: SegmentSet;
  readonly seed: number;
  readonly base: AnyValues;
  readonly store: Store<Outcome>;
  readonly deadline: number;
  readonly log: (line: string) => void;
};

type Piece = {
  readonly name: string;
  readonly protocol: string;
  readonly variant: AnyValues;
  /** Share of training segments with noise. */
  readonly noise: number;
};

type Outcome = Errors & { readonly seconds: number; readonly epochs: number };

const stopped = (): EngineError => new EngineError('cancelled', 'cancelled', 'the time is up');

const watched = ({ seed, deadline }: Scene): Run => ({
  rng: seeded(seed),
  checkpoint: () => (performance.now() > deadline ? Promise.reject(stopped()) : Promise.resolve()),
  progress: () => undefined,
});

/** An unfinished training, and the processor time it took so far. */
type Kept = { readonly state: TrainState; readonly seconds: number };

function secondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Where an unfinished training is kept. */
function stateFile(key: Key): string {
  const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 12);
  return join(RESULTS, 'amsl', `state-${hash}.bin`);
}

async function trained(scene: Scene, { protocol, variant, noise }: Piece, key: Key): Promise<Outcome> {
  const { set, seed, base } = scene;
  const { W, S } = set;
  const split = splitOf(set, protocol, seed);
  const tables = tablesOf(set, split, 'zscore', noise > 0 ? { share: noise, seed } : null);
  const validation = split.check.length / (split.check.length + split.train.length) + 1e-9;
  const p = resolve(detector.params, { ...base, ...variant, window: W, validation });
  const file = stateFile(key);
  const kept = existsSync(file) ? (deserialize(readFileSync(file)) as Kept) : undefined;
  const before = process.cpuUsage();
  const seconds = (): number => (kept?.seconds ?? 0) + secondsSince(before);
  const fitted = await detector.fit(windowsOf([tables.train, tables.check], W, S), p, watched(scene), {
    ...(kept && { from: kept.state }),
    onState: (state) => {
      mkdirSync(join(RESULTS, 'amsl'), { recursive: true });
      writeFileSync(file, serialize({ state, seconds: seconds() } satisfies Kept));
      const { loss } = state.history[state.epoch - 1];
      scene.log(
        `  epoch ${state.epoch}: ${loss.toFixed(4)}, validation ${state.history[state.epoch - 1]['loss (validation)'].toFixed(4)}`,
      );
    },
  });
  const used = seconds();
  try {
    const { parts } = await fitted.expect(windowsOf([tables.train, tables.test], W, S), watched(scene));
    const errors = Array.from({ length: split.train.length + split.test.length }, (_, n) => parts[0].value_T[n * W]);
    rmSync(file, { force: true });
    return {
      train: errors.slice(0, split.train.length),
      test: errors.slice(split.train.length),
      seconds: used,
      epochs: fitted.history.length,
    };
  } finally {
    fitted.dispose();
  }
}

/** Errors of a piece, trained if they are not kept; null where the time is up. */
async function outcomeOf(scene: Scene, piece: Piece): Promise<Outcome | null> {
  const { store, set, seed, base, log } = scene;
  const { protocol, variant, noise } = piece;
  const key = { kind: 'amsl', N: set.N, W: set.W, protocol, noise, seed, base, variant };
  const kept = store.get('amsl', key);
  if (kept !== null) return kept;
  if (performance.now() > scene.deadline) return null;
  log(`${piece.name}, ${protocol}${noise > 0 ? `, noise ${noise}` : ''}`);
  try {
    const outcome = await trained(scene, piece, key);
    store.put('amsl', key, outcome);
    return outcome;
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === 'cancelled') return null;
    throw thrown;
  }
}

type Simple = (train: Float32Array, test: Float32Array, D: number, seed: number) => Errors;

const SIMPLE: Readonly<Record<string, Simple>> = {
  'Random scores': randomErrors,
  PCA: pcaErrors,
  'kNN (5th)': knnErrors,
};

function simpleErrors(scene: Scene, name: string, protocol: string): Outcome {
  const { store, set, seed } = scene;
  const key = { kind: 'simple', name, N: set.N, W: set.W, protocol, seed };
  const kept = store.get('amsl', key);
  if (kept !== null) return kept;
  const { train, test } = tablesOf(set, splitOf(set, protocol, seed), 'minmax', null);
  const start = process.cpuUsage();
  const errors = SIMPLE[name](train, test, set.W * set.S, seed);
  const outcome = { ...errors, seconds: secondsSince(start), epochs: 0 };
  store.put('amsl', key, outcome);
  return outcome;
}

const PERCENTILE = 99;

type Judged = { readonly f1: number; readonly cells: readonly Cell[] };

function judged({ train, test }: Errors, odd: readonly boolean[], q = PERCENTILE): Judged {
  const threshold = percentile(Float64Array.from(train), q);
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  test.forEach((error, n) => counts[odd[n] ? (error > threshold ? 'tp' : 'fn') : error > threshold ? 'fp' : 'tn']++);
  const { precision, recall, f1, accuracy } = macro(counts);
  return { f1, cells: [precision, recall, f1, accuracy] };
}

const oddIn = ({ set, seed }: Scene, protocol: string): boolean[] =>
  splitOf(set, protocol, seed).test.map((n) => !set.info[n].normal);

const roc = ({ test }: Errors, odd: readonly boolean[]): number | null =>
  aucRoc(prepareScores(Uint8Array.from(odd, Number), Float64Array.from(test)));

/** The largest mF1 that any threshold reaches: it has seen the answers. */
function oracle(errors: Errors, odd: readonly boolean[]): number {
  const sorted = [...new Set(errors.test)].sort((a, b) => a - b);
  return Math.max(...sorted.map((value) => judged({ train: [value], test: errors.test }, odd).f1));
}

/** Means over 16 neighbours of one class, as the published evaluation comes to have them. */
function meansOf16({ train, test }: Errors, odd: readonly boolean[]): Errors {
  const smoothed = (values: readonly number[]): number[] =>
    values.map((_, n) => {
      const from = Math.floor(n / 16) * 16;
      const part = values.slice(from, from + 16);
      return part.reduce((a, b) => a + b, 0) / part.length;
    });
  const out = [...test];
  for (const kind of [false, true]) {
    const own = [...test.keys()].filter((n) => odd[n] === kind);
    smoothed(own.map((n) => test[n])).forEach((value, i) => (out[own[i]] = value));
  }
  return { train: smoothed(train), test: out };
}

const EMPTY: readonly Cell[] = [null, null, null, null];
const METRICS = ['mPre', 'mRec', 'mF1', 'accuracy'];

async function mainTable(scene: Scene): Promise<Table> {
  const odd = oddIn(scene, 'paper');
  const rows: Cell[][] = [];
  for (const name of Object.keys(SIMPLE)) {
    const errors = simpleErrors(scene, name, 'paper');
    rows.push([name, ...judged(errors, odd).cells, oracle(errors, odd), roc(errors, odd), errors.seconds]);
  }
  // The cheapest first.
  for (const [name, variant] of Object.entries(amslVariants).reverse()) {
    const outcome = await outcomeOf(scene, { name, protocol: 'paper', variant, noise: 0 });
    rows.push(
      outcome === null
        ? [name, ...EMPTY, null, null, null]
        : [name, ...judged(outcome, odd).cells, oracle(outcome, odd), roc(outcome, odd), outcome.seconds],
    );
  }
  return {
    title: 'The paper’s split',
    notes: [
      `Normal segments 5:1:4 at random, all anomalous ones tested; threshold: ${PERCENTILE}th percentile of training errors.`,
      '"best mF1" has seen the answers. Seconds are processor time of training.',
    ],
    columns: ['method', ...METRICS, 'best mF1', 'ROC', 'seconds'],
    rows,
  };
}

const mean = (rows: readonly (readonly Cell[])[]): Cell[] =>
  rows[0].map((_, c) => rows.reduce((sum, row) => sum + Number(row[c]), 0) / rows.length);

const SUBJECT_ROWS = ['AMSL', 'CAE'] as const;

async function subjectTable(scene: Scene): Promise<Table> {
  const subjects = [...new Set(scene.set.info.map(({ subject }) => subject))].sort();
  const rows: Cell[][] = [];
  const add = (name: string, all: readonly (Errors | null)[]): void => {
    const done = all.flatMap((errors, n) => (errors === null ? [] : [{ errors, odd: oddIn(scene, subjects[n]) }]));
    if (done.length < subjects.length) rows.push([name, ...EMPTY, null, null]);
    else
      rows.push([
        name,
        ...mean(done.map(({ errors, odd }) => [...judged(errors, odd).cells, oracle(errors, odd), roc(errors, odd)])),
      ]);
  };
  for (const name of Object.keys(SIMPLE))
    add(
      name,
      subjects.map((subject) => simpleErrors(scene, name, subject)),
    );
  for (const name of SUBJECT_ROWS) {
    const all: (Outcome | null)[] = [];
    for (const protocol of subjects)
      all.push(await outcomeOf(scene, { name, protocol, variant: amslVariants[name], noise: 0 }));
    add(name, all);
  }
  return {
    title: 'Subjects that were never seen',
    notes: [`Each subject in turn is tested, the others train; mean over ${subjects.length}.`],
    columns: ['method', ...METRICS, 'best mF1', 'ROC'],
    rows,
  };
}

const PERCENTILES = [90, 95, 98, 99];

async function choiceTable(scene: Scene): Promise<Table> {
  const odd = oddIn(scene, 'paper');
  const rows: Cell[][] = [];
  const add = (name: string, errors: Errors | null): void => {
    const cells = PERCENTILES.map((q) => (errors === null ? null : judged(errors, odd, q).f1));
    rows.push([
      name,
      ...cells,
      errors === null ? null : oracle(errors, odd),
      errors === null ? null : roc(errors, odd),
    ]);
  };
  const outcome = async (name: string, variant: AnyValues): Promise<Outcome | null> =>
    outcomeOf(scene, { name, protocol: 'paper', variant, noise: 0 });
  for (const name of CHOICE_ROWS) {
    const errors = await outcome(name, amslVariants[name]);
    add(name, errors);
    add(`${name}, means of 16 of a class (flaw)`, errors === null ? null : meansOf16(errors, odd));
  }
  for (const [name, variant] of Object.entries(CHOICES)) add(name, await outcome(name, variant));
  return {
    title: 'mF1 by percentile, and other choices',
    notes: [
      'Rows with means show what averaging the error over 16 segments of one class, as published, does to the row above.',
    ],
    columns: ['choice', ...PERCENTILES.map((q) => `${q} %`), 'best mF1', 'ROC'],
    rows,
  };
}

const CHOICE_ROWS = ['CAE', 'AMSL'] as const;

const CHOICES: Readonly<Record<string, AnyValues>> = {
  cosine: { addressing: 'cosine' },
  'range by step and channel': { normalise: 'cell' },
  'not cut beyond the range': { beyond: 100 },
  '500 items': { items: 500 },
  'twice the epochs': { epochs: 2 * LITE.epochs },
};

const NOISE = [0, 0.01, 0.1, 0.3];
const NOISE_ROWS = ['AMSL', 'CAE'] as const;

async function noiseTable(scene: Scene): Promise<Table> {
  const odd = oddIn(scene, 'paper');
  const rows: Cell[][] = [];
  for (const name of NOISE_ROWS) {
    const all: (Outcome | null)[] = [];
    for (const noise of NOISE)
      all.push(await outcomeOf(scene, { name, protocol: 'paper', variant: amslVariants[name], noise }));
    const row = (of: (errors: Errors) => Cell): Cell[] => all.map((errors) => (errors === null ? null : of(errors)));
    rows.push([`${name}, mF1`, ...row((errors) => judged(errors, odd).f1)]);
    rows.push([`${name}, best mF1`, ...row((errors) => oracle(errors, odd))]);
    rows.push([`${name}, ROC`, ...row((errors) => roc(errors, odd))]);
  }
  return {
    title: 'With noise in a share of the training segments',
    notes: ['Gaussian, deviation 0.3 of a sensor’s training range, as in the paper’s figure 6.'],
    columns: ['method', ...NOISE.map((share) => `${100 * share} %`)],
    rows,
  };
}

const TABLES = { split: mainTable, subjects: subjectTable, choices: choiceTable, noise: noiseTable } as const;

export const amsl: Bench = {
  name: 'amsl',
  about: 'AMSL on segments with classes (DSADS); --only split,subjects,choices,noise; --set minutes=9 goes on later',
  async run({ data, only, seed, set: given, log }: BenchOptions) {
    const { preset = 'lite', minutes = '600', every: asked, ...rest } = given;
    const lite = preset === 'lite';
    const { every: usual, ...sizes } = LITE;
    const every = asked === undefined ? (lite ? usual : 1) : Number(asked);
    const chosen = lite ? sizes : amslPresets[preset as keyof typeof amslPresets];
    const base = { ...chosen, ...settingsFor(detector.params, rest) };
    const deadline = performance.now() + Number(minutes) * 60_000;
    // Node 20 has relaxed SIMD behind a flag; browsers have it on.
    setFlagsFromString('--experimental-wasm-relaxed-simd');
    const device = await useBackend('wasm');
    const whole = await segmentSet(data);
    const scene = {
      set: slower(whole, every),
      seed,
      base,
      store: openStore<Outcome>(join(RESULTS, 'amsl')),
      deadline,
      log,
    };
    const tables: Table[] = [];
    for (const [name, table] of Object.entries(TABLES))
      if (only.length === 0 || only.includes(name)) tables.push({ id: name, ...(await table(scene)) });
    return { settings: { preset, every, base, seed, percentile: PERCENTILE, device }, tables };
  },
};
