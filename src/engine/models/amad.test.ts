import { describe, expect, it } from 'vitest';
import type { Run } from '../model.ts';
import { resolve } from '../params.ts';
import type { AnyValues } from '../params.ts';
import { seeded } from '../rng.ts';
import { memoryNow } from '../tensor/backend.ts';
import { divergence } from '../tensor/kernels/divergence.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import * as tf from '../tensor/tf.ts';
import { disposeWeights, makeWeights, weightArray } from '../tensor/weights.ts';
import type { Windows } from '../types.ts';
import { cutStarts } from '../window.ts';
import { amad, amadForward, cadOf, contrastive } from './amad.ts';
import type { AmadSettings } from './amad.ts';
import { amadShapes, amadStart } from './amadWeights.ts';

const quiet = (): Run => ({ rng: seeded(4), checkpoint: () => Promise.resolve(), progress: () => undefined });

const settings = (given: AnyValues = {}): AmadSettings =>
  resolve(amad.params, { window: 8, stride: 2, hidden: 8, heads: 2, layers: 2, epochs: 2, batch: 8, ...given });

function windows(T = 80, S = 2): Windows {
  const x_TF = Float32Array.from({ length: T * S }, (_, i) => Math.sin(Math.floor(i / S) / 3 + (i % S)));
  const start_N = cutStarts([{ start: 0, end: T }], { W: 8, horizon: 0, stride: 2 });
  return { x_TF, seen_TS: new Uint8Array(T * S).fill(1), T, S, C: 0, start_N, W: 8, horizon: 0 };
}

/** Fresh weights, some of them set to one value. */
function weightsWith(p: AmadSettings, set: (name: string) => number | null) {
  const rng = seeded(2);
  const shapes = amadShapes(p, { S: 2, C: 0 });
  return makeWeights(
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const value = set(name);
        const data = amadStart(name, shape, p, rng);
        return [name, weightArray(shape, value === null ? data : data.fill(value))];
      }),
    ),
  );
}

const batchOf = (B: number) => tf.tensor3d(windows().x_TF.subarray(0, B * 16), [B, 8, 2]);

describe.each(['cpu', 'wasm'] as const)('divergences on %s', (backend) => {
  it.each([
    [[1, 0], [0, 1], Math.LN2],
    [[0.9, 0.1], [0.1, 0.9], 0.3680642072],
    [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], 0.2531016154],
    [[0.2, 0.8], [0.2, 0.8], 0],
  ])('of Jensen and Shannon, %j from %j, is %d both ways', async (a, s, want) => {
    await useBackend(backend);
    const apart = tf.tidy(() =>
      divergence(tf.tensor2d([...a, ...s], [2, a.length]), tf.tensor2d([...s, ...a], [2, a.length])),
    );
    for (const got of await apart.data()) expect(got).toBeCloseTo(want, 6);
    apart.dispose();
  });

  it('of Kullback and Leibler, both ways in one, is that of the Anomaly Transformer', async () => {
    await useBackend(backend);
    const near = [0.705437587, 0.277509205, 0.01689405, 0.000159158];
    const apart = tf.tidy(() =>
      divergence(tf.tensor2d([near]), tf.tensor2d([[0.25, 0.25, 0.25, 0.25]]), { kind: 'kl', epsilon: 1e-4 }),
    );
    expect((await apart.data())[0]).toBeCloseTo(2.1049309963 + 0.7140460143, 5);
    apart.dispose();
  });
});

