import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Score } from '../types.ts';
import { attribute, directionAt, partAt, scoreWithout, strongestStep } from './attribution.ts';
import { channels } from './testData.testkit.ts';

/** Two steps, three sensors; sensor 2 is missing at step 1. */
const score: Score = {
  T: 2,
  S: 3,
  score_T: Float64Array.of(6, 20),
  logP_T: Float64Array.of(-1, -9),
  nlp_TS: Float32Array.of(1, 1, 1, 8, 2, NaN),
  weight_S: Float64Array.of(1, 1, 1),
  z_TS: Float32Array.of(1, 9, 2, 4, 1, NaN),
};
const event = { start: 0, end: 2, peak: 1 };
const named = channels(3, 2);

describe('attribution', () => {
  it('by p takes the parts at the peak, by error the largest error anywhere in the event', () => {
    expect(attribute(score, named, event, 'p').sensors).toEqual([
      { sensor: 0, share: 0.8 },
      { sensor: 1, share: 0.2 },
      { sensor: 2, share: 0 },
    ]);
    const byError = attribute(score, named, event, 'error').sensors;
    expect(byError.map(({ sensor }) => sensor)).toEqual([1, 0, 2]);
    expect(byError[0].share).toBeCloseTo(9 / 15, 12);
  });

  it('rolls sensors up by system, largest first', () => {
    const { systems } = attribute(score, named, event, 'p');
    expect(systems.map(({ name, share }) => [name, share])).toEqual([
      ['m0', 0.8],
      ['m1', 0.2],
    ]);
    expect(systems[0].sensors.map(({ sensor }) => sensor)).toEqual([0, 2]);
  });

  it('gives a sensor that does not count no share', () => {
    const left = { ...score, weight_S: Float64Array.of(1, 0, 1) };
    expect(attribute(left, named, event, 'error').sensors.find(({ sensor }) => sensor === 1)?.share).toBe(0);
  });

  it('tells the score without some sensors', () => {
    expect(partAt(score, 0, 1)).toBe(16);
    expect(partAt(score, 2, 1)).toBe(0);
    expect(scoreWithout(score, event, [0], 3.5)).toEqual({ score: 4, steps: 2 });
    // The highest score may then be at another step than the peak.
    expect(scoreWithout(score, event, [0, 1], 3.5)).toEqual({ score: 2, steps: 0 });
    // A score that stands for missing sensors, too, is lowered by the same share.
    const scaled = { ...score, score_T: Float64Array.of(6, 60) };
    expect(scoreWithout(scaled, { start: 1, end: 2 }, [0], 15)).toEqual({ score: 12, steps: 0 });
  });

  it('tells the direction and the strongest step of a sensor', () => {
    const residual = { T: 2, S: 3, r_TS: Float32Array.of(1, -1, 0, NaN, 2, 3) };
    expect([0, 1, 2].map((k) => directionAt(residual, k, 0))).toEqual(['above', 'below', 'at']);
    expect(directionAt(residual, 0, 1)).toBeNull();
    expect([0, 1, 2].map((k) => strongestStep(score, event, k))).toEqual([1, 0, 0]);
  });

  it('shares add to one, or are all zero', () => {
    const cell = fc.oneof(fc.float({ min: 0, max: 500, noNaN: true }), fc.constant(NaN));
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 6, maxLength: 6 }),
        fc.constantFrom('p' as const, 'error' as const),
        (cells, rule) => {
          const some = { ...score, nlp_TS: Float32Array.from(cells), z_TS: Float32Array.from(cells) };
          const { sensors, systems } = attribute(some, named, event, rule);
          const total = sensors.reduce((sum, { share }) => sum + share, 0);
          expect(total === 0 || Math.abs(total - 1) < 1e-9).toBe(true);
          expect(systems.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(total, 9);
        },
      ),
    );
  });
});
