import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cancelled } from '../errors.ts';
import type { Run } from '../model.ts';
import { defaults, resolve } from '../params.ts';
import { seeded } from '../rng.ts';
import { memoryNow } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import type { LabelledWindow } from './byWindow.ts';
import { pasted } from './cutMix.ts';
import { augmentations } from './index.ts';
import { fitLabelModel, runLengths } from './labelModel.ts';
import { mixed } from './mixup.ts';
import { permuted } from './permutation.ts';
import { byKind, countOf, picked, windowOf } from './samples.ts';
import { sineSamples } from './sineSamples.testkit.ts';
import { fitSourceScale } from './sourceScale.ts';
import { warpedClock } from './timeWarp.ts';

const run = (seed: number): Run => ({
  rng: seeded(seed),
  checkpoint: () => Promise.resolve(),
  progress: () => undefined,
});

const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
const windows = fc.integer({ min: 2, max: 40 }).chain((T) =>
  fc.record({
    x: fc.array(finite, { minLength: T, maxLength: T }),
    y: fc.array(finite, { minLength: T, maxLength: T }),
    label: fc.array(fc.constantFrom(0, 1), { minLength: T, maxLength: T }),
    seed: fc.integer(),
  }),
);
const window = (x: readonly number[], label: readonly number[]) => ({
  x_T: Float32Array.from(x),
  label_T: Float32Array.from(label),
});

describe('classic augmentations', () => {
  it('mixing with weight 1 is the identity', () => {
    fc.assert(
      fc.property(windows, ({ x, y, label }) => {
        const own = window(x, label);
        expect(mixed(own, window(y, label.toReversed()), 1)).toEqual(own);
      }),
    );
  });

  it('mixing weighs values and labels alike', () => {
    const half = mixed(window([2, 4], [1, 0]), window([0, 8], [0, 0]), 0.25);
    expect([...half.x_T]).toEqual([0.5, 7]);
    expect([...half.label_T]).toEqual([0.25, 0]);
  });

  it('permutation keeps each value with its label', () => {
    fc.assert(
      fc.property(windows, ({ x, label, seed }) => {
        const own = window(x, label);
        const out = permuted(own, { most: 4 }, seeded(seed), () => own);
        const pairs = ({ x_T, label_T }: LabelledWindow) => [...x_T].map((value, t) => `${value} ${label_T[t]}`).sort();
        expect(pairs(out)).toEqual(pairs(own));
      }),
    );
  });

  it('a warped clock rises and keeps both ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.integer(), (T, seed) => {
        const clock = warpedClock(T, { changes: 3, ratio: 3 }, seeded(seed));
        expect(clock[0]).toBe(0);
        expect(clock[T - 1]).toBeCloseTo(T - 1, 9);
        for (let t = 1; t < T; t++) expect(clock[t]).toBeGreaterThan(clock[t - 1]);
      }),
    );
  });

  it('pasting takes values and labels of one stretch', () => {
    const out = pasted(window([1, 2, 3, 4], [0, 0, 1, 1]), window([5, 6, 7, 8], [1, 1, 0, 0]), 1, 3);
    expect([...out.x_T]).toEqual([1, 6, 7, 4]);
    expect([...out.label_T]).toEqual([0, 1, 0, 1]);
  });
});

describe('the label model', () => {
  const samples = sineSamples(60, 40, 2);
  const known = new Set([...byKind(samples).anomalous].flatMap((n) => runLengths(windowOf(samples, n).label_T)));

  it.each(['empirical', 'parametric'] as const)('%s: draws runs as long as those of training', (kind) => {
    const model = fitLabelModel(samples, kind);
    const rng = seeded(4);
    const out = new Float32Array(40);
    for (let n = 0; n < 200; n++) {
      model.draw(out, rng);
      expect(out.some((label) => label === 1)).toBe(true);
      // A run that was turned over the edge comes in two pieces.
      if (out[0] === 0 || out[39] === 0) for (const length of runLengths(out)) expect(known).toContain(length);
    }
  });
});

describe('scaling by series', () => {
  it('standardises each series by itself and comes back', () => {
    const samples = { ...sineSamples(6, 50, 1), source_N: Int32Array.of(0, 0, 1, 1, 2, 2) };
    const moved = {
      ...samples,
      x_NT: samples.x_NT.map((x, i) => x * (1 + Math.floor(i / 100)) + 10 * Math.floor(i / 100)),
    };
    const scale = fitSourceScale(moved);
    const out = scale.apply(moved);
    for (const source of [0, 1, 2]) {
      const own = out.x_NT.subarray(source * 100, (source + 1) * 100);
      expect(own.reduce((sum, x) => sum + x, 0) / 100).toBeCloseTo(0, 5);
      expect(own.reduce((sum, x) => sum + x * x, 0) / 100).toBeCloseTo(1, 4);
    }
    scale.invert(out).x_NT.forEach((x, i) => expect(x).toBeCloseTo(moved.x_NT[i], 4));
  });
});

describe.each([...augmentations])('%s', (_, augmentation) => {
  const samples = sineSamples(40, 24, 3);
  const few = { epochs1: 1, epochs2: 1, hidden: 4, hidden1: 4, hidden2: 4, latent: 2, epochs: 1 };
  const known = Object.fromEntries(Object.entries(few).filter(([key]) => key in augmentation.params));

  it('makes as many finite, labelled windows as asked for, the same for the same seed', async () => {
    await useBackend('wasm');
    const make = async () => {
      const maker = await augmentation.fit(samples, resolve(augmentation.params, known), run(1));
      const made = await maker.make(17, run(2));
      maker.dispose();
      return made;
    };
    const made = await make();
    expect(countOf(made)).toBe(17);
    expect(made.x_NT.every(Number.isFinite)).toBe(true);
    expect(made.label_NT.every((label) => label >= 0 && label <= 1)).toBe(true);
    expect(await make()).toEqual(made);
  });

  it('leaves no tensor', async () => {
    await useBackend('wasm');
    const before = memoryNow().tensors;
    const maker = await augmentation.fit(samples, resolve(augmentation.params, known), run(1));
    await maker.make(3, run(2));
    maker.dispose();
    let calls = 0;
    const stop: Run = { ...run(1), checkpoint: () => (++calls > 1 ? Promise.reject(cancelled()) : Promise.resolve()) };
    await augmentation
      .fit(samples, resolve(augmentation.params, known), stop)
      .then((again) => again.dispose())
      .catch(() => undefined);
    expect(memoryNow().tensors).toBe(before);
  });

  it('refuses windows without an anomaly', async () => {
    await useBackend('wasm');
    const plain = picked(samples, byKind(samples).normal);
    const fitting = (async () => augmentation.fit(plain, defaults(augmentation.params), run(1)))();
    await expect(fitting).rejects.toMatchObject({ kind: 'no-anomalies' });
  });
});
