/**
 * The council beside its members: ranking, nominal against actual share of flagged normal steps, recall of events; and
 * what each step of it is worth. Pieces are kept and found again.
 */
import { combine } from '../../src/engine/council/combine.ts';
import type { Rule } from '../../src/engine/council/combine.ts';
import { council as engine } from '../../src/engine/council/council.ts';
import { MEMBERS } from '../../src/engine/council/members.ts';
import { rankLaw, rankNegLogP } from '../../src/engine/detect/conformal.ts';
import { conformal } from '../../src/engine/detect/heads/conformal.ts';
import { m2ad } from '../../src/engine/detect/heads/m2ad.ts';
import { own } from '../../src/engine/detect/heads/own.ts';
import { aucRoc } from '../../src/engine/eval/aucRoc.ts';
import { averagePrecision } from '../../src/engine/eval/averagePrecision.ts';
import { flagsOf, prepareScores, segmentsOf } from '../../src/engine/eval/prepare.ts';
import { vus } from '../../src/engine/eval/vus.ts';
import { heldBack } from '../../src/engine/detect/heldBack.ts';
import { FOLLOWING, follow, groundOf } from '../../src/engine/detect/recalibrate.ts';
import type { AnyDetector, AnyHead } from '../../src/engine/model.ts';
import { quickDetectors } from '../../src/engine/models/index.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues } from '../../src/engine/params.ts';
import { judge, preparedFor, trainingWindows } from '../../src/engine/pipeline.ts';
import { seeded } from '../../src/engine/rng.ts';
import type { Residual, Score, ScorePart, Series, Span } from '../../src/engine/types.ts';
import type { Bench, BenchOptions, Cell, Table } from './bench.ts';
import { meanOf } from './bench.ts';
import { VUS_WINDOW } from './judge.ts';
import { quietRun } from './runs.ts';
import { loadSets } from './sources.ts';
import { openStore, RESULTS } from './store.ts';

/** Nominal share of false alarms. */
const SIGNIFICANCE = 0.001;

/** Raised when a change of the engines makes kept results stale. */
const VERSION = 3;

/** Steps in which the council follows drift: the conformal head's preset for an engine's own score. */
const FOLLOWED = resolve(conformal.params, conformal.presets['own']).follow;

type Row = {
  readonly vusPr: number | null;
  readonly ap: number | null;
  readonly roc: number | null;
  /** Share of the normal test steps, and of all, that are flagged; null for scores without p-values. */
  readonly alarms: number | null;
  readonly flagged: number | null;
  /** Labelled events with a flagged step, of all; without padding. */
  readonly found: number;
  readonly events: number;
};

type AssetRows = { readonly rows: Readonly<Record<string, Row>>; readonly seconds: number };

const rowsIn = (residual: Residual, { start, end }: Span): Residual => ({
  ...residual,
  T: end - start,
  r_TS: residual.r_TS.subarray(start * residual.S, end * residual.S),
});

const partsIn = (parts: readonly ScorePart[], { start, end }: Span): ScorePart[] =>
  parts.map((part) => ({ ...part, value_T: part.value_T.subarray(start, end) }));

function rowOf(series: Series, { score_T, logP_T }: Pick<Score, 'score_T' | 'logP_T'>): Row {
  const { start, end } = series.test;
  const label_T = flagsOf(series.labels ?? [], series.T).subarray(start, end);
  const logP = logP_T.subarray(start, end);
  const isFlagged = (t: number): boolean => logP[t] < Math.log(SIGNIFICANCE);
  const share = (steps: readonly number[]): number => steps.filter(isFlagged).length / steps.length;
  const steps = [...label_T.keys()];
  const events = segmentsOf(label_T);
  const prepared = prepareScores(label_T, score_T.subarray(start, end));
  const calibrated = logP.some((value) => !Number.isNaN(value));
  return {
    vusPr: vus(prepared, VUS_WINDOW)?.vusPr ?? null,
    ap: averagePrecision(prepared),
    roc: aucRoc(prepared),
    alarms: calibrated ? share(steps.filter((t) => label_T[t] === 0)) : null,
    flagged: calibrated ? share(steps) : null,
    found: events.filter((event) => steps.slice(event.start, event.end).some(isFlagged)).length,
    events: events.length,
  };
}

