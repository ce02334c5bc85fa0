/**
 * `npm run bench -- step`: one training step and one inference pass of each model shape, in Node, with the case names,
 * the timing rule and the JSON of torch_baseline.py so that the two lie side by side.
 */
import { setFlagsFromString } from 'node:v8';
import { parseArgs } from 'node:util';
import { kernelStatus } from '../../src/engine/tensor/kernels/status.ts';
import { gpuKernelStatus } from '../../src/engine/tensor/kernels/webgpu/index.ts';
import { useBackend } from '../../src/engine/tensor/node.testkit.ts';
import { cgats } from './standin.ts';
import { measure, MODEL_CASES, timing } from './steps.ts';
import type { Limits, Measured } from './steps.ts';

/** Milliseconds of processor time: where other work shares the machine, wall-clock time says little. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** As `clock` of torch_baseline.py: one warm-up, then runs until `repeat` or the time limit, at least one. */
async function clock(fn: () => Promise<void>, { repeat, seconds, now }: Limits): Promise<number[]> {
  await fn();
  const start = now();
  const out: number[] = [];
  while (out.length < repeat && (out.length === 0 || now() - start < seconds * 1000)) {
    const t = now();
    await fn();
    out.push(now() - t);
  }
  return out;
}

async function measureCgats(limits: Limits): Promise<Measured> {
  const { weights, step, infer, dispose } = cgats();
  try {
    return { weights, trainMs: timing(await clock(step, limits)), inferMs: timing(await clock(infer, limits)) };
  } finally {
    dispose();
  }
}

const CASES: Readonly<Record<string, (limits: Limits) => Promise<Measured>>> = {
  ...Object.fromEntries(
    Object.entries(MODEL_CASES).map(([name, one]) => [name, (limits: Limits) => measure(one, limits)]),
  ),
  cgats_stage1: measureCgats,
};

function gpuKernels(): { readonly variant: string; readonly reason: string } {
  const { on, reason } = gpuKernelStatus();
  return { variant: on ? 'webgpu' : 'off', reason };
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
      processor: { type: 'boolean', default: false },
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
  const device = await useBackend(values.backend as 'wasm' | 'webgpu' | 'cpu', !values.stock);
  const kernels = values.backend === 'webgpu' ? gpuKernels() : kernelStatus();
  const cases: Record<string, unknown> = {};
  if (!values.json) {
    process.stdout.write(`${device.detail}; kernels: ${kernels.variant} (${kernels.reason})\n`);
    process.stdout.write(
      `${'case'.padEnd(14)} ${'weights'.padStart(10)} ${'train ms'.padStart(12)} ${'infer ms'.padStart(12)}\n`,
    );
  }
  const limits = {
    repeat: Number(values.repeat),
    seconds: Number(values['max-seconds']),
    now: values.processor ? processorMs : () => performance.now(),
  };
  for (const name of names) {
    try {
      const measured = await CASES[name](limits);
      cases[name] = measured;
      const [train, infer] = [measured.trainMs, measured.inferMs].map(({ median }) => median.toFixed(1).padStart(12));
      if (!values.json)
        process.stdout.write(`${name.padEnd(14)} ${String(measured.weights).padStart(10)} ${train} ${infer}\n`);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown.message : String(thrown);
      cases[name] = { error };
      if (!values.json) process.stdout.write(`${name.padEnd(14)} ${error.split('\n')[0]}\n`);
    }
  }
  const head = {
    backend: values.backend,
    kernels: kernels.variant,
    threads: 1,
    clock: values.processor ? 'processor' : 'wall',
    repeat: limits.repeat,
  };
  if (values.json) process.stdout.write(`${JSON.stringify({ ...head, cases }, null, 1)}\n`);
  return 0;
}
