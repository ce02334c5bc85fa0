import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Series } from '../../src/engine/types.ts';
import { judged, summary } from './protocols.ts';
import { openStore } from './store.ts';

const series: Series = {
  asset: 'a',
  T: 12,
  sensors: [{ name: 'x', unit: '', system: '' }],
  covariates: [],
  columns: [new Float32Array(12)],
  clock: { kind: 'index' },
  train: { start: 0, end: 4 },
  test: { start: 4, end: 12 },
  contiguous: false,
  labels: [{ start: 6, end: 9 }],
  causes: [],
};
const score_T = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 20, 8, 30, 9, 10);

it('flags the highest share of training and test scores together, and adjusts whole segments', () => {
  // 75 % of 1 2 3 4 5 6 7 8 9 10 20 30: between the 9th and the 10th, 9.25. Flagged are 20, 30 and 10.
  const { point, adjusted, bestF1 } = judged(series, score_T, 25);
  expect(point).toEqual({ tp: 1, fp: 2, fn: 2 });
  expect(adjusted).toEqual({ tp: 3, fp: 2, fn: 0 });
  // Over 6: all three of the segment, and 30, 9 and 10.
  expect(bestF1).toBeCloseTo(6 / 9, 12);
});

it('pools the counts of assets and averages the rest', () => {
  const one = judged(series, score_T, 25);
  const blind = judged({ ...series, labels: [] }, score_T, 25);
  const { pointF1, adjustedF1, roc } = summary([one, blind]);
  expect(pointF1).toBeCloseTo(2 / (2 + 2 + 3 + 2), 12);
  expect(adjustedF1).toBeCloseTo(6 / (6 + 2 + 3), 12);
  expect(roc).toBe(one.roc);
});

it('keeps a result under all that it depends on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    openStore<number[]>(folder).put('piece', { seed: 1 }, [3, 4]);
    const store = openStore<number[]>(folder);
    expect(store.get('piece', { seed: 1 })).toEqual([3, 4]);
    expect(store.get('piece', { seed: 2 })).toBeNull();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
