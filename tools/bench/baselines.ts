/** Every baseline on every labelled asset, alone and through the M2AD head. Pieces are kept and found again. */
import { BASELINES, runBaseline } from '../../src/engine/baselines/index.ts';
import { forHead } from '../../src/engine/baselines/baseline.ts';
import type { Baseline } from '../../src/engine/baselines/baseline.ts';
import { asM2adState, m2ad } from '../../src/engine/detect/heads/m2ad.ts';
import { gammaIsf } from '../../src/engine/math/gamma.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues } from '../../src/engine/params.ts';
import { seeded } from '../../src/engine/rng.ts';
import type { Residual, Series, Span } from '../../src/engine/types.ts';
import type { Bench, BenchOptions, Cell, Table } from './bench.ts';
import { flagging, meanRanking, pool, ranking, RULES, VUS_WINDOW } from './judge.ts';
import type { Flagged, Ranking } from './judge.ts';
import { quietRun, timed } from './runs.ts';
import { loadSets } from './sources.ts';
import { held, openStore, RESULTS } from './store.ts';

/** Raise it when code that the results depend on has changed. */
const VERSION = 1;

type Row = {
  readonly name: string;
  readonly ranked: Ranking;
  readonly flagged: Flagged | null;
  readonly seconds: number;
};

const rows = ({ S, r_TS }: Residual, { start, end }: Span): Residual => ({
  T: end - start,
  S,
  r_TS: r_TS.subarray(start * S, end * S),
});

type Read = ReturnType<typeof forHead>;

/** The residual through the M2AD head: fitted on training steps, every part scored on its own. */
async function throughHead(series: Series, { residual, sensors }: Read, values: AnyValues, seed: number) {
  const run = quietRun(seed);
  const head = await m2ad.fit(rows(residual, series.train), sensors, resolve(m2ad.params, values), run);
  const { score_T } = await head.score(rows(residual, series.test), run);
  const all_T = new Float64Array(series.T).fill(NaN);
  all_T.set(score_T, series.test.start);
  const gamma = asM2adState(head.state())?.calibration.gamma ?? null;
  const threshold = gamma === null ? Infinity : gammaIsf(RULES.significance, gamma);
  return { ranked: ranking(series, all_T), flagged: flagging(series, all_T, threshold, RULES) };
}

/** The clip of the published code with every sensor, the engine's default, and the default with every sensor. */
const HEADS = [
  { name: 'head, p ≥ 1e-16, constant too', values: { floor: -16, constant: 'count' } },
  { name: 'head', values: {} },
  { name: 'head, constant too', values: { constant: 'count' } },
];

async function rowsFor(baseline: Baseline, series: Series, seed: number): Promise<Row[]> {
  const { result, seconds } = await timed(() => runBaseline(baseline, series, seeded(seed)));
  const out: Row[] = [{ name: baseline.title, ranked: ranking(series, result.score_T), flagged: null, seconds }];
  const read = forHead(series, baseline.title, result);
  // A score alone is one sensor that always moves: one head says it all.
  for (const { name, values } of result.residual === null ? HEADS.filter((head) => head.name === 'head') : HEADS) {
    const headed = await timed(() => throughHead(series, read, values, seed));
    out.push({ name: `${baseline.title} + ${name}`, ...headed.result, seconds: seconds + headed.seconds });
  }
  return out;
}

function tableRow(name: string, all: readonly Row[]): Cell[] {
  const { vusPr, ap, roc, paK } = meanRanking(all.map(({ ranked }) => ranked));
  const flagged = all.map((row) => row.flagged).filter((one) => one !== null);
  const seconds = all.reduce((sum, row) => sum + row.seconds, 0);
  if (flagged.length === 0) return [name, vusPr, ap, roc, paK, null, null, null, null, seconds];
  const { overlap, flagged: before, padded } = pool(flagged);
  const counts = `${overlap.tp}/${overlap.fp}/${overlap.fn}`;
  return [name, vusPr, ap, roc, paK, counts, overlap.f1, 100 * before, 100 * padded, seconds];
}

type Limits = { readonly until: number; left: number };

async function tableFor(set: string, assets: readonly Series[], options: BenchOptions, limits: Limits): Promise<Table> {
  const { seed, log } = options;
  const chosen = options.set['baselines']?.split(',') ?? BASELINES.map(({ id }) => id);
  const store = openStore<Row[]>(RESULTS);
  const byName = new Map<string, Row[]>();
  for (const baseline of BASELINES.filter(({ id }) => chosen.includes(id))) {
    for (const series of assets) {
      const { asset } = series;
      const key = { bench: 'baselines', version: VERSION, set, asset, id: baseline.id, seed };
      const rows = await held(store, `${set}-${asset}-baseline-${baseline.id}`, key, limits.until, async () => {
        const made = await rowsFor(baseline, series, seed);
        log(`${set} ${asset} ${baseline.title}: ${made[0].seconds.toFixed(1)} s`);
        return made;
      });
      if (rows === null) limits.left += 1;
      for (const row of rows ?? []) byName.set(row.name, [...(byName.get(row.name) ?? []), row]);
    }
  }
  return {
    id: set,
    title: `${set}: baselines on ${assets.length} assets`,
    notes: [
      `VUS-PR (window ${VUS_WINDOW}), average precision, AUC-ROC and PA%K AUC (oracle) are means over assets, test part.`,
      `Events: Gamma threshold from training scores at ${RULES.significance}, padding ${RULES.padding}, counts pooled; flagging everything scores 1.`,
      'Head: p-values clipped at 1e-300 unless said. "constant too": sensors that never moved in training count.',
    ],
    columns: ['baseline', 'VUS-PR', 'AP', 'ROC', 'PA%K', 'TP/FP/FN', 'event F1', 'flagged %', 'padded %', 'seconds'],
    rows: [...byName].map(([name, all]) => tableRow(name, all)),
  };
}

export const baselines: Bench = {
  name: 'baselines',
  about:
    'every baseline (or --set baselines=ID,ID) on every labelled asset, alone and through the M2AD head (minutes=N)',
  async run(options) {
    const minutes = Number(options.set['minutes'] ?? 0);
    const limits: Limits = { until: minutes > 0 ? performance.now() + minutes * 60_000 : Infinity, left: 0 };
    const tables: Table[] = [];
    for await (const { set, assets } of loadSets(options)) tables.push(await tableFor(set, assets, options, limits));
    const { left } = limits;
    if (left > 0) options.log(`${left} pieces are left: give the same command again to go on.`);
    return { settings: { vusWindow: VUS_WINDOW, rules: RULES, seed: options.seed }, tables, left };
  },
};