describe('AMAD', () => {
  it('has no divergence where AutoMask does not turn and its projections are the identity', async () => {
    await useBackend('cpu');
    const p = settings();
    const weights = weightsWith(p, (name) => (name.endsWith('.omega') ? 0 : null));
    const cad = tf.tidy(() => tf.max(cadOf(amadForward(weights, batchOf(2), p).layers)));
    expect((await cad.data())[0]).toBeLessThan(1e-6);
    tf.dispose(cad);
    disposeWeights(weights);
  });

  it('keeps the divergence within 0 and ln 2, and sees a turn', async () => {
    await useBackend('cpu');
    const p = settings();
    const weights = weightsWith(p, () => null);
    const cad = tf.tidy(() => cadOf(amadForward(weights, batchOf(3), p).layers));
    const values = await cad.data();
    expect(Math.min(...values)).toBeGreaterThan(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(Math.LN2);
    cad.dispose();
    disposeWeights(weights);
  });

  it('has the contrastive loss L ln(B) / B where every map is uniform', async () => {
    await useBackend('cpu');
    const p = settings({ layers: 3 });
    const weights = weightsWith(p, (name) => (/\.[qk]\.kernel$/.test(name) ? 0 : null));
    const loss = tf.tidy(() => contrastive(amadForward(weights, batchOf(4), p).layers, p));
    expect((await loss.data())[0]).toBeCloseTo((3 * Math.log(4)) / 4, 5);
    loss.dispose();
    disposeWeights(weights);
  });

  const variants: readonly AnyValues[] = [
    { update: 'routed' },
    { update: 'alternate' },
    { autoMask: false },
    { minPhase: false, maxPhase: false },
    { contrastive: false, minPhase: false },
    { contrast: 'normalised' },
    { frequencies: 'position', angles: 'rope' },
    { feedForward: 'two', positions: false, scaling: 'literal' },
  ];

  it.each(variants)('learns with %j', async (variant) => {
    await useBackend('wasm');
    const before = memoryNow().tensors;
    const p = settings({ epochs: 4, rate: 0.01, validation: 0, ...variant });
    const fitted = await amad.fit(windows(), p, quiet());
    const rec = fitted.history.map((epoch) => epoch['reconstruction']);
    expect(rec[3]).toBeLessThan(rec[0]);
    expect('CAD' in fitted.history[0]).toBe(p.autoMask);
    expect('contrastive' in fitted.history[0]).toBe(p.autoMask && p.contrastive);
    const { parts } = await fitted.expect(windows(), quiet());
    expect(parts.map(({ name }) => name)).toEqual(
      p.autoMask ? ['reconstruction', 'cad', 'score'] : ['reconstruction', 'score'],
    );
    expect(parts.every(({ value_T }) => value_T.every(Number.isFinite))).toBe(true);
    fitted.dispose();
    expect(memoryNow().tensors).toBe(before);
  });

  it('stops at a loss that is no number, names it, and says what to change', async () => {
    await useBackend('wasm');
    const before = memoryNow().tensors;
    const data = windows();
    // Finite, but its square is not.
    data.x_TF.fill(1e30, 40);
    const stopped = amad.fit(data, settings({ rate: 0.02 }), quiet());
    await expect(stopped).rejects.toMatchObject({
      code: 'bad-input',
      kind: 'diverged',
      message: expect.stringMatching(/^the loss "\w+( \(validation\))?" became (NaN|Infinity) in epoch 1$/) as string,
      cure: expect.stringContaining('Lower the learning rate (now 0.02)') as string,
    });
    expect(memoryNow().tensors).toBe(before);
  });

  it('draws the attentions together in the minimise phase and apart in the maximise phase', async () => {
    await useBackend('wasm');
    const last = async (given: AnyValues): Promise<number> => {
      const p = settings({ epochs: 12, rate: 0.01, fade: 1, validation: 0, contrastive: false, lambda: 10, ...given });
      const fitted = await amad.fit(windows(), p, quiet());
      fitted.dispose();
      return fitted.history[11]['CAD'];
    };
    const none = await last({ minPhase: false, maxPhase: false });
    expect(await last({ maxPhase: false })).toBeLessThan(none);
    expect(await last({ minPhase: false })).toBeGreaterThan(none);
  });

  it('shows both maps of every layer, their divergence, frequencies and the mixture of a window', async () => {
    await useBackend('wasm');
    const before = memoryNow().tensors;
    const fitted = await amad.fit(windows(), settings({ epochs: 1 }), quiet());
    const shown = await fitted.inspect!(windows(), 3, quiet());
    expect(shown.window).toEqual({ start: 6, end: 14 });
    expect(shown.maps.map(({ name, layer }) => `${name}${layer}`)).toEqual(['S0', 'A0', 'S1', 'A1']);
    for (const { value_HRC, heads, size } of shown.maps) {
      expect(value_HRC.length).toBe(heads * size * size);
      expect(value_HRC.subarray(0, size).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    }
    expect(shown.divergences.map(({ value_HR }) => value_HR.length)).toEqual([16, 16]);
    expect(shown.frequencies[0].omega_H[0]).toBeCloseTo((2 * Math.PI) / 8, 1);
    expect(shown.mixing).toBe(0.9);
    await expect(fitted.inspect!(windows(), 99, quiet())).rejects.toMatchObject({ kind: 'no-such-window' });
    fitted.dispose();
    expect(memoryNow().tensors).toBe(before);
  });

  it('says what to change where heads do not divide the width or have no pairs', async () => {
    await useBackend('cpu');
    await expect(amad.fit(windows(), settings({ hidden: 10, heads: 4 }), quiet())).rejects.toThrow(
      /4 heads cannot share a width of 10/,
    );
    await expect(amad.fit(windows(), settings({ hidden: 6, heads: 2 }), quiet())).rejects.toThrow(/has no pairs/);
  });
});
