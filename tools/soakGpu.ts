/**
 * Runs on the WebGPU backend one after another, and what they leave on the device: `npx tsx --expose-gc tools/soakGpu.ts
 * --minutes 12 --out FILE.jsonl`. The page's own runs through Dawn in Node, small enough for a GPU made of software; run
 * after run some are cancelled and some fail.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { backend } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { setupOf } from '../src/workers/engines.ts';
import { fitAndScore } from '../src/engine/pipeline.ts';
import { seeded } from '../src/engine/rng.ts';
import { cancelled } from '../src/engine/errors.ts';
import { memoryNow } from '../src/engine/tensor/backend.ts';
import { useBackend } from '../src/engine/tensor/node.testkit.ts';
import { waves } from '../src/workers/waves.testkit.ts';
import type { Reading } from './soak/measure.ts';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '12' },
    out: { type: 'string', default: join(fileURLToPath(new URL('..', import.meta.url)), '.cache/soak-webgpu.jsonl') },
  },
});

type Buffers = Pick<WebGPUBackend['bufferManager'], 'getNumUsedBuffers' | 'getNumFreeBuffers' | 'numBytesAllocated'>;

const ENGINES = [
  ['m2ad', { window: 12, hidden: 4, epochs: 1, stride: 8 }],
  ['usad', { window: 8, epochs: 1, stride: 8 }],
  ['transformer', { window: 8, hidden: 8, heads: 2, layers: 1, epochs: 1, stride: 8 }],
] as const;

await useBackend('webgpu');
const series = waves(400);
const from = performance.now();
const minutes = (): number => (performance.now() - from) / 60_000;
writeFileSync(options.out, '');

for (let cycle = 0; minutes() < Number(options.minutes); cycle++) {
  const done: string[] = [];
  for (const [n, [engine, params]] of ENGINES.entries()) {
    // Every fourth one is cancelled in the midst of it.
    const isCut = (cycle + n) % 4 === 3;
    let left = 5;
    const checkpoint = (): Promise<void> => (isCut && left-- === 0 ? Promise.reject(cancelled()) : Promise.resolve());
    const job = {
      jobId: 'gpu',
      data: { datasetId: 'd', asset: 'north' },
      engine,
      preset: 'lite',
      head: 'm2ad',
      seed: 1,
    };
    const setup = setupOf({ ...job, params, headParams: {}, imputation: {} });
    const run = { rng: seeded(cycle), checkpoint, progress: () => undefined };
    await fitAndScore(series, setup, run, () => undefined).catch((thrown: unknown) => {
      if (!isCut) throw thrown;
    });
    done.push(isCut ? `${engine}, cancelled` : engine);
  }
  (globalThis as { gc?: () => void }).gc?.();
  const { bufferManager } = backend() as unknown as { bufferManager: Buffers };
  const { tensors, bytes } = memoryNow();
  const memory = process.memoryUsage();
  const reading: Reading = {
    ...{ minutes: minutes(), cycle, backend: 'webgpu', tensors, tensorBytes: bytes, wasmBytes: null },
    gpuBuffers: bufferManager.getNumUsedBuffers() + bufferManager.getNumFreeBuffers(),
    gpuBytes: bufferManager.numBytesAllocated,
    ...{ pageHeap: NaN, workerHeap: memory.heapUsed, workers: 1, nodes: NaN, listeners: NaN, documents: NaN },
    ...{ rendererAnon: memory.rss, browserRss: memory.rss, done: done.map((name) => `${name} 0 s`), stumbled: [] },
  };
  appendFileSync(options.out, `${JSON.stringify(reading)}\n`);
  console.log(
    `${reading.minutes.toFixed(1)} min: ${tensors} tensors, ${reading.gpuBuffers} buffers, ${reading.gpuBytes} B`,
  );
}
process.exit(0);
