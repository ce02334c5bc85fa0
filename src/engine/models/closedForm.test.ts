/** Engines that learn in one go keep the promises of every engine that can hold for them. */
import { describe, expect, it } from 'vitest';
import { EngineError, cancelled } from '../errors.ts';
import type { AnyDetector, Run } from '../model.ts';
import { triangular } from '../math/smoothing.ts';
import { resolve } from '../params.ts';
import type { AnyValues } from '../params.ts';
import { normal, seeded } from '../rng.ts';
import type { Windows } from '../types.ts';
import { cutStarts } from '../window.ts';
import { quickDetectors } from './index.ts';
import { nearestCentre } from '../math/nearestCentre.ts';
import { takeLevels } from './matrixProfile.ts';

const quiet = (seed = 3, checkpoint: Run['checkpoint'] = () => Promise.resolve()): Run => ({
  rng: seeded(seed),
  checkpoint,
  progress: () => undefined,
});

const settings = (detector: AnyDetector): AnyValues =>
  resolve(
    detector.params,
    Object.fromEntries(
      Object.entries({ window: 8, cover: 8, clusters: 12, examples: 300, smooth: 3 }).filter(
        ([key]) => key in detector.params,
      ),
    ),
  );

/** Two coupled waves and a covariate; where judged, some steps at which the second sensor leaves its course. */
function rowsOf(T: number, S: number, isJudged: boolean): { x_TF: Float32Array; odd_T: Uint8Array } {
  const rng = seeded(isJudged ? 5 : 6);
  const x_TF = new Float32Array(T * (S + 1));
  const odd_T = new Uint8Array(T);
  for (let t = 40; isJudged && t < T; t += 37) odd_T[t] = 1;
  for (let t = 0; t < T; t++) {
    for (let s = 0; s < S; s++) x_TF[t * (S + 1) + s] = Math.sin(t / 5 + s) + 0.05 * normal(rng);
    x_TF[t * (S + 1) + S] = t % 7;
    x_TF[t * (S + 1) + S - 1] += 2 * odd_T[t];
  }
  return { x_TF, odd_T };
}

function windowsOf(detector: AnyDetector, p: AnyValues, T: number, S = 2, isJudged = false): Windows {
  const { W, horizon, stride, scoreStride } = detector.windowing(p);
  const cut = { W, horizon, stride: isJudged ? scoreStride : stride, tail: true };
  const { x_TF } = rowsOf(T, S, isJudged);
  const start_N = cutStarts([{ start: 0, end: T }], cut);
  return { x_TF, seen_TS: new Uint8Array(T * S).fill(1), T, S, C: 1, start_N, W, horizon };
}

/** Share of (odd, ordinary) pairs in which the odd step has the larger value. */
function auc(value_T: ArrayLike<number>, odd_T: Uint8Array): number {
  const of = (kind: number) => Array.from(value_T).filter((_, t) => odd_T[t] === kind);
  const [odd, plain] = [of(1), of(0)];
  let wins = 0;
  for (const a of odd) for (const b of plain) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (odd.length * plain.length);
}

