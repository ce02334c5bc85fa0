import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, seeded } from '../rng.ts';
import { fitPareto, paretoExcess } from './pareto.ts';

/** Likelihoods maximised with scipy's brentq over every stationary point (scipy 1.17); its own `genpareto.fit` agrees to 1e-4. */
const HEAVY = [0.12, 0.35, 0.5, 0.71, 0.9, 1.3, 1.9, 2.7, 4.2, 9.5, 21, 3.1, 0.25, 0.6];
const LIGHT = [0.1, 0.2, 0.3, 0.35, 0.5, 0.55, 0.6, 0.72, 0.8, 0.85, 0.9, 0.95, 0.4, 0.45];
/** Quantiles of a law in the middle of n equal parts, as scipy's `ppf` gives them to six places. */
const quantiles = (n: number, ppf: (u: number) => number): number[] =>
  Array.from({ length: n }, (_, i) => Number(ppf((i + 0.5) / n).toFixed(6)));

describe('the generalised Pareto law', () => {
  it.each([
    ['a heavy tail', HEAVY, 0.6565315432266106, 1.4566495311201084],
    // Its likelihood has no stationary point but the exponential law: beyond shape -1 it has no bound.
    ['an even spread', LIGHT, 0, 0.5478571428571429],
    [
      'quantiles of shape 0.3',
      quantiles(60, (u) => (2 / 0.3) * ((1 - u) ** -0.3 - 1)),
      0.273454147823531,
      2.038066951354022,
    ],
    [
      'quantiles of an exponential law',
      quantiles(40, (u) => -3 * Math.log(1 - u)),
      -0.04479643264263546,
      3.107863979160018,
    ],
  ])('is fitted to %s', (_, excess, shape, scale) => {
    const law = fitPareto(Float64Array.from(excess));
    expect(law?.shape).toBeCloseTo(shape, 7);
    expect(law?.scale).toBeCloseTo(scale, 7);
  });

  it.each([
    [{ shape: 0.3, scale: 2 }, 0.05, 9.709707014877205],
    [{ shape: 0, scale: 3 }, 0.05, 8.987196820661973],
    [{ shape: -0.4, scale: 3 }, 0.05, 5.237183873795564],
  ])('%o leaves %s above its quantile', (law, tail, want) => {
    expect(paretoExcess(law, tail)).toBeCloseTo(want, 12);
  });

  it('needs two positive, finite excesses', () => {
    expect(fitPareto(Float64Array.of(1))).toBeNull();
    expect(fitPareto(Float64Array.of(1, 0))).toBeNull();
    expect(fitPareto(Float64Array.of(1, Infinity))).toBeNull();
    expect(fitPareto(Float64Array.of(2, 2))).toEqual({ shape: 0, scale: 2 });
  });

  it('is no less likely than the exponential law, scales with its data, and starts well from a law nearby', () => {
    const likelihood = (excess: readonly number[], { shape, scale }: { shape: number; scale: number }): number =>
      excess.reduce(
        (sum, y) =>
          sum -
          Math.log(scale) -
          (Math.abs(shape) < 1e-9 ? y / scale : (1 + 1 / shape) * Math.log1p((shape * y) / scale)),
        0,
      );
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 12, max: 60 }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        (seed, n, power) => {
          const rng = seeded(seed);
          const excess = Array.from({ length: n }, () => (Math.abs(normal(rng)) + 0.01) ** power);
          const law = fitPareto(Float64Array.from(excess))!;
          const average = excess.reduce((sum, y) => sum + y, 0) / n;
          const best = likelihood(excess, law);
          expect(best).toBeGreaterThanOrEqual(likelihood(excess, { shape: 0, scale: average }) - 1e-6 * n);
          const scaled = fitPareto(Float64Array.from(excess, (y) => 1000 * y))!;
          expect(likelihood(excess, { ...scaled, scale: scaled.scale / 1000 })).toBeCloseTo(best, 4);
          const warm = fitPareto(Float64Array.from(excess), { shape: law.shape * 1.1, scale: law.scale })!;
          expect(likelihood(excess, warm)).toBeGreaterThanOrEqual(best - 1e-6 * n);
        },
      ),
      { numRuns: 60 },
    );
  });
});
