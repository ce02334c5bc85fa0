import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memoryNow } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import { checkAmad } from './amad.testkit.ts';
import { checkAmsl } from './amsl.testkit.ts';
import type { Check } from './golden.testkit.ts';
import { checkNcad, checkRobustTad, checkSrCnn } from './labelled.testkit.ts';
import { checkLstmVae } from './lstmVae.testkit.ts';
import { checkOmniAnomaly } from './omniAnomaly.testkit.ts';
import { checkAnomalyTransformer, checkTransformer } from './transformer.testkit.ts';
import { checkUsad } from './usad.testkit.ts';
import { checkVttPat, checkVttSat } from './vtt.testkit.ts';

const files: readonly (readonly [name: string, check: (json: unknown) => Promise<Check[]>, atLeast: number])[] = [
  ['amad', checkAmad, 250],
  ['transformer', checkTransformer, 75],
  ['anomaly_transformer', checkAnomalyTransformer, 170],
  ['vtt_sat', checkVttSat, 65],
  ['vtt_pat', checkVttPat, 80],
  ['usad', checkUsad, 85],
  ['lstm_vae', checkLstmVae, 44],
  ['omni_anomaly', checkOmniAnomaly, 105],
  ['robusttad_unet', checkRobustTad, 80],
  ['srcnn', checkSrCnn, 18],
  ['ncad', checkNcad, 25],
  ['amsl', checkAmsl, 150],
  ['amsl_cosine', checkAmsl, 120],
];

const backends = [
  { name: 'cpu', backend: 'cpu', ours: false },
  { name: 'wasm, stock kernels', backend: 'wasm', ours: false },
  { name: 'wasm, our kernels', backend: 'wasm', ours: true },
] as const;

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`goldens/${name}.json`, import.meta.url), 'utf8'));

const rows = backends.flatMap((row) => files.map(([file, check, atLeast]) => ({ ...row, file, check, atLeast })));

describe.each(rows)('$file on $name', ({ backend, ours, file, check, atLeast }) => {
  it('gives the golden values, gradients and steps', async () => {
    await useBackend(backend, ours);
    const before = memoryNow().tensors;
    const checks = await check(read(file));
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(atLeast);
    expect(memoryNow().tensors).toBe(before);
  }, 300_000);
});
