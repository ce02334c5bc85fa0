import { describe, expect, it } from 'vitest';
import { conformal } from '../detect/heads/conformal.ts';
import type { Run } from '../model.ts';
import { resolve } from '../params.ts';
import { fitAndScore, scoreResettled } from '../pipeline.ts';
import { normal, seeded } from '../rng.ts';
import type { Series } from '../types.ts';
import { combine, midRanks } from './combine.ts';
import type { Rule } from './combine.ts';
import { council } from './council.ts';
import { MEMBERS } from './members.ts';
import { negLogPOf, scoreLaw } from './reading.ts';
import { settleWeights } from './settle.ts';

const run = (seed = 1): Run => ({ rng: seeded(seed), checkpoint: () => Promise.resolve(), progress: () => undefined });
const verdict = (nlp: readonly number[], weight = 1) => ({ nlp_T: Float64Array.from(nlp), weight });

describe('joining verdicts', () => {
  it('Fisher is the weighted mean of −ln p', () => {
    const { strength_T } = combine([verdict([6, 0]), verdict([3, 9], 2)], 'fisher');
    expect([...strength_T]).toEqual([4, 6]);
  });

  it('the harmonic mean of p = .01 and .2 is 2 / (100 + 5)', () => {
    const { strength_T } = combine([verdict([-Math.log(0.01)]), verdict([-Math.log(0.2)])], 'harmonic');
    expect(Math.exp(-strength_T[0])).toBeCloseTo(2 / 105, 10);
  });

  it('the Cauchy combination of p = .01 and .2, and its continuation for tiny p', () => {
    const { strength_T } = combine([verdict([-Math.log(0.01)]), verdict([-Math.log(0.2)])], 'cauchy');
    const mean = (Math.tan(0.49 * Math.PI) + Math.tan(0.3 * Math.PI)) / 2;
    expect(Math.exp(-strength_T[0])).toBeCloseTo(0.5 - Math.atan(mean) / Math.PI, 10);
    const tiny = combine([verdict([13.999, 14.001]), verdict([2, 2])], 'cauchy').strength_T;
    expect(tiny[1] - tiny[0]).toBeCloseTo(0.002, 3);
    expect(combine([verdict([500])], 'cauchy').strength_T[0]).toBeCloseTo(500, 6);
  });

  it('ranks share ties and leave missing values alone', () => {
    expect([...midRanks(Float64Array.of(5, 1, NaN, 5))]).toEqual([2 / 3, 0.5 / 3, NaN, 2 / 3]);
  });

  it.each(['fisher', 'cauchy', 'harmonic', 'rank'] as Rule[])(
    '%s: a silent member changes nothing, shares add to 1',
    (rule) => {
      const { strength_T, share_KT } = combine([verdict([6, 1, NaN]), verdict([NaN, 2, NaN], 3)], rule);
      if (rule !== 'rank') expect(strength_T[0]).toBeCloseTo(6, 10);
      expect(strength_T[2]).toBeNaN();
      expect(share_KT[0][0]).toBe(1);
      expect(share_KT[0][1] + share_KT[1][1]).toBeCloseTo(1, 12);
    },
  );

  it('a drifted member outvotes the others with a Gamma tail, not with a power tail', () => {
    const rng = seeded(4);
    const calm = Float64Array.from({ length: 5000 }, () => 1 + 0.1 * Math.abs(normal(rng)));
    const law = scoreLaw(calm, new Uint8Array(5000).fill(1));
    const [gamma] = negLogPOf(Float64Array.of(12), law, 'gamma');
    const [power] = negLogPOf(Float64Array.of(12), law, 'power');
    expect(gamma).toBeGreaterThan(300);
    expect(power).toBeLessThan(8);
    const limit = negLogPOf(Float64Array.of(law.limit), law, 'power')[0];
    expect(limit).toBeCloseTo(-Math.log(0.01), 10);
  });
});

/** Five sensors of two rhythms; in the test part one of them jumps about, and later one stays away for a while. */
function series(): Series {
  const T = 3000;
  const rng = seeded(2);
  const columns = Array.from({ length: 5 }, (_, s) =>
    Float32Array.from({ length: T }, (_, t) => {
      const wave = (s + 1) * Math.sin(t / 9) + (5 - s) * Math.cos(t / 31) + 0.2 * normal(rng);
      const odd = s === 3 && t >= 2300 && t < 2330 ? 8 * normal(rng) : s === 1 && t >= 2700 && t < 2760 ? 9 : 0;
      return wave + odd;
    }),
  );
  return {
    ...{ asset: 'a', T, columns, contiguous: true, covariates: [], causes: [], clock: { kind: 'index' } },
    sensors: columns.map((_, s) => ({ name: `s${String(s)}`, unit: '', system: '' })),
    train: { start: 0, end: 2000 },
    test: { start: 2000, end: T },
    labels: [
      { start: 2300, end: 2330 },
      { start: 2700, end: 2760 },
    ],
  };
}

const setup = (given = {}) => ({
  detector: council,
  values: resolve(council.params, given),
  head: conformal,
  headValues: resolve(conformal.params, { read: 'own' }),
  imputation: {},
});

