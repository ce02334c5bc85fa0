import { describe, expect, it } from 'vitest';
import { BASELINES } from './baselines/index.ts';
import { besideBaseline, besideUntrained, measured, trivialRows } from './beside.ts';
import type { BesideRules } from './beside.ts';
import { besideRows } from './besideEvents.ts';
import { curvesOf } from './curves.ts';
import { METRICS } from './eval/index.ts';
import { flagsOf, prepareScores } from './eval/prepare.ts';
import { m2ad as head } from './detect/heads/m2ad.ts';
import { m2ad } from './models/m2ad.ts';
import { resolve } from './params.ts';
import { rank } from './ranks.ts';
import { normal, seeded } from './rng.ts';
import { useBackend } from './tensor/node.testkit.ts';
import type { Series, Span } from './types.ts';

const T = 900;
const labels: Span[] = [
  { start: 700, end: 730 },
  { start: 820, end: 840 },
];

/** Two coupled sensors, which come apart in the labelled ranges. */
function series(): Series {
  const rng = seeded(4);
  const columns = [new Float32Array(T), new Float32Array(T)];
  for (let t = 0; t < T; t++) {
    const base = Math.sin(t / 8);
    const odd = labels.some(({ start, end }) => t >= start && t < end) ? 3 : 0;
    columns[0][t] = base + 0.1 * normal(rng);
    columns[1][t] = 2 * base + odd + 0.1 * normal(rng);
  }
  return {
    ...{ asset: 'two', T, covariates: [], columns, clock: { kind: 'index' }, contiguous: true, labels, causes: [] },
    sensors: ['flow', 'level'].map((name) => ({ name, unit: '', system: '' })),
    ...{ train: { start: 0, end: 500 }, test: { start: 500, end: T } },
  };
}

const rules: BesideRules = { significance: 0.001, percentile: 99.5, padding: 0, mergeGap: 10, minLength: 1 };
const run = (seed: number) => ({
  rng: seeded(seed),
  checkpoint: () => Promise.resolve(),
  progress: () => undefined,
});
const valueOf = (rows: readonly { id: string; value: number | null }[], id: string) =>
  rows.find((row) => row.id === id)?.value;

describe('a score beside others', () => {
  it('has every metric of the registry, with where its threshold comes from', async () => {
    const [own, headed] = await besideBaseline(
      series(),
      BASELINES.find(({ id }) => id === 'pca')!,
      rules,
      run(1),
    );
    expect(own.metrics.map(({ id }) => id)).toEqual(METRICS.map(({ id }) => id));
    expect(own.threshold.source).toBe('percentile 99.5 of training scores');
    expect(headed.threshold.rule).toBe('gamma');
    expect(valueOf(own.metrics, 'auc-roc')).toBeGreaterThan(0.95);
    expect(own.metrics.find(({ id }) => id === 'step-f1')?.provenance).toMatch(/^threshold .*; unadjusted; test part$/);
    expect(own.steps.tp + own.steps.fp + own.steps.fn + own.steps.tn).toBe(T - 500);
    expect(own.overlap.tp).toBe(2);
  });

  it('measures an untrained network, by itself and through the head', async () => {
    await useBackend('cpu');
    const values = resolve(m2ad.params, { ...m2ad.presets.lite, window: 12, hidden: 4 });
    const setup = { detector: m2ad, values, head, headValues: resolve(head.params), imputation: {} };
    const rows = await besideUntrained(series(), setup, rules, run(1));
    expect(rows.map(({ id, how }) => [id, how])).toEqual([
      ['untrained', 'own'],
      ['untrained', 'head'],
    ]);
    expect(valueOf(rows[0].metrics, 'average-precision')).toBeGreaterThan(0);
  });

  it('says nothing where there are no labels', async () => {
    const bare = { ...series(), labels: null };
    expect(await besideBaseline(bare, BASELINES[0], rules, run(1))).toEqual([]);
    expect(
      measured(bare, new Float64Array(T), {
        threshold: { value: 0, rule: '', source: '', oracle: false },
        padding: 0,
        events: [],
      }),
    ).toBeNull();
    expect(trivialRows(bare, 0.1, rules, 1)).toEqual([]);
  });

  it('flagging everything wins what the registry says it wins', () => {
    const [random, everything] = trivialRows(series(), 0.05, rules, 11);
    expect(valueOf(everything.metrics, 'overlap-f1')).toBe(1);
    expect(valueOf(everything.metrics, 'flagged')).toBe(1);
    expect(valueOf(random.metrics, 'flagged')).toBeCloseTo(0.05, 9);
    expect(valueOf(random.metrics, 'step-f1')).toBeLessThan(0.2);
    expect(random.metrics[0].provenance).toMatch(/^random flags, mean of 5 draws, from no data/);
  });
});

