import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolve } from '../params.ts';
import { seeded } from '../rng.ts';
import { readGenerator } from '../shipped.ts';
import { sineWindow } from '../synth/sines.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import { cgats, labelEffect, restoreCgats } from './cgats.ts';
import { byKind, picked } from './samples.ts';
import type { Samples } from './samples.ts';

const folder = fileURLToPath(new URL('../../../public/datasets/', import.meta.url));
const listed = JSON.parse(readFileSync(join(folder, 'generators.json'), 'utf8')) as readonly string[];

/** Sine windows that are not in the bundled set. */
function fresh(count: number, T: number): Samples {
  const rng = seeded(99);
  const x_NT = new Float32Array(count * T);
  const label_NT = new Float32Array(count * T);
  for (let n = 0; n < count; n++) {
    const { x_W, anomaly } = sineWindow(rng);
    x_NT.set(x_W.subarray(0, T), n * T);
    if (anomaly !== null && anomaly.start < T)
      label_NT.fill(1, n * T + anomaly.start, n * T + Math.min(T, anomaly.end));
  }
  return { T, x_NT, label_NT, source_N: new Int32Array(count) };
}

describe('shipped generators', () => {
  it('are listed and small', () => {
    expect(listed).toEqual(['sines']);
    for (const id of listed) expect(existsSync(join(folder, `${id}.generator.json`))).toBe(true);
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.generator.json')))
      expect(readFileSync(join(folder, name)).length).toBeLessThan(400_000);
  });

  it('sines: rebuilds windows it never saw, and a label changes its steps over three times as much as others', async () => {
    await useBackend('wasm');
    const { weights, preset, params, window } = readGenerator(
      readFileSync(join(folder, 'sines.generator.json'), 'utf8'),
    );
    const presets: Readonly<Record<string, object>> = cgats.presets;
    const samples = fresh(600, window);
    const model = restoreCgats(weights, samples, resolve(cgats.params, { ...presets[preset], ...params }));
    const { normal, anomalous } = byKind(samples);
    const [plain, odd] = [picked(samples, normal), picked(samples, anomalous)];
    const made = await model.decode((await model.describe(plain)).mu_NZ, plain.label_NT, plain.source_N);
    const { inside, outside } = await labelEffect(model, (await model.describe(odd)).mu_NZ, odd);
    model.dispose();
    expect(inside / outside).toBeGreaterThan(3);
    const power = (at: (i: number) => number): number => made.reduce((sum, _, i) => sum + at(i) ** 2, 0);
    const unexplained = power((i) => made[i] - plain.x_NT[i]) / power((i) => plain.x_NT[i]);
    // A generator that answers with the mean leaves all of it.
    expect(unexplained).toBeLessThan(0.05);
  }, 60_000);
});