describe('the council as an engine', () => {
  it('finds both anomalies, shows every member’s share, and comes back from its snapshot', async () => {
    const result = await fitAndScore(series(), setup(), run());
    const { score_T } = result.score;
    const mean = (from: number, to: number) => score_T.subarray(from, to).reduce((a, b) => a + b, 0) / (to - from);
    for (const [from, to] of [
      [2300, 2330],
      [2700, 2760],
    ])
      expect(mean(from, to)).toBeGreaterThan(4 * mean(2400, 2600));
    const names = result.parts.map(({ name }) => name);
    for (const { id } of MEMBERS) expect(names).toContain(`share-${id}`);
    const shares = result.parts.filter(({ name }) => name.startsWith('share-'));
    expect(shares.reduce((sum, { value_T }) => sum + value_T[2315], 0)).toBeCloseTo(1, 5);
    expect(result.expected_TS.every(Number.isFinite)).toBe(true);
    const back = council.restore(structuredClone(result.weights), resolve(council.params), { S: 5, C: 0 });
    expect(Object.keys(await back.snapshot())).toEqual(Object.keys(result.weights));
    const again = await fitAndScore(series(), setup(), run());
    expect(again.score.score_T).toEqual(score_T);
  });

  it('says the same after a snapshot, and refuses a snapshot of other sensors or without a member', async () => {
    const T = 300;
    const x_TF = Float32Array.from({ length: T * 2 }, (_, i) => Math.sin(i / 7));
    const start_N = Int32Array.from({ length: T - 19 }, (_, n) => n);
    const windows = { x_TF, seen_TS: new Uint8Array(2 * T).fill(1), T, S: 2, C: 0, start_N, W: 20, horizon: 0 };
    const p = resolve(council.params);
    const fitted = await council.fit(windows, p, run());
    const snapshot = await fitted.snapshot();
    const back = council.restore(structuredClone(snapshot), p, { S: 2, C: 0 });
    expect(await back.expect(windows, run())).toEqual(await fitted.expect(windows, run()));
    expect(() => council.restore(snapshot, p, { S: 3, C: 0 })).toThrow(/is needed/);
    const { 'difference/law': _, ...rest } = snapshot;
    expect(() => council.restore(rest, p, { S: 2, C: 0 })).toThrow('"difference/law" is missing');
    await expect(
      council.fit(windows, { ...p, kmeans: 0, deviation: 0, difference: 0, windowPca: 0 }, run()),
    ).rejects.toMatchObject({ kind: 'empty-council' });
  });

  it('a member without weight is not heard', async () => {
    const { parts } = await fitAndScore(series(), setup({ kmeans: 0, windowPca: 0 }), run());
    expect(parts.map(({ name }) => name)).toEqual([
      'score',
      'share-deviation',
      'verdict-deviation',
      'share-difference',
      'verdict-difference',
    ]);
  });
});

describe('weights from labels', () => {
  const T = 400;
  const label_T = Uint8Array.from({ length: T }, (_, t) => (t < 100 ? 1 : t < 300 ? 0 : 255));
  const rng = seeded(6);
  const telling = Float64Array.from({ length: T }, (_, t) => (t < 100 ? 6 : 1) + rng());
  const noise = () => Float64Array.from({ length: T }, () => 7 * rng());

  it('a member that tells the labels apart gains on those that do not, and none is silenced', () => {
    const [good, one, other] = settleWeights([telling, noise(), noise()], label_T, [1, 1, 0.5]);
    expect(good).toBeGreaterThan(1);
    expect(one).toBeLessThan(1);
    expect(Math.min(good, one, other)).toBeGreaterThanOrEqual(0.05);
    expect(good + one + other).toBeCloseTo(2.5, 1);
  });

  it('the same for the same labels, whatever unlabelled steps hold, and however many steps a verdict has', () => {
    const members = [telling, noise()];
    const weights = settleWeights(members, label_T, [1, 1]);
    const wild = members.map((nlp_T) => nlp_T.map((nlp, t) => (label_T[t] === 255 ? NaN : nlp)));
    expect(settleWeights(wild, label_T, [1, 1])).toEqual(weights);
    const twice = members.map((nlp_T) => Float64Array.from([...nlp_T, ...nlp_T.subarray(100, 300)]));
    const more = settleWeights(twice, Uint8Array.from([...label_T, ...label_T.subarray(100, 300)]), [1, 1]);
    more.forEach((weight, k) => {
      expect(weight).toBeCloseTo(weights[k], 2);
    });
  });

  it.each([
    ['none is anomalous', 0],
    ['none is normal', 1],
  ])('needs both verdicts: %s', (why, said) => {
    expect(() => settleWeights([telling], new Uint8Array(T).fill(said), [1])).toThrow(why);
  });

  it('settles the engine’s own settings, which score the run again without learning anew', async () => {
    const before = await fitAndScore(series(), setup(), run());
    const said = new Uint8Array(3000).fill(255);
    said.fill(1, 2300, 2330);
    said.fill(0, 2400, 2600);
    const changed = council.settle!(resolve(council.params), before.parts, said);
    expect(Object.keys(changed).sort()).toEqual(MEMBERS.map(({ id }) => id).sort());
    const after = await scoreResettled(series(), setup(changed), before.weights, run());
    expect(after.weights).toEqual(before.weights);
    expect(after.score.score_T).not.toEqual(before.score.score_T);
    expect(after.parts.find(({ name }) => name === 'verdict-kmeans')).toEqual(
      before.parts.find(({ name }) => name === 'verdict-kmeans'),
    );
  });
});
