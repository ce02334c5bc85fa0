/** M2AD on the sets of its paper and ASD: detection, calibration, attribution, other heads, time. Pieces are kept and found again. */
import { resolve as resolvePath } from 'node:path';
import { attribute } from '../../src/engine/detect/attribution.ts';
import type { AttributionRule } from '../../src/engine/detect/attribution.ts';
import { asM2adState, m2ad as head } from '../../src/engine/detect/heads/m2ad.ts';
import { own } from '../../src/engine/detect/heads/own.ts';
import { EngineError } from '../../src/engine/errors.ts';
import { hitRateAtK } from '../../src/engine/eval/attribution.ts';
import { gammaIsf } from '../../src/engine/math/gamma.ts';
import { m2ad as detector } from '../../src/engine/models/m2ad.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues, ParamTable, Value } from '../../src/engine/params.ts';
import { fitAndScore, preparedFor } from '../../src/engine/pipeline.ts';
import type { Result, Setup } from '../../src/engine/pipeline.ts';
import { seeded } from '../../src/engine/rng.ts';
import { useBackend } from '../../src/engine/tensor/node.testkit.ts';
import type { Score, Series, Span } from '../../src/engine/types.ts';
import type { Bench, BenchOptions, Table } from './bench.ts';
import { chosenSets, loadAsset } from './benchmarkSets.ts';
import { flagEverything, flagging, isStill, randomFlagging, ranking, RULES, VUS_WINDOW } from './judge.ts';
import { attributionTable, eventTable, paperTable, PLACES, rankingTable } from './m2adTables.ts';
import type { AssetResult, Hits } from './m2adTables.ts';
import { variantsOf } from './m2adVariants.ts';
import { quietRun } from './runs.ts';
import { held, openStore, RESULTS } from './store.ts';

/** Raise it when code that the results depend on has changed. */
const VERSION = 1;

/** Mean squared residual over the sensors that speak; NaN where none does. */
export function squaredError({ r_TS, score }: Result): Float64Array {
  const { T, S } = score;
  return Float64Array.from({ length: T }, (_, t) => {
    let sum = 0;
    let n = 0;
    for (let s = 0; s < S; s++) {
      const r = r_TS[t * S + s];
      if (Number.isNaN(r)) continue;
      sum += r * r;
      n += 1;
    }
    return n === 0 ? NaN : sum / n;
  });
}

function peakOf({ score_T }: Score, { start, end }: Span): number {
  let peak = start;
  for (let t = start; t < end; t++) if (score_T[t] > score_T[peak] || Number.isNaN(score_T[peak])) peak = t;
  return peak;
}

/** For each rule and number of places: one hit or miss for each labelled cause. */
function hitsOf(series: Series, score: Score): Hits {
  const S = series.sensors.length;
  const of = (rule: AttributionRule) => {
    const ranked = series.causes.map(({ span }) =>
      attribute(score, series.sensors, { ...span, peak: peakOf(score, span) }, rule).sensors.map(
        ({ sensor }) => sensor,
      ),
    );
    return PLACES.map((k) => series.causes.map(({ sensors }, e) => hitRateAtK(ranked[e], sensors, S, k)));
  };
  return { error: of('error'), p: of('p') };
}

/** Residuals and, where some sensor moves in training, the head's score. */
async function judgeAsset(
  series: Series,
  values: AnyValues,
  headValues: AnyValues,
  seed: number,
): Promise<AssetResult> {
  let phase = 'preparing';
  const began: Record<string, number> = { preparing: performance.now() };
  const isCalibrated = !isStill(series);
  const scoring: Pick<Setup, 'head' | 'headValues'> = isCalibrated
    ? { head, headValues }
    : { head: own, headValues: {} };
  const setup: Setup = { detector, values, ...scoring, imputation: {} };
  const result = await fitAndScore(series, setup, quietRun(seed), (next) => {
    phase = next;
    began[phase] = performance.now();
  });
  const done = performance.now();
  const gamma = asM2adState(result.headState)?.calibration.gamma ?? null;
  const threshold = gamma === null ? Infinity : gammaIsf(RULES.significance, gamma);
  const flagged = flagging(series, result.score.score_T, threshold, RULES);
  const { T } = series;
  const { constant_S } = preparedFor(series, setup).prepared;
  const residual = { T, S: series.sensors.length, r_TS: result.r_TS, still_S: constant_S };
  const rng = seeded(seed);
  return {
    asset: series.asset,
    head: isCalibrated ? ranking(series, result.score.score_T) : null,
    squared: ranking(series, squaredError(result)),
    chance: ranking(
      series,
      Float64Array.from({ length: T }, () => rng()),
    ),
    flagged,
    random: randomFlagging(series, flagged.flagged, RULES, seeded(seed)),
    everything: flagEverything(series, RULES),
    variants: await variantsOf(series, residual, seed),
    hits: hitsOf(series, result.score),
    fitSeconds: (began['scoring'] - began['preparing']) / 1000,
    scoreSeconds: (done - began['scoring']) / 1000,
  };
}

