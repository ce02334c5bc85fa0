/** Every detector of single steps keeps the same promises, on series and on windows. */
import { describe, expect, it } from 'vitest';
import { cancelled } from '../errors.ts';
import { normal, seeded } from '../rng.ts';
import { memoryNow } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import { decompose, periodOf } from '../math/decompose.ts';
import { excess } from './oneLinerB.ts';
import { jumps } from './shared/jumps.ts';
import { mirrored } from './shared/stepScorer.ts';
import { stepDetectors } from './steps.ts';
import { learns, quiet, ranking, settings, windowsOf } from './steps.testkit.ts';

describe.each([...stepDetectors])('%s', (_, detector) => {
  it('speaks of every step of every sensor, the same for the same seed and from a snapshot', async () => {
    await useBackend('wasm');
    const before = memoryNow().tensors;
    const p = settings(detector, { epochs: 2 });
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

// Those that learn need a dozen epochs for it: see steps.long.test.ts.
it.each([...stepDetectors].filter(([, detector]) => !learns(detector)))(
  '%s ranks odd steps above others',
  async (id, detector) => {
    await useBackend('wasm');
    const { reached, wanted } = await ranking(id, detector);
    expect(reached).toBeGreaterThan(wanted);
  },
);

describe('parts of detectors of single steps', () => {
  it('a jump is known at the step that jumps', () => {
    const x = Float32Array.of(0, 0, 0, 5, 5, 5, 1, 1);
    expect([...jumps(x)]).toEqual([0, 0, 0, 5, 0, 0, 4, 0]);
    expect([...jumps(x)].flatMap((size, t) => (size > 3 ? [t] : []))).toEqual([3, 6]);
  });

  it('the excess over a moving bound is what the formula says', () => {
    const x = Float32Array.of(0, 1, 0, 8, 0);
    // Jumps of 1 1 8 8 at steps 1 to 4; around step 3 with k = 3: 1 8 8, mean 17/3, variance 49/3.
    expect(excess(x, 3, 0.5, true)[3]).toBeCloseTo(8 - 17 / 3 - 0.5 * Math.sqrt(49 / 3), 5);
    // At the ends there are fewer: 8 8 at the last step, 1 1 at the first jump; a width of 4 has two before.
    expect([...excess(x, 3, 1, true)].filter((_, t) => t !== 3)).toEqual([0, 0, 0, 0]);
    expect(excess(x, 4, 0, true)[3]).toBeCloseTo(8 - 18 / 4, 5);
    expect(excess(x, 2, 0, true)[3]).toBeCloseTo(8 - 9 / 2, 5);
  });

  it('the excess is that of the definition at every step, also for signed jumps', () => {
    const rng = seeded(5);
    const x = Float32Array.from({ length: 40 }, () => normal(rng));
    for (const k of [2, 3, 6, 25, 100])
      for (const absolute of [true, false]) {
        const got = excess(x, k, 0.5, absolute);
        for (let t = 1; t < 40; t++) {
          const around = Array.from({ length: k }, (_, i) => t - (k >> 1) + i).filter((i) => i >= 1 && i < 40);
          const jump = around.map((i) => (absolute ? Math.abs(x[i] - x[i - 1]) : x[i] - x[i - 1]));
          const mean = jump.reduce((a, b) => a + b, 0) / jump.length;
          const sd = Math.sqrt(jump.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, jump.length - 1));
          expect(got[t]).toBeCloseTo(Math.max(0, Math.abs(x[t] - x[t - 1]) - mean - 0.5 * sd), 4);
        }
        expect(got[0]).toBe(0);
      }
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
