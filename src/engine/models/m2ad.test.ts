import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memoryNow } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import { compare, compareGrads } from './golden.testkit.ts';
import type { Golden, Got } from './golden.testkit.ts';
import { checkM2adLstm } from './m2ad.testkit.ts';

const file = new URL('goldens/m2ad_lstm.json', import.meta.url);
const json: unknown = JSON.parse(readFileSync(file, 'utf8'));

const backends = [
  { name: 'cpu', backend: 'cpu', ours: false },
  { name: 'wasm, stock kernels', backend: 'wasm', ours: false },
  { name: 'wasm, our kernels', backend: 'wasm', ours: true },
] as const;

describe.each(backends)('M2AD forecaster on $name', ({ backend, ours }) => {
  it('gives the golden values, gradients and steps', async () => {
    await useBackend(backend, ours);
    const before = memoryNow().tensors;
    const checks = await checkM2adLstm(json);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(45);
    expect(memoryNow().tensors).toBe(before);
  });
});

describe('the comparer', () => {
  it('refuses what is off, missing, of another size or not a number', () => {
    const want = { shape: [2], data: [1, -2] };
    const rule = { atol: 1e-6, rtol: 1e-4 };
    expect(compare('x', [1, -2.0001], want, rule).ok).toBe(true);
    expect(compare('x', [1, -2.0003], want, rule).ok).toBe(false);
    expect(compare('x', [1, NaN], want, rule).ok).toBe(false);
    expect(compare('x', [1], want, rule).ok).toBe(false);
    expect(compare('x', [1, -2], undefined, rule).ok).toBe(false);
  });

  it('lets gradients vanish where a loss has none at all, and only there', () => {
    const golden = { expected: { gradsZero: { con: ['head.bias'] } } } as unknown as Golden;
    const vanishes = (got: Got): boolean => compareGrads(golden, 'con', got)[0].ok;
    expect(vanishes({})).toBe(true);
    expect(vanishes({ 'head.bias': Float32Array.of(0) })).toBe(true);
    expect(vanishes({ 'head.bias': Float32Array.of(1e-3), other: Float32Array.of(1) })).toBe(false);
  });

  it('notices a changed golden value', async () => {
    await useBackend('cpu');
    const changed = structuredClone(json) as { expected: { hidden2: { data: number[] } } };
    changed.expected.hidden2.data[5] += 0.01;
    const failed = (await checkM2adLstm(changed)).filter((check) => !check.ok);
    expect(failed.map((check) => check.name)).toEqual(['hidden2']);
  });
});
