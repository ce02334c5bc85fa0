import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Series } from '../types.ts';
import { ANOMALOUS, UNKNOWN } from '../labels/steps.ts';
import { appended } from './appended.ts';
import { inject, merged } from './inject.ts';
import { countOf, windowOf } from './samples.ts';
import { cutSamples, inBlocks, sensorLabels } from './seriesSamples.ts';
import { diversity, likeness, nearest, nearestAmong } from './setFigures.ts';
import { middleMask, normalPlaces, roundsOf } from './stress.ts';
import { seeded } from '../rng.ts';

const series = (T: number, change: Partial<Series> = {}): Series => ({
  asset: 'a',
  T,
  sensors: [
    { name: 'x', unit: '', system: '' },
    { name: 'y', unit: '', system: '' },
  ],
  covariates: [],
  columns: [Float32Array.from({ length: T }, (_, t) => t), new Float32Array(T)],
  clock: { kind: 'index' },
  train: { start: 0, end: Math.floor(T / 2) },
  test: { start: Math.floor(T / 2), end: T },
  contiguous: true,
  labels: [],
  causes: [],
  ...change,
});
const normal = (T: number): Uint8Array => new Uint8Array(T);

describe('windows of a series', () => {
  it('leave out what is mostly missing and fill the rest by straight lines', () => {
    const column = Float32Array.from({ length: 40 }, (_, t) => (t >= 10 && t < 17 ? NaN : t === 25 ? NaN : t));
    const { samples, start_N } = cutSamples(series(40, { columns: [column, column] }), 0, normal(40), {
      window: 10,
      stride: 10,
    });
    expect([...start_N]).toEqual([0, 20, 30]);
    expect([...windowOf(samples, 1).x_T]).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  });

  it('cross no border', () => {
    const { start_N } = cutSamples(series(40, { contiguous: false }), 0, normal(40), { window: 15, stride: 1 });
    for (const start of start_N) expect(start + 15 <= 20 || start >= 20).toBe(true);
  });

  it('are refused where there would be too many', () => {
    expect(() => cutSamples(series(30_000), 0, normal(30_000), { window: 5, stride: 1 })).toThrow(/more than/);
  });

  it('in blocks share no step with another block', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 600 }),
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 1, max: 30 }),
        (T, window, stride) => {
          const { samples, group_N } = inBlocks(cutSamples(series(T), 0, normal(T), { window, stride }));
          expect(countOf(samples)).toBe(group_N.length);
          // The values of this series are its steps.
          const steps = new Map<number, number>();
          for (let n = 0; n < group_N.length; n++)
            for (const step of windowOf(samples, n).x_T) {
              expect(steps.get(step) ?? group_N[n]).toBe(group_N[n]);
              steps.set(step, group_N[n]);
            }
        },
      ),
    );
  });
});

describe('labels of a sensor', () => {
  const causes = [
    { span: { start: 3, end: 6 }, sensors: [1] },
    { span: { start: 10, end: 12 }, sensors: [0, 1] },
  ];
  const labels = [
    { start: 3, end: 6 },
    { start: 10, end: 12 },
    { start: 15, end: 16 },
  ];
  const steps = (label_T: Uint8Array) => [...label_T.keys()].filter((t) => label_T[t] === 1);

  it('are those of the file whose causes name it, or are unknown', () => {
    expect(steps(sensorLabels(series(20, { labels, causes }), 0, 'file', []))).toEqual([10, 11, 15]);
    expect(steps(sensorLabels(series(20, { labels, causes }), 1, 'file', []))).toEqual([3, 4, 5, 10, 11, 15]);
    expect(steps(sensorLabels(series(20, { labels: null }), 0, 'both', []))).toEqual([]);
  });
});

