import { describe, expect, it } from 'vitest';
import { m2ad as head } from './detect/heads/m2ad.ts';
import { quietRun } from './detect/testData.testkit.ts';
import { defineDetector } from './model.ts';
import type { Fitted } from './model.ts';
import { resolve } from './params.ts';
import { fitAndScore, judge, trainingWindows } from './pipeline.ts';
import { prepare } from './prepare.ts';
import { normal, seeded } from './rng.ts';
import { Tracks } from './tracks.ts';
import type { Series, Windows } from './types.ts';

/** Expects the value of the step before, so every number of a run is known. */
const before = (refits: boolean) => {
  const fitted: Fitted = {
    expect: ({ T, S, C, x_TF, start_N, W }) => {
      const y_TS = new Float32Array(T * S).fill(NaN);
      for (const start of start_N)
        for (let s = 0; s < S; s++) y_TS[(start + W) * S + s] = x_TF[(start + W - 1) * (S + C) + s];
      return Promise.resolve({ T, S, y_TS, parts: [] });
    },
    snapshot: () => Promise.resolve({}),
    history: [],
    dispose: () => undefined,
  };
  return defineDetector({
    card: { id: 'before', title: '', summary: '', paper: { cite: '', url: '' }, deviations: [] },
    params: {},
    presets: { lite: {} },
    scale: () => 'minmax01',
    refitsScale: () => refits,
    windowing: () => ({ W: 3, horizon: 1, stride: 1, scoreStride: 1 }),
    epochs: () => 1,
    fit: () => Promise.resolve(fitted),
    restore: () => fitted,
  });
};

const T = 120;
const CUT = 60;
const rng = seeded(3);
const column = Float64Array.from({ length: T }, (_, t) => 100 + (t < CUT ? 1 : 5) * normal(rng));
const series: Series = {
  asset: 'pump 1',
  T,
  sensors: [{ name: 'a', unit: 'bar', system: '' }],
  covariates: [],
  columns: [column],
  clock: { kind: 'index' },
  train: { start: 0, end: CUT },
  test: { start: CUT, end: T },
  contiguous: true,
  labels: null,
  causes: [],
};

const scored = (refits: boolean) =>
  fitAndScore(
    series,
    { detector: before(refits), values: {}, head, headValues: resolve(head.params), imputation: {} },
    quietRun(),
  );

describe('training windows', () => {
  it('have more than half of their values and an observed target', () => {
    const gappy = Float64Array.from(column, (value, t) => (t === 20 || (t >= 30 && t < 33) ? NaN : value));
    const one = { ...series, columns: [gappy] };
    const windowing = { W: 3, horizon: 1, stride: 1, scoreStride: 1 };
    const starts = [...trainingWindows(one, prepare(one, 'minmax01', {}, 4), windowing).start_N];
    expect(starts).toHaveLength(CUT - 3 - 6);
    for (const start of [17, 27, 28, 29, 30, 31]) expect(starts).not.toContain(start);
    expect(starts).toEqual(expect.arrayContaining([18, 19, 20, 26, 32]));
  });
});

describe('scoring windows', () => {
  const asked = async (scoreStride: number, dropTail: boolean) => {
    const windows: Windows[] = [];
    const fitted = before(false).restore({}, {}, { S: 1, C: 0 });
    const windowing = { W: 7, horizon: 0, stride: 1, scoreStride, dropTail };
    const expectation = (given: Windows) => {
      windows.push(given);
      return Promise.resolve({ T, S: 1, y_TS: new Float32Array(T), parts: [] });
    };
    await judge(series, prepare(series, 'minmax01', {}, 7), windowing, { ...fitted, expect: expectation }, quietRun());
    return windows[0];
  };

  it('reach the last step by one window at the right edge, unless it is to be left out', async () => {
    expect([...(await asked(7, false)).start_N].slice(-2)).toEqual([112, 113]);
    expect([...(await asked(7, true)).start_N].slice(-1)).toEqual([112]);
  });

  it('say whether they stand side by side', async () => {
    expect((await asked(7, false)).sideBySide).toBe(true);
    expect((await asked(3, false)).sideBySide).toBe(false);
  });
});

describe('a run from series to score', () => {
  it.each([false, true])(
    'gives expected values and residuals in source units (own scale for judged steps: %s)',
    async (refits) => {
      const run = await scored(refits);
      const residual = new Tracks(series, run).get({ of: 'residual', index: 0 }).tile(0, 0).max;
      for (const t of [10, CUT - 1, CUT + 3, T - 1]) {
        expect(run.expected_TS[t]).toBeCloseTo(column[t - 1], 3);
        expect(residual[t]).toBeCloseTo(column[t] - column[t - 1], 3);
      }
    },
  );

  it('lets no window see two scales, and judged steps look tamer by their own', async () => {
    const [honest, leaking] = [await scored(false), await scored(true)];
    const silent = (run: typeof honest) =>
      [...run.score.score_T.keys()].filter((t) => Number.isNaN(run.score.score_T[t]));
    expect(silent(honest)).toEqual([0, 1, 2]);
    expect(silent(leaking)).toEqual([0, 1, 2, CUT, CUT + 1, CUT + 2]);
    const highest = (run: typeof honest) => Math.max(...run.score.score_T.subarray(CUT + 3));
    expect(highest(leaking)).toBeLessThan(highest(honest) / 2);
  });
});
