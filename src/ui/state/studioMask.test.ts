import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erased, painted } from './labelAnswers.ts';
import { firstRun, lengthened, maskOf, runsOf, shifted, withRun } from './studioMask.ts';
import { normals } from './studioRandom.ts';

const T = 60;
const runs = fc
  .array(fc.tuple(fc.integer({ min: 0, max: T - 1 }), fc.integer({ min: 1, max: 12 })), { maxLength: 5 })
  .map((strokes) =>
    strokes.reduce<ReturnType<typeof painted>>(
      (kept, [start, length]) => painted({ start: 0, end: T }, kept, { start, end: start + length }),
      [],
    ),
  );
const count = (mask_T: Uint8Array): number => mask_T.reduce((sum, step) => sum + step, 0);

describe('a mask', () => {
  it('is the same as runs and as ones', () => {
    fc.assert(
      fc.property(runs, (all) => {
        expect(runsOf(maskOf(all, T))).toEqual(all);
      }),
    );
  });

  it('keeps its steps when it is shifted, stays inside and comes back', () => {
    fc.assert(
      fc.property(runs, fc.integer({ min: -80, max: 80 }), (all, by) => {
        const moved = shifted(all, by, T);
        expect(count(maskOf(moved, T))).toBe(count(maskOf(all, T)));
        const far = (moved[0]?.start ?? 0) - (all[0]?.start ?? 0);
        expect(shifted(moved, -far, T)).toEqual(all);
      }),
    );
  });

  it('gets one more run that touches no other, until there is no room', () => {
    fc.assert(
      fc.property(runs, (all) => {
        const { runs: more, at } = withRun(all, T, 8);
        expect(runsOf(maskOf(more, T))).toEqual(more);
        if (more.length === all.length) expect(more).toEqual(all);
        else expect(all).not.toContainEqual(more[at]);
      }),
    );
  });

  it('lengthens a run up to its neighbour and shortens it to one step', () => {
    fc.assert(
      fc.property(runs, fc.integer({ min: -30, max: 30 }), (all, by) => {
        const longer = lengthened(all, 0, by, T);
        expect(runsOf(maskOf(longer, T))).toEqual(longer);
        expect(longer).toHaveLength(all.length);
      }),
    );
  });

  it('is erased where it is painted', () => {
    const run = firstRun(T, 8);
    expect(erased([run], run)).toEqual([]);
    expect(count(maskOf([run], T))).toBe(8);
  });
});

describe('latent numbers at random', () => {
  it('are the same for the same draw, other for the next, and normal', () => {
    expect(normals(16, 3)).toEqual(normals(16, 3));
    expect(normals(16, 3)).not.toEqual(normals(16, 4));
    const many = normals(20_000, 1);
    const mean = many.reduce((sum, value) => sum + value, 0) / many.length;
    const variance = many.reduce((sum, value) => sum + (value - mean) ** 2, 0) / many.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });
});
