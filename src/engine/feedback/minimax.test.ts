import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seeded } from '../rng.ts';
import { adam } from '../tensor/adam.ts';
import { memoryNow } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import * as tf from '../tensor/tf.ts';
import type { Tensor2D, Tensor3D } from '../tensor/tf.ts';
import { makeWeights, disposeWeights, readWeights } from '../tensor/weights.ts';
import { checkActiveTransformer } from './minimax.testkit.ts';
import { hideSteps, maskRuns, phaseLoss, phaseStep } from './minimax.ts';

const golden = (name: string): object =>
  JSON.parse(readFileSync(new URL(`goldens/${name}.json`, import.meta.url), 'utf8')) as object;
const json = golden('active_transformer');

describe.each([
  { name: 'cpu', backend: 'cpu', ours: false },
  { name: 'wasm, stock kernels', backend: 'wasm', ours: false },
  { name: 'wasm, our kernels', backend: 'wasm', ours: true },
] as const)('masked minimax feedback on $name', ({ backend, ours }) => {
  it('gives the golden losses, gradients and steps', async () => {
    await useBackend(backend, ours);
    const before = memoryNow().tensors;
    const checks = await checkActiveTransformer(json);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(190);
    expect(memoryNow().tensors).toBe(before);
  }, 300_000);
});

describe('golden files in which a phase has no step', () => {
  it.each([
    ['active_all_normal', 'max'],
    ['active_all_anomalous', 'min'],
  ])('%s: that phase moves nothing', async (name) => {
    await useBackend('wasm', true);
    const checks = await checkActiveTransformer(golden(name));
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(110);
  });

  it('need not hold what such a phase would give, and must hold the rest', async () => {
    await useBackend('wasm', true);
    const file = golden('active_all_normal') as { expected: Record<string, Record<string, unknown>> };
    delete file.expected['loss']['anomaly'];
    delete file.expected['gradNorm']['max'];
    delete file.expected['loss']['normalAfterMin'];
    const checks = await checkActiveTransformer(file);
    expect(new Set(checks.filter(({ ok }) => !ok).map((check) => check.name))).toEqual(
      new Set(['loss.normalAfterMin']),
    );
  });
});

describe('a mask', () => {
  it('hides exactly its share of steps, in separate runs of the wanted mean length', () => {
    const rng = seeded(4);
    for (let n = 0; n < 200; n++) {
      const mask = [...maskRuns(50, 0.3, 3, rng)];
      expect(mask.filter((m) => m === 1)).toHaveLength(15);
      expect(mask.filter((m, i) => m === 1 && mask[i - 1] !== 1)).toHaveLength(5);
    }
  });

  it('may hide nothing, everything, or most of a short window', () => {
    const hidden = (W: number, ratio: number): number => maskRuns(W, ratio, 3, seeded(1)).filter((m) => m === 1).length;
    expect([hidden(10, 0), hidden(10, 1), hidden(1, 1), hidden(7, 0.9), hidden(4, 0.5)]).toEqual([0, 10, 1, 6, 2]);
  });

  it('is different every time, and reaches every step', () => {
    const rng = seeded(9);
    const reached = new Float32Array(20);
    for (let n = 0; n < 300; n++) maskRuns(20, 0.3, 3, rng).forEach((m, i) => (reached[i] += m));
    expect(Math.min(...reached)).toBeGreaterThan(20);
  });
});

describe('feedback', () => {
  const x = [1, 2, 3, 4, 5, 6];

  it('gives the losses of a small example by hand', async () => {
    await useBackend('cpu');
    const got = tf.tidy(() => {
      const error_BW: Tensor2D = tf.tensor2d([0.5, 4.5, 0.5], [1, 3]);
      const batch = {
        x_BWF: tf.tensor3d(x, [1, 3, 2]),
        mask_BW: Float32Array.of(1, 1, 0),
        label_BW: Float32Array.of(0, 1, 1),
      };
      return [
        phaseLoss('min', error_BW, batch).dataSync()[0],
        phaseLoss('max', error_BW, batch).dataSync()[0],
        ...hideSteps(batch.x_BWF, batch.mask_BW).dataSync(),
      ];
    });
    expect(got).toEqual([0.5, -4.5, 0, 0, 0, 0, 5, 6]);
  });

  it('moves nothing where no hidden step is of the kind, whatever the labels of shown steps', async () => {
    await useBackend('cpu');
    const weights = makeWeights({ 'w.kernel': { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } });
    const optimiser = adam(weights, { rate: 0.1 });
    const x_BWF = tf.tensor3d(x, [1, 3, 2]);
    const rebuild = (input: Tensor3D): Tensor3D =>
      tf.reshape(tf.matMul(tf.reshape(input, [3, 2]), weights['w.kernel'] as Tensor2D), [1, 3, 2]);
    const step = (phase: 'min' | 'max', label_BW: Float32Array) =>
      phaseStep(
        phase,
        weights,
        ['w.kernel'],
        rebuild,
        { x_BWF, mask_BW: Float32Array.of(1, 0, 0), label_BW },
        {
          optimiser,
          longest: 1,
        },
      );
    const before = await readWeights(weights);
    expect(step('max', Float32Array.of(0, 1, 1))).toBeNull();
    expect(step('min', Float32Array.of(1, 0, 0))).toBeNull();
    expect(await readWeights(weights)).toEqual(before);
    expect(optimiser.count()).toBe(0);
    optimiser.dispose();
    disposeWeights(weights);
    x_BWF.dispose();
  });
});
