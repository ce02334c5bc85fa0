import { describe, expect, it } from 'vitest';
import { impute, prepare, prepareLike, unscale } from './prepare.ts';
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

  it('scales robustly: odd training values do not count, far ones are cut, and the ends are those of the engine', () => {
    const calm = Float32Array.from({ length: 101 }, (_, t) => t);
    const odd = calm.slice();
    odd.set([1e6, -1e6], 99);
    const judged = (column: Float32Array) => Float32Array.of(...column, 50, 50 + 4 * (50 / 1.349), 1e9, -1e9);
    const robust = { robust: 4, perWindow: 'off', leastSpread: 1 } as const;
    const ends = { minmax01: [0, 1], minmax11: [-1, 1], zscore: [-4, 4] } as const;
    for (const kind of ['minmax01', 'minmax11', 'zscore'] as const) {
      const [low, high] = ends[kind];
      const given = (column: Float32Array) => prepare(series([judged(column)], 101), kind, {}, 1, false, robust);
      const { x_TF, scaler } = given(calm);
      [(low + high) / 2, high, high, low].forEach((want, i) => expect(x_TF[101 + i], kind).toBeCloseTo(want, 5));
      expect(unscale(scaler, 0, x_TF[101], 101)).toBeCloseTo(50, 9);
      const moved = given(odd).x_TF[102] - given(calm).x_TF[102];
      expect(Math.abs(moved), kind).toBeLessThan(0.05 * (high - low));
    }
  });

  it('finds a robust spread of a sensor that mostly rests, and leaves constant ones and covariates as they are', () => {
    const resting = Float32Array.from({ length: 100 }, (_, t) => (t % 20 === 7 ? 5 : 0));
    const constant = new Float32Array(100).fill(3);
    const one = series([resting, constant, resting], 100);
    const given = { ...one, sensors: one.sensors.slice(0, 2), covariates: one.sensors.slice(2) };
    const robust = { robust: 6, perWindow: 'off', leastSpread: 1 } as const;
    const { scaler, x_TF } = prepare(given, 'minmax01', {}, 1, false, robust);
    expect(scaler.width_F[0]).toBeCloseTo(12 * 5 * Math.sqrt(0.05 * 0.95), 4);
    expect([scaler.offset_F[1], scaler.width_F[1]]).toEqual([3, 1]);
    expect([scaler.offset_F[2], scaler.width_F[2], x_TF[7 * 3 + 2]]).toEqual([0, 5, 1]);
  });

  it('applies what was learned to other data: limits and windows come with the scale', () => {
    const column = Float32Array.from({ length: 40 }, (_, t) => Math.sin(t));
    const one = series([column], 40);
    const inputs = { robust: 2, perWindow: 'full', leastSpread: 0.1 } as const;
    const { scaler } = prepare(one, 'zscore', {}, 1, false, inputs);
    const far = prepareLike(series([column.map((x) => 100 * x)], 0), {}, { scaler, mean_F: Float64Array.of(0) });
    expect(Math.max(...far.x_TF)).toBe(2);
    expect(far.scaler.windows).toEqual(scaler.windows);
    expect(scaler.windows?.sd_S[0]).toBeGreaterThan(0.5);
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

  it('scales a sensor whose deviation is too small for a number by its range', () => {
    const tiny = [1e-200, 2e-200, 3e-200, 1e-324 * 5];
    for (const kind of ['zscore', 'minmax11', 'minmax01'] as const) {
      const whole = { ...series([new Float32Array(4)], 3), columns: [Float64Array.from(tiny)] };
      const { x_TF } = prepare(whole, kind, {}, 1);
      expect([...x_TF].every(Number.isFinite), kind).toBe(true);
      expect(x_TF[2] - x_TF[0], kind).toBeCloseTo(kind === 'minmax01' ? 1 : 2, 5);
    }
    const least = { ...series([new Float32Array(2)], 2), columns: [Float64Array.of(0, Number.MIN_VALUE)] };
    expect([...prepare(least, 'minmax11', {}, 1).x_TF].every(Number.isFinite)).toBe(true);
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
