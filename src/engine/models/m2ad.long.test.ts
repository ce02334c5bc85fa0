/** M2AD's golden file on WebGPU, on an adapter of any kind: one that computes on the processor compiles for seconds. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { memoryNow } from '../tensor/backend.ts';
import { initNodeWebgpu, useBackend } from '../tensor/node.testkit.ts';
import { checkM2adLstm } from './m2ad.testkit.ts';

const noGpu = await initNodeWebgpu();

it.skipIf(noGpu !== null)(
  `M2AD forecaster gives the golden values, gradients and steps${noGpu === null ? '' : ` (skipped: ${noGpu})`}`,
  async () => {
    await useBackend('webgpu');
    const before = memoryNow().tensors;
    const golden: unknown = JSON.parse(readFileSync(new URL('goldens/m2ad_lstm.json', import.meta.url), 'utf8'));
    const checks = await checkM2adLstm(golden);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(45);
    expect(memoryNow().tensors).toBe(before);
  },
);
