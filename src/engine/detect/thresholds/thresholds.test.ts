import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thresholds } from './index.ts';
import type { ThresholdInput } from './rule.ts';

const base: ThresholdInput = {
  score_T: Float64Array.of(1, 2, 3, 4, 2, 9, 8, 1),
  train: { start: 0, end: 4 },
  test: { start: 4, end: 8 },
  labels: [{ start: 5, end: 7 }],
  significance: 0.001,
  percentile: 50,
  manual: null,
  gamma: { shape: 2.5, scale: 3 },
  df: 6,
};
const value = (id: string, change: Partial<ThresholdInput> = {}) => thresholds[id].compute({ ...base, ...change });

describe('threshold rules', () => {
  it.each([
    ['gamma', {}, 30.7725084786],
    ['gamma', { gamma: null }, Infinity],
    ['percentile', {}, 2.5],
    ['percentile', { percentile: 100 }, 4],
    ['chi2', { significance: 0.05 }, 12.591587243743977],
    ['best-f1', {}, 2],
    ['manual', { manual: 7 }, 7],
  ])('%s with %o', (id, change, want) => {
    if (want === Infinity) expect(value(id, change)?.value).toBe(Infinity);
    else expect(value(id, change)?.value).toBeCloseTo(want, 8);
  });

  it.each([
    ['chi2', { df: null }],
    ['best-f1', { labels: null }],
    ['best-f1', { labels: [{ start: 0, end: 2 }] }],
    ['manual', {}],
    ['percentile', { train: { start: 0, end: 0 } }],
  ])('%s does not apply with %o', (id, change) => {
    expect(value(id, change)).toBeNull();
  });

  it('name themselves, their source, and whether they read labels', () => {
    for (const [id, rule] of Object.entries(thresholds)) {
      const threshold = rule.compute({ ...base, manual: 3 });
      expect(rule.id).toBe(id);
      expect(threshold).toMatchObject({ rule: id, oracle: rule.oracle });
      expect(threshold?.source).not.toBe('');
      expect(rule.oracle).toBe(id === 'best-f1');
    }
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
