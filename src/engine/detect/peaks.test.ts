import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findEvents } from './events.ts';
import { flagsOver } from './peaks.ts';

const scoresWith = (spacing: number, scores: readonly number[], threshold: number) =>
  [...flagsOver(Float64Array.from(scores), threshold, { start: 0, end: scores.length }, spacing).entries()]
    .filter(([, flag]) => flag === 1)
    .map(([t]) => t);

const cases = fc.record({
  scores: fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(NaN)), { maxLength: 60 }),
  threshold: fc.integer({ min: -1, max: 9 }),
  spacing: fc.integer({ min: 1, max: 12 }),
});

describe('flags over a threshold', () => {
  it('flags every step without a spacing, missing scores never', () => {
    expect(scoresWith(0, [1, 3, NaN, 2, 3], 1)).toEqual([1, 3, 4]);
  });

  it('takes the highest first, the earlier of equal ones, and is quiet around it', () => {
    expect(scoresWith(2, [5, 9, 8, 7, 6, 9, 9], 4)).toEqual([1, 5]);
    expect(scoresWith(1, [5, 9, 8, 7, 6, 9, 9], 4)).toEqual([1, 3, 5]);
  });

  it('keeps any two apart, and leaves no step over the threshold far from a higher or equal alarm', () => {
    fc.assert(
      fc.property(cases, ({ scores, threshold, spacing }) => {
        const taken = scoresWith(spacing, scores, threshold);
        for (let n = 1; n < taken.length; n++) expect(taken[n] - taken[n - 1]).toBeGreaterThan(spacing);
        for (const t of scoresWith(0, scores, threshold))
          expect(taken.some((peak) => Math.abs(peak - t) <= spacing && scores[peak] >= scores[t])).toBe(true);
      }),
    );
  });

  it('keeps the alarms of a higher threshold when the threshold falls', () => {
    fc.assert(
      fc.property(cases, ({ scores, threshold, spacing }) => {
        const low = scoresWith(spacing, scores, threshold);
        for (const t of scoresWith(spacing, scores, threshold + 2)) expect(low).toContain(t);
      }),
    );
  });

  it('makes one event of one step of each excursion, before padding', () => {
    const score_T = Float64Array.from([0, 4, 7, 4, 0, 0, 0, 5, 5, 0]);
    const rules = { padding: 0, mergeGap: 0, minLength: 1, significance: 0.001, spacing: 3 };
    const found = findEvents({ score_T, logP_T: score_T.map(() => NaN) }, 3, rules, { start: 0, end: 10 });
    expect(found.events.map(({ start, end, flagged }) => [start, end, flagged])).toEqual([
      [2, 3, 1],
      [7, 8, 1],
    ]);
    expect(found.flaggedShare).toBe(0.2);
  });
});
