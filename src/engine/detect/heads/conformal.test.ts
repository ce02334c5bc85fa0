import { describe, expect, it } from 'vitest';
import { resolve } from '../../params.ts';
import { normal, seeded } from '../../rng.ts';
import type { Residual, ScorePart } from '../../types.ts';
import { attribute } from '../attribution.ts';
import { headEvidence } from '../evidence.ts';
import { channels, cut, quietRun, syntheticResidual } from '../testData.testkit.ts';
import { thresholds } from '../thresholds/index.ts';
import { conformal } from './conformal.ts';
import type { M2adState } from './m2ad.ts';

const S = 4;
const sensors = channels(S);
const p = (given = {}) => resolve(conformal.params, { smooth: 5, ...given });
const fit = (r: Residual, given = {}, parts?: ScorePart[]) => conformal.fit(r, sensors, p(given), quietRun(), parts);
const spike = { start: 3000, end: 3020, by: 1 };

describe('the conformal head', () => {
  it('flags about the nominal share of steps like those it was calibrated on', async () => {
    const head = await fit(syntheticResidual(8000, S, 1));
    const { logP_T, score_T } = await head.score(syntheticResidual(60_000, S, 2), quietRun());
    for (const level of [0.1, 0.01, 0.001]) {
      const share = logP_T.filter((logP) => logP < Math.log(level)).length / logP_T.length;
      expect(share / level).toBeGreaterThan(0.5);
      expect(share / level).toBeLessThan(2);
    }
    expect(score_T[7]).toBe(-2 * logP_T[7]);
  });

  it('the Gamma rule sets the threshold at −2 ln of the significance, whatever the data', async () => {
    const head = await fit(syntheticResidual(3000, S, 1));
    const { gamma } = (head.state() as unknown as M2adState).calibration;
    const base = {
      score_T: new Float64Array(9),
      train: { start: 0, end: 9 },
      test: { start: 0, end: 9 },
      labels: null,
    };
    const numbers = { percentile: 99, ratio: 1, level: 98, sigmas: 3, manual: null, df: null };
    const found = thresholds['gamma'].compute({ ...base, ...numbers, significance: 0.001, gamma });
    expect(found?.value).toBeCloseTo(-2 * Math.log(0.001), 6);
  });

  it('finds a spike, names its sensor by both rules, and shows its evidence', async () => {
    const whole = syntheticResidual(4000, S, 3, spike);
    const head = await fit(cut(whole, 0, 2500));
    const score = await head.score(whole, quietRun());
    const peak = score.score_T.indexOf(Math.max(...score.score_T));
    expect(peak).toBeGreaterThanOrEqual(spike.start - 5);
    expect(peak).toBeLessThan(spike.end + 5);
    for (const rule of ['error', 'p'] as const)
      expect(attribute(score, sensors, { ...spike, peak: 3010 }, rule).sensors[0].sensor).toBe(0);
    const range = { start: 0, end: 4000 };
    const asked = { sensor: 0, step: 3010, range, train: { start: 0, end: 2500 }, significance: 0.001 };
    const shown = headEvidence(head.state() as unknown as M2adState, whole, score, asked);
    expect(shown.logP).toBeLessThan(Math.log(1e-3));
    expect(shown.score).toBe(score.score_T[3010]);
  });

  it('comes back from its state as JSON', async () => {
    const whole = syntheticResidual(3000, S, 4);
    const head = await fit(whole, { follow: 500, retire: 200 });
    const state = JSON.parse(JSON.stringify(head.state())) as ReturnType<typeof head.state>;
    const back = conformal.restore(state, sensors, p());
    expect(await back.score(whole, quietRun())).toEqual(await head.score(whole, quietRun()));
    expect(() => conformal.restore({ kind: 'own' }, sensors, p())).toThrow('conformal head');
    await expect(head.score(syntheticResidual(10, 3, 1), quietRun())).rejects.toThrow('4 sensors');
  });

  it('counts a sensor that never moved, or leaves it out', async () => {
    const still = syntheticResidual(3000, S, 5);
    for (let t = 0; t < 3000; t++) still.r_TS[t * S + 2] = t < 2900 ? 0 : 0.05;
    const calm = cut(still, 0, 2500);
    const counting = await (await fit(calm)).score(still, quietRun());
    expect(counting.nlp_TS[2950 * S + 2]).toBeGreaterThan(20);
    expect(counting.logP_T[2950]).toBeLessThan(counting.logP_T[2000]);
    const leaving = await (await fit(calm, { constant: 'leave' })).score(still, quietRun());
    expect(leaving.weight_S[2]).toBe(0);
    expect(leaving.nlp_TS[2950 * S + 2]).toBeNaN();
  });

  it('a sensor that is strange for good stops counting where asked', async () => {
    const drifted = syntheticResidual(6000, S, 6, { start: 3000, end: 6000, by: 2 });
    const calm = cut(drifted, 0, 2500);
    const flagged = async (given: object) => {
      const { logP_T } = await (await fit(calm, given)).score(drifted, quietRun());
      return logP_T.subarray(4500).filter((logP) => logP < Math.log(1e-3)).length / 1500;
    };
    expect(await flagged({})).toBeGreaterThan(0.95);
    expect(await flagged({ retire: 1000 })).toBeLessThan(0.02);
    // Following does not forgive what is so far off: that is its promise.
    expect(await flagged({ follow: 200 })).toBeGreaterThan(0.95);
  });

  it('reads the engine’s own score, by its logarithm, and says where there is none', async () => {
    const rng = seeded(8);
    const value_T = Float32Array.from({ length: 3000 }, (_, t) => Math.exp(0.3 * normal(rng)) * (t === 2900 ? 30 : 1));
    const part = { name: 'score', title: 'Own', value_T };
    const r = syntheticResidual(3000, S, 7);
    const learned = { ...part, value_T: value_T.subarray(0, 2500) };
    const head = await fit(cut(r, 0, 2500), { read: 'own' }, [learned]);
    const { score_T } = await head.score(r, quietRun(), [part]);
    expect(score_T.indexOf(Math.max(...score_T))).toBe(2900);
    await expect(fit(r, { read: 'own' })).rejects.toMatchObject({ kind: 'no-own-score' });
  });

  it('a sensor without values drops out, and with none there is no score', async () => {
    const r = syntheticResidual(3000, S, 9);
    const head = await fit(r);
    const holed = { ...r, r_TS: r.r_TS.slice() };
    holed.r_TS.fill(NaN, 100 * S, 130 * S);
    for (let t = 500; t < 600; t++) holed.r_TS[t * S] = NaN;
    const score = await head.score(holed, quietRun());
    expect(score.logP_T[115]).toBeNaN();
    expect(score.nlp_TS[550 * S]).toBeNaN();
    expect(Number.isFinite(score.logP_T[550])).toBe(true);
    await expect(fit({ ...r, r_TS: r.r_TS.map(() => NaN) })).rejects.toMatchObject({ kind: 'nothing-to-calibrate' });
  });
});
