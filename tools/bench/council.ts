/**
 * The council beside its members: ranking, nominal against actual share of flagged normal steps, recall of events; and
 * what each step of it is worth. Pieces are kept and found again.
 */
import { council as engine } from '../../src/engine/council/council.ts';
import { MEMBERS } from '../../src/engine/council/members.ts';
import { conformal } from '../../src/engine/detect/heads/conformal.ts';
import { m2ad } from '../../src/engine/detect/heads/m2ad.ts';
import { own } from '../../src/engine/detect/heads/own.ts';
import { quickDetectors } from '../../src/engine/models/index.ts';
import { resolve } from '../../src/engine/params.ts';
import { seeded } from '../../src/engine/rng.ts';
import type { Series } from '../../src/engine/types.ts';
import type { Bench, BenchOptions, Cell, Table } from './bench.ts';
import { meanOf } from './bench.ts';
import { VUS_WINDOW } from './judge.ts';
import { loadSets } from './sources.ts';
import { openStore, RESULTS } from './store.ts';
import { FOLLOWED, SIGNIFICANCE, flagging, headScore, heard, jointScore, rejoined, rowOf } from './councilHeard.ts';
import type { Heard, Ranked, Row } from './councilHeard.ts';
import { ASKED, POOL, seats, taughtRows } from './councilTaught.ts';

/** Raised when a change of the engines makes kept results stale. */
const VERSION = 4;

type AssetRows = {
  readonly rows: Readonly<Record<string, Row>>;
  /** Judged after the pool: before any label, and with the weights that labels gave; none where no event is left there. */
  readonly taught: Readonly<Record<string, Row>>;
  readonly seconds: number;
};

const headed = async (...[series, said, head, given, seed]: Parameters<typeof headScore>): Promise<Row> =>
  rowOf(series, await headScore(series, said, head, given, seed));

/** Rows of members by themselves; only the plain head that the council is held against unless `isWhole`. */
async function memberRows(series: Series, joint: Ranked, seed: number, isWhole: boolean): Promise<[string, Row][]> {
  const rows: [string, Row][] = [];
  for (const [id, detector] of quickDetectors) {
    if (detector === engine || !(isWhole || id === 'difference')) continue;
    const values = resolve(detector.params);
    const said = await heard(series, detector, values, 0, seed);
    const { title } = detector.card;
    if (isWhole) rows.push([title, await headed(series, said, own, {}, seed)]);
    const plain = await headScore(series, said, m2ad, {}, seed);
    const plainRow = rowOf(series, plain);
    rows.push([`${title} + M2AD head`, plainRow]);
    if (id === 'difference') {
      const tenth = (plainRow.flagged ?? 0) / 10;
      rows.push(['  the same, flagging a tenth as much', rowOf(series, flagging(series, plain, tenth))]);
      rows.push(['  council, flagging as much as that', rowOf(series, flagging(series, joint, tenth))]);
    }
    if (!isWhole || (id !== 'difference' && id !== 'window-pca')) continue;
    const apart = await heard(series, detector, values, 0.2, seed);
    rows.push([`${title} + conformal head`, await headed(series, apart, conformal, {}, seed)]);
  }
  return rows;
}

async function councilRows(series: Series, whole: Heard, seed: number, isWhole: boolean): Promise<[string, Row][]> {
  const values = resolve(engine.params);
  const read = (said: Heard, following = FOLLOWED) => rowOf(series, jointScore(said, following));
  const rows: [string, Row][] = [['Council', read(whole)]];
  for (const { id, detector } of MEMBERS)
    rows.push([`  ${detector.card.title} alone, as heard`, read(rejoined(whole, 'fisher', seats(id)))]);
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

async function judgeAsset(series: Series, seed: number, isWhole: boolean): Promise<AssetRows> {
  const start = performance.now();
  const whole = await heard(series, engine, resolve(engine.params), 0, seed);
  const rows = Object.fromEntries([
    ...(await councilRows(series, whole, seed, isWhole)),
    ...(await memberRows(series, jointScore(whole, FOLLOWED), seed, isWhole)),
  ]);
  return { rows, taught: taughtRows(series, whole, seed), seconds: (performance.now() - start) / 1000 };
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

async function measure(set: string, assets: readonly Series[], options: BenchOptions): Promise<AssetRows[]> {
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
  return all;
}

const COLUMNS = ['engine', 'VUS-PR', 'AP', 'ROC', 'normal %', 'worst %', 'all %', 'events'];

const NOTES = [
  `VUS-PR (window ${VUS_WINDOW}), average precision, AUC-ROC: means over assets, test part.`,
  `Flagged: p < ${SIGNIFICANCE}; "normal": share of the normal test steps flagged, median and worst asset; "all": mean share of all test steps.`,
  'Events: labelled events with a flagged step, no padding.',
];

/** Rows that every asset has, as means over assets. */
function shared(all: readonly Readonly<Record<string, Row>>[]): { name: string; row_A: Row[]; cells: Cell[] }[] {
  const names = Object.keys(all[0] ?? {}).filter((name) => all.every((rows) => name in rows));
  return names.map((name) => {
    const row_A = all.map((rows) => rows[name]);
    return { name, row_A, cells: tableRow(name, row_A) };
  });
}

function tablesFor(set: string, found: readonly AssetRows[]): Table[] {
  const taught = shared(found.map(({ taught }) => taught).filter((rows) => Object.keys(rows).length > 0));
  const before = taught[0]?.row_A.map(({ vusPr }) => vusPr ?? 0) ?? [];
  return [
    {
      id: set,
      title: `${set}: council on ${found.length} assets`,
      notes: NOTES,
      columns: COLUMNS,
      rows: shared(found.map(({ rows }) => rows)).map(({ cells }) => cells),
    },
    {
      id: `${set}-taught`,
      title: `${set}: 50 labelled windows on top of the council, ${before.length} assets`,
      notes: [
        ...NOTES,
        `Windows of ${ASKED.window} from the first ${100 * POOL} % of the test part, ${ASKED.perRound} a round, the strangest and some of every strength; a simulated oracle answers by step. All rows are judged on the rest; assets without an event there are left out.`,
        'Gain: VUS-PR over the council before any label, median over assets and how many gain.',
      ],
      columns: [...COLUMNS, 'gain', 'gaining'],
      rows: taught.map(({ row_A, cells }) => {
        const gain_A = row_A.map(({ vusPr }, a) => (vusPr ?? 0) - before[a]);
        return [...cells, median(gain_A), `${gain_A.filter((gain) => gain > 0).length}/${gain_A.length}`];
      }),
    },
  ];
}

export const council: Bench = {
  name: 'council',
  about:
    'the council of quick engines, its calibration and what each of its steps is worth (--set whole=true: each member too)',
  async run(options) {
    const tables: Table[] = [];
    for await (const { set, assets } of loadSets(options))
      tables.push(...tablesFor(set, await measure(set, assets, options)));
    return { settings: { significance: SIGNIFICANCE, vusWindow: VUS_WINDOW, seed: options.seed }, tables };
  },
};
