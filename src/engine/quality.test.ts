import { describe, expect, it } from 'vitest';
import { assess } from './quality.ts';
import type { Series } from './types.ts';

const wave = (T: number, f: (t: number) => number) => Float32Array.from({ length: T }, (_, t) => f(t));

function one(column: Float32Array): Series {
  const T = column.length;
  return {
    asset: 'a',
    T,
    sensors: [{ name: 's', unit: '', system: '' }],
    covariates: [],
    columns: [column],
    clock: { kind: 'index' },
    train: { start: 0, end: T / 2 },
    test: { start: T / 2, end: T },
    contiguous: true,
    labels: null,
    causes: [],
  };
}

describe('assess', () => {
  it('calls a steady sensor good', () => {
    expect(assess(one(wave(200, (t) => Math.sin(t))))[0]).toMatchObject({
      grade: 'good',
      notes: [],
      missingShare: 0,
      longestGap: 0,
    });
  });

  it('counts missing values and the longest hole', () => {
    const [q] = assess(one(wave(200, (t) => (t > 20 && t < 140 ? NaN : Math.sin(t)))));
    expect(q).toMatchObject({ grade: 'poor', longestGap: 119, missingShare: 119 / 200 });
  });

  it('sees a constant training part, a moved mean and a stuck value', () => {
    expect(assess(one(wave(200, (t) => (t < 100 ? 3 : t))))[0]).toMatchObject({
      constantInTrain: true,
      grade: 'poor',
      notes: [expect.stringContaining('no two values in training')],
    });
    const [moved] = assess(one(wave(200, (t) => Math.sin(t) + (t < 100 ? 0 : 5))));
    expect(moved.drift).toBeGreaterThan(5);
    expect(moved.outOfRange).toBe(1);
    expect(assess(one(wave(200, (t) => (t < 150 ? Math.sin(t) : 0.5))))[0].stuckFor).toBe(50);
  });

  it('survives an all-missing sensor', () => {
    expect(assess(one(wave(10, () => NaN)))[0]).toMatchObject({ missingShare: 1, grade: 'poor', min: NaN });
  });
});
