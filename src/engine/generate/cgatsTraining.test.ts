import { describe, expect, it } from 'vitest';
import { resolve } from '../params.ts';
import { seeded } from '../rng.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import { standardNormal } from '../tensor/noise.ts';
import * as tf from '../tensor/tf.ts';
import { disposeWeights, makeWeights, readAll, startWeights } from '../tensor/weights.ts';
import { cgatsShapes, decodeAnomalous, decodeNormal } from './cgatsNetwork.ts';
import { cgatsParams } from './cgatsParams.ts';
import { cgatsStart, copyDecoder, grownTo, lasting } from './cgatsTraining.ts';

const network = { hidden1: 4, hidden2: 6, latent: 3, condition: 'last', bidirectional: true } as const;
const shapes = cgatsShapes(network);

describe('windows that grow', () => {
  it('begin with a tenth, never shrink and end whole', () => {
    const lengths = Array.from({ length: 50 }, (_, n) => grownTo(n + 1, 50, 240));
    expect(lengths[0]).toBe(24);
    expect(lengths[49]).toBe(240);
    for (const [n, length] of lengths.entries()) expect(length).toBeGreaterThanOrEqual(lengths[Math.max(0, n - 1)]);
  });

  it('have at least one step', () => {
    expect(grownTo(1, 100, 3)).toBe(1);
  });
});

describe('epochs of a step', () => {
  const p = resolve(cgatsParams, { batch: 16, validation: 0.25, patience: 2 });

  it('are stretched, and patience with them, until the updates are made', () => {
    // 48 of 64 windows teach, in 3 batches: 12 updates in 4 epochs.
    expect(lasting(64, 4, 100, p)).toEqual({ epochs: 34, patience: 17 });
  });

  it('stay where they make enough updates', () => {
    expect(lasting(64, 4, 12, p)).toEqual({ epochs: 4, patience: 2 });
    expect(lasting(64, 4, 0, p)).toEqual({ epochs: 4, patience: 2 });
  });
});

describe('first weights', () => {
  const bias = 'encoder.lstm2.bias';
  const start = (name: string, longMemory: boolean) =>
    cgatsStart(name, shapes[name], seeded(4), shapes, { T: 240, longMemory });

  it('with a long memory keep for 1 to T − 1 steps, and take in as little as they forget', () => {
    const values = start(bias, true);
    const [input, forget] = [values.subarray(0, 6), values.subarray(6, 12)];
    expect([...forget].every((b) => b >= 0 && b <= Math.log(239))).toBe(true);
    expect([...forget].map((b) => 0 - b)).toEqual([...input].map((b) => b + 0));
    expect(values.subarray(12)).toEqual(
      cgatsStart(bias, [24], seeded(4), shapes, { T: 240, longMemory: false }).subarray(12),
    );
  });

  it('differ from the plain start in the gates alone', () => {
    for (const name of ['encoder.mu.bias', 'psi.lstm1.kernel', 'phi.head.bias'])
      expect(start(name, true)).toEqual(start(name, false));
    expect(start(bias, true)).not.toEqual(start(bias, false));
  });
});

describe('φ started from ψ', () => {
  it('gives what ψ gives, whatever the label', async () => {
    await useBackend('wasm');
    const rng = seeded(7);
    const started = startWeights(shapes, (name, shape) =>
      cgatsStart(name, shape, rng, shapes, { T: 20, longMemory: false }),
    );
    const weights = makeWeights(copyDecoder(started));
    const label_BT = Float32Array.from({ length: 40 }, (_, i) => (i % 7 === 0 ? 1 : 0));
    const out = tf.tidy(() => {
      const z_BZ = tf.tensor2d(standardNormal(6, rng), [2, 3]);
      return [decodeNormal(weights, z_BZ, 20), decodeAnomalous(weights, z_BZ, tf.tensor2d(label_BT, [2, 20]))];
    });
    const [normal, anomalous] = await readAll(out);
    tf.dispose(out);
    disposeWeights(weights);
    for (const [i, value] of anomalous.entries()) expect(value).toBeCloseTo(normal[i], 5);
    expect(new Set(normal).size).toBeGreaterThan(20);
  });
});