/** The settings of `--set` that a table knows, as its kinds ask for. */
export function settingsFor(
  table: ParamTable,
  given: Readonly<Partial<Record<string, string>>>,
): Record<string, Value> {
  const settings: Record<string, Value> = {};
  for (const [key, text] of Object.entries(given)) {
    if (text === undefined || !Object.hasOwn(table, key)) continue;
    const { kind } = table[key];
    settings[key] = kind === 'number' ? Number(text) : kind === 'switch' ? text === 'true' : text;
  }
  return settings;
}

/** Settings of `--set` that are this benchmark's own. */
const OWN = ['preset', 'backend', 'minutes', 'results', 'every'];

const tablesFor = (set: string, all: readonly AssetResult[]): Table[] => [
  paperTable(set, all),
  rankingTable(set, all),
  eventTable(set, all),
  ...(all.some(({ hits }) => hits.error[0].length > 0) ? [attributionTable(set, all)] : []),
];

export const m2ad: Bench = {
  name: 'm2ad',
  about:
    'M2AD (preset lite, or --set preset=NAME) and every head of its paper on SMD, ASD, MSL, SMAP (--set minutes=N every=true: some assets of a set)',
  async run(options: BenchOptions) {
    const { preset = 'lite', backend = 'wasm', minutes = '0', results = RESULTS, every = 'false' } = options.set;
    const given = Object.fromEntries(Object.entries(options.set).filter(([key]) => !OWN.includes(key)));
    const values = resolve(detector.params, { ...detector.presets[preset], ...settingsFor(detector.params, given) });
    const headValues = resolve(head.params, { ...head.presets[preset], ...settingsFor(head.params, given) });
    const unknown = Object.keys(given).filter((key) => !(key in detector.params) && !(key in head.params));
    if (unknown.length > 0)
      throw new EngineError('bad-input', 'bad-parameter', `there is no setting ${unknown.join(', ')}.`);
    const device = await useBackend(backend as 'wasm' | 'cpu' | 'webgpu');
    const store = openStore<AssetResult>(resolvePath(results));
    const until = Number(minutes) > 0 ? performance.now() + Number(minutes) * 60_000 : Infinity;
    const { seed, data, log } = options;
    const tables: Table[] = [];
    let left = 0;
    for (const set of chosenSets(data, options.only, every !== 'true')) {
      const all: AssetResult[] = [];
      for (const asset of set.assets) {
        const key = { bench: 'm2ad', version: VERSION, set: set.name, asset, seed, values, headValues, backend };
        const name = `${set.name}-${asset}-m2ad-paper`;
        const one = await held(store, name, key, until, async () => {
          const made = await judgeAsset(await loadAsset(data, set, asset), values, headValues, seed);
          log(`${set.name} ${asset}: fit ${made.fitSeconds.toFixed(0)} s, score ${made.scoreSeconds.toFixed(0)} s`);
          return made;
        });
        if (one === null) left += 1;
        else all.push(one);
      }
      if (all.length > 0) tables.push(...tablesFor(set.name, all));
    }
    if (left > 0) log(`${left} pieces are left: give the same command again to go on.`);
    return {
      settings: { preset, values, headValues, rules: RULES, vusWindow: VUS_WINDOW, seed, device },
      tables,
      left,
    };
  },
};
