import { describe, expect, it } from 'vitest';
import { resolve } from '../params.ts';
import { seeded } from '../rng.ts';
import { memoryNow } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import * as tf from '../tensor/tf.ts';
import type { Windows } from '../types.ts';
import { amsl } from './amsl.ts';
import { classificationLoss, readMemory } from './amslNet.ts';
import { amslParams, amslPresets, amslVariants } from './amslParams.ts';
import type { AmslSettings } from './amslParams.ts';
import { VIEWS, viewBatch, viewsUsed } from './amslViews.ts';
import type { View } from './amslViews.ts';
import { parameterCount } from './amslWeights.ts';

const settings = (given: Partial<AmslSettings> = {}): AmslSettings => resolve(amslParams, { ...given });
const rounded = (values: ArrayLike<number>): number[] => Array.from(values, (x) => Number(x.toFixed(6)));

describe('size', () => {
  it.each([
    [7, 3_327_715],
    [6, 2_868_853],
    [5, 2_409_991],
    [4, 1_951_129],
    [3, 1_492_267],
  ])('has the parameters of the paper’s table 7 with %i views', (views, count) => {
    const p = settings({ ...amslPresets.code, views });
    expect(parameterCount(p, { S: 45, C: 0 })).toBe(count);
  });

  it('leaves out the parts that a variant switches off', () => {
    const count = (variant: Partial<AmslSettings>): number =>
      parameterCount(settings({ ...amslPresets.code, ...variant }), { S: 45, C: 0 });
    const memory = 500 * 64;
    expect(count(amslVariants.AMSL) - count(amslVariants['CAE + SSL + Mem'])).toBe(12 * 7);
    expect(count(amslVariants['CAE + SSL + Mem']) - count(amslVariants.GMSL)).toBe(7 * memory);
    expect(count(amslVariants['CAE + SSL + Mem']) - count(amslVariants.LMSL)).toBe(memory);
    // One memory, and the decoder's part for what was read from it.
    expect(count(amslVariants['CAE + Mem']) - count(amslVariants.CAE)).toBe(memory + 16 * 64 * 128);
    expect(count(amslVariants['CAE + SSL']) - count(amslVariants['CAE + SSL without its loss'])).toBe(
      1025 + 49_280 + 129 * 7,
    );
  });
});

describe('telling views apart', () => {
  // Rows are views, the windows of one together: R views are worth R ln R where the classifier knows nothing.
  it.each([1, 2, 7])('costs R ln R with %i views and equal logits', async (R) => {
    await useBackend('cpu');
    const loss = tf.tidy(() => classificationLoss(tf.zeros([3 * R, R])));
    expect((await loss.data())[0]).toBeCloseTo(R * Math.log(R), 5);
    loss.dispose();
  });
});

describe('memory', () => {
  it.each([
    ['dot', [0.0900306, 0.2447285, 0.665241], [0.7552715, 0.9099695]],
    ['cosine', [0.2372426, 0.3710352, 0.3917222], [0.6289648, 0.7627574]],
  ])('answers a worked example by %s', async (addressing, weights, read) => {
    await useBackend('cpu');
    const got = tf.scoped(() =>
      readMemory(
        tf.tensor2d([[1, 2]]),
        tf.tensor2d([
          [1, 0],
          [0, 1],
          [1, 1],
        ]),
        addressing,
      ),
    );
    expect(rounded(got.weights.dataSync())).toEqual(rounded(weights));
    expect(rounded(got.read.dataSync())).toEqual(rounded(read));
    tf.dispose(got);
  });
});

const W = 40;
const F = 3;
const given = { noise: 5, blocks: 5, seed: 1 };

function windows(B: number, seed = 7): Float32Array {
  const rng = seeded(seed);
  return Float32Array.from({ length: B * W * F }, (_, i) => Math.sin(i / 17) + 0.3 * rng());
}

const viewOf = (view: View, x = windows(1), p = given): Float32Array => viewBatch(x, [1, W, F], [view], p).x_RBWF;
const column = (x: ArrayLike<number>, f: number): number[] => Array.from({ length: W }, (_, t) => x[t * F + f]);

