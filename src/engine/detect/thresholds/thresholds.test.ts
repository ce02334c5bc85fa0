import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thresholds } from './index.ts';
import { spotThresholds } from './pot.ts';
import type { ThresholdInput } from './rule.ts';

const base: ThresholdInput = {
  score_T: Float64Array.of(1, 2, 3, 4, 2, 9, 8, 1),
  train: { start: 0, end: 4 },
  test: { start: 4, end: 8 },
  labels: [{ start: 5, end: 7 }],
  significance: 0.001,
  percentile: 50,
  ratio: 25,
  level: 50,
  sigmas: 2,
  manual: null,
  gamma: { shape: 2.5, scale: 3 },
  df: 6,
};
/** Exponential quantiles in an order that looks random, 300 to calibrate and 120 to judge, those a little larger. */
const stream = {
  score_T: Float64Array.from({ length: 420 }, (_, i) => {
    const u = ((i * 7919) % 1000) / 1000;
    return -Math.log(1 - u - 0.0005) * (i < 300 ? 1 : 1.1);
  }),
  train: { start: 0, end: 300 },
  test: { start: 300, end: 420 },
  labels: [{ start: 310, end: 320 }],
  level: 95,
};
const value = (id: string, change: Partial<ThresholdInput> = {}) => thresholds[id].compute({ ...base, ...change });

describe('threshold rules', () => {
  it.each([
    ['gamma', {}, 30.7725084786],
    ['gamma', { gamma: null }, Infinity],
    ['percentile', {}, 2.5],
    ['percentile', { percentile: 100 }, 4],
    // 75 % of 1 1 2 2 3 4 8 9: 5.25 places on, a quarter of the way from 4 to 8.
    ['ratio', {}, 5],
    // Mean 2.5, deviation √1.25.
    ['sigma', {}, 2.5 + 2 * Math.sqrt(1.25)],
    ['sigma', { sigmas: 0 }, 2.5],
    ['chi2', { significance: 0.05 }, 12.591587243743977],
    ['best-f1', {}, 2],
    // The median of 2 9 8 1 is 5, over which both labelled steps lie and no other: the first of the grid.
    ['vtt-grid', {}, 5],
    // Worked out with numpy's linspace and percentile.
    ['vtt-grid', stream, 0.8743163481874947],
    ['manual', { manual: 7 }, 7],
  ])('%s with %o', (id, change, want) => {
    if (want === Infinity) expect(value(id, change)?.value).toBe(Infinity);
    else expect(value(id, change)?.value).toBeCloseTo(want, 8);
  });

  it.each([
    ['chi2', { df: null }],
    ['best-f1', { labels: null }],
    ['best-f1', { labels: [{ start: 0, end: 2 }] }],
    ['vtt-grid', { labels: null }],
    ['vtt-grid', { labels: [{ start: 0, end: 2 }] }],
    ['manual', {}],
    ['percentile', { train: { start: 0, end: 0 } }],
    ['sigma', { train: { start: 0, end: 0 } }],
    ['pot', {}],
    ['spot', {}],
  ])('%s does not apply with %o', (id, change) => {
    expect(value(id, change)).toBeNull();
  });

  it('name themselves, their source, and whether they read labels', () => {
    for (const [id, rule] of Object.entries(thresholds)) {
      const threshold = rule.compute({ ...base, ...stream, manual: 3 });
      expect(rule.id).toBe(id);
      expect(threshold).toMatchObject({ rule: id, oracle: rule.oracle });
      expect(threshold?.source).not.toBe('');
      expect(rule.oracle).toBe(['best-f1', 'vtt-grid'].includes(id));
    }
  });

  it('peaks over threshold follow the fitted law of the training tail', () => {
    const score_T = Float64Array.from({ length: 1000 }, (_, i) => -Math.log(1 - ((i * 7919) % 1000) / 1000 - 0.0005));
    const train = { start: 0, end: 1000 };
    // Worked out with scipy 1.17.
    expect(value('pot', { score_T, train, level: 98 })?.value).toBeCloseTo(6.734439886525782, 6);
    expect(value('pot', { score_T, train, level: 95, significance: 1e-4 })?.value).toBeCloseTo(8.648471038372772, 6);
  });

  it('SPOT learns from judged scores that raise no alarm', () => {
    // Worked out with scipy 1.17: one alarm, six scores that join the tail.
    const judged_T = stream.score_T.subarray(300);
    const at = spotThresholds({ ...base, ...stream }, judged_T, 1e-3, 0)!;
    expect(at[0]).toBeCloseTo(5.638762071913343, 6);
    expect(at[119]).toBeCloseTo(5.51630017285131, 6);
    expect(at.reduce((sum, z) => sum + z, 0) / 120).toBeCloseTo(5.575602588643505, 6);
    expect(judged_T.filter((score, t) => score > at[t])).toHaveLength(1);
    expect(value('spot', stream)?.value).toBeCloseTo(5.575602588643505, 6);
    expect(value('pot', stream)?.value).toBeCloseTo(at[0], 10);
  });

  it('a smaller risk never lowers POT, and scores without number do not count', () => {
    const at = (significance: number) => value('pot', { ...stream, significance })?.value ?? NaN;
    expect([1e-2, 1e-3, 1e-6].map(at)).toEqual([1e-6, 1e-3, 1e-2].map(at).sort((a, b) => a - b));
    const gappy = Float64Array.from([...stream.score_T.subarray(0, 300), NaN, NaN, ...stream.score_T.subarray(300)]);
    const shifted = { ...stream, score_T: gappy, train: { start: 0, end: 302 }, test: { start: 302, end: 422 } };
    expect(value('spot', shifted)?.value).toBe(value('spot', stream)?.value);
  });

  it('best F1 is not beaten by any other threshold', () => {
    const f1 = (score_T: Float64Array, label: readonly boolean[], at: number) => {
      const tp = label.filter((positive, t) => positive && score_T[t] > at).length;
      const flagged = score_T.filter((score) => score > at).length;
      return (2 * tp) / (flagged + label.filter(Boolean).length);
    };
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), { minLength: 2, maxLength: 40 }),
        fc.integer({ min: -1, max: 10 }),
        (steps, other) => {
          const score_T = Float64Array.from(steps, ([score]) => score);
          const label = steps.map(([, positive]) => positive);
          const labels = label.flatMap((positive, t) => (positive ? [{ start: t, end: t + 1 }] : []));
          const best = value('best-f1', { score_T, labels, test: { start: 0, end: steps.length } });
          if (labels.length === 0) expect(best).toBeNull();
          else expect(f1(score_T, label, best?.value ?? NaN)).toBeGreaterThanOrEqual(f1(score_T, label, other) - 1e-12);
        },
      ),
    );
  });
});
