import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolve } from '../../params.ts';
import { checkM2adScoring } from '../m2ad.testkit.ts';
import { channels, cut, quietRun, syntheticResidual } from '../testData.testkit.ts';
import { asM2adState, m2ad, sensorWeights } from './m2ad.ts';
import { m2adParams } from './m2adParams.ts';

const read = (url: URL): unknown => JSON.parse(readFileSync(url, 'utf8'));
const shared = new URL('../../../../../shared/golden/models/m2ad_scoring.json', import.meta.url);
const p = (values = {}) => resolve(m2adParams, values);

describe('the scoring chain against its golden', () => {
  it('own copy', () => {
    const results = checkM2adScoring(read(new URL('../goldens/m2ad_scoring.json', import.meta.url)));
    expect(results.filter((result) => !result.ok)).toEqual([]);
    expect(results).toHaveLength(36);
  });

  it.skipIf(!existsSync(shared))('shared file (skipped where ../shared is absent)', () => {
    expect(checkM2adScoring(read(shared)).filter((result) => !result.ok)).toEqual([]);
  });

  it('the check fails on a changed value', () => {
    const file = JSON.parse(JSON.stringify(read(new URL('../goldens/m2ad_scoring.json', import.meta.url)))) as {
      expected: { point: { gammaShape: number } };
    };
    file.expected.point.gammaShape *= 1.0001;
    expect(checkM2adScoring(file).filter((result) => !result.ok)).toHaveLength(1);
  });
});

describe('the scoring chain where nothing varies', () => {
  type Cell = { shape: number[]; data: number[] };
  type File = { inputs: Record<string, Cell>; expected: Record<string, Record<string, unknown>> };
  const file = read(new URL('../goldens/m2ad_scoring.json', import.meta.url)) as File;
  const { xTrain, xTest } = file.inputs;
  const gmmStart = { shape: [3, 3, 1], data: [1, 0, 1e-6, 1, 0, 1e-6, 1, 0, 1e-6] };
  const flags = new Array<number>(60).fill(0);
  const still = (law: Record<string, unknown>) => ({
    inputs: { xTrain, yTrain: xTrain, xTest, yTest: xTest },
    expected: { point: { gmmStart, gmmVariances: { shape: [3, 1], data: [1e-6, 1e-6, 1e-6] }, flags, ...law } },
  });

  it.each([
    { fisherTrainVariance: 0, gammaShape: 0, gammaScale: 1, gammaThreshold001: 'NaN' },
    { fisherTrainVariance: 0, gammaShape: null, gammaScale: null, gammaThreshold001: null },
  ])('has no law and flags nothing, however the file writes that: %j', (law) => {
    expect(checkM2adScoring(still(law)).filter((result) => !result.ok)).toEqual([]);
  });

  it('fails where a file has a law', () => {
    const wrong = checkM2adScoring(still({ gammaShape: 2, gammaScale: 1 })).filter((result) => !result.ok);
    expect(wrong.map(({ name }) => name)).toEqual(['point.gammaShape', 'point.gammaScale']);
  });
});