/** A detector's word on every step, learned on training without its last share `held`. */
async function heard(series: Series, detector: AnyDetector, values: AnyValues, held: number, seed: number) {
  const setup = { detector, values, head: own, headValues: {}, imputation: {} };
  const { prepared, windowing } = preparedFor(series, setup);
  const { learned, calibrated } = heldBack(series, held, windowing.W + windowing.horizon);
  const run = quietRun(seed);
  const train = trainingWindows({ ...series, train: learned }, prepared, windowing);
  const fitted = await detector.fit(train, values, run);
  try {
    const { expectation, residual } = await judge(series, prepared, windowing, fitted, run);
    return { residual, parts: expectation.parts, calibrated };
  } finally {
    fitted.dispose();
  }
}

type Heard = Awaited<ReturnType<typeof heard>>;

async function headed(series: Series, said: Heard, head: AnyHead, given: AnyValues, seed: number): Promise<Row> {
  const run = quietRun(seed);
  const { residual, parts, calibrated } = said;
  const values = resolve(head.params, given);
  const learned = rowsIn(residual, calibrated);
  const fitted = await head.fit(learned, series.sensors, values, run, partsIn(parts, calibrated));
  return rowOf(series, await fitted.score(residual, run, parts));
}

/** Rows of members by themselves; only the plain head that the council is held against unless `isWhole`. */
async function memberRows(series: Series, seed: number, isWhole: boolean): Promise<[string, Row][]> {
  const rows: [string, Row][] = [];
  for (const [id, detector] of quickDetectors) {
    if (detector === engine || !(isWhole || id === 'difference')) continue;
    const values = resolve(detector.params);
    const said = await heard(series, detector, values, 0, seed);
    const { title } = detector.card;
    if (isWhole) rows.push([title, await headed(series, said, own, {}, seed)]);
    rows.push([`${title} + M2AD head`, await headed(series, said, m2ad, {}, seed)]);
    if (!isWhole || (id !== 'difference' && id !== 'window-pca')) continue;
    const apart = await heard(series, detector, values, 0.2, seed);
    rows.push([`${title} + conformal head`, await headed(series, apart, conformal, {}, seed)]);
  }
  return rows;
}

/**
 * What the conformal head makes of the engine's own score, without its parts by sensor, which take most of the time and
 * do not count here. `following`: steps in which drift is followed; 0 not at all.
 */
function jointRow(series: Series, { parts, calibrated }: Heard, following: number): Row {
  const part = parts.find(({ name }) => name === 'score');
  const plain_T = Float64Array.from(part?.value_T ?? [], (value) => Math.log(Math.max(value, 1e-30)));
  const ground = groundOf(plain_T.slice(calibrated.start, calibrated.end));
  const strength_T = following === 0 ? plain_T : follow(plain_T, ground, { ...FOLLOWING, memory: following }).z_T;
  const law = rankLaw(strength_T.slice(calibrated.start, calibrated.end));
  const logP_T = strength_T.map((x) => (law === null ? NaN : -rankNegLogP(law, x)));
  return rowOf(series, { score_T: logP_T.map((logP) => -logP), logP_T });
}

/** The council's verdicts joined by another rule or with other weights, without asking the members again. */
function rejoined(said: Heard, rule: Rule, weights: Readonly<Partial<Record<string, number>>>): Heard {
  const verdicts = MEMBERS.flatMap(({ id }) => {
    const part = said.parts.find(({ name }) => name === `verdict-${id}`);
    const weight = weights[id] ?? resolve(engine.params)[id];
    return part === undefined || weight === 0 ? [] : [{ nlp_T: Float64Array.from(part.value_T), weight }];
  });
  const value_T = Float32Array.from(combine(verdicts, rule).strength_T);
  return { ...said, parts: [{ name: 'score', title: 'joint', value_T }] };
}

async function councilRows(series: Series, seed: number, isWhole: boolean): Promise<[string, Row][]> {
  const values = resolve(engine.params);
  const whole = await heard(series, engine, values, 0, seed);
  const read = (said: Heard, following = FOLLOWED) => jointRow(series, said, following);
  const rows: [string, Row][] = [['Council', read(whole)]];
  for (const { id, detector } of MEMBERS)
    rows.push([`  ${detector.card.title} alone, as heard`, read(rejoined(whole, 'fisher', only(id)))]);
  for (const { id, detector } of MEMBERS)
    rows.push([`  without ${detector.card.title}`, read(rejoined(whole, 'fisher', { [id]: 0 }))]);
  rows.push(['  equal weights', read(rejoined(whole, 'fisher', { windowPca: 1 }))]);
  for (const rule of ['cauchy', 'harmonic', 'rank'] as const)
    rows.push([`  joined by ${rule}`, read(rejoined(whole, rule, {}))]);
  rows.push(['  not following drift', read(whole, 0)], ['  following drift in 1000 steps', read(whole, 1000)]);
  if (!isWhole) return rows;
  rows.push(['  its residuals through the M2AD head', await headed(series, whole, m2ad, {}, seed)]);
  rows.push(['  Gamma tails', read(await heard(series, engine, { ...values, tail: 'gamma' }, 0, seed))]);
  rows.push(['  a fifth held back', read(await heard(series, engine, values, 0.2, seed))]);
  return rows;
}

