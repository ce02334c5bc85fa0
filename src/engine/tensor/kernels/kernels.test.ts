import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { composedAdamUpdate } from '../adam.ts';
import { sizeOf } from '../../shape.ts';
import { fusedFor } from '../fused.ts';
import * as tf from '../tf.ts';
import type { Tensor } from '../tf.ts';
import { PLAIN, RELAXED } from './binary.ts';
import { cases } from './cases.testkit.ts';
import { heapOf } from './heap.ts';
import { installKernels, kernelSupport, removeKernels } from './index.ts';
import { kernelStatus } from './status.ts';
import { evaluate, expectClose, passesNan, testTable, uniform, useBackendOnce } from './table.testkit.ts';
import { trained } from './training.testkit.ts';

// Node 20 knows relaxed SIMD behind a flag only; browsers have it on.
setFlagsFromString('--experimental-wasm-relaxed-simd');

type Place = 'cpu' | 'simd' | 'relaxed';
const places: readonly Place[] = ['cpu', 'simd', 'relaxed'];

async function go(place: Place): Promise<void> {
  await useBackendOnce(place === 'cpu' ? 'cpu' : 'wasm');
  if (place === 'cpu') return;
  expect(await installKernels(place)).toMatchObject({ variant: place });
}

describe.each(places)('every op on %s', (place) => {
  testTable(place, () => go(place));
});

describe.each(['simd', 'relaxed'] as const)('accuracy on %s, against float64', (place) => {
  /** Distance in units of the last place of the float32 nearest to `want`. */
  const ulps = (got: number, want: number): number => {
    if (Object.is(got, Math.fround(want))) return 0;
    const size = Math.max(Math.abs(want), 2 ** -126);
    return Math.abs(got - want) / 2 ** (Math.floor(Math.log2(size)) - 23);
  };
  /** erf in float64 by its power series or the continued fraction of erfc. */
  const erf = (x: number): number => {
    const a = Math.abs(x);
    if (a > 6) return Math.sign(x);
    if (a < 3) {
      let term = x;
      let sum = x;
      for (let n = 1; n < 200; n++) {
        term *= (-x * x) / n;
        sum += term / (2 * n + 1);
      }
      return (2 / Math.sqrt(Math.PI)) * sum;
    }
    let fraction = a;
    for (let n = 80; n > 0; n--) fraction = a + n / 2 / fraction;
    return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / fraction);
  };
  const spreadOver = (from: number, to: number): Float32Array =>
    Float32Array.from({ length: 200_003 }, (_, i) => from + ((to - from) * i) / 200_002);
  const powers = (from: number, to: number): Float32Array => spreadOver(from, to).map((e) => 2 ** e);
  const bothSigns = (x: Float32Array): Float32Array => Float32Array.from([...x, ...x.map((v) => -v)]);
  const rows: [string, (x: Tensor) => Tensor, (x: number) => number, Float32Array, number][] = [
    ['exp', tf.exp, Math.exp, spreadOver(-103, 88.7), 1.1],
    ['log', tf.log, Math.log, powers(-148, 127.9), 2],
    ['log near 1', tf.log, Math.log, spreadOver(0.5, 2), 2],
    ['tanh', tf.tanh, Math.tanh, bothSigns(powers(-60, 4)), 3],
    ['sigmoid', tf.sigmoid, (x) => 1 / (1 + Math.exp(-x)), spreadOver(-87, 30), 3],
    ['erf', tf.erf, erf, bothSigns(powers(-40, 2.5)), 2],
  ];
  it.each(rows)('%s', async (_name, op, exact, x, limit) => {
    await go(place);
    const got = tf.tidy(() => op(tf.tensor1d(x)).dataSync());
    let worst = 0;
    let where = 0;
    x.forEach((v, i) => {
      const off = ulps(got[i], exact(v));
      if (!(off <= worst)) [worst, where] = [off, v];
    });
    expect(worst, `worst at ${where}`).toBeLessThanOrEqual(limit);
  });

  it('softmax', async () => {
    await go(place);
    const x = uniform(50 * 1000, 3).map((v) => 12 * v);
    const got = tf.tidy(() => tf.softmax(tf.tensor2d(x, [50, 1000])).dataSync());
    let worst = 0;
    for (let r = 0; r < 50; r++) {
      const row = Array.from(x.subarray(r * 1000, r * 1000 + 1000));
      const top = Math.max(...row);
      const sum = row.reduce((s, v) => s + Math.exp(Math.fround(v - top)), 0);
      // The difference to the largest value is rounded to float32 before anything else.
      row.forEach((v, j) => (worst = Math.max(worst, ulps(got[r * 1000 + j], Math.exp(Math.fround(v - top)) / sum))));
    }
    expect(worst).toBeLessThanOrEqual(10);
  });

  it('passes NaN and infinity on as float64 does', async () => {
    await go(place);
    const odd = [NaN, Infinity, -Infinity, 0, -0, 1e38, -1e38, 1e-45, -1e-45, 89, -104, 3.9];
    const table: [string, (x: Tensor) => Tensor, (x: number) => number][] = [
      ['exp', tf.exp, Math.exp],
      ['log', tf.log, Math.log],
      ['tanh', tf.tanh, Math.tanh],
      ['sigmoid', tf.sigmoid, (x) => 1 / (1 + Math.exp(-x))],
      ['erf', tf.erf, erf],
    ];
    for (const [name, op, exact] of table) {
      const got = tf.tidy(() => op(tf.tensor1d(odd)).dataSync());
      odd.forEach((x, i) => {
        const want = Math.fround(exact(Math.fround(x)));
        const same = Object.is(got[i], want) || got[i] === want || Math.abs(got[i] - want) <= 3e-7 * Math.abs(want);
        expect(same, `${name}(${x}) is ${got[i]}, not ${want}`).toBe(true);
      });
    }
  });

  it('lets NaN and infinity through products, LSTM, attention and norm', async () => {
    await go(place);
    for (const op of [
      ...['matMul NN', 'matMul TT', 'lstm', 'gru', 'attentionMap', 'headMaps', 'mixHeads', 'geglu', 'layerNorm'],
      ...['divergence js', 'divergence kl', 'conv2d stride 1 same'],
    ])
      expect(await passesNan(cases.find((row) => row.op === op)!), op).toBe(true);
    const infinite = tf.tidy(() => tf.matMul(tf.tensor2d([[Infinity, 1]]), tf.tensor2d([[1], [2]])).dataSync()[0]);
    expect(infinite).toBe(Infinity);
  });
});

