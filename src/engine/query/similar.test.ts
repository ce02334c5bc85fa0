import { describe, expect, it } from 'vitest';
import { seeded } from '../rng.ts';
import type { Residual } from '../types.ts';
import { poolView, topSensors } from './poolView.ts';
import { windowsLike } from './similar.ts';
import type { Pool } from './types.ts';

const T = 2000;
const S = 3;

/** Noise with a ramp on sensor 0 and a dip on sensor 2 at three places, and another shape at a fourth. */
function residual(): Residual {
  const rng = seeded(4);
  const r_TS = Float32Array.from({ length: T * S }, () => 0.2 * (rng() - 0.5));
  const add = (at: number, size: number) => {
    for (let t = 0; t < 40; t++) {
      r_TS[(at + t) * S] += (size * t) / 40;
      r_TS[(at + t) * S + 2] -= t > 20 ? size : 0;
    }
  };
  add(203, 2);
  add(811, 2.1);
  add(1507, 1.8);
  for (let t = 0; t < 40; t++) r_TS[(1100 + t) * S + 1] += 3;
  return { T, S, r_TS };
}

const options = { count: 2, parts: [{ start: 0, end: T }], known: [] };

describe('windows like an example', () => {
  it('are the ones with the same shape, found to the step, and never the example', () => {
    const found = windowsLike(residual(), { start: 203, end: 243 }, options);
    expect(found.map(({ span }) => span.start).sort((a, b) => a - b)).toEqual([811, 1507]);
    for (const { distance, span } of found) {
      expect(distance).toBeLessThan(0.2);
      expect(span.end - span.start).toBe(40);
    }
  });

  it('are ranked: a window without any residual is at distance 1, another shape is farther', () => {
    const all = windowsLike(residual(), { start: 203, end: 243 }, { ...options, count: 40 });
    expect(all.map(({ distance }) => distance)).toEqual(all.map(({ distance }) => distance).sort((a, b) => a - b));
    const quiet = all.find(({ span }) => span.start > 300 && span.end < 700);
    expect(quiet?.distance).toBeCloseTo(1, 1);
    expect(
      all.every((a, n) => all.every((b, m) => n === m || a.span.end <= b.span.start || b.span.end <= a.span.start)),
    ).toBe(true);
  });

  it('leave out what is known and what lies outside the parts', () => {
    const known = [{ start: 830, end: 831 }];
    const found = windowsLike(residual(), { start: 203, end: 243 }, { ...options, count: 1, known });
    expect(found[0].span.start).toBe(1507);
    const parts = [{ start: 0, end: 1000 }];
    expect(windowsLike(residual(), { start: 203, end: 243 }, { ...options, count: 1, parts })[0].span.start).toBe(811);
    expect(windowsLike(residual(), { start: 203, end: 243 }, { ...options, parts: [{ start: 0, end: 30 }] })).toEqual(
      [],
    );
  });

  it('refuse an example without residual', () => {
    const flat = { T, S, r_TS: new Float32Array(T * S).fill(NaN) };
    expect(() => windowsLike(flat, { start: 5, end: 25 }, options)).toThrow(/no residual/);
  });
});

describe('the view of a pool', () => {
  const pool: Pool = {
    span_N: Array.from({ length: 10 }, (_, n) => ({ start: n * 5, end: n * 5 + 5 })),
    score_N: Float64Array.from([4, 1, 2, NaN, 3, 9, 8, 7, 6, 5]),
    threshold: null,
    feature_NZ: Float32Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1 : 3)),
    Z: 2,
    asked_N: Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  };

  it('puts every scored window in one bin and one bar', () => {
    const view = poolView(pool);
    expect(view).toMatchObject({ windows: 10, asked: 1 });
    expect(view.histogram.count_K.reduce((a, b) => a + b)).toBe(9);
    expect(view.histogram).toMatchObject({ from: 1, to: 9, log: false });
    expect(view.bins.map(({ low, high }) => [low, high])).toEqual([
      [1, 1],
      [2, 3],
      [4, 5],
      [6, 7],
      [8, 9],
    ]);
  });

  it('names the sensors of a window with shares that add to 1', () => {
    expect(topSensors(pool, 4)).toEqual([
      { sensor: 1, share: 0.75 },
      { sensor: 0, share: 0.25 },
    ]);
  });

  it('is empty for an empty pool', () => {
    const none = {
      ...pool,
      span_N: [],
      score_N: new Float64Array(),
      feature_NZ: new Float32Array(),
      asked_N: new Uint8Array(),
    };
    expect(poolView(none)).toMatchObject({ windows: 0, bins: [] });
  });
});