const only = (id: string) => Object.fromEntries(MEMBERS.map((one) => [one.id, one.id === id ? 1 : 0]));

async function judgeAsset(series: Series, seed: number, isWhole: boolean): Promise<AssetRows> {
  const start = performance.now();
  const rows = Object.fromEntries([
    ...(await councilRows(series, seed, isWhole)),
    ...(await memberRows(series, seed, isWhole)),
  ]);
  return { rows, seconds: (performance.now() - start) / 1000 };
}

/** A p-value drawn for each step: its nominal share is its actual one, and it knows nothing. */
function randomRow(series: Series, seed: number): Row {
  const rng = seeded(seed);
  const logP_T = Float64Array.from({ length: series.T }, () => Math.log(1 - rng()));
  return rowOf(series, { score_T: logP_T.map((logP) => -logP), logP_T });
}

const percent = (share: number | null): number | null => (share === null ? null : 100 * share);

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const mid = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[mid] : (sorted[mid - 1] + sorted[mid]) / 2;
}

function tableRow(name: string, all: readonly Row[]): Cell[] {
  const alarms = all.map((row) => row.alarms).filter((share) => share !== null);
  const sum = (of: (row: Row) => number): number => all.reduce((total, row) => total + of(row), 0);
  return [
    name,
    meanOf(all.map(({ vusPr }) => vusPr)),
    meanOf(all.map(({ ap }) => ap)),
    meanOf(all.map(({ roc }) => roc)),
    percent(median(alarms)),
    percent(alarms.length === 0 ? null : Math.max(...alarms)),
    percent(meanOf(all.map(({ flagged }) => flagged))),
    `${sum(({ found }) => found)}/${sum(({ events }) => events)}`,
  ];
}

async function tableFor(set: string, assets: readonly Series[], options: BenchOptions): Promise<Table> {
  const store = openStore<AssetRows>(RESULTS);
  const isWhole = options.set['whole'] === 'true';
  const all: AssetRows[] = [];
  for (const series of assets) {
    const key = { bench: 'council', version: VERSION, isWhole, seed: options.seed, values: resolve(engine.params) };
    const name = `${set}-${series.asset}-council`;
    const found = store.get(name, key) ?? (await judgeAsset(series, options.seed, isWhole));
    store.put(name, key, found);
    all.push({ ...found, rows: { ...found.rows, 'Random scores': randomRow(series, options.seed) } });
    options.log(`${set} ${series.asset}: ${found.seconds.toFixed(0)} s`);
  }
  const names = Object.keys(all[0].rows).filter((name) => all.every(({ rows }) => name in rows));
  return {
    id: set,
    title: `${set}: council on ${assets.length} assets`,
    notes: [
      `VUS-PR (window ${VUS_WINDOW}), average precision, AUC-ROC: means over assets, test part.`,
      `Flagged: p < ${SIGNIFICANCE}; "normal": share of the normal test steps flagged, median and worst asset; "all": mean share of all test steps.`,
      'Events: labelled events with a flagged step, no padding.',
    ],
    columns: ['engine', 'VUS-PR', 'AP', 'ROC', 'normal %', 'worst %', 'all %', 'events'],
    rows: names.map((name) =>
      tableRow(
        name,
        all.map(({ rows }) => rows[name]),
      ),
    ),
  };
}

export const council: Bench = {
  name: 'council',
  about:
    'the council of quick engines, its calibration and what each of its steps is worth (--set whole=true: each member too)',
  async run(options) {
    const tables: Table[] = [];
    for await (const { set, assets } of loadSets(options)) tables.push(await tableFor(set, assets, options));
    return { settings: { significance: SIGNIFICANCE, vusWindow: VUS_WINDOW, seed: options.seed }, tables };
  },
};
