import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TILE, createPyramid, levelFor, topLevelFor } from './pyramid.ts';
import type { Pyramid, PyramidTile } from './pyramid.ts';

const value = fc.oneof({ weight: 5, arbitrary: fc.float({ noNaN: true }) }, { weight: 1, arbitrary: fc.constant(NaN) });
const track = fc.array(value, { maxLength: 3000 }).map((v) => Float32Array.from(v));

/** What a bucket must say, straight from its definition. */
function bucketOf(x: ArrayLike<number>, level: number, b: number): { min: number; max: number; gap: number } {
  const all = Array.from(x).slice(b * 2 ** level, (b + 1) * 2 ** level);
  const present = all.filter((v) => !Number.isNaN(v));
  return {
    min: present.length > 0 ? present.reduce((a, v) => Math.min(a, v)) : NaN,
    max: present.length > 0 ? present.reduce((a, v) => Math.max(a, v)) : NaN,
    gap: present.length < all.length ? 1 : 0,
  };
}

function wholeLevel(p: Pyramid, level: number): PyramidTile[] {
  return Array.from({ length: Math.ceil(Math.ceil(p.T / 2 ** level) / TILE) }, (_, i) => p.tile(level, i));
}

describe('pyramid', () => {
  it('every bucket of every level is the union of its steps', () => {
    fc.assert(
      fc.property(track, fc.integer({ min: 0, max: 14 }), (x, level) => {
        const p = createPyramid(x);
        const buckets = wholeLevel(p, level).flatMap((tile) =>
          Array.from(tile.min, (min, i) => ({ min, max: tile.max[i], gap: tile.gap[i] })),
        );
        expect(buckets.length).toBe(Math.ceil(x.length / 2 ** level));
        buckets.forEach((bucket, b) => {
          const truth = bucketOf(x, level, b);
          expect(bucket.gap).toBe(truth.gap);
          expect(bucket.min === truth.min || Object.is(bucket.min, truth.min)).toBe(true);
          expect(bucket.max === truth.max || Object.is(bucket.max, truth.max)).toBe(true);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('one spike and one missing step survive at every level, whatever the length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 70_000 }), fc.nat(), fc.nat(), (T, a, b) => {
        const spike = a % T;
        const hole = b % T === spike ? (spike + 1) % T : b % T;
        const x = new Float32Array(T).fill(0.5);
        x[spike] = 1e6;
        x[hole] = NaN;
        const p = createPyramid(x);
        for (let level = 0; level <= topLevelFor(T) + 2; level += 1) {
          const at = (step: number) => Math.floor(step / 2 ** level);
          const s = at(spike);
          const h = at(hole);
          expect(p.tile(level, Math.floor(s / TILE)).max[s % TILE]).toBe(1e6);
          expect(p.tile(level, Math.floor(h / TILE)).gap[h % TILE]).toBe(1);
          const gaps = wholeLevel(p, level).reduce((n, t) => n + t.gap.reduce((m, g) => m + g, 0), 0);
          expect(gaps).toBe(1);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('a bucket is NaN only when all of its steps are missing', () => {
    const x = new Float32Array(64).fill(NaN);
    x[17] = 3;
    const { min, max, gap } = createPyramid(x).tile(4, 0);
    expect(Array.from(min)).toEqual([NaN, 3, NaN, NaN]);
    expect(Array.from(max)).toEqual([NaN, 3, NaN, NaN]);
    expect(Array.from(gap)).toEqual([1, 1, 1, 1]);
  });

  it('an empty track has empty tiles and no range', () => {
    const p = createPyramid(new Float32Array(0));
    expect(p.tile(0, 0).min.length).toBe(0);
    expect(p.tile(9, 0).gap.length).toBe(0);
    expect(p.range()).toEqual({ min: NaN, max: NaN });
  });

  it('reads values through a getter and keeps infinities', () => {
    const p = createPyramid({ T: 40, at: (t) => (t === 39 ? Infinity : t === 3 ? -Infinity : t) });
    expect(p.tile(4, 0).max[2]).toBe(Infinity);
    expect(p.tile(4, 0).min[0]).toBe(-Infinity);
    expect(p.range()).toEqual({ min: -Infinity, max: Infinity });
  });

  it('hands out arrays of its own, so that a transfer cannot empty the pyramid', () => {
    const p = createPyramid(Float32Array.from({ length: 5000 }, (_, t) => t));
    p.tile(4, 0).max.fill(-1);
    expect(p.tile(4, 0).max[0]).toBe(15);
  });

  it('reads the track once for all stored levels', () => {
    const T = 100_001;
    let reads = 0;
    const p = createPyramid({ T, at: (t) => ((reads += 1), t) });
    for (let level = 4; level <= topLevelFor(T) + 3; level += 1) wholeLevel(p, level);
    expect(reads).toBe(T);
  });

  it('refuses an address that cannot exist', () => {
    const p = createPyramid(new Float32Array(10));
    expect(() => p.tile(-1, 0)).toThrow(/level -1/);
    expect(() => p.tile(0, 1.5)).toThrow(/tile 1.5/);
  });

  it('picks the coarsest level whose buckets fit in a pixel', () => {
    for (const steps of [0.01, 1, 1.99, 2, 3.5, 17, 833.3, 1e6]) {
      const level = levelFor(steps);
      expect(2 ** level <= Math.max(1, steps)).toBe(true);
      expect(2 ** (level + 1) > steps).toBe(true);
    }
    expect(topLevelFor(512)).toBe(0);
    expect(topLevelFor(513)).toBe(1);
    expect(topLevelFor(1_000_000)).toBe(11);
  });
});