describe.each([...quickDetectors])('%s', (id, detector) => {
  const p = settings(detector);
  it('expects a finite value at every step, the same for the same seed and after a snapshot', async () => {
    const train = windowsOf(detector, p, 500);
    const judged = windowsOf(detector, p, 300, 2, true);
    const fitted = await detector.fit(train, p, quiet());
    const found = await fitted.expect(judged, quiet(9));
    expect(found.y_TS).toHaveLength(600);
    expect(found.y_TS.every(Number.isFinite)).toBe(true);
    expect(found.parts.map(({ name }) => name)).toContain('score');
    expect(await (await detector.fit(train, p, quiet())).expect(judged, quiet(8))).toEqual(found);
    const back = detector.restore(structuredClone(await fitted.snapshot()), p, { S: 2, C: 1 });
    expect(await back.expect(judged, quiet(7))).toEqual(found);
  });

  it('ranks odd steps above ordinary ones, by its expected values and by its score', async () => {
    const fitted = await detector.fit(windowsOf(detector, p, 500), p, quiet());
    const judged = windowsOf(detector, p, 300, 2, true);
    const { odd_T } = rowsOf(300, 2, true);
    const { y_TS, parts } = await fitted.expect(judged, quiet());
    const error_T = Float64Array.from({ length: 300 }, (_, t) => Math.abs(judged.x_TF[t * 3 + 1] - y_TS[t * 2 + 1]));
    expect(auc(error_T, odd_T)).toBeGreaterThan(id === 'window-pca' ? 0.85 : 0.9);
    // A score that is smoothed, or of whole windows, is high around the odd step too.
    expect(auc(parts.find(({ name }) => name === 'score')!.value_T, odd_T)).toBeGreaterThan(0.8);
  });

  it('learns from the training windows alone, and stretches do not touch', async () => {
    const train = windowsOf(detector, p, 500);
    const fitted = await detector.fit({ ...train, start_N: train.start_N.filter((start) => start < 300) }, p, quiet());
    const changed = { ...train, x_TF: train.x_TF.map((x, i) => (i > 3 * 330 ? 50 : x)) };
    const again = await detector.fit({ ...changed, start_N: train.start_N.filter((start) => start < 300) }, p, quiet());
    expect(await again.snapshot()).toEqual(await fitted.snapshot());
    const { W } = train;
    const two = cutStarts(
      [
        { start: 0, end: 100 },
        { start: 100, end: 200 },
      ],
      { W, horizon: 0, stride: 1 },
    );
    const one = cutStarts([{ start: 100, end: 200 }], { W, horizon: 0, stride: 1 });
    const both = await fitted.expect({ ...train, start_N: two }, quiet());
    const second = await fitted.expect({ ...train, start_N: one }, quiet());
    expect(both.y_TS.subarray(200, 400)).toEqual(second.y_TS.subarray(200, 400));
    expect(second.y_TS.subarray(0, 200).every(Number.isNaN)).toBe(true);
  });

  it('stops when cancelled, in learning and in judging', async () => {
    const train = windowsOf(detector, p, 500);
    const stop = () => Promise.reject(cancelled());
    await expect(detector.fit(train, p, quiet(1, stop))).rejects.toMatchObject({ code: 'cancelled' });
    const fitted = await detector.fit(train, p, quiet());
    await expect(fitted.expect(train, quiet(1, stop))).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('says what is wrong with windows and snapshots that do not fit', async () => {
    const train = windowsOf(detector, p, 500);
    const fitted = await detector.fit(train, p, quiet());
    await expect(detector.fit({ ...train, start_N: new Int32Array(0) }, p, quiet())).rejects.toMatchObject({
      kind: 'no-windows',
    });
    await expect(detector.fit({ ...train, x_TF: train.x_TF.with(7, NaN) }, p, quiet())).rejects.toThrow(
      'step 2, column 1',
    );
    await expect(detector.fit({ ...train, x_TF: train.x_TF.with(7, 1e30) }, p, quiet())).rejects.toMatchObject({
      kind: 'diverged',
    });
    const other = windowsOf(detector, p, 300, 3);
    expect(() => fitted.expect(other, quiet())).toThrow(/fitted for S=2.*got S=3/);
    for (const name of Object.keys(await fitted.snapshot())) {
      const { [name]: _, ...rest } = await fitted.snapshot();
      expect(() => detector.restore(rest, p, { S: 2, C: 1 })).toThrow(/weight ".*" is missing/);
      expect(() =>
        detector.restore({ ...rest, [name]: { shape: [1], data: new Float32Array(1) } }, p, { S: 2, C: 1 }),
      ).toThrow(EngineError);
    }
  });
});

describe('parts of engines that learn in one go', () => {
  it('the nearest centre', () => {
    const centres = Float32Array.of(0, 0, 3, 4, 10, 10);
    expect(nearestCentre(Float64Array.of(3, 3), centres)).toEqual({ k: 1, square: 1 });
  });
  it('levels of a window are taken out sensor by sensor', () => {
    const window = Float64Array.of(1, 10, 3, 30);
    expect([...takeLevels(window, 2)]).toEqual([2, 20]);
    expect([...window]).toEqual([-1, -10, 1, 10]);
  });
  it('triangular weights add to 1 and fall off evenly', () => {
    const impulse = Float64Array.from({ length: 21 }, (_, t) => (t === 10 ? 1 : 0));
    const out = triangular(impulse, 3);
    expect([...out.subarray(7, 14)].map((x) => Math.round(9 * x))).toEqual([0, 1, 2, 3, 2, 1, 0]);
    expect(triangular(impulse, 1)).toBe(impulse);
  });
  it('a new level is a deviation from the past once, and then the level', async () => {
    const detector = quickDetectors.get('deviation')!;
    const p = resolve(detector.params, { memory: 3, smooth: 1 });
    const x_TF = Float32Array.from({ length: 60 }, (_, t) => (t < 30 ? 0 : 8));
    const windows = { x_TF, seen_TS: new Uint8Array(60).fill(1), T: 60, S: 1, C: 0, W: 2, horizon: 0 };
    const all = { ...windows, start_N: Int32Array.from({ length: 59 }, (_, t) => t) };
    const { y_TS, parts } = await (await detector.fit(all, p, quiet())).expect(all, quiet());
    // Before step 31: 29 zeros would weigh 4(1 − .75^30), so the level is 8/4 of that sum's one new step.
    expect([y_TS[30], y_TS[31], y_TS[32]].map((y) => Number(y.toFixed(2)))).toEqual([0, 2, 3.5]);
    expect(y_TS[59]).toBeGreaterThan(7.99);
    expect(parts[0].value_T[30]).toBe(64);
  });
});
