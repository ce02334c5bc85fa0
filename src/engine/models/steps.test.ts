/** Every detector of single steps keeps the same promises, on series and on windows. */
import { describe, expect, it } from 'vitest';
import { cancelled } from '../errors.ts';
import type { Run } from '../model.ts';
import { resolve } from '../params.ts';
import type { AnyValues } from '../params.ts';
import { normal, seeded } from '../rng.ts';
import { memoryNow } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import type { Windows } from '../types.ts';
import { cutStarts } from '../window.ts';
import { decompose, periodOf } from '../math/decompose.ts';
import { excess } from './oneLinerB.ts';
import { jumps } from './shared/jumps.ts';
import type { AnyStepDetector } from './shared/stepDetector.ts';
import { mirrored } from './shared/stepScorer.ts';
import { stepDetectors } from './steps.ts';

const SMALL: AnyValues = {
  window: 32,
  stride: 4,
  width: 4,
  hidden: 4,
  suspect: 4,
  layers: 2,
  channels: 6,
  pool: 6,
  embedding: 8,
  epochs: 12,
  rate: 0.02,
  patience: 0,
  validation: 0,
  fade: 1,
};

const settings = (detector: AnyStepDetector, given: AnyValues = {}): AnyValues =>
  resolve(
    detector.params,
    Object.fromEntries(
      Object.entries({ ...SMALL, ...given }).filter(([key]) => {
        const param = detector.params[key] as { kind: string; min?: number } | undefined;
        return param !== undefined;
      }),
    ),
  );

const quiet = (seed: number, checkpoint: Run['checkpoint'] = () => Promise.resolve()): Run => ({
  rng: seeded(seed),
  checkpoint,
  progress: () => undefined,
});

/** Two noisy waves and a covariate; now and then one step stands out, in both sensors. */
function series(T: number, seed: number): { rows: Float32Array; odd_T: Uint8Array } {
  const rng = seeded(seed);
  const rows = new Float32Array(T * 3);
  const odd_T = new Uint8Array(T);
  for (let t = 20; t < T; t += 15 + Math.floor(rng() * 30)) odd_T[t] = 1;
  for (let t = 0; t < T; t++)
    for (let s = 0; s < 3; s++)
      rows[t * 3 + s] = s === 2 ? t / T : Math.sin(t / 4 + s) + 0.05 * normal(rng) + 2.5 * odd_T[t];
  return { rows, odd_T };
}

function windowsOf(detector: AnyStepDetector, p: AnyValues, T: number, seed: number, training: boolean): Windows {
  const { W, horizon, stride, scoreStride } = detector.windowing(p);
  const start_N = cutStarts([{ start: 0, end: T }], {
    W,
    horizon,
    stride: training ? stride : scoreStride,
    tail: true,
  });
  const { rows, odd_T } = series(T, seed);
  const base = { x_TF: rows, seen_TS: new Uint8Array(T * 2).fill(1), T, S: 2, C: 1, start_N, W, horizon };
  return training ? { ...base, label_T: odd_T } : base;
}

const auc = (scores: Float32Array, odd_T: Uint8Array): number => {
  const of = (kind: number) => [...scores].filter((_, t) => odd_T[t] === kind);
  const [odd, plain] = [of(1), of(0)];
  let wins = 0;
  for (const a of odd) for (const b of plain) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (odd.length * plain.length);
};

/** What a correct one reaches here; chance is 0.5, and a raw value knows nothing of waves. */
const FLOOR: Readonly<Record<string, number>> = { 'case-1': 0.3, 'case-2': 0.8, 'case-3': 0.8 };

