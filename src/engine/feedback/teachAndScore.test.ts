import { expect, it } from 'vitest';
import { own } from '../detect/heads/own.ts';
import { EngineError } from '../errors.ts';
import type { Run } from '../model.ts';
import { transformer } from '../models/transformer.ts';
import { resolve } from '../params.ts';
import { fitAndScore, scoreWith, teachAndScore } from '../pipeline.ts';
import type { Setup } from '../pipeline.ts';
import { normal, seeded } from '../rng.ts';
import { memoryNow } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import type { Series } from '../types.ts';
import { paperFeedback, teachParams } from './teachParams.ts';

const T = 500;

function series(): Series {
  const rng = seeded(6);
  const columns = [0, 1].map((phase) =>
    Float32Array.from({ length: T }, (_, t) => Math.sin(t / 4 + phase) + 0.05 * normal(rng)),
  );
  columns[1].fill(NaN, 150, 160);
  for (let t = 350; t < 362; t++) columns[1][t] += 0.7;
  return {
    asset: 'waves',
    T,
    sensors: ['a', 'b'].map((name) => ({ name, unit: '', system: '' })),
    covariates: [],
    columns,
    clock: { kind: 'index' },
    train: { start: 0, end: 300 },
    test: { start: 300, end: T },
    contiguous: false,
    labels: null,
    causes: [],
  };
}

const quiet = (seed: number, left = Infinity): Run => ({
  rng: seeded(seed),
  checkpoint: () =>
    left-- > 0 ? Promise.resolve() : Promise.reject(new EngineError('cancelled', 'cancelled', 'cancelled')),
  progress: () => undefined,
});

const setup: Setup = {
  detector: transformer,
  values: resolve(transformer.params, { window: 10, stride: 5, hidden: 8, heads: 2, layers: 1, inner: 8, epochs: 3 }),
  head: own,
  headValues: resolve(own.params),
  imputation: {},
};

const label_T = new Uint8Array(T).fill(255);
label_T.fill(0, 310, 340);
label_T.fill(1, 350, 362);

const settings = resolve(teachParams, { ...paperFeedback, epochs: 4 });

it('fine-tunes a copy, scores anew and calibrates the head on the new training errors', async () => {
  await useBackend('wasm', true);
  const tensors = memoryNow().tensors;
  const before = await fitAndScore(series(), setup, quiet(1));
  const kept = structuredClone(before.weights);
  const phases: string[] = [];
  const after = await teachAndScore(series(), setup, before.weights, label_T, settings, quiet(2), (phase) =>
    phases.push(phase),
  );
  expect(phases).toEqual(['preparing', 'training', 'scoring', 'calibrating']);
  expect(before.weights).toEqual(kept);
  expect(after.weights).not.toEqual(kept);
  expect(after.headState).not.toEqual(before.headState);
  expect(after.history).toHaveLength(4);
  const again = await scoreWith(series(), setup, after.weights, after.headState, quiet(3));
  expect([...again.score.score_T]).toEqual([...after.score.score_T]);
  const twin = await teachAndScore(series(), setup, before.weights, label_T, settings, quiet(2));
  expect(twin.weights).toEqual(after.weights);
  expect(memoryNow().tensors).toBe(tensors);
});

it('refuses an engine that fills in nothing, and leaves no tensor when it is cancelled', async () => {
  await useBackend('wasm', true);
  const { weights } = await fitAndScore(series(), setup, quiet(1));
  const tensors = memoryNow().tensors;
  const mute: Setup = {
    ...setup,
    detector: {
      ...transformer,
      restore: (...given: Parameters<typeof transformer.restore>) => {
        const { rebuilds: _, ...rest } = transformer.restore(...given);
        return rest;
      },
    },
  };
  await expect(teachAndScore(series(), mute, weights, label_T, settings, quiet(2))).rejects.toMatchObject({
    kind: 'cannot-learn',
  });
  for (const left of [0, 3, 4])
    await expect(teachAndScore(series(), setup, weights, label_T, settings, quiet(2, left))).rejects.toMatchObject({
      code: 'cancelled',
    });
  expect(memoryNow().tensors).toBe(tensors);
});