describe.each(['simd', 'relaxed'] as const)('Adam on %s', (place) => {
  const hyper = { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  it.each([1, 7, 64])('matches the composed update over 5 steps, %i values', async (n) => {
    await go(place);
    for (const decay of [0, 0.1]) {
      const results = [fusedFor('adamUpdate')!, composedAdamUpdate].map((update) => {
        const [value, m, v] = [uniform(n, 1), new Float32Array(n), new Float32Array(n)].map((a) =>
          tf.tidy(() => tf.variable(tf.tensor1d(a))),
        );
        for (let step = 1; step <= 5; step++) {
          tf.tidy(() => {
            const grad = step === 3 ? null : tf.tensor1d(uniform(n, step));
            update([{ value, grad, m, v }], { ...hyper, decay, step });
          });
        }
        const arrays = [value, m, v].map((x) => x.dataSync<'float32'>());
        tf.dispose([value, m, v]);
        return arrays;
      });
      results[0].forEach((got, i) => {
        expectClose(got, results[1][i], 1e-5, `array ${i}`);
      });
    }
  });

  it('does not change a clone of the weight', async () => {
    await go(place);
    const make = () => tf.tidy(() => tf.variable(tf.ones([5])));
    const [value, m, v] = [make(), make(), make()];
    const clone = tf.tidy(() => tf.clone(value));
    tf.tidy(() => fusedFor('adamUpdate')!([{ value, grad: tf.ones([5]), m, v }], { ...hyper, decay: 0, step: 1 }));
    expect([...clone.dataSync()]).toEqual([1, 1, 1, 1, 1]);
    expect(value.dataSync()[0]).toBeLessThan(1);
    tf.dispose([value, m, v, clone]);
  });
});

describe('the module', () => {
  it('imports nothing but memory and is small', async () => {
    const { readFileSync } = await import('node:fs');
    const { gzipSync } = await import('node:zlib');
    const text = readFileSync(new URL('binary.ts', import.meta.url), 'utf8');
    expect(gzipSync(text).length).toBeLessThan(60_000);
    for (const base64 of [PLAIN, RELAXED]) {
      const module = new WebAssembly.Module(Buffer.from(base64, 'base64'));
      expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
      // A data segment would overwrite what TensorFlow.js keeps at the start of the shared memory.
      expect(sections(Buffer.from(base64, 'base64'))).not.toContain(11);
    }
  });

  it('installs once, and gives the stock kernels back', async () => {
    await useBackendOnce('wasm');
    removeKernels();
    const stock = tf.getKernel('BatchMatMul', 'wasm').kernelFunc;
    expect(kernelStatus().variant).toBe('off');
    expect(tf.getKernel('Conv2DBackpropFilter', 'wasm')).toBeUndefined();
    const status = await installKernels();
    expect(status.variant).toBe(kernelSupport().variant);
    const heap = heapOf(tf.backend());
    expect(await installKernels()).toEqual(status);
    expect(heapOf(tf.backend())).toBe(heap);
    expect(tf.getKernel('BatchMatMul', 'wasm').kernelFunc).not.toBe(stock);
    removeKernels();
    expect(tf.getKernel('BatchMatMul', 'wasm').kernelFunc).toBe(stock);
    expect(fusedFor('lstmForward')).toBeNull();
  });

  it('stays out of other backends, and says so', async () => {
    await useBackendOnce('cpu');
    expect(await installKernels()).toEqual({ variant: 'off', reason: 'the wasm backend is not in use' });
  });

  it('says so where the machine has no SIMD', async () => {
    await useBackendOnce('wasm');
    removeKernels();
    const validate = WebAssembly.validate;
    try {
      WebAssembly.validate = () => false;
      expect(await installKernels()).toEqual({ variant: 'off', reason: 'WebAssembly without SIMD' });
      expect(fusedFor('lstmForward')).toBeNull();
    } finally {
      WebAssembly.validate = validate;
    }
  });

  it('keeps the heap flat', async () => {
    await go('simd');
    const backend = tf.backend() as unknown as { wasm: { _malloc: (n: number) => number; _free: (p: number) => void } };
    const picked = cases.filter((row) =>
      /lstm|gru|attention|Heads|headMaps|geglu|divergence|conv2d|matMul TT/.test(row.op),
    );
    const round = async (): Promise<void> => {
      for (const row of picked)
        await evaluate(
          row.run,
          row,
          row.shapes.map((s) => uniform(sizeOf(s), 3).map(Math.abs)),
        );
    };
    await round();
    const heap = heapOf(tf.backend())!;
    const held = heap.scratchBytes();
    // Where a large block would go tells whether the rounds between left anything behind.
    const probe = (): number => {
      const at = backend.wasm._malloc(1 << 20);
      backend.wasm._free(at);
      return at;
    };
    const [address, bytes] = [probe(), memoryBytes()];
    for (let n = 0; n < 30; n++) await round();
    expect([probe(), memoryBytes(), heap.scratchBytes()]).toEqual([address, bytes, held]);
  });

  it('trains as the stock ops do: losses within 1e-4 over 20 steps', async () => {
    await useBackendOnce('wasm');
    removeKernels();
    const stock = await trained();
    await installKernels('relaxed');
    const ours = await trained();
    await installKernels('simd');
    const plain = await trained();
    expect(stock[19]).toBeLessThan(0.9 * stock[0]);
    stock.forEach((want, i) => {
      expect(Math.abs(ours[i] - want) / want).toBeLessThan(1e-4);
      expect(Math.abs(plain[i] - want) / want).toBeLessThan(1e-4);
    });
  });
});

function memoryBytes(): number {
  const { wasm } = tf.backend() as unknown as { wasm: { asm: { memory: WebAssembly.Memory } } };
  return wasm.asm.memory.buffer.byteLength;
}

/** Ids of the sections of a WebAssembly module. */
function sections(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  for (let at = 8; at < bytes.length;) {
    ids.push(bytes[at++]);
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += size;
  }
  return ids;
}
