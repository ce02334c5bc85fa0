/**
 * `npm run bench -- ops`: single ops of the wasm backend, ours and stock in one run: milliseconds, and for products
 * GFLOP/s and the share of what the core reaches with multiply-adds in registers alone.
 */
import { setFlagsFromString } from 'node:v8';
import { parseArgs } from 'node:util';
import { withoutFused } from '../../src/engine/tensor/fused.ts';
import { attentionMap } from '../../src/engine/tensor/kernels/attention.ts';
import { divergence } from '../../src/engine/tensor/kernels/divergence.ts';
import { geglu } from '../../src/engine/tensor/kernels/geglu.ts';
import { gelu } from '../../src/engine/tensor/kernels/gelu.ts';
import { headMaps, mixHeads } from '../../src/engine/tensor/kernels/heads.ts';
import { currentHeap } from '../../src/engine/tensor/kernels/heap.ts';
import { installKernels, removeKernels } from '../../src/engine/tensor/kernels/index.ts';
import { layerNorm } from '../../src/engine/tensor/kernels/layerNorm.ts';
import { gru } from '../../src/engine/tensor/gru.ts';
import { lstm } from '../../src/engine/tensor/lstm.ts';
import { useBackend } from '../../src/engine/tensor/node.testkit.ts';
import * as tf from '../../src/engine/tensor/tf.ts';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '../../src/engine/tensor/tf.ts';
import { gpuOpsBench } from './gpuOps.ts';

type OpRow = {
  readonly name: string;
  readonly shapes: readonly number[][];
  readonly run: (...x: Tensor[]) => Tensor;
  /** Floating-point operations, where a rate says something. */
  readonly flops?: number;
  /** Times the gradient by every input as well. */
  readonly train?: boolean;
};

const product = (a: number[], b: number[], tA: boolean, tB: boolean): OpRow => {
  const [rows, inner] = tA ? a.slice(-2).reverse() : a.slice(-2);
  const batch = a.slice(0, -2).reduce((x, y) => x * y, 1);
  const columns = tB ? b[b.length - 2] : b[b.length - 1];
  return {
    name: `matMul ${tA ? 'T' : 'N'}${tB ? 'T' : 'N'} [${a.join(',')}] [${b.join(',')}]`,
    shapes: [a, b],
    run: (x, y) => tf.matMul(x, y, tA, tB),
    flops: 2 * batch * rows * inner * columns,
  };
};

const each = (name: string, run: (x: Tensor) => Tensor, train = false): OpRow => ({
  name: `${name} of 1 280 000 values${train ? ', gradient too' : ''}`,
  shapes: [[8, 16, 100, 100]],
  run,
  train,
});

const layer = (B: number, W: number, F: number, H: number): OpRow => ({
  name: `lstm ${B}x${W}, ${F} to ${H}, gradient too`,
  shapes: [[B, W, F], [F, 4 * H], [H, 4 * H], [4 * H]],
  run: (x, k, r, b) =>
    lstm(x as Tensor3D, { kernel_FG: k as Tensor2D, recurrent_HG: r as Tensor2D, bias_G: b as Tensor1D }),
  flops: 3 * 2 * B * W * (F + H) * 4 * H,
  train: true,
});

const gruLayer = (B: number, W: number, F: number, H: number): OpRow => ({
  name: `gru ${B}x${W}, ${F} to ${H}, gradient too`,
  shapes: [[B, W, F], [F, 3 * H], [H, 3 * H], [3 * H]],
  run: (x, k, r, b) =>
    gru(x as Tensor3D, { kernel_FG: k as Tensor2D, recurrent_HG: r as Tensor2D, bias_G: b as Tensor1D }),
  flops: 3 * 2 * B * W * (F + H) * 3 * H,
  train: true,
});

const conv = (x: number[], filter: number[], stride: number): OpRow => ({
  name: `conv2d [${x.join(',')}] [${filter.join(',')}] stride ${stride}, gradient too`,
  shapes: [x, filter],
  run: (a, f) => tf.conv2d(a as Tensor4D, f as Tensor4D, stride, 'same'),
  flops: (3 * 2 * x[0] * x[1] * x[2] * filter.reduce((a, b) => a * b, 1)) / stride ** 2,
  train: true,
});

