import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareEvents, countChanges } from './compare.ts';
import type { Span } from './types.ts';

const spans = (...edges: (readonly [number, number])[]): Span[] => edges.map(([start, end]) => ({ start, end }));
const kinds = (before: Span[], after: Span[]): string[] => compareEvents(before, after).map(({ kind }) => kind);

describe('events before and after', () => {
  it('appear, vanish, move and stay', () => {
    const before = spans([0, 10], [20, 30], [40, 50]);
    const after = spans([1, 10], [25, 45], [60, 70]);
    expect(compareEvents(before, after)).toEqual([
      { kind: 'stayed', before: before[0], after: after[0] },
      { kind: 'moved', before: before[1], after: after[1] },
      { kind: 'moved', before: before[2], after: after[1] },
      { kind: 'appeared', after: after[2] },
    ]);
    expect(kinds(before, [])).toEqual(['vanished', 'vanished', 'vanished']);
  });

  it('that were split have moved, in each part', () => {
    expect(kinds(spans([0, 30]), spans([0, 10], [20, 30]))).toEqual(['moved', 'moved']);
  });

  it('that only touch have nothing in common', () => {
    expect(kinds(spans([0, 10]), spans([10, 20]))).toEqual(['vanished', 'appeared']);
  });

  it('are all told of, and mirrored when the runs change places', () => {
    const events = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), { maxLength: 8 })
      .map((list) => {
        let at = 0;
        return list.map(([gap, length]): Span => {
          const start = at + gap;
          at = start + length;
          return { start, end: at };
        });
      });
    fc.assert(
      fc.property(events, events, (before, after) => {
        const changes = compareEvents(before, after);
        expect(new Set(changes.flatMap((one) => ('before' in one ? [one.before] : [])))).toEqual(new Set(before));
        expect(new Set(changes.flatMap((one) => ('after' in one ? [one.after] : [])))).toEqual(new Set(after));
        const [there, back] = [countChanges(changes), countChanges(compareEvents(after, before))];
        expect([back.appeared, back.vanished]).toEqual([there.vanished, there.appeared]);
      }),
    );
  });
});
