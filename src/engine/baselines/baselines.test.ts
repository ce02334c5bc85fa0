import { describe, expect, it } from 'vitest';
import { aucRoc } from '../eval/aucRoc.ts';
import { flagsOf, prepareScores } from '../eval/prepare.ts';
import { normal, seeded } from '../rng.ts';
import type { Series, Span } from '../types.ts';
import { forHead } from './baseline.ts';
import { BASELINES, runBaseline } from './index.ts';
import { bestAlike, blocksOf } from './matrixProfile.ts';
import { randomFlags } from './random.ts';

const S = 6;
const T = 1200;
const train: Span = { start: 0, end: 800 };
const test: Span = { start: 800, end: T };
const odd: Span = { start: 1000, end: 1030 };

/** Six sensors that follow two hidden rhythms; in `odd` the second half of them jumps about on its own. */
function coupled(contiguous: boolean): Series {
  const rng = seeded(11);
  const columns = Array.from({ length: S }, () => new Float32Array(T));
  for (let t = 0; t < T; t++) {
    const a = Math.sin(t / 9);
    const b = Math.cos(t / 23);
    for (let s = 0; s < S; s++) {
      const broken = t >= odd.start && t < odd.end && s >= 3;
      columns[s][t] = broken ? 8 + 5 * normal(rng) : (s + 1) * a + (S - s) * b + 0.1 * normal(rng);
    }
  }
  return {
    asset: 'coupled',
    T,
    sensors: columns.map((_, s) => ({ name: `s${s}`, unit: '', system: '' })),
    covariates: [],
    columns,
    clock: { kind: 'index' },
    train,
    test,
    contiguous,
    labels: [odd],
    causes: [],
  };
}

const area = (score_T: Float64Array) =>
  aucRoc(
    prepareScores(flagsOf([odd], T).subarray(test.start, test.end), score_T.subarray(test.start, test.end)),
  ) as number;

describe.each(BASELINES.map((baseline) => [baseline.id, baseline] as const))('%s', (id, baseline) => {
  const series = coupled(true);
  it('scores every step, the same for the same seed', () => {
    const once = runBaseline(baseline, series, seeded(1)).score_T;
    expect(once).toHaveLength(T);
    expect(once.every(Number.isFinite)).toBe(true);
    expect(runBaseline(baseline, series, seeded(1)).score_T).toEqual(once);
  });
  it(id === 'random' ? 'knows nothing' : 'finds what is odd', () => {
    const found = area(runBaseline(baseline, series, seeded(1)).score_T);
    if (id === 'random') expect(Math.abs(found - 0.5)).toBeLessThan(0.2);
    else expect(found).toBeGreaterThan(0.85);
  });
  it('takes missing values', () => {
    const holed = coupled(false);
    holed.columns[0].fill(NaN, 100, 140);
    holed.columns.forEach((column) => column.fill(NaN, 900, 905));
    const { score_T, residual } = runBaseline(baseline, holed, seeded(1));
    expect(score_T.every(Number.isFinite)).toBe(true);
    if (residual !== null) expect(residual.r_TS[120 * S]).toBeNaN();
  });
  it('learns from the training part only', () => {
    const changed = coupled(false);
    changed.columns.forEach((column) => column.fill(1e3, 1100, T));
    const before = runBaseline(baseline, coupled(false), seeded(1)).score_T.subarray(0, 1050);
    expect(runBaseline(baseline, changed, seeded(1)).score_T.subarray(0, 1050)).toEqual(before);
  });
});

describe('residuals', () => {
  const byId = (id: string) => BASELINES.find((baseline) => baseline.id === id)!;
  it('PCA leaves little of what moves as in training', () => {
    const { residual } = runBaseline(byId('pca'), coupled(true), seeded(1));
    const energy = (span: Span) =>
      residual!.r_TS.subarray(span.start * S, span.end * S).reduce((sum, r) => sum + r * r, 0) /
      (span.end - span.start);
    expect(energy(train)).toBeLessThan(0.15 * S);
    expect(energy(odd)).toBeGreaterThan(20 * energy(train));
  });
  it('the difference is 0 where a stretch begins and signed elsewhere', () => {
    const series = coupled(false);
    const { residual } = runBaseline(byId('difference'), series, seeded(1));
    expect(residual!.r_TS[test.start * S]).toBe(0);
    const [column] = series.columns;
    const span = column.subarray(0, train.end);
    const range = Math.max(...span) - Math.min(...span);
    expect(residual!.r_TS[5 * S]).toBeCloseTo((column[5] - column[4]) / range, 5);
  });
});

describe('matrix profile', () => {
  const W = 20;
  const rng = seeded(3);
  const x_T = Float64Array.from({ length: 300 }, (_, t) => Math.sin(t / 5) + 0.3 * normal(rng));
  x_T.fill(2, 200, 230);
  const shape = (start: number): number[] => {
    const values = [...x_T.subarray(start, start + W)];
    const mean = values.reduce((a, b) => a + b, 0) / W;
    const length = Math.hypot(...values.map((value) => value - mean));
    return values.map((value) => (value - mean) / length);
  };
  const alike = (i: number, j: number): number => shape(i).reduce((sum, value, w) => sum + value * shape(j)[w], 0);

  it('is what comparing every pair of windows gives, windows that overlap left aside', () => {
    const blocks = blocksOf({ start: 0, end: 180 }, 1);
    const best_N = bestAlike(x_T, { start: 0, end: 300 }, blocks);
    expect(best_N).toHaveLength(281);
    for (const n of [0, 7, 90, 160, 179, 190, 250, 280]) {
      const others = Array.from({ length: 161 }, (_, i) => i).filter((i) => Math.abs(i - n) >= W);
      expect(best_N[n]).toBeCloseTo(Math.max(...others.map((i) => alike(i, n))), 9);
    }
    // Flat, and nothing flat in training.
    expect(best_N[205]).toBe(0.5);
  });
  it('spreads blocks evenly where all training windows were too many', () => {
    const blocks = blocksOf({ start: 0, end: 1019 }, 10, 3200);
    expect(blocks.map(({ start, end }) => end - start)).toEqual([80, 80, 80, 80]);
    expect(blocks.map(({ start }) => start)).toEqual([0, 240, 480, 720]);
  });
});

describe('what a head reads', () => {
  it('is the score as a single sensor where a baseline does not speak of sensors', () => {
    const series = coupled(true);
    for (const baseline of BASELINES) {
      const result = runBaseline(baseline, series, seeded(1));
      const { residual, sensors } = forHead(series, baseline.title, result);
      expect(residual.S).toBe(sensors.length);
      expect(residual.r_TS).toHaveLength(T * residual.S);
      if (result.residual === null) expect(residual.r_TS[7]).toBeCloseTo(result.score_T[7], 4);
      else expect(residual).toBe(result.residual);
    }
  });
});

describe('random flags', () => {
  it.each([0, 0.25, 1])('flag exactly the asked share %s', (share) => {
    const flag_T = randomFlags(1000, share, seeded(2));
    expect(flag_T.reduce((sum, flag) => sum + flag, 0)).toBe(1000 * share);
  });
  it('fall anywhere', () => {
    const flag_T = randomFlags(10_000, 0.5, seeded(2));
    const half = flag_T.subarray(0, 5000).reduce((sum, flag) => sum + flag, 0);
    expect(Math.abs(half - 2500)).toBeLessThan(150);
  });
});