describe('M2AD head', () => {
  const residual = syntheticResidual(4000, 5, 3, { start: 3500, end: 3540, by: 1 });
  const train = cut(residual, 0, 2000);

  it.each([{}, { error: 'area' }, { weights: 'hierarchical' }, { smoothAs: 'span', smooth: 21 }, { components: '3' }])(
    'flags about the nominal share of normal steps and finds the spike, with %o',
    async (values) => {
      const fitted = await m2ad.fit(train, channels(5), p(values), quietRun());
      const { logP_T, score_T } = await fitted.score(residual, quietRun());
      const share = (from: number, to: number, level: number) =>
        logP_T.subarray(from, to).filter((logP) => logP < Math.log(level)).length / (to - from);
      expect(share(0, 2000, 0.05)).toBeGreaterThan(0.02);
      expect(share(0, 2000, 0.05)).toBeLessThan(0.09);
      expect(share(2000, 3490, 0.001)).toBeLessThan(0.03);
      expect(Math.max(...logP_T.subarray(3500, 3540).map((logP) => -logP))).toBeGreaterThan(20);
      expect(score_T.every((score) => score >= 0)).toBe(true);
    },
  );

  it('gives p-values on its own training data that are about uniform', async () => {
    const fitted = await m2ad.fit(train, channels(5), p(), quietRun());
    const { nlp_TS, logP_T } = await fitted.score(train, quietRun());
    const ks = (values: number[]) => {
      const sorted = values.sort((a, b) => a - b);
      return Math.max(...sorted.map((u, i) => Math.abs(u - i / sorted.length)));
    };
    expect(ks(Array.from(nlp_TS, (nlp) => Math.exp(-nlp)))).toBeLessThan(0.03);
    expect(ks(Array.from(logP_T, (logP) => Math.exp(logP)))).toBeLessThan(0.06);
  });

  it('is the sum of its parts, and keeps unsmoothed standardised errors', async () => {
    const fitted = await m2ad.fit(train, channels(5), p({ weights: 'hierarchical' }), quietRun());
    const { score_T, nlp_TS, weight_S, z_TS } = await fitted.score(residual, quietRun());
    for (const t of [0, 1000, 3520]) {
      let sum = 0;
      for (let k = 0; k < 5; k++) sum += 2 * weight_S[k] * nlp_TS[t * 5 + k];
      expect(score_T[t] / sum).toBeCloseTo(1, 5);
    }
    expect(z_TS[3500 * 5]).toBeGreaterThan(10);
    expect(z_TS[3560 * 5]).toBeLessThan(8);
  });

  it('lets missing sensors drop out and never turns the score into NaN', async () => {
    const gappy = { ...residual, r_TS: residual.r_TS.slice() };
    for (let t = 2100; t < 3600; t++) gappy.r_TS[t * 5 + 1 + (t % 4)] = NaN;
    for (let t = 2500; t < 2600; t++) for (let k = 1; k < 5; k++) gappy.r_TS[t * 5 + k] = NaN;
    for (let k = 0; k < 5; k++) gappy.r_TS[3700 * 5 + k] = NaN;
    const fitted = await m2ad.fit(train, channels(5), p(), quietRun());
    const { score_T, logP_T, nlp_TS } = await fitted.score(gappy, quietRun());
    const gone = score_T.findIndex((score) => Number.isNaN(score));
    expect(gone).toBe(3700);
    expect(score_T.filter((score) => Number.isNaN(score))).toHaveLength(1);
    expect(Number.isNaN(nlp_TS[2550 * 5 + 3])).toBe(true);
    // One sensor alone is judged at the same nominal share of false alarms, and the spike is still found.
    expect(logP_T.subarray(2500, 2600).filter((logP) => logP < Math.log(0.01)).length).toBeLessThan(8);
    expect(Math.min(...logP_T.subarray(3500, 3540))).toBeLessThan(-15);
  });

  it('learns from training steps with gaps', async () => {
    const gappy = { ...train, r_TS: train.r_TS.slice() };
    for (let t = 0; t < 2000; t++) gappy.r_TS[t * 5 + (t % 5)] = NaN;
    const fitted = await m2ad.fit(gappy, channels(5), p(), quietRun());
    const { logP_T } = await fitted.score(gappy, quietRun());
    const share = logP_T.filter((logP) => logP < Math.log(0.05)).length / 2000;
    expect(share).toBeGreaterThan(0.02);
    expect(share).toBeLessThan(0.09);
  });

  it('leaves a constant sensor out and says why', async () => {
    const dead = { ...residual, r_TS: residual.r_TS.map((r, i) => (i % 5 === 2 ? 0.125 : r)) };
    const fitted = await m2ad.fit(cut(dead, 0, 2000), channels(5), p(), quietRun());
    const { nlp_TS, weight_S } = await fitted.score(dead, quietRun());
    expect(weight_S[2]).toBe(0);
    expect(Number.isNaN(nlp_TS[2])).toBe(true);
    expect(fitted.state().sensors[2].why).toContain('constant');
  });

  it('counts a constant sensor when asked to: its first move is strange', async () => {
    const dead = { ...residual, r_TS: residual.r_TS.map((r, i) => (i % 5 === 2 ? (i < 3000 * 5 ? 0.125 : 0.2) : r)) };
    const fitted = await m2ad.fit(cut(dead, 0, 2000), channels(5), p({ constant: 'count' }), quietRun());
    const { logP_T, z_TS } = await fitted.score(dead, quietRun());
    expect(logP_T[3010]).toBeLessThan(Math.log(1e-6));
    expect(Number.isFinite(z_TS[3010 * 5 + 2])).toBe(true);
    const allDead = { T: 100, S: 2, r_TS: new Float32Array(200).fill(0.5) };
    await expect(m2ad.fit(allDead, channels(2), p({ constant: 'count' }), quietRun())).rejects.toThrow(/none of the 2/);
  });

  it('works for a single sensor', async () => {
    const one = syntheticResidual(1200, 1, 8, { start: 1000, end: 1020, by: -1 });
    const fitted = await m2ad.fit(cut(one, 0, 600), channels(1), p(), quietRun());
    const { logP_T } = await fitted.score(one, quietRun());
    expect(Math.min(...logP_T.subarray(1000, 1020))).toBeLessThan(-20);
  });

  it('refuses training residuals of which nothing moves', async () => {
    const flat = { T: 100, S: 2, r_TS: new Float32Array(200).fill(0.5) };
    await expect(m2ad.fit(flat, channels(2), p(), quietRun())).rejects.toMatchObject({ kind: 'nothing-to-calibrate' });
  });

  it('comes back from its JSON state with the same scores', async () => {
    const fitted = await m2ad.fit(train, channels(5), p({ error: 'area' }), quietRun());
    const state = JSON.parse(JSON.stringify(fitted.state())) as Record<string, unknown>;
    expect(asM2adState(state)).not.toBeNull();
    const again = m2ad.restore(state, channels(5));
    expect(await again.score(residual, quietRun())).toEqual(await fitted.score(residual, quietRun()));
    expect(() => m2ad.restore(state, channels(4))).toThrow(/5 sensors/);
    expect(() => m2ad.restore({ kind: 'other' }, channels(5))).toThrow(/not one of the M2AD head/);
  });

  it('stops at a checkpoint', async () => {
    const run = { ...quietRun(), checkpoint: () => Promise.reject(new Error('stop')) };
    await expect(m2ad.fit(train, channels(5), p(), run)).rejects.toThrow('stop');
  });
});

describe('weights', () => {
  const three = [
    { name: 'a', unit: '', system: 'pump' },
    { name: 'b', unit: '', system: 'pump' },
    { name: 'c', unit: '', system: 'valve' },
  ];

  it('hierarchical ones give each system the same mass, over counted sensors only', () => {
    expect(sensorWeights(three, [true, true, true], 'hierarchical')).toEqual([0.25, 0.25, 0.5]);
    expect(sensorWeights(three, [true, false, true], 'hierarchical')).toEqual([0.5, 0, 0.5]);
    expect(sensorWeights(three, [true, false, true], 'uniform')).toEqual([1, 0, 1]);
  });
});

describe('held-back calibration', () => {
  it('is off as published, and a share of training on request', () => {
    expect(m2ad.heldBack?.(resolve(m2ad.params))).toBe(0);
    expect(m2ad.heldBack?.(resolve(m2ad.params, { held: 0.2 }))).toBe(0.2);
  });
});
