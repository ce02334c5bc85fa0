/** M2AD on every labelled asset with train and test part: detection, calibration, attribution, time. */
import { attribute } from '../../src/engine/detect/attribution.ts';
import type { AttributionRule } from '../../src/engine/detect/attribution.ts';
import { asM2adState, m2ad as head } from '../../src/engine/detect/heads/m2ad.ts';
import { EngineError } from '../../src/engine/errors.ts';
import { hitRateAtK, meanChanced } from '../../src/engine/eval/attribution.ts';
import type { Chanced } from '../../src/engine/eval/attribution.ts';
import { gammaIsf } from '../../src/engine/math/gamma.ts';
import { m2ad as detector } from '../../src/engine/models/m2ad.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues, ParamTable, Value } from '../../src/engine/params.ts';
import { fitAndScore } from '../../src/engine/pipeline.ts';
import type { Result } from '../../src/engine/pipeline.ts';
import { seeded } from '../../src/engine/rng.ts';
import { useBackend } from '../../src/engine/tensor/node.testkit.ts';
import type { Score, Series, Span } from '../../src/engine/types.ts';
import type { Bench, BenchOptions, Cell, Table } from './bench.ts';
import { flagEverything, flagging, meanRanking, pool, randomFlagging, ranking, VUS_WINDOW } from './judge.ts';
import type { Flagged, Ranking } from './judge.ts';
import { quietRun } from './runs.ts';
import { loadSets } from './sources.ts';

const RULES = { padding: 50, mergeGap: 0, minLength: 1, significance: 0.001 };
const PLACES = [1, 5] as const;
const CONTRIBUTIONS: readonly AttributionRule[] = ['error', 'p'];

type Hits = Readonly<Record<AttributionRule, readonly (readonly (Chanced | null)[])[]>>;

type AssetResult = {
  readonly asset: string;
  readonly head: Ranking;
  readonly squared: Ranking;
  readonly flagged: Flagged;
  readonly random: readonly Flagged[];
  readonly everything: Flagged;
  readonly hits: Hits;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
};

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

async function judgeAsset(
  series: Series,
  values: AnyValues,
  headValues: AnyValues,
  seed: number,
): Promise<AssetResult> {
  let phase = 'preparing';
  const began: Record<string, number> = { preparing: performance.now() };
  const setup = { detector, values, head, headValues, imputation: {} };
  const result = await fitAndScore(series, setup, quietRun(seed), (next) => {
    phase = next;
    began[phase] = performance.now();
  });
  const done = performance.now();
  const gamma = asM2adState(result.headState)?.calibration.gamma ?? null;
  const threshold = gamma === null ? Infinity : gammaIsf(RULES.significance, gamma);
  const flagged = flagging(series, result.score.score_T, threshold, RULES);
  return {
    asset: series.asset,
    head: ranking(series, result.score.score_T),
    squared: ranking(series, squaredError(result)),
    flagged,
    random: randomFlagging(series, flagged.flagged, RULES, seeded(seed)),
    everything: flagEverything(series, RULES),
    hits: hitsOf(series, result.score),
    fitSeconds: (began['scoring'] - began['preparing']) / 1000,
    scoreSeconds: (done - began['scoring']) / 1000,
  };
}

const hitCells = (all: readonly AssetResult[]): Cell[] =>
  CONTRIBUTIONS.flatMap((rule) =>
    PLACES.map((_, i) => meanChanced(all.flatMap(({ hits }) => hits[rule][i]))?.value ?? null),
  );

const chanceCells = (all: readonly AssetResult[]): Cell[] =>
  PLACES.map((_, i) => meanChanced(all.flatMap(({ hits }) => hits.error[i]))?.chance ?? null);

const counts = ({ overlap }: { readonly overlap: Flagged['overlap'] }): string =>
  `${overlap.tp}/${overlap.fp}/${overlap.fn}`;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function rankingTable(set: string, all: readonly AssetResult[]): Table {
  const row = (name: string, part: readonly AssetResult[]): Cell[] => {
    const h = meanRanking(part.map((one) => one.head));
    const q = meanRanking(part.map((one) => one.squared));
    const fit = sum(part.map((one) => one.fitSeconds));
    const score = sum(part.map((one) => one.scoreSeconds));
    return [name, h.vusPr, h.ap, h.roc, h.paK, q.vusPr, q.ap, q.roc, fit, score];
  };
  return {
    title: `${set}: ranking`,
    notes: [
      `Test part; VUS-PR with window ${VUS_WINDOW}; PA%K AUC re-maximises F1 for each K (oracle). "sq." is the plain squared residual.`,
    ],
    columns: ['asset', 'VUS-PR', 'AP', 'ROC', 'PA%K', 'sq. VUS-PR', 'sq. AP', 'sq. ROC', 'fit s', 'score s'],
    rows: [...all.map((one) => row(one.asset, [one])), row('mean (times: sum)', all)],
  };
}

