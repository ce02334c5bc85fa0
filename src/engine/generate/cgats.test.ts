import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cancelled } from '../errors.ts';
import type { Run } from '../model.ts';
import { resolve } from '../params.ts';
import { seeded } from '../rng.ts';
import { memoryNow } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import { checkCgats } from './cgats.testkit.ts';
import { cgats, restoreCgats } from './cgats.ts';
import { byKind, picked } from './samples.ts';
import type { Samples } from './samples.ts';
import { sineSamples } from './sineSamples.testkit.ts';

const golden: unknown = JSON.parse(readFileSync(new URL('goldens/cgats.json', import.meta.url), 'utf8'));

describe.each(['cpu', 'wasm'] as const)('networks of C-GATS on %s', (backend) => {
  it('give the golden values, gradients and steps', async () => {
    await useBackend(backend);
    const before = memoryNow().tensors;
    const checks = await checkCgats(golden);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(60);
    expect(memoryNow().tensors).toBe(before);
  }, 120_000);
});

const quick = (seed: number, checkpoint: Run['checkpoint'] = () => Promise.resolve()): Run => ({
  rng: seeded(seed),
  checkpoint,
  progress: () => undefined,
});

const small = resolve(cgats.params, {
  hidden1: 8,
  hidden2: 12,
  latent: 4,
  epochs1: 12,
  epochs2: 40,
  batch: 16,
  rate: 0.01,
  scale: 'none',
  patience: 0,
  validation: 0,
});
const samples = sineSamples(96, 32, 3);

const bytes = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');

describe('C-GATS', () => {
  it('leaves encoder and normal decoder bit for bit in step 2', async () => {
    await useBackend('wasm');
    // The same first step with step 2 of one epoch and of many.
    const after = async (epochs2: number) => {
      const model = await cgats.fit(samples, { ...small, epochs2 }, quick(5));
      const weights = await model.snapshot();
      model.dispose();
      return Object.fromEntries(Object.entries(weights).map(([name, { data }]) => [name, bytes(data)]));
    };
    const short = await after(1);
    const long = await after(9);
    const moved = Object.keys(short).filter((name) => short[name] !== long[name]);
    expect(moved.toSorted()).toEqual(
      Object.keys(short)
        .filter((name) => name.startsWith('phi.'))
        .toSorted(),
    );
  }, 120_000);

  it('makes the same windows for the same seed, labelled by 0 and 1, and leaves no tensor', async () => {
    await useBackend('wasm');
    const before = memoryNow().tensors;
    const made = [];
    for (let round = 0; round < 2; round++) {
      const model = await cgats.fit(samples, { ...small, epochs1: 2, epochs2: 2 }, quick(5));
      made.push(await model.make(300, quick(6)));
      model.dispose();
    }
    const [a, b] = made as [Samples, Samples];
    expect(bytes(a.x_NT)).toBe(bytes(b.x_NT));
    expect([...new Set(a.label_NT)].sort()).toEqual([0, 1]);
    expect(byKind(a).normal.length).toBe(0);
    expect(memoryNow().tensors).toBe(before);
  }, 120_000);

  it('draws windows whose labels are the mask that was given, from the prior as well', async () => {
    await useBackend('wasm');
    const model = await cgats.fit(samples, { ...small, epochs1: 1, epochs2: 1 }, quick(5));
    const mask_T = Uint8Array.from({ length: 32 }, (_, t) => (t === 3 || (t > 8 && t < 12) ? 1 : 0));
    for (const source of ['posterior', 'prior'] as const) {
      const { samples: made, z_NZ, from_N } = await model.draw(4, quick(2), { source, mask_T });
      expect([...made.label_NT]).toEqual([...mask_T, ...mask_T, ...mask_T, ...mask_T]);
      expect(z_NZ).toHaveLength(4 * 4);
      expect([...from_N].every((n) => n < 0)).toBe(source === 'prior');
      expect(bytes(await model.decode(z_NZ, made.label_NT, made.source_N))).toBe(bytes(made.x_NT));
    }
    model.dispose();
  });

  it('stops within a batch of a cancel and leaves no tensor', async () => {
    await useBackend('wasm');
    const before = memoryNow().tensors;
    let batches = 0;
    const stop = () => (++batches > 3 ? Promise.reject(cancelled()) : Promise.resolve());
    await expect(cgats.fit(samples, small, quick(5, stop))).rejects.toMatchObject({ code: 'cancelled' });
    expect(batches).toBe(4);
    expect(memoryNow().tensors).toBe(before);
  });

  it('asks for anomalies where there are none', async () => {
    await useBackend('wasm');
    const plain = picked(samples, byKind(samples).normal);
    await expect(cgats.fit(plain, small, quick(1))).rejects.toMatchObject({ kind: 'no-anomalies' });
  });

  it('adds what chance decides at labelled steps alone, the same for the same draw', async () => {
    await useBackend('wasm');
    const p = { ...small, epochs1: 1, epochs2: 1, noise: 'labelled' } as const;
    const model = await cgats.fit(samples, p, quick(5));
    const z_NZ = new Float32Array(2 * 4);
    const label_NT = Float32Array.from({ length: 64 }, (_, i) => (i % 32 > 20 && i % 32 < 25 ? 1 : 0));
    const source_N = Int32Array.of(0, 1);
    const plain = await model.decode(z_NZ, label_NT, source_N);
    const [one, same, other] = await Promise.all(
      [3, 3, 4].map((seed) => model.sample(z_NZ, label_NT, source_N, seeded(seed))),
    );
    model.dispose();
    expect(bytes(one)).toBe(bytes(same));
    expect(bytes(one)).not.toBe(bytes(other));
    for (const [i, x] of one.entries()) expect(x !== plain[i]).toBe(label_NT[i] > 0);
  });

  it('comes back from a snapshot', async () => {
    await useBackend('wasm');
    const p = { ...small, epochs1: 1, epochs2: 1 };
    const model = await cgats.fit(samples, p, quick(5));
    const again = restoreCgats(await model.snapshot(), samples, p);
    const [a, b] = [await model.make(5, quick(1)), await again.make(5, quick(1))];
    model.dispose();
    again.dispose();
    expect(bytes(a.x_NT)).toBe(bytes(b.x_NT));
  });
});
