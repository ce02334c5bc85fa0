import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bySeverity, findEvents, flaggedShareOf, severityOf } from './events.ts';

const rules = { padding: 0, mergeGap: 0, minLength: 1, significance: 0.001 };
const found = (
  scores: readonly number[],
  given: Partial<typeof rules> = {},
  span = { start: 0, end: scores.length },
) => {
  const score_T = Float64Array.from(scores);
  return findEvents({ score_T, logP_T: score_T.map((s) => -s) }, 5, { ...rules, ...given }, span);
};

describe('events', () => {
  it('are runs over the threshold (strictly), with their peak', () => {
    const { events, flaggedShare } = found([0, 5, 6, 9, 0, 0, 7, 0]);
    expect(events.map(({ start, end, flagged, peak }) => [start, end, flagged, peak])).toEqual([
      [2, 4, 2, 3],
      [6, 7, 1, 6],
    ]);
    expect(flaggedShare).toBe(3 / 8);
  });

  it('are padded within the span and merged where they touch', () => {
    const { events, paddedShare } = found([9, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0], { padding: 2 });
    expect(events.map(({ start, end }) => [start, end])).toEqual([[0, 8]]);
    expect(paddedShare).toBe(8 / 12);
  });

  it('are merged over gaps shorter than mergeGap', () => {
    const scores = [9, 0, 0, 9, 0, 0, 0, 9];
    expect(found(scores, { mergeGap: 3 }).events).toHaveLength(2);
    expect(found(scores, { mergeGap: 4 }).events).toHaveLength(1);
    expect(found(scores, { mergeGap: 4 }).events[0].flagged).toBe(3);
  });

  it('are dropped when too few steps are flagged', () => {
    expect(found([9, 0, 9, 9, 0], { minLength: 2 }).events.map((event) => event.start)).toEqual([2]);
  });

  it('stay inside the given span and step over missing scores', () => {
    const { events } = found([9, 9, 9, NaN, 9, 9], { padding: 5 }, { start: 1, end: 5 });
    expect(events.map(({ start, end, flagged }) => [start, end, flagged])).toEqual([[1, 5, 3]]);
  });

  it('are none under an infinite threshold or in an empty span', () => {
    const score_T = Float64Array.of(1, 2);
    expect(findEvents({ score_T, logP_T: score_T }, Infinity, rules, { start: 0, end: 2 }).events).toEqual([]);
    expect(findEvents({ score_T, logP_T: score_T }, 0, rules, { start: 1, end: 1 }).paddedShare).toBe(0);
  });

  const scores = fc.array(fc.oneof(fc.double({ min: 0, max: 10, noNaN: true }), fc.constant(NaN)), { maxLength: 80 });

  it('are sorted, disjoint, within the span, and hold every flagged step', () => {
    fc.assert(
      fc.property(scores, fc.nat(6), fc.nat(6), (list, padding, mergeGap) => {
        const { events, flaggedShare, paddedShare } = found(list, { padding, mergeGap });
        let last = 0;
        for (const event of events) {
          expect(event.start).toBeGreaterThanOrEqual(last);
          expect(event.end).toBeGreaterThan(event.start);
          expect(event.peak).toBeGreaterThanOrEqual(event.start);
          expect(event.peak).toBeLessThan(event.end);
          last = event.end;
        }
        expect(last).toBeLessThanOrEqual(list.length);
        const flagged = events.reduce((sum, event) => sum + event.flagged, 0);
        expect(flagged).toBe(list.filter((score) => score > 5).length);
        expect(paddedShare).toBeGreaterThanOrEqual(flaggedShare);
      }),
    );
  });

  it('a higher threshold flags no more steps', () => {
    fc.assert(
      fc.property(
        scores,
        fc.double({ min: 0, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (list, low, more) => {
          const score_T = Float64Array.from(list);
          const span = { start: 0, end: list.length };
          expect(flaggedShareOf(score_T, low + more, span)).toBeLessThanOrEqual(flaggedShareOf(score_T, low, span));
        },
      ),
    );
  });
});

describe('severity', () => {
  it('is 0 at the threshold, 90 eight decades beyond, never over 100', () => {
    expect(severityOf(Math.log(0.001), 0.001)).toBeCloseTo(0, 12);
    expect(severityOf(Math.log(1e-11), 0.001)).toBeCloseTo(90, 9);
    expect(severityOf(-1e5, 0.001)).toBe(100);
    expect(severityOf(Math.log(0.5), 0.001)).toBe(0);
    expect(severityOf(NaN, 0.001)).toBe(0);
  });

  it('orders events from the most improbable on', () => {
    const { events } = found([0, 6, 0, 5000, 0, 9000, 0]);
    expect(bySeverity(events).map((event) => event.start)).toEqual([5, 3, 1]);
  });
});
