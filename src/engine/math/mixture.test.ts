import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, seeded } from '../rng.ts';
import { compress } from './compress.ts';
import { mean, variance } from './moments.ts';
import {
  aic,
  bic,
  fitMixture,
  fitMixtureByBic,
  mixtureCdf,
  mixtureLogSf,
  mixtureLogTwoSided,
  mixtureSf,
} from './mixture.ts';

const m = { weights: [0.3, 0.7], means: [0, 5], variances: [1, 4] };

describe('published test vectors of the M2AD scoring', () => {
  it('tails of a mixture of two', () => {
    expect(mixtureCdf(m, 2.5)).toBeCloseTo(0.372091942, 9);
    expect(mixtureCdf(m, 9)).toBeCloseTo(0.9840749076, 9);
    expect(Math.exp(mixtureLogTwoSided(m, 9))).toBeCloseTo(0.0318501849, 9);
    expect(mixtureSf(m, 9)).toBeCloseTo(0.0159250924, 9);
    expect(-2 * mixtureLogSf(m, 9)).toBeCloseTo(8.2797185553, 9);
    expect(mixtureSf(m, 12)).toBeCloseTo(1.6284036e-4, 10);
  });

  it('EM on 0 1 2 10 11 12', () => {
    const fit = fitMixture(Float64Array.of(0, 1, 2, 10, 11, 12), 2);
    expect(fit.mixture.weights[0]).toBeCloseTo(0.5, 9);
    expect(fit.mixture.means).toEqual([expect.closeTo(1, 9), expect.closeTo(11, 9)]);
    expect(fit.mixture.variances).toEqual([expect.closeTo(0.6666677, 6), expect.closeTo(0.6666677, 6)]);
    expect(bic(fit)).toBeCloseTo(31.8710353, 6);
    expect(aic(fit)).toBeCloseTo(32.9122379, 6);
  });
});

/** Two normal laws, drawn. */
const draws = (n: number, seed: number): Float64Array => {
  const rng = seeded(seed);
  return Float64Array.from({ length: n }, () => (rng() < 0.7 ? 0.2 + 0.05 * normal(rng) : 0.6 + 0.1 * normal(rng)));
};

describe('fitting', () => {
  it('finds two laws in draws of two, by BIC, the same for the same seed', () => {
    const x = draws(2000, 1);
    const fit = fitMixtureByBic(x, 4, seeded(2));
    expect(fit.mixture.weights).toHaveLength(2);
    expect(fit.mixture.means[0]).toBeCloseTo(0.2, 1);
    expect(fit.mixture.means[1]).toBeCloseTo(0.6, 1);
    expect(fitMixtureByBic(x, 4, seeded(2))).toEqual(fit);
  });

  it('gathering many values changes the fit by far less than the sampling does', () => {
    const x = draws(30_000, 3);
    const exact = fitMixture(x, 2, seeded(4), { exactUpTo: Infinity });
    const grouped = fitMixture(x, 2, seeded(4));
    for (let k = 0; k < 2; k++) {
      expect(grouped.mixture.means[k]).toBeCloseTo(exact.mixture.means[k], 3);
      expect(Math.sqrt(grouped.mixture.variances[k])).toBeCloseTo(Math.sqrt(exact.mixture.variances[k]), 3);
    }
    expect(mixtureLogSf(grouped.mixture, 1.2) / mixtureLogSf(exact.mixture, 1.2)).toBeCloseTo(1, 2);
  });

  it('survives values that coincide', () => {
    const fit = fitMixtureByBic(new Float64Array(50).fill(0.25), 3);
    expect(fit.mixture.means[0]).toBeCloseTo(0.25, 12);
    expect(Number.isFinite(mixtureLogSf(fit.mixture, 0.3))).toBe(true);
  });

  it('keeps weights a distribution, whatever the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        (values, K) => {
          const { mixture } = fitMixture(Float64Array.from(values), Math.min(K, values.length), seeded(9));
          expect(mixture.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
          for (const v of mixture.variances) expect(v).toBeGreaterThanOrEqual(1e-6);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('gathering', () => {
  it('keeps number, mean and variance exactly', () => {
    const x = draws(20_000, 5);
    const { value, count, within, n } = compress(x, 2048);
    const total = count.reduce((a, b) => a + b, 0);
    const centre = value.reduce((sum, v, g) => sum + v * count[g], 0) / total;
    const spread = value.reduce((sum, v, g) => sum + count[g] * ((v - centre) ** 2 + within[g]), 0) / total;
    expect(total).toBe(n);
    expect(value.length).toBeLessThanOrEqual(2049);
    expect(centre).toBeCloseTo(mean(x), 12);
    expect(spread).toBeCloseTo(variance(x), 12);
  });
});
