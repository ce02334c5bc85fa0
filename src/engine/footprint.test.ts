import { describe, expect, it } from 'vitest';
import { asEngineError } from './errors.ts';
import { blankPart, blankWindows, bytesFor, footprintOf, withReplica } from './footprint.ts';
import { detectors } from './models/index.ts';
import { stepDetectors } from './models/steps.ts';
import { resolve } from './params.ts';
import type { AnyValues } from './params.ts';
import { fitInto, windowsIn } from './room.ts';
import { memoryNow } from './tensor/backend.ts';
import { bytesOf } from './tensor/memory.ts';
import { useBackend } from './tensor/node.testkit.ts';

const dims = { S: 6, C: 2 };

function given(id: string, changed: AnyValues) {
  const detector = (detectors.get(id) ?? stepDetectors.get(id))!;
  return { detector, values: resolve(detector.params, changed) };
}

describe.each([
  ['amad', { window: 64, heads: 4, hidden: 16, layers: 2 }],
  ['m2ad', { window: 80, hidden: 24, layers: 2 }],
  ['vtt-sat', { window: 64, hidden: 8, layers: 1 }],
  ['usad', { window: 40 }],
])('footprint of %s', (id, changed) => {
  const { detector, values } = given(id, changed);

  it('foretells a large batch from small ones, and a long window from short ones', async () => {
    await useBackend('wasm');
    const before = memoryNow().tensors;
    const { footprint, at } = await footprintOf(detector, values, dims);
    const windows = blankWindows(detector, values, dims, 2);
    const { peak } = await withReplica(detector, values, windows, (replica) =>
      bytesOf(() => replica.rehearse(blankPart(windows, replica.losses - 1, 40, true))),
    );
    const moments =
      4 *
      (await withReplica(detector, values, windows, ({ size, losses }) => Promise.resolve(size * (2 + 2 * losses))));
    expect((peak + moments) / bytesFor(footprint.training, 40)).toBeGreaterThan(0.85);
    expect((peak + moments) / bytesFor(footprint.training, 40)).toBeLessThan(1.15);
    const far = await at(values['window'] as number);
    for (const load of ['training', 'judging', 'scoring'] as const)
      expect(bytesFor(far[load], 40) / bytesFor(footprint[load], 40), load).toBeCloseTo(1, 0.7);
    expect(memoryNow().tensors).toBe(before);
  });
});

describe('footprint of a detector that refuses short windows', () => {
  it('is counted on the shortest that it takes, and its own refusal is of its own window', async () => {
    await useBackend('wasm');
    const { detector, values } = given('ncad', { batch: 4 });
    const { footprint, at } = await footprintOf(detector, values, dims);
    expect(footprint.training.each).toBeGreaterThan(0);
    const far = await at(values['window'] as number);
    expect(bytesFor(far.training, 40) / bytesFor(footprint.training, 40)).toBeCloseTo(1, 0.7);
    await expect(footprintOf(detector, { ...values, window: 20 }, dims)).rejects.toThrow('a window of 20 steps');
  });
});

describe('footprint of every detector with its own settings', () => {
  it.each([...detectors, ...stepDetectors].filter(([, { inOneGo }]) => inOneGo !== true))('%s', async (id) => {
    await useBackend('wasm');
    const { detector, values } = given(id, {});
    const { footprint } = await footprintOf(detector, values, { S: 2, C: 0 });
    expect(bytesFor(footprint.training, 1)).toBeGreaterThan(0);
  });
});

describe('room', () => {
  it('counts windows by the sum and by the largest tensor', () => {
    const load = { fixed: 100, each: 50, largest: 20 };
    expect(windowsIn(load, { total: 1000, single: 1000 })).toBe(18);
    expect(windowsIn(load, { total: 1000, single: 100 })).toBe(5);
    expect(windowsIn(load, { total: 99, single: 100 })).toBe(0);
  });

  it('divides batches that can be divided, and proposes what fits for those that cannot', async () => {
    await useBackend('wasm');
    const large = { window: 512, heads: 8 };
    const room = { total: 3e9, single: 3e9 };
    const { detector, values } = given('amad', { ...large, contrastive: false });
    const parts = await fitInto(room, detector, values, dims);
    expect(parts.refusal).toBeNull();
    expect(parts.limits.training).toBeGreaterThanOrEqual(1);
    expect(parts.limits.training).toBeLessThan(32);
    const whole = await fitInto(room, detector, { ...values, contrastive: true }, dims);
    const { error, smaller } = whole.refusal!;
    expect(asEngineError(error)).toMatchObject({ code: 'bad-input', kind: 'too-large' });
    expect(smaller.map((change) => Object.keys(change)[0])).toEqual(expect.arrayContaining(['batch', 'window']));
    expect(error.cure).toMatch(/Set "Batch" to \d+, or "Window" to \d+/);
    // Each of them alone does.
    for (const change of smaller) {
      const again = await fitInto(room, detector, { ...values, contrastive: true, ...change }, dims);
      expect(again.refusal, JSON.stringify(change)).toBeNull();
    }
  }, 60_000);

  it('says so where nothing helps', async () => {
    const { detector, values } = given('m2ad', {});
    const { refusal } = await fitInto({ total: 10, single: 10 }, detector, values, dims);
    expect(refusal?.smaller).toEqual([]);
    expect(refusal?.error.cure).toMatch(/smaller preset/);
  });
});