const ROWS: readonly OpRow[] = [
  ...[128, 256, 512, 1024].map((n) => product([n, n], [n, n], false, false)),
  product([512, 512], [512, 512], true, false),
  product([512, 512], [512, 512], false, true),
  product([512, 512], [512, 512], true, true),
  product([1600, 128], [128, 128], false, false),
  product([1600, 128], [128, 128], false, true),
  product([1600, 128], [1600, 128], true, false),
  product([128, 100, 16], [128, 100, 16], false, true),
  product([128, 100, 100], [128, 100, 16], false, false),
  product([128, 100, 100], [128, 100, 16], true, false),
  layer(64, 100, 38, 80),
  layer(64, 50, 25, 60),
  gruLayer(64, 100, 38, 80),
  conv([56, 64, 18, 32], [4, 4, 32, 64], 1),
  conv([8, 32, 9, 128], [4, 4, 128, 128], 1),
  conv([56, 128, 36, 1], [4, 4, 1, 32], 1),
  {
    name: 'attention on rows, 400 groups of 25, 4 heads of 128, gradient too',
    shapes: [
      [400, 25, 512],
      [400, 25, 512],
      [400, 25, 512],
    ],
    run: (q, k, v) => mixHeads(headMaps(q as Tensor3D, k as Tensor3D, 4, 0.1), v as Tensor3D),
    flops: 3 * 4 * 400 * 4 * 25 * 25 * 128,
    train: true,
  },
  {
    name: 'geglu [10000,1024], gradient too',
    shapes: [[10000, 1024]],
    run: geglu,
    train: true,
  },
  {
    name: 'attention map, 128 heads of 100x16, gradient too',
    shapes: [
      [8, 16, 100, 16],
      [8, 16, 100, 16],
    ],
    run: (q, k) => attentionMap(q as Tensor4D, k as Tensor4D, 0.25),
    train: true,
  },
  {
    name: 'JS divergence of 12 800 rows of 100, gradient too',
    shapes: [
      [12800, 100],
      [12800, 100],
    ],
    run: (a, s) => divergence(tf.softmax(a), tf.softmax(s)),
    train: true,
  },
  each('softmax', (x) => tf.softmax(x)),
  each('softmax', (x) => tf.softmax(x), true),
  each('exp', tf.exp),
  each('log', (x) => tf.log(x)),
  each('tanh', tf.tanh),
  each('sigmoid', tf.sigmoid),
  each('erf', tf.erf),
  each('gelu', gelu, true),
  {
    name: 'layerNorm [1600,128], gradient too',
    shapes: [[1600, 128], [128], [128]],
    run: (x, g, b) => layerNorm(x, g as Tensor1D, b as Tensor1D),
    train: true,
  },
];

/** Milliseconds of processor time: other processes take wall time, less so this. */
const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Least milliseconds over `repeat` rounds of at least 3 ms each, so that the clock's grain does not count. */
function least(fn: () => void, repeat: number): number {
  // The engine compiles a hot function anew in the background: not before that does it show its speed.
  for (const start = performance.now(); performance.now() - start < 150;) fn();
  const first = processorMs();
  fn();
  const calls = Math.max(1, Math.min(200, Math.ceil(3 / Math.max(processorMs() - first, 0.01))));
  let best = Infinity;
  for (let n = 0; n < repeat; n++) {
    const before = processorMs();
    for (let i = 0; i < calls; i++) fn();
    best = Math.min(best, (processorMs() - before) / calls);
  }
  return best;
}

function peakRate(): number {
  const rounds = 2e5;
  // Twelve sums of four lanes, a multiplication and an addition each.
  return (rounds * 12 * 8) / least(() => currentHeap().run['peak'](rounds), 60) / 1e6;
}

const time = (row: OpRow, inputs: Tensor[], repeat: number): number =>
  least(() => {
    tf.tidy(() => {
      if (row.train !== true) row.run(...inputs);
      else tf.grads((...x: Tensor[]) => tf.sum(row.run(...x)))(inputs);
    });
  }, repeat);

function attempt(fn: () => number): number | null {
  try {
    return fn();
  } catch {
    return null;
  }
}

/** Runs the command with what follows `ops` on the command line; resolves to the exit code. */
export async function opsBench(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      backend: { type: 'string', default: 'wasm' },
      only: { type: 'string', default: '' },
      repeat: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
      plain: { type: 'boolean', default: false },
    },
  });
  if (values.backend === 'webgpu') return gpuOpsBench(args);
  // Node 20 has relaxed SIMD behind a flag; browsers have it on.
  if (!values.plain) setFlagsFromString('--experimental-wasm-relaxed-simd');
  await useBackend('wasm');
  const { variant } = await installKernels();
  const peak = peakRate();
  const repeat = Number(values.repeat);
  const results = [];
  const say = (line: string): void => {
    if (!values.json) process.stdout.write(`${line}\n`);
  };
  say(`kernels: ${variant}; peak of one core in registers: ${peak.toFixed(1)} GFLOP/s\n`);
  say('| op | ms | stock ms | times faster | GFLOP/s | share of peak |\n|---|---:|---:|---:|---:|---:|');
  for (const row of ROWS.filter(({ name }) => name.includes(values.only))) {
    const inputs = row.shapes.map((shape, i) => tf.randomUniform(shape, 0.05, 1, 'float32', i + 1));
    await installKernels();
    const ms = time(row, inputs, repeat);
    removeKernels();
    const stockMs = attempt(() => withoutFused(() => time(row, inputs, Math.max(2, repeat >> 2))));
    const rate = row.flops === undefined ? null : row.flops / ms / 1e6;
    const share = rate === null ? null : rate / peak;
    results.push({ op: row.name, ms, stockMs, gflops: rate, share });
    const cells = [
      ms.toFixed(2),
      stockMs?.toFixed(2) ?? 'no kernel',
      stockMs === null ? '' : (stockMs / ms).toFixed(1),
    ];
    const rates = [rate?.toFixed(1) ?? '', share === null ? '' : `${(100 * share).toFixed(0)} %`];
    say(`| ${[row.name, ...cells, ...rates].join(' | ')} |`);
    tf.dispose(inputs);
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ bench: 'ops', variant, peak, results }, null, 1)}\n`);
  return 0;
}
