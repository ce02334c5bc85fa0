/** C-GATS trained until it minds its labels. */
import { expect, it } from 'vitest';
import { resolve } from '../params.ts';
import { seeded } from '../rng.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import { cgats, labelEffect } from './cgats.ts';
import { byKind, picked } from './samples.ts';
import { sineSamples } from './sineSamples.testkit.ts';

it('changes labelled steps over three times as much as others', async () => {
  await useBackend('wasm');
  const p = resolve(cgats.params, {
    ...{ hidden1: 8, hidden2: 12, latent: 4, epochs1: 30, epochs2: 150, batch: 16, rate: 0.01 },
    ...{ scale: 'none', patience: 0, validation: 0 },
  });
  const run = { rng: seeded(5), checkpoint: () => Promise.resolve(), progress: () => undefined };
  const model = await cgats.fit(sineSamples(96, 32, 3), p, run);
  const fresh = sineSamples(64, 32, 9);
  const anomalous = picked(fresh, byKind(fresh).anomalous);
  const { mu_NZ } = await model.describe(anomalous);
  const { inside, outside } = await labelEffect(model, mu_NZ, anomalous);
  model.dispose();
  expect(inside / outside).toBeGreaterThan(3);
});
