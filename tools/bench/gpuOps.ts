/**
 * `npm run bench -- ops --backend webgpu`: dispatches of single ops and of whole steps on WebGPU, ours and stock. A
 * count needs no GPU: on a software adapter it says the same. Models are counted in their full shapes, but what they
 * queue is not run. Times of ops are shown with the adapter's name.
 */
import { parseArgs } from 'node:util';
import { withoutFused } from '../../src/engine/tensor/fused.ts';
import { adam } from '../../src/engine/tensor/adam.ts';
import { attention } from '../../src/engine/tensor/kernels/attention.ts';
import { divergence } from '../../src/engine/tensor/kernels/divergence.ts';
import { geglu } from '../../src/engine/tensor/kernels/geglu.ts';
import { gelu } from '../../src/engine/tensor/kernels/gelu.ts';
import { layerNorm } from '../../src/engine/tensor/kernels/layerNorm.ts';
import { traffic } from '../../src/engine/tensor/kernels/webgpu/traffic.testkit.ts';
import { lstm } from '../../src/engine/tensor/lstm.ts';
import { settle } from '../../src/engine/tensor/backend.ts';
import { useBackend } from '../../src/engine/tensor/node.testkit.ts';
import * as tf from '../../src/engine/tensor/tf.ts';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '../../src/engine/tensor/tf.ts';
import { countSteps } from './gpuSteps.ts';

type GpuRow = {
  readonly name: string;
  readonly shapes: readonly number[][];
  readonly run: (...x: Tensor[]) => Tensor;
};

const layer = (B: number, W: number, F: number, H: number): GpuRow => ({
  name: `lstm ${B}x${W}, ${F} to ${H}`,
  shapes: [[B, W, F], [F, 4 * H], [H, 4 * H], [4 * H]],
  run: (x, k, r, b) =>
    lstm(x as Tensor3D, { kernel_FG: k as Tensor2D, recurrent_HG: r as Tensor2D, bias_G: b as Tensor1D }),
});

const HEADS = [2, 4, 50, 16];

/** Small shapes, so that a software adapter gets through; dispatches depend on the steps of a sequence alone. */
const ROWS: readonly GpuRow[] = [
  layer(4, 100, 38, 16),
  layer(4, 50, 25, 16),
  {
    name: 'attention, 8 heads of 50x16',
    shapes: [HEADS, HEADS, HEADS],
    run: (q, k, v) => attention(q as Tensor4D, k as Tensor4D, v as Tensor4D, 0.25).out_BHNV,
  },
  ...(['js', 'kl'] as const).map((kind) => ({
    name: `${kind} divergence of 400 rows of 50`,
    shapes: [
      [400, 50],
      [400, 50],
    ],
    run: (a: Tensor, s: Tensor) => divergence(a, s, { kind }),
  })),
  {
    name: 'layerNorm [400,128]',
    shapes: [[400, 128], [128], [128]],
    run: (x, g, b) => layerNorm(x, g as Tensor1D, b as Tensor1D),
  },
  { name: 'gelu of 51 200 values', shapes: [[400, 128]], run: gelu },
  { name: 'geglu of 51 200 values', shapes: [[400, 128]], run: geglu },
];

type Counted = { readonly forward: number; readonly train: number; readonly ms: number };

async function count(row: GpuRow, inputs: Tensor[], repeat: number): Promise<Counted> {
  const forward = (): void => {
    tf.tidy(() => row.run(...inputs));
  };
  const train = (): void => {
    tf.tidy(() => tf.grads(row.run)(inputs, ones));
  };
  const ones = tf.tidy(() => tf.onesLike(row.run(...inputs)));
  await ones.data();
  const dispatches = [(await traffic(forward)).dispatches, (await traffic(train)).dispatches];
  await settle();
  let ms = Infinity;
  for (let n = 0; n < repeat; n++) {
    const start = performance.now();
    train();
    await settle();
    ms = Math.min(ms, performance.now() - start);
  }
  ones.dispose();
  return { forward: dispatches[0], train: dispatches[1], ms };
}

async function opRow(row: GpuRow, repeat: number): Promise<{ readonly ours: Counted; readonly stock: Counted }> {
  const inputs = row.shapes.map((shape, i) => tf.randomUniform(shape, 0.05, 1, 'float32', i + 1));
  const ours = await count(row, inputs, repeat);
  const composed = { ...row, run: (...x: Tensor[]) => withoutFused(() => row.run(...x)) };
  const stock = await count(composed, inputs, repeat);
  tf.dispose(inputs);
  return { ours, stock };
}

/** One update of 50 weights, half of them matrices: about what three encoder layers have. */
async function adamRow(repeat: number): Promise<{ readonly ours: Counted; readonly stock: Counted }> {
  const shapes = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? [64, 64] : [64]));
  const weights = Object.fromEntries(shapes.map((shape, i) => [`w${i}`, tf.tidy(() => tf.variable(tf.ones(shape)))]));
  const grads = Object.fromEntries(shapes.map((shape, i) => [`w${i}`, tf.fill(shape, 0.1)]));
  const optimiser = adam(weights, { rate: 1e-3 });
  const measured = async (step: () => void): Promise<Counted> => {
    step();
    const { dispatches } = await traffic(step);
    await settle();
    let ms = Infinity;
    for (let n = 0; n < repeat; n++) {
      const start = performance.now();
      step();
      await settle();
      ms = Math.min(ms, performance.now() - start);
    }
    return { forward: dispatches, train: dispatches, ms };
  };
  const step = (): void => {
    optimiser.step(grads);
  };
  const ours = await measured(step);
  const stock = await measured(() => {
    withoutFused(step);
  });
  optimiser.dispose();
  tf.dispose([weights, grads]);
  return { ours, stock };
}

/** Runs the command with what follows `ops` on the command line; resolves to the exit code. */
export async function gpuOpsBench(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      backend: { type: 'string' },
      only: { type: 'string', default: '' },
      repeat: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
    },
  });
  const { detail } = await useBackend('webgpu');
  const say = (line: string): void => {
    if (!values.json) process.stdout.write(`${line}\n`);
  };
  const repeat = Number(values.repeat);
  const ops: Record<string, unknown>[] = [];
  say(`adapter: ${detail}; times are of this adapter\n`);
  say('| op | dispatches | stock | with gradient | stock | ms with gradient | stock |');
  say('|---|---:|---:|---:|---:|---:|---:|');
  const rows = [...ROWS, { name: 'Adam, 50 weights' }].filter(({ name }) => name.includes(values.only));
  for (const row of rows) {
    const { ours, stock } = await ('run' in row ? opRow(row, repeat) : adamRow(repeat));
    ops.push({ op: row.name, ours, stock });
    const cells = [ours.forward, stock.forward, ours.train, stock.train, ours.ms.toFixed(1), stock.ms.toFixed(1)];
    say(`| ${[row.name, ...cells].join(' | ')} |`);
  }
  say('\n| case | step: dispatches | stock | reads | inference: dispatches | stock |\n|---|---:|---:|---:|---:|---:|');
  const cases: Record<string, unknown> = {};
  for await (const [name, counted] of countSteps(values.only)) {
    cases[name] = counted;
    const { step, stockStep, reads, pass, stockPass } = counted;
    say(`| ${[name, step, stockStep, reads, pass, stockPass].join(' | ')} |`);
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ bench: 'ops', adapter: detail, ops, cases }, null, 1)}\n`);
  return 0;
}