describe('an injection', () => {
  const mask_T = Uint8Array.of(0, 1, 1, 0, 1);
  const change_T = Float32Array.of(9, 1, 2, 9, 3);

  it('moves the masked steps of one sensor alone, labels them, and keeps earlier marks', () => {
    const one = inject(series(30, { labels: [{ start: 11, end: 12 }] }), { sensor: 0, start: 10, change_T, mask_T });
    expect([...one.columns[0].subarray(10, 15)]).toEqual([10, 12, 14, 13, 17]);
    expect(one.labels).toEqual([
      { start: 11, end: 13 },
      { start: 14, end: 15 },
    ]);
    const two = inject(one, { sensor: 1, start: 0, change_T, mask_T });
    expect(two.columns[0]).toBe(one.columns[0]);
    expect(two.synthetic).toHaveLength(4);
    expect(two.synthetic?.slice(0, 2)).toEqual(one.synthetic);
    expect(two.causes).toEqual(two.synthetic);
  });

  it('leaves gaps as they are and asks for a place with values', () => {
    const column = new Float32Array(30).fill(NaN, 11, 13);
    const gappy = series(30, { columns: [column, column] });
    expect(inject(gappy, { sensor: 0, start: 10, change_T, mask_T }).columns[0][11]).toBeNaN();
    const only = Uint8Array.of(0, 1, 1, 0, 0);
    expect(() => inject(gappy, { sensor: 0, start: 10, change_T, mask_T: only })).toThrow(/no value there/);
  });

  it('as a lesson lies behind the series, with the other sensors as they were there', () => {
    const own = series(30, { columns: [series(30).columns[0], series(30).columns[0]] });
    const label_T = new Uint8Array(30).fill(UNKNOWN).fill(0, 2, 4);
    const {
      series: longer,
      label_T: all_T,
      pieces,
    } = appended(own, label_T, [{ sensor: 0, start: 2, change_T, mask_T }], 4);
    // Rows 0 to 11: the margin before the window is cut off by the start of the series.
    expect(pieces).toEqual([{ start: 30, end: 41 }]);
    expect(longer.T).toBe(41);
    expect([...longer.columns[0].subarray(30)]).toEqual([0, 1, 2, 4, 6, 5, 9, 7, 8, 9, 10]);
    expect([...longer.columns[1].subarray(30)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([...all_T.keys()].filter((t) => all_T[t] === ANOMALOUS)).toEqual([33, 34, 36]);
    expect([...all_T.keys()].filter((t) => all_T[t] === 0)).toEqual([2, 3]);
  });

  it('merges ranges that touch', () => {
    const spans = [
      { start: 5, end: 7 },
      { start: 0, end: 2 },
      { start: 2, end: 3 },
      { start: 6, end: 9 },
    ];
    expect(merged(spans)).toEqual([
      { start: 0, end: 3 },
      { start: 5, end: 9 },
    ]);
  });
});

describe('figures of a set', () => {
  const samples = (...values: number[]) => ({
    T: 2,
    x_NT: Float32Array.from(values.flatMap((x) => [x, x])),
    label_NT: new Float32Array(2 * values.length),
    source_N: new Int32Array(values.length),
  });

  it('are distances in the units of the sensor', () => {
    expect(diversity(samples(0, 1, 3))).toBeCloseTo(2, 6);
    expect(nearest(samples(0, 5), samples(1, 3))).toBeCloseTo(1.5, 6);
    expect(nearestAmong(samples(0, 1, 3))).toBeCloseTo(4 / 3, 6);
    expect(diversity(samples(4))).toBeNaN();
  });

  it('of a copy of the real windows are those of the real ones, but for the distance to them', () => {
    const real = samples(0, 2, 5);
    expect(likeness(real, real)).toEqual({
      diversity: diversity(real),
      realDiversity: diversity(real),
      nearest: 0,
      realNearest: nearestAmong(real),
    });
  });
});

describe('places of a stress test', () => {
  it('lie in the judged part, away from labels and from each other', () => {
    const { start_N } = normalPlaces(series(400, { labels: [{ start: 255, end: 260 }] }), 0, 20, 30);
    expect([...start_N]).toEqual([200, 300, 350]);
    expect(() => normalPlaces(series(400, { labels: [{ start: 200, end: 400 }] }), 0, 20, 30)).toThrow(/normal/);
  });

  it('are used once a round, all of them before one is used again', () => {
    const rounds = roundsOf(3, 5, 4, seeded(1));
    const all = rounds.flat();
    expect(all).toHaveLength(15);
    for (const tasks of rounds) expect(new Set(tasks.map(({ place }) => place)).size).toBe(tasks.length);
    for (let cell = 0; cell < 3; cell++) {
      const first = all.filter((task) => task.cell === cell).map(({ place }) => place);
      expect(new Set(first).size).toBe(4);
    }
    expect(roundsOf(3, 5, 4, seeded(1))).toEqual(rounds);
  });

  it('hold their anomaly in the middle', () => {
    expect([...middleMask(7, 3)]).toEqual([0, 0, 1, 1, 1, 0, 0]);
    expect(() => middleMask(7, 8)).toThrow(/does not fit/);
  });
});
