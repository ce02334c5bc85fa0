import { describe, expect, it } from 'vitest';
import { seeded, shuffle } from '../rng.ts';
import { alarmRates, alarmsOverTime, LEVELS } from './falseAlarms.ts';

const T = 40_000;
/** Evenly spread p-values in the first half, in any order; a hundred times too small in the second. */
const order = shuffle(
  Int32Array.from({ length: T / 2 }, (_, n) => n),
  seeded(1),
);
const p_T = Float64Array.from(order, (n) => (n + 0.5) / (T / 2));
const logP_T = Float64Array.from({ length: T }, (_, t) => Math.log(t < T / 2 ? p_T[t] : p_T[t - T / 2] / 100));
const known = (start: number, end: number) => Uint8Array.from(logP_T, (_, t) => (t >= start && t < end ? 1 : 0));

describe('nominal against actual false-alarm rate', () => {
  it('is the nominal one for sound p-values, and a hundred times it for drifted ones', () => {
    const sound = alarmRates(logP_T, known(0, T / 2));
    const drifted = alarmRates(logP_T, known(T / 2, T));
    expect(sound.steps).toBe(T / 2);
    LEVELS.forEach((level, i) => {
      expect(sound.actual_P[i]).toBeCloseTo(level, 4);
      expect(drifted.actual_P[i]).toBeCloseTo(Math.min(1, 100 * level), 4);
    });
  });

  it('counts a p-value at the level as not below it, and says NaN where nothing is known', () => {
    const { actual_P } = alarmRates(Float64Array.of(Math.log(0.01), Math.log(0.5), NaN), Uint8Array.of(1, 1, 1));
    expect(actual_P[LEVELS.indexOf(0.01)]).toBe(0);
    expect(actual_P[LEVELS.indexOf(0.02)]).toBe(0.5);
    expect(alarmRates(logP_T, new Uint8Array(T)).actual_P.every(Number.isNaN)).toBe(true);
  });

  it('by time: cells of equal length, without a say where nothing is known', () => {
    const over = alarmsOverTime(logP_T, known(0, 30_000), { start: 0, end: T }, 0.005, 8);
    expect(over.stepsPerCell).toBe(5000);
    expect([...over.steps_N]).toEqual([5000, 5000, 5000, 5000, 5000, 5000, 0, 0]);
    expect(over.share_N[0]).toBeLessThan(0.01);
    expect(over.share_N[5]).toBeCloseTo(0.5, 1);
    expect(over.share_N[7]).toBeNaN();
    expect(alarmsOverTime(logP_T, known(0, T), { start: 39_990, end: T }, 0.5, 24).share_N).toHaveLength(10);
  });
});
