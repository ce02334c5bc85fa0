import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chi2Isf, chi2Sf } from './chi2.ts';
import { fisherStatistic } from './fisher.ts';
import {
  gammaByMoments,
  gammaIsf,
  gammaIsfLog,
  gammaLogCdf,
  gammaLogPdf,
  gammaLogSf,
  gammaPpf,
  gammaSf,
} from './gamma.ts';
import { logIncompleteGamma } from './gammainc.ts';
import { normalIsfLog, normalLogSf } from './normal.ts';
import { log1pmx, lgamma1p } from './special.ts';

const shape = fc.double({ min: -6, max: 10, noNaN: true }).map((u) => 10 ** u);

describe('published test vectors of the M2AD scoring', () => {
  it.each([
    [2.5, 3, 20, 0.0204474819],
    [0.8, 5, 30, 0.0014457376],
    [38, 2, 120, 0.0009701134],
    [1, 2, 13.815510558, 0.001],
  ])('survival of Gamma(%f, %f) at %f', (a, scale, x, want) => {
    expect(gammaSf(x, { shape: a, scale })).toBeCloseTo(want, 9);
  });

  it.each([
    [2.5, 3, 30.7725084786],
    [0.8, 5, 31.7922102058],
    [38, 2, 119.8503498575],
  ])('inverse survival of Gamma(%f, %f) at .001', (a, scale, want) => {
    expect(gammaIsf(0.001, { shape: a, scale })).toBeCloseTo(want, 8);
  });

  it('moments of 1, 2, 3, 4, 10, unchanged in probability by a common factor', () => {
    const g = gammaByMoments([1, 2, 3, 4, 10]);
    expect(g).toEqual({ shape: 1.6, scale: 2.5 });
    const scaled = gammaByMoments([7.3, 14.6, 21.9, 29.2, 73]);
    expect(gammaSf(10, g ?? { shape: NaN, scale: NaN })).toBeCloseTo(0.0536129982, 9);
    expect(gammaSf(73, scaled ?? { shape: NaN, scale: NaN })).toBeCloseTo(0.0536129982, 9);
  });

  it('Fisher’s sum, clipping and its chi-square tail', () => {
    const S = fisherStatistic([0.01, 0.5, 0.2]);
    expect(S).toBeCloseTo(13.815510558, 9);
    expect(chi2Sf(S, 6)).toBeCloseTo(0.0317662968, 9);
    expect(fisherStatistic([0], 1e-16)).toBeCloseTo(73.6827229758, 9);
    expect(fisherStatistic(new Float64Array(38), 1e-16)).toBeCloseTo(2799.9434730808, 8);
  });
});

describe('Gamma law', () => {
  it('has no law for data that do not vary', () => {
    expect(gammaByMoments([3.5, 3.5, 3.5])).toBeNull();
  });

  it('both tails add to one and never leave [0, 1]', () => {
    fc.assert(
      fc.property(shape, fc.double({ min: 0.001, max: 4, noNaN: true }), (a, ratio) => {
        const { logP, logQ } = logIncompleteGamma(a, a * ratio);
        expect(logP).toBeLessThanOrEqual(1e-15);
        expect(logQ).toBeLessThanOrEqual(1e-15);
        expect(Math.exp(logP) + Math.exp(logQ)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('is continuous where the methods meet', () => {
    for (const a of [0.3, 1.09, 1.11, 11.99, 12.01, 40, 1e3, 1e6]) {
      for (const x of [1.1, 0.3 * a, 2.35 * a, a + 1]) {
        const g = { shape: a, scale: 1 };
        for (const f of [gammaLogSf, gammaLogCdf]) {
          const left = f(x * (1 - 1e-9), g);
          const right = f(x * (1 + 1e-9), g);
          const slope = Math.exp(gammaLogPdf(x, g) - f(x, g)) * x * 2e-9;
          expect(Math.abs(left - right)).toBeLessThan(1.01 * slope + 1e-11 * Math.max(1, Math.abs(left)));
        }
      }
    }
  });

  it('inverts its own tails, also where the probability underflows', () => {
    fc.assert(
      fc.property(shape, fc.double({ min: -5, max: 5, noNaN: true }), (a, u) => {
        const g = { shape: a, scale: 1.7 };
        const logP = -(10 ** u);
        const x = gammaIsfLog(logP, g);
        // A quantile that underflows to 0 cannot be put back.
        if (x > 1e-290) expect(gammaLogSf(x, g) / logP).toBeCloseTo(1, 6);
      }),
    );
    fc.assert(
      fc.property(shape, fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (a, p) => {
        const x = gammaPpf(p, { shape: a, scale: 2 });
        if (x > 1e-290) expect(gammaLogCdf(x, { shape: a, scale: 2 })).toBeCloseTo(Math.log(p), 6);
      }),
    );
  });

  it('answers NaN outside its domain', () => {
    expect(gammaIsf(0.1, { shape: 0, scale: 1 })).toBeNaN();
    expect(gammaIsf(1.5, { shape: 1, scale: 1 })).toBeNaN();
    expect(gammaPpf(-0.1, { shape: 1, scale: 1 })).toBeNaN();
    expect(gammaLogPdf(1, { shape: 1, scale: -1 })).toBeNaN();
  });

  it('has the exponential law as its special case', () => {
    expect(gammaIsf(1e-300, { shape: 1, scale: 2 })).toBeCloseTo(600 * Math.LN10, 9);
    expect(gammaLogSf(5000, { shape: 1, scale: 2 })).toBeCloseTo(-2500, 9);
    expect(chi2Isf(0.05, 2)).toBeCloseTo(5.991464547107982, 12);
  });
});

describe('normal law', () => {
  it('inverts its tail from 0.99999 down to e^(−1e6)', () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 6, noNaN: true }), (u) => {
        const logP = -(10 ** u);
        expect(normalLogSf(normalIsfLog(logP)) / logP).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('helpers near zero', () => {
  it('ln(1 + u) − u is −u²/2 + u³/3 for small u', () => {
    expect(log1pmx(1e-6) / (-5e-13 + 3.333333333333333e-19)).toBeCloseTo(1, 12);
  });

  it('ln Γ(1 + a) is −γ·a for small a', () => {
    expect(lgamma1p(1e-12) / -0.5772156649007147e-12).toBeCloseTo(1, 10);
  });
});