describe.each([...stepDetectors])('%s', (id, detector) => {
  it('speaks of every step of every sensor, ranks odd steps above others, the same for the same seed', async () => {
    await useBackend('wasm');
    const before = memoryNow().tensors;
    const p = settings(detector);
    const once = async () => {
      const fitted = await detector.fit(windowsOf(detector, p, 900, 1, true), p, quiet(3));
      const found = await fitted.expect(windowsOf(detector, p, 500, 2, false), quiet(4));
      const back = detector.restore(await fitted.snapshot(), p, { S: 2, C: 1 });
      const again = await back.expect(windowsOf(detector, p, 500, 2, false), quiet(4));
      fitted.dispose();
      back.dispose();
      expect(again).toEqual(found);
      return found;
    };
    const { strange_TS, y_TS, parts } = await once();
    expect(strange_TS?.every((value) => value >= 0)).toBe(true);
    expect(y_TS.every(Number.isNaN)).toBe(true);
    const score = parts.find(({ name }) => name === 'score');
    expect(score?.value_T.every(Number.isFinite)).toBe(true);
    expect(auc(score?.value_T ?? new Float32Array(500), series(500, 2).odd_T)).toBeGreaterThan(FLOOR[id] ?? 0.9);
    expect((await once()).strange_TS).toEqual(strange_TS);
    expect(memoryNow().tensors).toBe(before);
  }, 120_000);

  it('says that it needs labels where it does', async () => {
    await useBackend('wasm');
    const before = memoryNow().tensors;
    const p = settings(detector, { epochs: 1 });
    const { label_T: _, ...bare } = windowsOf(detector, p, 300, 1, true);
    const fitting = detector.fit(bare, p, quiet(3));
    if (detector.supervised?.(p) === true) await expect(fitting).rejects.toMatchObject({ kind: 'needs-labels' });
    else (await fitting).dispose();
    expect(memoryNow().tensors).toBe(before);
  });

  it('stops at once when cancelled', async () => {
    await useBackend('wasm');
    const p = settings(detector);
    const windows = windowsOf(detector, p, 300, 1, true);
    const fitted = await detector.fit(windows, settings(detector, { epochs: 1 }), quiet(3));
    const stop = () => Promise.reject(cancelled());
    await expect(fitted.expect(windows, quiet(1, stop))).rejects.toMatchObject({ code: 'cancelled' });
    fitted.dispose();
  });
});

describe('parts of detectors of single steps', () => {
  it('a jump is known at the step that jumps', () => {
    const x = Float32Array.of(0, 0, 0, 5, 5, 5, 1, 1);
    expect([...jumps(x)]).toEqual([0, 0, 0, 5, 0, 0, 4, 0]);
    expect([...jumps(x)].flatMap((size, t) => (size > 3 ? [t] : []))).toEqual([3, 6]);
  });

  it('the excess over a moving bound is what the formula says', () => {
    const x = Float32Array.of(0, 1, 0, 8, 0);
    // Sizes 0 1 1 8 8; around step 3 with k = 3: steps 2, 3, 4, mean 17/3, variance 98/9.
    expect(excess(x, 3, 0.5, true)[3]).toBeCloseTo(8 - 17 / 3 - 0.5 * Math.sqrt(98 / 9), 5);
  });

  it('mirrors the first steps, to and fro where a stretch is short', () => {
    expect([...mirrored(Float32Array.of(1, 2, 3), 5)]).toEqual([2, 1, 2, 3, 2, 1, 2, 3]);
  });

  it('decomposition finds a period and leaves outliers in the remainder', () => {
    const x = Float32Array.from(
      { length: 240 },
      (_, t) => 0.01 * t + Math.sin((2 * Math.PI * t) / 24) + (t === 100 ? 5 : 0),
    );
    expect(periodOf(x)).toBe(24);
    const { trend, season, remainder } = decompose(x);
    remainder.forEach((value, t) => expect(trend[t] + season[t] + value).toBeCloseTo(x[t], 4));
    expect(remainder[100]).toBeGreaterThan(4);
    const rng = seeded(1);
    expect(periodOf(Float32Array.from({ length: 240 }, () => normal(rng)))).toBeNull();
  });
});
