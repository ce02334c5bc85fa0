import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaults } from '../params.ts';
import { seeded } from '../rng.ts';
import { hybrid } from './hybrid.ts';
import { STRATEGIES, strategyById } from './index.ts';
import { interval } from './interval.ts';
import { topK } from './topK.ts';
import { uncertain } from './uncertain.ts';
import { diverse } from './diverse.ts';
import { errorScore, partsOf, poolOf, queriesOf } from './pool.ts';
import type { Pool } from './types.ts';

const pool = (scores: readonly number[], asked: readonly number[] = [], threshold: number | null = 0.5): Pool => ({
  span_N: scores.map((_, n) => ({ start: n * 10, end: n * 10 + 10 })),
  score_N: Float64Array.from(scores),
  threshold,
  feature_NZ: Float32Array.from(scores),
  Z: 1,
  asked_N: Uint8Array.from(scores, (_, n) => (asked.includes(n) ? 1 : 0)),
});
const windows = (picks: readonly { readonly window: number }[]): number[] => picks.map(({ window }) => window);

const pools = fc
  .array(
    fc.record({
      score: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.5, NaN)),
      asked: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  .map((list) =>
    pool(
      list.map(({ score }) => score),
      list.flatMap(({ asked }, n) => (asked ? [n] : [])),
    ),
  );

describe.each(STRATEGIES.map((strategy) => [strategy.id, strategy] as const))('strategy %s', (id, strategy) => {
  const values = fc.record({
    k: fc.integer({ min: 0, max: 12 }),
    g: fc.integer({ min: 0, max: 4 }),
    G: fc.integer({ min: 1, max: 8 }),
    count: fc.integer({ min: 1, max: 20 }),
  });

  it('keeps the budget, asks nothing twice and nothing that was asked before', () => {
    fc.assert(
      fc.property(pools, values, fc.nat(30), fc.nat(), (given, p, budget, seed) => {
        const picked = windows(strategy.pick(given, p, budget, seeded(seed)));
        expect(picked.length).toBeLessThanOrEqual(budget);
        expect(new Set(picked).size).toBe(picked.length);
        for (const n of picked) expect(given.asked_N[n]).toBe(0);
        expect(windows(strategy.pick(given, p, budget, seeded(seed)))).toEqual(picked);
      }),
    );
  });

  it('asks until everything was asked, when the budget allows', () => {
    const scores = Array.from({ length: 23 }, (_, n) => (n * 7) % 23);
    const asked: number[] = [];
    for (let round = 0; asked.length < 23; round++) {
      const picked = windows(
        strategy.pick(pool(scores, asked), defaults(strategy.params), 23 - asked.length, seeded(round)),
      );
      expect(picked.length).toBeGreaterThan(0);
      asked.push(...picked);
    }
    expect([...asked].sort((a, b) => a - b)).toEqual(scores.map((_, n) => n));
  });

  it('is found by its id', () => {
    expect(strategyById(id)).toBe(strategy);
  });
});

describe('the paper’s choice', () => {
  it('holds the k strangest and g of each bin, none twice', () => {
    fc.assert(
      fc.property(
        pools,
        fc.record({ k: fc.nat(10), g: fc.nat(4), G: fc.integer({ min: 1, max: 8 }) }),
        fc.nat(),
        (given, p, seed) => {
          const picked = hybrid.pick(given, p, 1000, seeded(seed));
          expect(picked.length).toBeLessThanOrEqual(p.k + p.G * p.g);
          const top = windows(topK.pick(given, { k: p.k }, 1000, seeded(seed)));
          expect(windows(picked).slice(0, top.length)).toEqual(top);
          for (let bin = 1; bin <= p.G; bin++) {
            const drawn = picked.filter(({ reason }) => reason.kind === 'interval' && reason.bin === bin);
            expect(drawn.length).toBeLessThanOrEqual(p.g);
          }
        },
      ),
    );
  });

  it('says why: rank, bin and the scores of the bin', () => {
    const scores = [5, 1, 9, 3, 7, 2, 8, 4, 6, 0];
    const picked = hybrid.pick(pool(scores), { k: 2, g: 2, G: 2 }, 10, seeded(3));
    expect(picked.slice(0, 2)).toEqual([
      { window: 2, reason: { kind: 'top', rank: 1, of: 10 } },
      { window: 6, reason: { kind: 'top', rank: 2, of: 10 } },
    ]);
    const bins = picked.slice(2).map(({ window, reason }) => ({ score: scores[window], reason }));
    expect(bins.map(({ reason }) => reason)).toEqual([
      { kind: 'interval', bin: 1, of: 2, low: 5, high: 9 },
      { kind: 'interval', bin: 2, of: 2, low: 0, high: 4 },
      { kind: 'interval', bin: 1, of: 2, low: 5, high: 9 },
      { kind: 'interval', bin: 2, of: 2, low: 0, high: 4 },
    ]);
    for (const { score, reason } of bins)
      if (reason.kind === 'interval') {
        expect(score).toBeGreaterThanOrEqual(reason.low);
        expect(score).toBeLessThanOrEqual(reason.high);
        expect(score).toBeLessThan(8);
      }
  });

  it('cut short takes from every bin before it takes twice from one', () => {
    const scores = Array.from({ length: 20 }, (_, n) => n);
    const picked = interval.pick(pool(scores), { g: 3, G: 5 }, 7, seeded(1));
    expect(picked.map(({ reason }) => (reason.kind === 'interval' ? reason.bin : 0))).toEqual([1, 2, 3, 4, 5, 1, 2]);
  });

  it('draws every window of a bin alike', () => {
    const drawn = new Float64Array(8);
    const rng = seeded(5);
    for (let n = 0; n < 4000; n++)
      for (const { window } of interval.pick(pool([7, 6, 5, 4, 3, 2, 1, 0]), { g: 1, G: 2 }, 9, rng)) drawn[window]++;
    for (const count of drawn) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});

describe('other strategies', () => {
  it('the nearest to the threshold come first', () => {
    expect(windows(uncertain.pick(pool([0.1, 0.45, 0.9, 0.52, NaN]), { count: 3 }, 9, seeded(1)))).toEqual([3, 1, 0]);
  });

  it('nothing is near a threshold that is not there', () => {
    expect(() => uncertain.pick(pool([1], [], null), { count: 1 }, 1, seeded(1))).toThrow(
      expect.objectContaining({ kind: 'no-threshold' }) as Error,
    );
  });

  it('the farthest come first, from what was asked and from each other', () => {
    const far = (scores: number[], asked: number[]) =>
      windows(diverse.pick(pool(scores, asked), { count: 3 }, 9, seeded(1)));
    expect(far([0, 1, 2, 10, 5], [])).toEqual([3, 0, 4]);
    expect(far([0, 1, 2, 10, 5], [3])).toEqual([0, 4, 2]);
  });
});

describe('a pool', () => {
  const series = { train: { start: 0, end: 4 }, test: { start: 4, end: 14 } };
  const S = 2;
  const r_TS = new Float32Array(14 * S).map((_, i) => (i % 2 === 0 ? 1 : -3) * (i >= 8 * S ? 2 : 1));
  const residual = { T: 14, S, r_TS };
  const whole = { window: 3, part: { kind: 'part', ratio: 1 }, asked: [] } as const;

  it('scores windows by the mean over steps of the mean over sensors of |x − x̂|', () => {
    const made = poolOf(series, residual, errorScore(residual), whole);
    expect(made.span_N).toEqual([
      { start: 4, end: 7 },
      { start: 7, end: 10 },
      { start: 10, end: 13 },
    ]);
    expect([...made.score_N]).toEqual([2, (2 + 4 + 4) / 3, 4]);
    expect([...made.feature_NZ].slice(0, 4)).toEqual([1, 3, Math.fround(5 / 3), 5]);
  });

  it('knows which windows were asked, and takes their part of the series', () => {
    const asked = [{ start: 9, end: 10 }];
    expect([...poolOf(series, residual, errorScore(residual), { ...whole, asked }).asked_N]).toEqual([0, 1, 0]);
    expect(partsOf(series, { kind: 'part', ratio: 0.4 })).toEqual([{ start: 4, end: 8 }]);
    expect(poolOf(series, residual, errorScore(residual), { ...whole, part: { kind: 'all' } }).span_N[0].start).toBe(0);
  });

  it('leaves out what is missing', () => {
    const holed = { ...residual, r_TS: r_TS.slice().fill(NaN, 4 * S, 7 * S) };
    holed.r_TS[7 * S] = NaN;
    const made = poolOf(series, holed, errorScore(holed), whole);
    expect([...made.score_N]).toEqual([NaN, (3 + 4 + 4) / 3, 4]);
    expect([...made.feature_NZ].slice(0, 2)).toEqual([0, 0]);
  });

  it.each([
    ['PSM', 87_841, 702],
    ['SWaT', 449_919, 3_599],
    ['GECCO', 69_261, 554],
    ['SWAN', 60_000, 480],
  ])('has as many windows as the paper’s table 4 says for %s', (_name, T, count) => {
    const test = { start: 0, end: T };
    const silent = { T, S: 0, r_TS: new Float32Array(0) };
    const score = { score_T: new Float64Array(T), threshold: null };
    const part = { kind: 'part', ratio: 0.4 } as const;
    const { span_N } = poolOf({ train: { start: 0, end: 0 }, test }, silent, score, { window: 50, part, asked: [] });
    expect(span_N).toHaveLength(count);
  });

  it('turns picks into questions', () => {
    const made = poolOf(series, residual, errorScore(residual), whole);
    const [query] = queriesOf(made, topK.pick(made, { k: 1 }, 1, seeded(1)));
    expect(query).toEqual({
      id: '10-13',
      span: { start: 10, end: 13 },
      score: 4,
      reason: { kind: 'top', rank: 1, of: 3 },
    });
  });
});
