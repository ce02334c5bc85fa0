import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, seeded } from '../rng.ts';
import { follow, FOLLOWING, groundOf, MOST_SPREAD, swallowed } from './recalibrate.ts';

const noise = (T: number, seed: number, level = 0, spread = 1): Float64Array => {
  const rng = seeded(seed);
  return Float64Array.from({ length: T }, () => level + spread * normal(rng));
};

describe('a level that follows', () => {
  it('stays where it is while nothing changes', () => {
    const x_T = noise(20_000, 1);
    const { level_T, spread_T, z_T } = follow(x_T, groundOf(noise(5000, 2)), FOLLOWING);
    expect(Math.max(...level_T.map(Math.abs))).toBeLessThan(0.4);
    // The 90th percentile of a normal law is 1.2816 deviations over its median.
    expect(spread_T.at(-1)).toBeGreaterThan(1.1);
    expect(spread_T.at(-1)).toBeLessThan(1.5);
    expect(z_T.filter((z) => z > FOLLOWING.high).length / z_T.length).toBeLessThan(0.005);
  });

  it('catches up with a level that drifts, and one that does not follow raises false alarms', () => {
    const x_T = noise(30_000, 3).map((x, t) => x + 6 * Math.min(1, t / 25_000));
    const ground = groundOf(noise(5000, 4));
    const highIn = (z_T: Float64Array) => z_T.subarray(25_000).filter((z) => z > FOLLOWING.high).length / 5000;
    expect(highIn(follow(x_T, ground, FOLLOWING).z_T)).toBeLessThan(0.02);
    expect(highIn(x_T.map((x) => (x - ground.level) / ground.spread))).toBeGreaterThan(0.9);
  });

  it('looks back only, and missing values move nothing', () => {
    const x_T = noise(2000, 5);
    const ground = groundOf(x_T);
    const changed = x_T.map((x, t) => (t > 1500 ? 99 : x));
    expect(follow(changed, ground, FOLLOWING).z_T.subarray(0, 1500)).toEqual(
      follow(x_T, ground, FOLLOWING).z_T.subarray(0, 1500),
    );
    const holed = x_T.slice().fill(NaN, 700, 1500);
    const { level_T, z_T } = follow(holed, ground, FOLLOWING);
    expect(level_T[1499]).toBe(level_T[701]);
    expect(z_T[900]).toBeNaN();
  });

  it('never swallows an anomaly of more than the stated size', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 1, max: 1e6 }),
          spread: fc.double({ min: 0.01, max: 50, noNaN: true }),
          drift: fc.double({ min: -3, max: 3, noNaN: true }),
          start: fc.integer({ min: 10, max: 1500 }),
          steps: fc.integer({ min: 1, max: 4000 }),
          memory: fc.integer({ min: 50, max: 3000 }),
          pace: fc.double({ min: 0, max: 1, noNaN: true }),
          over: fc.double({ min: 1.0001, max: 5, noNaN: true }),
          wild: fc.boolean(),
        }),
        ({ seed, spread, drift, start, steps, memory, pace, over, wild }) => {
          const how = { memory, high: 2.5, pace };
          const ground = groundOf(noise(2000, seed, 0, spread));
          const x_T = noise(start + steps, seed + 1, 0, spread).map(
            (x, t) => x + (drift * spread * t) / (start + steps),
          );
          const { level_T } = follow(x_T.subarray(0, start), ground, how);
          const z = 4;
          const least = level_T[start - 1] + ground.spread / memory + swallowed(z, steps, how) * ground.spread * over;
          const rng = seeded(seed + 2);
          for (let t = start; t < start + steps; t++) x_T[t] = least * (least > 0 && wild ? 1 + rng() : 1);
          const { z_T, spread_T } = follow(x_T, ground, how);
          expect(Math.max(...spread_T)).toBeLessThanOrEqual(MOST_SPREAD * ground.spread * (1 + 1e-12));
          expect(z_T.subarray(start).every((one) => one > z)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('would swallow it without the bound: the size is not far from what is needed', () => {
    const how = { memory: 100, high: 2.5, pace: 1 };
    const ground = groundOf(noise(2000, 9));
    const steps = 3000;
    const x_T = noise(200 + steps, 10).map((x, t) => (t < 200 ? x : (swallowed(4, steps, how) * ground.spread) / 4));
    expect(follow(x_T, ground, how).z_T.at(-1)).toBeLessThan(4);
  });
});