describe('views', () => {
  it('adds noise of the asked power to each channel', () => {
    const x = windows(200).map((value, i) => value * (1 + (i % F)));
    const { x_RBWF } = viewBatch(x, [200, W, F], ['noise'], given);
    for (let f = 0; f < F; f++) {
      let [signal, noise] = [0, 0];
      for (let i = f; i < x.length; i += F) {
        signal += x[i] ** 2;
        noise += (x_RBWF[i] - x[i]) ** 2;
      }
      expect(10 * Math.log10(signal / noise)).toBeCloseTo(5, 1);
    }
  });

  it('negates, reverses, scales and smooths', () => {
    const x = windows(1);
    expect(viewOf('negate')).toEqual(x.map((value) => -value));
    expect(column(viewOf('reverse'), 1)).toEqual(column(x, 1).reverse());
    const factor = viewOf('scale')[0] / x[0];
    expect([0.5, 0.8, 1.5, 2]).toContain(Number(factor.toFixed(5)));
    const impulse = new Float32Array(W * F);
    impulse[20 * F] = 1;
    expect(rounded(column(viewOf('smooth', impulse), 0).slice(15, 21))).toEqual([
      -0.083916, 0.020979, 0.102564, 0.160839, 0.195804, 0.207459,
    ]);
  });

  it('reads the ends of the smoothed view off the polynomial there', () => {
    const impulse = new Float32Array(13 * F);
    impulse[6 * F] = 1;
    const { x_RBWF } = viewBatch(impulse, [1, 13, F], ['smooth'], given);
    expect(rounded([x_RBWF[0], x_RBWF[F], x_RBWF[6 * F]])).toEqual([-0.111888, -0.008392, 0.207459]);
  });

  it('permutes whole blocks, and says where each step comes from', () => {
    const x = windows(1);
    const { x_RBWF, from_RBW } = viewBatch(x, [1, W, F], ['permute'], given);
    expect(column(x_RBWF, 2)).toEqual([...from_RBW].map((t) => x[t * F + 2]));
    expect([...from_RBW].sort((a, b) => a - b)).toEqual(Array.from({ length: W }, (_, t) => t));
    const breaks = [...from_RBW].filter((t, i) => i > 0 && t !== from_RBW[i - 1] + 1).length;
    expect(breaks).toBeLessThanOrEqual(4);
  });

  it('gives a window the same views in any batch, and others with another seed', () => {
    const x = windows(3);
    const many = viewBatch(x, [3, W, F], VIEWS, given).x_RBWF;
    const alone = viewBatch(x.slice(W * F, 2 * W * F), [1, W, F], VIEWS, given).x_RBWF;
    VIEWS.forEach((view, r) => {
      const from = (r * 3 + 1) * W * F;
      expect(many.slice(from, from + W * F), view).toEqual(alone.slice(r * W * F, (r + 1) * W * F));
    });
    expect(viewOf('noise', x.slice(0, W * F), { ...given, seed: 2 })).not.toEqual(viewOf('noise', x.slice(0, W * F)));
  });

  it('drops the poorest first', () => {
    expect(viewsUsed({ ssl: true, views: 7 })).toEqual(VIEWS);
    expect(viewsUsed({ ssl: true, views: 3 })).toEqual(['raw', 'negate', 'smooth']);
    expect(viewsUsed({ ssl: false, views: 7 })).toEqual(['raw']);
  });
});

const quiet = () => ({ rng: seeded(3), checkpoint: () => Promise.resolve(), progress: () => undefined });

const SMALL = { window: 16, filters1: 2, filters: 4, items: 8, decoder: 4, classifier: 4, epochs: 1, batch: 8 };

function series(T: number): Windows {
  const x_TF = Float32Array.from({ length: T * 2 }, (_, i) => Math.sin(i / 9) + (i % 2));
  const start_N = Int32Array.from({ length: Math.floor(T / 16) }, (_, n) => n * 16);
  return { x_TF, seen_TS: new Uint8Array(T * 2).fill(1), T, S: 2, C: 0, start_N, W: 16, horizon: 0 };
}