function eventTable(set: string, all: readonly AssetResult[]): Table {
  const row = (name: string, flagged: readonly Flagged[], scale = 1): Cell[] => {
    const p = pool(flagged);
    const { tp, fp, fn } = p.overlap;
    const shown = scale === 1 ? counts(p) : [tp, fp, fn].map((n) => (n / scale).toFixed(1)).join('/');
    const far = p.falseAlarmRate;
    return [
      name,
      shown,
      p.overlap.precision,
      p.overlap.recall,
      p.overlap.f1,
      100 * p.flagged,
      100 * p.padded,
      p.stepPrecision,
      far === null ? null : 100 * far,
    ];
  };
  const draws = all[0].random.length;
  return {
    title: `${set}: events`,
    notes: [
      `Gamma threshold from training scores; nominal false-alarm rate ${100 * RULES.significance} %; padding ${RULES.padding}, overlaps merged.`,
      'Event counts by overlap, pooled over assets. Step precision and false alarms before padding.',
      `The rows below the sum show what the event counts are worth: random flags on the same share of steps (mean of ${draws} draws), and everything flagged.`,
    ],
    columns: [
      'asset',
      'TP/FP/FN',
      'precision',
      'recall',
      'F1',
      'flagged %',
      'padded %',
      'step precision',
      'false alarms %',
    ],
    rows: [
      ...all.map((one) => row(one.asset, [one.flagged])),
      row(
        'all',
        all.map((one) => one.flagged),
      ),
      row(
        'random flags',
        all.flatMap((one) => one.random),
        draws,
      ),
      row(
        'flag everything',
        all.map((one) => one.everything),
      ),
    ],
  };
}

function attributionTable(set: string, all: readonly AssetResult[]): Table {
  const row = (name: string, part: readonly AssetResult[]): Cell[] => [
    name,
    sum(part.map(({ hits }) => hits.error[0].length)),
    ...hitCells(part),
    ...chanceCells(part),
  ];
  return {
    title: `${set}: attribution`,
    notes: [
      'HitRate@k over all labelled causes, detected or not: a true cause among the first k sensors.',
      '"error": largest unsmoothed error over its training deviation (default). "p": −2 ln p of the smoothed error at the peak.',
    ],
    columns: ['asset', 'causes', 'error @1', 'error @5', 'p @1', 'p @5', 'chance @1', 'chance @5'],
    rows: [...all.map((one) => row(one.asset, [one])), row('all', all)],
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

export const m2ad: Bench = {
  name: 'm2ad',
  about: 'M2AD (preset lite, or --set preset=NAME) on every labelled asset with train and test part',
  async run(options: BenchOptions) {
    const { preset = 'lite', backend = 'wasm', ...given } = options.set;
    const values = resolve(detector.params, { ...detector.presets[preset], ...settingsFor(detector.params, given) });
    const headValues = resolve(head.params, { ...head.presets[preset], ...settingsFor(head.params, given) });
    const unknown = Object.keys(given).filter((key) => !(key in detector.params) && !(key in head.params));
    if (unknown.length > 0)
      throw new EngineError('bad-input', 'bad-parameter', `there is no setting ${unknown.join(', ')}.`);
    const device = await useBackend(backend as 'wasm' | 'cpu' | 'webgpu');
    const tables: Table[] = [];
    for await (const { set, assets } of loadSets(options)) {
      const all: AssetResult[] = [];
      for (const series of assets) {
        const one = await judgeAsset(series, values, headValues, options.seed);
        all.push(one);
        options.log(
          `${set} ${one.asset}: VUS-PR ${one.head.vusPr?.toFixed(3) ?? '–'}, fit ${one.fitSeconds.toFixed(0)} s, score ${one.scoreSeconds.toFixed(0)} s`,
        );
      }
      tables.push(rankingTable(set, all), eventTable(set, all));
      if (all.some(({ hits }) => hits.error[0].length > 0)) tables.push(attributionTable(set, all));
    }
    return {
      settings: { preset, values, headValues, rules: RULES, vusWindow: VUS_WINDOW, seed: options.seed, device },
      tables,
    };
  },
};
