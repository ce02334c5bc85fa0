/** How many labelled events an alarm budget reaches: all steps over a threshold against one alarm an excursion. */
import { council } from '../../src/engine/council/council.ts';
import { MEMBERS } from '../../src/engine/council/members.ts';
import { flagsOver } from '../../src/engine/detect/peaks.ts';
import { m2ad } from '../../src/engine/detect/heads/m2ad.ts';
import { flagsOf, segmentsOf } from '../../src/engine/eval/prepare.ts';
import { difference } from '../../src/engine/models/difference.ts';
import { resolve } from '../../src/engine/params.ts';
import { seeded } from '../../src/engine/rng.ts';
import type { Series } from '../../src/engine/types.ts';
import type { Bench, BenchOptions, Table } from './bench.ts';
import { RULES } from './judge.ts';
import { FOLLOWED, SIGNIFICANCE, headScore, heard, jointScore, rejoined } from './councilHeard.ts';
import { seats } from './councilTaught.ts';
import { loadSets } from './sources.ts';
import { openStore, RESULTS } from './store.ts';

/** Raised when a change of the engines makes kept results stale. */
const VERSION = 1;

/** Steps between alarms: the padding with which the tables of events count. Of 5 to 100, all were looked at on ASD. */
const SPACING = RULES.padding;

/** Alarms of one asset: flagged steps, those inside a labelled event, and the events that one of them touches. */
type Row = { readonly flags: number; readonly hits: number; readonly found: number };
type Asset = {
  readonly rows: Readonly<Record<string, Row>>;
  readonly events: number;
  readonly steps: number;
  readonly seconds: number;
};

/** The highest `count` of the steps that may be flagged, of equal scores the earlier. */
function highest(score_N: Float64Array, may_N: Uint8Array, count: number): Uint8Array {
  const flag_N = new Uint8Array(score_N.length);
  const steps = [...may_N.keys()].filter((n) => may_N[n] === 1).sort((a, b) => score_N[b] - score_N[a] || a - b);
  for (const n of steps.slice(0, count)) flag_N[n] = 1;
  return flag_N;
}

function rowOf(label_N: Uint8Array, flag_N: Uint8Array): Row {
  const hits = flag_N.reduce((sum, flag, n) => sum + (flag & label_N[n]), 0);
  const isTouched = ({ start, end }: { start: number; end: number }) => flag_N.subarray(start, end).includes(1);
  return {
    flags: flag_N.reduce((sum, flag) => sum + flag, 0),
    hits,
    found: segmentsOf(label_N).filter(isTouched).length,
  };
}

async function judge(series: Series, seed: number): Promise<Asset> {
  const from = performance.now();
  const { test } = series;
  const label_N = flagsOf(series.labels ?? [], series.T).subarray(test.start, test.end);
  const plain = await headScore(
    series,
    await heard(series, difference, resolve(difference.params), 0, seed),
    m2ad,
    {},
    seed,
  );
  const own_N = flagsOver(
    plain.logP_T.map((logP) => -logP),
    -Math.log(SIGNIFICANCE),
    test,
  );
  const budget = Math.round(own_N.reduce((sum, flag) => sum + flag, 0) / 10);
  const whole = await heard(series, council, resolve(council.params), 0, seed);
  const rng = seeded(seed);
  const scores: [string, Float64Array][] = [
    ['Difference x(t) − x(t−1) + M2AD head', plain.score_T],
    ['Council', jointScore(whole, FOLLOWED).score_T],
    ...MEMBERS.map(({ id, detector }): [string, Float64Array] => [
      `${detector.card.title} alone, as heard`,
      jointScore(rejoined(whole, 'fisher', seats(id)), FOLLOWED).score_T,
    ]),
    ['Random scores', Float64Array.from({ length: series.T }, () => rng())],
  ];
  const rows: [string, Row][] = [[`${scores[0][0]}, all it flags`, rowOf(label_N, own_N)]];
  for (const [spacing, how] of [
    [0, 'every step'],
    [SPACING, `one alarm in ${SPACING} steps`],
  ] as const)
    for (const [name, score_T] of scores) {
      const may_N = flagsOver(score_T, -Infinity, test, spacing);
      rows.push([`${name}, ${how}`, rowOf(label_N, highest(score_T.subarray(test.start, test.end), may_N, budget))]);
    }
  return {
    rows: Object.fromEntries(rows),
    events: segmentsOf(label_N).length,
    steps: test.end - test.start,
    seconds: (performance.now() - from) / 1000,
  };
}

function tableFor(set: string, all: readonly Asset[]): Table {
  const sum = (of: (asset: Asset) => number): number => all.reduce((total, asset) => total + of(asset), 0);
  const events = sum((asset) => asset.events);
  return {
    id: set,
    title: `${set}: labelled events reached with few alarms, ${all.length} assets`,
    notes: [
      `First row: what the plain head flags by itself at p < ${SIGNIFICANCE}. All others flag a tenth of that on each asset, the highest scores.`,
      `One alarm in ${SPACING} steps: from the highest score down, none within ${SPACING} steps of one taken.`,
      'Events: labelled events with a flagged step, no padding. Precision: flagged steps inside a labelled event, of all flagged.',
    ],
    columns: ['what is flagged', 'flags', 'flagged %', 'precision', 'events', 'recall'],
    rows: Object.keys(all[0]?.rows ?? {}).map((name) => {
      const flags = sum(({ rows }) => rows[name].flags);
      const found = sum(({ rows }) => rows[name].found);
      const hits = sum(({ rows }) => rows[name].hits);
      return [
        name,
        flags,
        (100 * flags) / sum(({ steps }) => steps),
        flags === 0 ? null : hits / flags,
        `${found}/${events}`,
        events === 0 ? null : found / events,
      ];
    }),
  };
}

async function measure(set: string, assets: readonly Series[], { seed, log }: BenchOptions): Promise<Asset[]> {
  const store = openStore<Asset>(RESULTS);
  const all: Asset[] = [];
  for (const series of assets) {
    const key = { bench: 'alarms', version: VERSION, seed, spacing: SPACING, values: resolve(council.params) };
    const name = `${set}-${series.asset}-alarms`;
    const found = store.get(name, key) ?? (await judge(series, seed));
    store.put(name, key, found);
    all.push(found);
    log(`${set} ${series.asset}: ${found.seconds.toFixed(0)} s`);
  }
  return all;
}

export const alarms: Bench = {
  name: 'alarms',
  about: 'labelled events that a tenth of the plain head’s flags reach: every step against one alarm an excursion',
  async run(options) {
    const tables: Table[] = [];
    for await (const { set, assets } of loadSets(options))
      tables.push(tableFor(set, await measure(set, assets, options)));
    return { settings: { significance: SIGNIFICANCE, spacing: SPACING, seed: options.seed }, tables };
  },
};
