import { describe, expect, it } from 'vitest';
import { normal, seeded } from '../rng.ts';
import { rankLaw, rankNegLogP } from './conformal.ts';
import type { RankLaw } from './conformal.ts';

const draws = (n: number, seed: number): Float64Array => {
  const rng = seeded(seed);
  return Float64Array.from({ length: n }, () => Math.abs(normal(rng)));
};

describe('ranks among calibration values', () => {
  it('count as split conformal prediction counts, within the grid of quantiles', () => {
    const law = rankLaw(Float64Array.from({ length: 999 }, (_, i) => i + 1))!;
    // 500 of 999 values are at least 500: p = 501 / 1000.
    expect(Math.exp(-rankNegLogP(law, 500))).toBeCloseTo(0.501, 2);
    expect(Math.exp(-rankNegLogP(law, 900))).toBeCloseTo(0.101, 2);
    expect(rankNegLogP(law, -5)).toBe(0);
    expect(rankNegLogP(law, NaN)).toBeNaN();
  });

  it('flag as many fresh values as they say, at every level', () => {
    const law = rankLaw(draws(8000, 1))!;
    const fresh = draws(100_000, 2).map((x) => rankNegLogP(law, x));
    for (const p of [0.3, 0.05, 0.01, 0.002]) {
      const share = fresh.filter((nlp) => nlp > -Math.log(p)).length / fresh.length;
      expect(share / p).toBeGreaterThan(0.75);
      expect(share / p).toBeLessThan(1.3);
    }
  });

  it('never fall as the value rises, far beyond the largest calibration value too', () => {
    const law = rankLaw(draws(500, 3))!;
    const at = Array.from({ length: 400 }, (_, i) => rankNegLogP(law, i / 20));
    for (let i = 1; i < at.length; i++) expect(at[i]).toBeGreaterThanOrEqual(at[i - 1] - 1e-12);
    expect(at[399]).toBeGreaterThan(at[300] + 1);
  });

  it('survive JSON, and refuse to speak of too few values', () => {
    const law = rankLaw(draws(50, 4))!;
    expect(rankNegLogP(JSON.parse(JSON.stringify(law)) as RankLaw, 1.5)).toBe(rankNegLogP(law, 1.5));
    expect(rankLaw([1, 2, 3])).toBeNull();
  });
});
