import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from './errors.ts';
import type { Windows } from './types.ts';
import { checkWindows, cutStarts, gather, gatherTargets, inOrder, unwindow, windowsIn } from './window.ts';

const rows = (T: number, S: number, C: number, W: number, horizon: number, start_N: Int32Array): Windows => ({
  x_TF: Float32Array.from({ length: T * (S + C) }, (_, i) => i),
  seen_TS: new Uint8Array(T * S).fill(1),
  T,
  S,
  C,
  W,
  horizon,
  start_N,
});

const sizes = fc.record({
  length: fc.integer({ min: 1, max: 60 }),
  W: fc.integer({ min: 1, max: 12 }),
  horizon: fc.integer({ min: 0, max: 3 }),
  stride: fc.integer({ min: 1, max: 7 }),
});

describe('cutting windows', () => {
  it('starts where told, strides, and stops where the target still fits', () => {
    const cut = { W: 3, horizon: 1, stride: 2 };
    // Steps 10..16: the last start with its target is 16 - 3 = 13, so 10 and 12.
    expect([...cutStarts([{ start: 10, end: 17 }], cut)]).toEqual([10, 12]);
    expect([...cutStarts([{ start: 10, end: 17 }], { ...cut, tail: true })]).toEqual([10, 12, 13]);
    expect([...cutStarts([{ start: 0, end: 3 }], cut)]).toEqual([]);
    expect([...cutStarts([{ start: 0, end: 4 }], cut)]).toEqual([0]);
  });

  it('never crosses a border and gives windowsIn windows a span', () => {
    fc.assert(
      fc.property(fc.array(sizes, { minLength: 1, maxLength: 4 }), sizes, (spansOf, cut) => {
        let end = 0;
        const spans = spansOf.map(({ length }) => ({ start: end, end: (end += length) }));
        const starts = [...cutStarts(spans, cut)];
        expect(starts.length).toBe(spans.reduce((sum, span) => sum + windowsIn(span, cut), 0));
        for (const start of starts) {
          const span = spans.find((s) => start >= s.start && start < s.end)!;
          expect(start + cut.W + cut.horizon).toBeLessThanOrEqual(span.end);
        }
      }),
    );
  });

  it('refuses sizes that make no sense', () => {
    for (const cut of [
      { W: 0, horizon: 1, stride: 1 },
      { W: 3, horizon: 1, stride: 0 },
      { W: 3, horizon: -1, stride: 1 },
      { W: 2.5, horizon: 0, stride: 1 },
    ])
      expect(() => cutStarts([{ start: 0, end: 9 }], cut)).toThrow(EngineError);
  });
});

describe('gathering a batch', () => {
  it('copies whole windows and the sensors of the target step', () => {
    const windows = rows(6, 2, 1, 2, 1, Int32Array.of(0, 1, 3));
    expect([...gather(windows, Int32Array.of(2, 0), 0, 2)]).toEqual([9, 10, 11, 12, 13, 14, 0, 1, 2, 3, 4, 5]);
    // Window at 3 covers 3 and 4, its target is step 5: values 15, 16 and the covariate 17 is left out.
    expect([...gatherTargets(windows, Int32Array.of(2, 0), 0, 2)]).toEqual([15, 16, 6, 7]);
  });

  it('says which part of the windows does not fit', () => {
    const good = rows(6, 2, 1, 2, 1, Int32Array.of(0, 3));
    expect(() => checkWindows(good)).not.toThrow();
    expect(() => checkWindows({ ...good, start_N: Int32Array.of(4) })).toThrow('[4, 6) with its target 1 ahead');
    expect(() => checkWindows({ ...good, C: 0 })).toThrow('F=2');
    expect(() => checkWindows({ ...good, seen_TS: new Uint8Array(3) })).toThrow('seen_TS');
    expect(() => checkWindows({ ...good, S: 0, C: 3 })).toThrow('at least one sensor');
  });
});

describe('putting windows back', () => {
  it('gives back the rows that were cut, and NaN where no window was', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 3 }), ({ length, W, stride }, S) => {
        const start_N = cutStarts([{ start: 0, end: length }], { W, horizon: 0, stride });
        const windows = rows(length, S, 0, W, 0, start_N);
        const back = unwindow(length, S);
        const N = start_N.length;
        const half = N >> 1;
        for (const [from, to] of [
          [0, half],
          [half, N],
        ])
          back.add(gather(windows, inOrder(N), from, to), start_N.subarray(from, to), W);
        back.mean().forEach((value, i) => {
          const t = Math.floor(i / S);
          const covered = [...start_N].some((start) => t >= start && t < start + W);
          expect(value).toEqual(covered ? windows.x_TF[i] : NaN);
        });
      }),
    );
  });

  it('averages where windows overlap', () => {
    const back = unwindow(3, 1);
    back.add(Float32Array.of(1, 2, 4, 8), Int32Array.of(0, 1), 2);
    expect([...back.mean()]).toEqual([1, 3, 8]);
  });

  it('keeps what the first window says where they stand side by side and the last ends at the edge', () => {
    const back = unwindow(5, 1, true);
    back.add(Float32Array.of(1, 2, 3, 4, 5, 6), Int32Array.of(0, 2, 3), 2);
    expect([...back.mean()]).toEqual([1, 2, 3, 4, 6]);
    expect([...back.covered]).toEqual([1, 1, 1, 1, 1]);
  });
});
