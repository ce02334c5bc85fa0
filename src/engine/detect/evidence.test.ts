import { describe, expect, it } from 'vitest';
import { resolve } from '../params.ts';
import { chi2Df, headEvidence, heatOf, histogramOf, ksDistance } from './evidence.ts';
import type { Curve, Histogram } from './evidence.ts';
import { m2ad } from './heads/m2ad.ts';
import { m2adParams } from './heads/m2adParams.ts';
import { channels, cut, quietRun, syntheticResidual } from './testData.testkit.ts';

const area = ({ width, density }: Histogram) => density.reduce((sum, value) => sum + value * width, 0);
const integral = ({ x, y }: Curve) => y.reduce((sum, value, i) => (i === 0 ? 0 : sum + value * (x[i] - x[i - 1])), 0);

describe('evidence for a score', () => {
  const residual = syntheticResidual(3000, 4, 11, { start: 2500, end: 2520, by: 0.6 });
  const asked = {
    sensor: 0,
    step: 2510,
    range: { start: 2400, end: 2700 },
    train: { start: 0, end: 2000 },
    significance: 0.001,
  };
  const evidence = async (values = {}) => {
    const fitted = await m2ad.fit(cut(residual, 0, 2000), channels(4), resolve(m2adParams, values), quietRun());
    const score = await fitted.score(residual, quietRun());
    const result = headEvidence(fitted.state(), residual, score, asked);
    return { state: fitted.state(), score, result, smoothed: fitted.smoothedError(residual, 0) };
  };

  it.each([{}, { error: 'area', components: '2' }, { weights: 'hierarchical' }])(
    'agrees with itself, with %o',
    async (values) => {
      const { state, score, result, smoothed } = await evidence(values);
      expect(area(result.errors)).toBeGreaterThan(0.98);
      expect(area(result.errors)).toBeLessThan(1.0001);
      expect(integral(result.mixture)).toBeCloseTo(1, 1);
      expect(result.components.reduce((sum, component) => sum + integral(component), 0)).toBeCloseTo(
        integral(result.mixture),
        3,
      );
      expect(result.error).toBe(smoothed[2510]);
      expect(result.score).toBe(score.score_T[2510]);
      expect(result.part).toBeCloseTo(-2 * result.weight * result.logP, 3);
      expect(result.gamma).toMatchObject(state.calibration.gamma ?? {});
      expect(result.qq.ksGamma).toBeLessThan(0.1);
      expect(result.qq.observed.every((value, i, all) => i === 0 || value >= all[i - 1])).toBe(true);
      expect(result.sensorsCounted).toBe(4);
      expect(result.chi2.df).toBe(8);
      expect(chi2Df(state)).toBe(values.weights === 'hierarchical' ? null : 8);
    },
  );

  it('shows the strongest p-value of each cell', async () => {
    const { score, result } = await evidence();
    const { cells, stepsPerCell, nlog10p_SN } = result.heat;
    expect([cells, stepsPerCell, nlog10p_SN.length]).toEqual([150, 2, 600]);
    const strongest = Math.max(...score.nlp_TS.subarray(2400 * 4, 2700 * 4).filter((_, i) => i % 4 === 0));
    expect(Math.max(...nlog10p_SN.subarray(0, cells))).toBeCloseTo(strongest / Math.LN10, 4);
    expect(heatOf(score, { start: 5, end: 5 }).cells).toBe(1);
  });
});

describe('pieces of evidence', () => {
  it('a histogram counts the last edge in and outsiders only in the total', () => {
    const { density, width } = histogramOf(Float64Array.of(0, 1, 2, 9), 0, 2, 2);
    expect(width).toBe(1);
    expect([...density]).toEqual([0.25, 0.5]);
  });

  it('the KS distance is small for quantiles of the law and large for another', () => {
    const quantiles = Float64Array.from({ length: 100 }, (_, i) => -2 * Math.log(1 - (i + 0.5) / 100));
    expect(ksDistance(quantiles, { shape: 1, scale: 2 })).toBeCloseTo(0.005, 6);
    expect(ksDistance(quantiles, { shape: 4, scale: 2 })).toBeGreaterThan(0.5);
    expect(ksDistance(new Float64Array(0), { shape: 1, scale: 2 })).toBeNaN();
  });
});
