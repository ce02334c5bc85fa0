import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { scoresParquet } from './exportsParquet.ts';
import type { RunEvents } from './review.ts';
import type { RunArrays } from './tracks.ts';
import type { Clock, Series } from './types.ts';

const T = 6;
const seriesOn = (clock: Clock, change: Partial<Series> = {}): Series => ({
  ...{ asset: 'plant', T, sensors: [], covariates: [], columns: [], clock, contiguous: true, labels: null, causes: [] },
  ...{ train: { start: 0, end: 3 }, test: { start: 3, end: T } },
  ...change,
});
const run = {
  score: {
    score_T: Float64Array.of(NaN, 1.5, 2, 9, 8, 1e-300),
    logP_T: Float64Array.of(NaN, -1, -2, -60, -50, 0),
  },
} as unknown as RunArrays;
const result = {
  threshold: { value: 5, rule: 'gamma', source: 'training scores', oracle: false },
  events: [{ start: 3, end: 5, number: 1 }],
} as unknown as RunEvents;

const nanos = { timestampFromNanoseconds: (ns: bigint) => ns };
const read = (file: ArrayBuffer): Promise<Record<string, unknown>[]> => parquetReadObjects({ file, parsers: nanos });

describe('scores as Parquet', () => {
  it('come back step by step, with missing values missing and times to the nanosecond', async () => {
    const startNs = 1_753_660_800_123_456_789n;
    const file = scoresParquet(seriesOn({ kind: 'regular', startNs, stepNs: 7n, zone: 'UTC' }), run, result);
    const rows = await read(file);
    expect(rows).toHaveLength(T);
    expect(rows[0]).toEqual({
      ...{ step: 0, time: startNs, part: 'train', score: null, log10_tail_probability: null },
      ...{ flagged: false, event: null },
    });
    expect(rows[3]).toMatchObject({ step: 3, time: startNs + 21n, part: 'test', score: 9, flagged: true, event: 1 });
    expect(rows[3]['log10_tail_probability']).toBeCloseTo(-60 / Math.LN10, 12);
    expect(rows[5]).toMatchObject({ score: 1e-300, flagged: false, event: null });
  });

  it('have no time where steps are only numbered, and say what was generated', async () => {
    const synthetic = [{ span: { start: 4, end: 5 }, sensors: [0] }];
    const rows = await read(scoresParquet(seriesOn({ kind: 'index' }, { synthetic }), run, result));
    expect(rows[4]).not.toHaveProperty('time');
    expect(rows.map(({ synthetic: made }) => made)).toEqual([false, false, false, false, true, false]);
  });

  it('carry the asset and where the threshold came from', () => {
    const meta = parquetMetadata(scoresParquet(seriesOn({ kind: 'index' }), run, result));
    const said = Object.fromEntries((meta.key_value_metadata ?? []).map(({ key, value }) => [key, value]));
    expect(said['asset']).toBe('plant');
    expect(JSON.parse(said['threshold'] ?? '')).toEqual({ value: 5, rule: 'gamma', source: 'training scores' });
  });
});