describe('curves', () => {
  const rng = seeded(9);
  const n = 20_000;
  const label_T = flagsOf(
    [
      { start: 100, end: 400 },
      { start: 9000, end: 9050 },
    ],
    n,
  );
  const score_T = Float64Array.from({ length: n }, (_, t) => rng() + 0.4 * label_T[t]);
  const prepared = prepareScores(label_T, score_T);
  const curves = curvesOf(prepared, 1);

  it('are thinned and still hold the areas', () => {
    const { falseAlarms_P: x, recall_P: y } = curves;
    expect(x.length).toBeLessThan(400);
    expect(x.length).toBeGreaterThan(100);
    expect([x[0], y[0], x.at(-1), y.at(-1)]).toEqual([0, 0, 1, 1]);
    let area = 0;
    for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
    expect(area).toBeCloseTo(curves.aucRoc!, 2);
    expect(Math.max(...curves.f1_P)).toBeGreaterThan(0.97 * curves.bestF1);
  });

  it('mark the threshold in force', () => {
    const { inForce } = curves;
    const flagged = score_T.reduce((sum, score) => sum + (score > 1 ? 1 : 0), 0);
    const hits = score_T.reduce((sum, score, t) => sum + (score > 1 ? label_T[t] : 0), 0);
    expect(inForce?.precision).toBeCloseTo(hits / flagged, 12);
    expect(inForce?.recall).toBeCloseTo(hits / 350, 12);
  });

  it('fall with K, from point adjustment to plain F1', () => {
    const { paK_K } = curves;
    expect(paK_K).toHaveLength(101);
    expect(paK_K[0]).toBeGreaterThan(paK_K[100]);
    expect(paK_K[100]).toBeCloseTo(curves.bestF1, 6);
  });
});

describe('two runs event by event', () => {
  const test = { start: 0, end: 1000 };
  const span = (start: number, end: number): Span => ({ start, end });
  it('says what is fixed, broken and unchanged against labels', () => {
    const truth = [span(10, 20), span(100, 120), span(200, 220), span(1500, 1600)];
    const a = [span(12, 18), span(400, 420), span(600, 620)];
    const b = [span(102, 110), span(402, 418), span(800, 810)];
    const rows = besideRows(a, b, truth, test);
    expect(rows.map(({ of, verdict, start }) => [start, of, verdict])).toEqual([
      [10, 'label', 'broken'],
      [100, 'label', 'fixed'],
      [200, 'label', 'unchanged'],
      [402, 'false-alarm', 'unchanged'],
      [600, 'false-alarm', 'fixed'],
      [800, 'false-alarm', 'broken'],
    ]);
  });
  it('passes no verdict without labels', () => {
    const rows = besideRows([span(1, 5)], [span(1, 5), span(9, 12)], null, test);
    expect(rows.map(({ change, verdict }) => [change, verdict])).toEqual([
      ['stayed', null],
      ['appeared', null],
    ]);
  });
});

describe('ranks', () => {
  it("are those of Demšar's example of four classifiers on fourteen data sets", () => {
    // Table 6 of the paper.
    const auc = [
      [0.763, 0.768, 0.771, 0.798],
      [0.599, 0.591, 0.59, 0.569],
      [0.954, 0.971, 0.968, 0.967],
      [0.628, 0.661, 0.654, 0.657],
      [0.882, 0.888, 0.886, 0.898],
      [0.936, 0.931, 0.916, 0.931],
      [0.661, 0.668, 0.609, 0.685],
      [0.583, 0.583, 0.563, 0.625],
      [0.775, 0.838, 0.866, 0.875],
      [1.0, 1.0, 1.0, 1.0],
      [0.94, 0.962, 0.965, 0.962],
      [0.619, 0.666, 0.614, 0.669],
      [0.972, 0.981, 0.9751, 0.975],
      [0.957, 0.978, 0.946, 0.97],
    ];
    const { meanRank_M, chi2, criticalDifference } = rank(auc, 'higher');
    expect(meanRank_M.map((mean) => Number(mean.toFixed(3)))).toEqual([3.143, 2, 2.893, 1.964]);
    expect(chi2).toBeCloseTo(9.28, 2);
    expect(criticalDifference).toBeCloseTo(1.25, 2);
  });
  it('need two methods on two data sets', () => {
    expect(() => rank([[1, 2]], 'higher')).toThrow(/at least two/);
  });
  it('turn round where lower is better', () => {
    expect(rank([[1, 2], [3, 5]], 'lower').meanRank_M).toEqual([1, 2]); // prettier-ignore
  });
});
