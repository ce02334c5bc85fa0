import { describe, expect, it } from 'vitest';
import { impute, prepare, unscale } from './prepare.ts';
import type { Series } from './types.ts';

const series = (columns: Float32Array[], trainEnd: number): Series => ({
  asset: 'pump 1',
  T: columns[0].length,
  sensors: columns.map((_, i) => ({ name: `s${i}`, unit: '', system: '' })),
  covariates: [],
  columns,
  clock: { kind: 'index' },
  train: { start: 0, end: trainEnd },
  test: { start: trainEnd, end: columns[0].length },
  contiguous: true,
  labels: null,
  causes: [],
});

describe('prepare', () => {
  it('scales by the training span alone, so the judged part may leave 0..1', () => {
    const { x_TF, scaler } = prepare(series([Float32Array.of(10, 20, 40)], 2), 'minmax01', {}, 1);
    expect([...x_TF]).toEqual([0, 1, 3]);
    expect(unscale(scaler, 0, x_TF[2], 2)).toBe(40);
  });

  it('scales to -1..1 and back', () => {
    const { x_TF, scaler } = prepare(series([Float32Array.of(10, 20, 15)], 2), 'minmax11', {}, 1);
    expect([...x_TF]).toEqual([-1, 1, 0]);
    expect(unscale(scaler, 0, 0, 0)).toBe(15);
  });

  it('scales judged steps by their own range when asked to leak, covariates excepted', () => {
    const one = series([Float32Array.of(10, 20, 30, 70), Float32Array.of(0, 1, 1, 3)], 2);
    const withCovariate = { ...one, sensors: one.sensors.slice(0, 1), covariates: one.sensors.slice(1) };
    const { x_TF, scaler } = prepare(withCovariate, 'minmax01', {}, 1, true);
    expect([...x_TF]).toEqual([0, 0, 1, 1, 0, 1, 1, 3]);
    expect([1, 3].map((t) => unscale(scaler, 0, x_TF[t * 2], t))).toEqual([20, 70]);
  });

  it('marks filled values and constant sensors', () => {
    const prepared = prepare(
      series([Float32Array.of(1, NaN, 3, NaN), Float32Array.of(5, 5, 9, 9)], 2),
      'zscore',
      {},
      1,
    );
    expect([...prepared.seen_TS]).toEqual([1, 1, 0, 1, 1, 1, 0, 1]);
    expect([...prepared.constant_S]).toEqual([1, 1]);
    expect(prepared.x_TF.every(Number.isFinite)).toBe(true);
  });

  it('fills no training step from a judged one, and nothing across a border of unknown length', () => {
    const gaps = series([Float32Array.of(0, 4, NaN, NaN, NaN, 8)], 4);
    const rows = (one: Series, how: 'linear' | 'hold') => [...prepare(one, 'minmax01', { s0: how }, 1).x_TF];
    expect(rows(gaps, 'linear')).toEqual([0, 1, 1, 1, 1.75, 2]);
    expect(rows({ ...gaps, contiguous: false }, 'linear')).toEqual([0, 1, 1, 1, 2, 2]);
    expect(rows(gaps, 'hold')).toEqual([0, 1, 1, 1, 1, 2]);
    expect(rows({ ...gaps, contiguous: false }, 'hold')).toEqual([0, 1, 1, 1, 0.5, 2]);
  });

  it('keeps extreme values finite', () => {
    const { x_TF } = prepare(series([Float64Array.of(0, 1, 1e308) as unknown as Float32Array], 2), 'minmax01', {}, 1);
    expect(x_TF[2]).toBe(1e6);
    for (const kind of ['minmax01', 'minmax11', 'zscore'] as const) {
      const wide = Float64Array.of(-1.7e308, 0, 1.7e308, 5) as unknown as Float32Array;
      expect(prepare(series([wide], 3), kind, {}, 1).x_TF.every(Number.isFinite)).toBe(true);
    }
  });

  it('says what is missing and what to do', () => {
    expect(() => prepare(series([Float32Array.of(1, 2)], 0), 'minmax01', {}, 1)).toThrow(/pump 1 has no training rows/);
    expect(() => prepare(series([Float32Array.of(1, 2, 3)], 3), 'minmax01', {}, 50)).toThrow(
      /3 training rows; one window needs 50/,
    );
    expect(() => prepare(series([Float32Array.of(NaN, NaN)], 2), 'minmax01', {}, 1)).toThrow(
      /no sensor of pump 1 has a value/,
    );
  });
});

describe('impute', () => {
  const column = Float32Array.of(NaN, 2, NaN, NaN, 8, NaN);
  it.each([
    ['linear', [2, 2, 4, 6, 8, 8]],
    ['hold', [5, 2, 2, 2, 8, 8]],
    ['mean', [5, 2, 5, 5, 8, 5]],
    ['zero', [0, 2, 0, 0, 8, 0]],
  ] as const)('%s', (how, want) => {
    expect([...impute(column, how, 5)]).toEqual(want);
  });
});
