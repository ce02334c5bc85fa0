/**
 * `npm run bench -- step`: one training step and one inference pass of each model shape, in Node, with the case names,
 * the timing rule and the JSON of torch_baseline.py so that the two lie side by side.
 */
import { setFlagsFromString } from 'node:v8';
import { parseArgs } from 'node:util';
import { withoutFused } from '../../src/engine/tensor/fused.ts';
import { kernelStatus, removeKernels } from '../../src/engine/tensor/kernels/index.ts';
import { useBackend } from '../../src/engine/tensor/node.testkit.ts';
import type { Standin } from './standin.ts';
import { amsl, cgats, lstmVae, m2ad, usad } from './recurrent.ts';
import { amad, anomalyTransformer, vtt } from './transformers.ts';

const CASES: Readonly<Record<string, () => Standin>> = {
  amad_128: () => amad(128, 16),
  amad_512: () => amad(512, 8),
  m2ad_lstm: m2ad,
  amsl: () => amsl(),
  at_128: () => anomalyTransformer(),
  vtt_sat: () => vtt(),
  usad: () => usad(),
  lstm_vae: () => lstmVae(),
  cgats_stage1: () => cgats(),
};

type Timing = { readonly median: number; readonly min: number; readonly runs: number };

/** As `clock` of torch_baseline.py: one warm-up, then runs until `repeat` or the time limit, at least one. */
function clock(fn: () => void, repeat: number, seconds: number): Timing {
  fn();
  const start = performance.now();
  const out: number[] = [];
  while (out.length < repeat && (out.length === 0 || performance.now() - start < seconds * 1000)) {
    const t = performance.now();
    fn();
    out.push(performance.now() - t);
  }
  const sorted = out.sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  return { median: Number(median.toFixed(2)), min: Number(sorted[0].toFixed(2)), runs: out.length };
}

/** Runs the command with what follows `step` on the command line; resolves to the exit code. */
export async function stepBench(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      backend: { type: 'string', default: 'wasm' },
      stock: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      repeat: { type: 'string', default: '5' },
      'max-seconds': { type: 'string', default: '6' },
      json: { type: 'boolean', default: false },
    },
  });
  const names = values.only === '' ? Object.keys(CASES) : values.only.split(',');
  const unknown = names.filter((name) => !Object.hasOwn(CASES, name));
  if (unknown.length > 0) {
    process.stderr.write(`no case ${unknown.join(', ')}; there are ${Object.keys(CASES).join(', ')}\n`);
    return 2;
  }
  // Node 20 has relaxed SIMD behind a flag; browsers have it on.
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  const device = await useBackend(values.backend as 'wasm' | 'webgpu' | 'cpu');
  if (values.stock) removeKernels();
  const kernels = kernelStatus();
  const cases: Record<string, unknown> = {};
  if (!values.json) {
    process.stdout.write(`${device.detail}; kernels: ${kernels.variant} (${kernels.reason})\n`);
    process.stdout.write(
      `${'case'.padEnd(14)} ${'weights'.padStart(10)} ${'train ms'.padStart(12)} ${'infer ms'.padStart(12)}\n`,
    );
  }
  const run = <T>(fn: () => T): T => (values.stock ? withoutFused(fn) : fn());
  const [repeat, seconds] = [Number(values.repeat), Number(values['max-seconds'])];
  for (const name of names) {
    const model = CASES[name]();
    try {
      const trainMs = run(() => clock(model.step, repeat, seconds));
      const inferMs = run(() => clock(model.infer, repeat, seconds));
      cases[name] = { weights: model.weights, trainMs, inferMs };
      const [train, infer] = [trainMs, inferMs].map(({ median }) => median.toFixed(1).padStart(12));
      if (!values.json)
        process.stdout.write(`${name.padEnd(14)} ${String(model.weights).padStart(10)} ${train} ${infer}\n`);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown.message : String(thrown);
      cases[name] = { weights: model.weights, error };
      if (!values.json) process.stdout.write(`${name.padEnd(14)} ${error.split('\n')[0]}\n`);
    }
    model.dispose();
  }
  const head = { backend: values.backend, kernels: kernels.variant, threads: 1, repeat };
  if (values.json) process.stdout.write(`${JSON.stringify({ ...head, cases }, null, 1)}\n`);
  return 0;
}