describe('a fitted model', () => {
  it.each(Object.entries(amslVariants))('trains and scores as %s', async (_, variant) => {
    await useBackend('wasm');
    const p = settings({ ...SMALL, ...variant });
    const fitted = await amsl.fit(series(320), p, quiet());
    const { y_TS, parts } = await fitted.expect(series(320), quiet());
    expect(y_TS.every(Number.isFinite)).toBe(true);
    expect(parts.map(({ name }) => name)).toEqual(['score', 'steps']);
    const [score, steps] = parts.map(({ value_T }) => value_T);
    // The error of a window is the mean of the errors at its steps.
    for (let n = 0; n < 20; n++) {
      const mean = steps.slice(16 * n, 16 * n + 16).reduce((sum, x) => sum + x, 0) / 16;
      expect(score[16 * n]).toBeCloseTo(mean, 5);
    }
    fitted.dispose();
  });

  it('judges each window by itself, unless the demonstration averages 16 of them', async () => {
    await useBackend('wasm');
    const errors = async (batchMean16: boolean): Promise<Float32Array> => {
      const fitted = await amsl.fit(series(320), settings({ ...SMALL, batchMean16 }), quiet());
      const { parts } = await fitted.expect(series(320), quiet());
      fitted.dispose();
      return Float32Array.from({ length: 20 }, (_, n) => parts[0].value_T[16 * n]);
    };
    const [own, averaged] = [await errors(false), await errors(true)];
    const mean = own.slice(0, 16).reduce((sum, x) => sum + x, 0) / 16;
    expect(new Set(own).size).toBeGreaterThan(10);
    expect([...averaged.slice(0, 16)].every((x) => Math.abs(x - mean) < 1e-5)).toBe(true);
    expect(averaged[16]).not.toBeCloseTo(mean, 5);
  });

  it('recalls what its memories made of a window', async () => {
    await useBackend('wasm');
    const before = memoryNow().tensors;
    const windows = series(320);
    const fitted = await amsl.fit(windows, settings(SMALL), quiet());
    const found = await fitted.recall!({ ...windows, start_N: Int32Array.of(48, 0, 16, 32) }, quiet());
    const { parts } = await fitted.expect(windows, quiet());
    expect(found.views.map(({ name }) => name)).toEqual([...VIEWS]);
    expect(found.reads).toHaveLength(14);
    const total = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, x) => sum + x, 0);
    for (const { weight_C } of found.reads) expect(total(weight_C)).toBeCloseTo(1, 4);
    // The errors of the views add up to the error of the window.
    expect(total(found.error_R)).toBeCloseTo(parts[0].value_T[48], 5);
    const squares = found.input_RWS.map((x, i) => (x - found.rebuilt_RWS[i]) ** 2);
    expect(total(squares.slice(0, 32)) / 32).toBeCloseTo(found.error_R[0], 5);
    expect(found.alpha_R2).toHaveLength(14);
    for (let r = 0; r < 7; r++) expect(total(found.confusion_RR!.slice(7 * r, 7 * r + 7))).toBeCloseTo(1, 5);
    const [strongest] = found.items.filter(({ kind }) => kind === 'global');
    const weights = found.reads.find(({ kind, view }) => kind === 'global' && view === 'raw')!.weight_C;
    expect(strongest.weight).toBe(Math.max(...weights));
    expect(strongest.signal_WS.every((x) => x > 0 && x < 1)).toBe(true);
    fitted.dispose();
    expect(memoryNow().tensors).toBe(before);
  });

  it('keeps the fusion weights of every epoch in its history', async () => {
    await useBackend('wasm');
    const fitted = await amsl.fit(series(320), settings({ ...SMALL, epochs: 2, rate: 0.05 }), quiet());
    const values = VIEWS.map((view) => fitted.history.map((losses) => losses[`α local ${view}`]));
    expect(values.flat().every((alpha) => alpha > 0 && alpha < 1)).toBe(true);
    expect(values.some(([first, last]) => first !== last)).toBe(true);
    fitted.dispose();
  });
});
