import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { generate } from '../../../../tools/kernels.mjs';
import { useBackend } from '../node.testkit.ts';
import { composedAdamUpdate } from '../adam.ts';
import { fusedFor } from '../fused.ts';
import * as tf from '../tf.ts';
import type { Tensor } from '../tf.ts';
import { lstm } from '../lstm.ts';
import { attention } from './attention.ts';
import { PLAIN, RELAXED } from './binary.ts';
import { cases } from './cases.testkit.ts';
import type { OpCase } from './cases.testkit.ts';
import { divergence } from './divergence.ts';
import { gelu } from './gelu.ts';
import { heapOf } from './heap.ts';
import { installKernels, kernelStatus, kernelSupport, removeKernels } from './index.ts';
import { layerNorm } from './layerNorm.ts';

// Node 20 knows relaxed SIMD behind a flag only; browsers have it on.
setFlagsFromString('--experimental-wasm-relaxed-simd');

type Place = 'cpu' | 'simd' | 'relaxed';
const places: readonly Place[] = ['cpu', 'simd', 'relaxed'];

async function go(place: Place): Promise<void> {
  await useBackendOnce(place === 'cpu' ? 'cpu' : 'wasm');
  if (place === 'cpu') return;
  expect(await installKernels(place)).toMatchObject({ variant: place });
}

const started = new Set<string>();

/** Starts a backend the first time, and only switches to it afterwards. */
async function useBackendOnce(name: 'cpu' | 'wasm'): Promise<void> {
  if (started.has(name)) await tf.setBackend(name);
  else await useBackend(name);
  started.add(name);
}

/** Uniform in [-1, 1), the same everywhere. */
function uniform(size: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

const casesOn = (place: Place): OpCase[] => cases.filter((row) => row.only?.includes(place) !== false);

type Arrays = { value: Float32Array; grads: Float32Array[] };

/** The prepared inputs of a case as plain arrays, made once on the cpu so that every backend starts from the same. */
async function inputsOf(row: OpCase): Promise<Float32Array[]> {
  await useBackendOnce('cpu');
  return row.shapes.map((shape, i) =>
    tf.tidy(() => {
      const raw = tf.tensor(uniform(sizeOf(shape), 31 + 7 * i), [...shape]);
      return (row.prepare === undefined ? raw : row.prepare(raw, i)).dataSync<'float32'>();
    }),
  );
}

/** Value and gradients of sum(weights * op(inputs)) with fixed weights. */
function evaluate(op: OpCase['run'], row: OpCase, data: readonly Float32Array[]): Arrays {
  return tf.tidy(() => {
    const inputs = row.shapes.map((shape, i) => tf.tensor(data[i], [...shape]));
    const value = op(...inputs);
    const weights = tf.tensor(uniform(value.size, 99), value.shape);
    if (row.forwardOnly === true) return { value: value.dataSync<'float32'>(), grads: [] };
    const grads = tf.grads((...xs: Tensor[]) => tf.sum(tf.mul(op(...xs), weights)))(inputs);
    return { value: value.dataSync<'float32'>(), grads: grads.map((g) => g.dataSync<'float32'>()) };
  });
}

function expectClose(got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number, what: string): void {
  expect(got.length, what).toBe(want.length);
  let scale = 1e-30;
  for (let i = 0; i < want.length; i++) scale = Math.max(scale, Math.abs(want[i]));
  for (let i = 0; i < want.length; i++) {
    const off = Math.abs(got[i] - want[i]) / scale;
    if (!(off <= tolerance)) throw new Error(`${what}[${i}]: got ${got[i]}, want ${want[i]} (${off} of the largest)`);
  }
}

describe.each(places)('every op on %s', (place) => {
  it.each(
    casesOn(place).map((row) => [`${row.op} ${row.shapes.map((s) => `[${s.join(',')}]`).join(' ')}`, row] as const),
  )('%s', async (_name, row) => {
    const tolerance = row.tolerance ?? 2e-5;
    const data = await inputsOf(row);
    await useBackendOnce('cpu');
    const want = evaluate(row.reference, row, data);
    await go(place);
    const before = tf.memory().numTensors;
    const got = evaluate(row.run, row, data);
    expect(tf.memory().numTensors).toBe(before);
    expectClose(got.value, want.value, tolerance, 'value');
    got.grads.forEach((g, i) => {
      expectClose(g, want.grads[i], tolerance, `gradient ${i}`);
    });
  });

  it.each(
    cases
      .filter(
        (row) =>
          row.smooth !== false &&
          row.forwardOnly !== true &&
          row.shapes.every((shape) => sizeOf(shape) > 0 && sizeOf(shape) < 400),
      )
      .map((row) => [`${row.op} ${row.shapes.map((s) => `[${s.join(',')}]`).join(' ')}`, row] as const),
  )('slope by finite differences: %s', async (_name, row) => {
    const data = await inputsOf(row);
    await go(place);
    const { grads } = evaluate(row.run, row, data);
    // Along one direction per input: sum(weights * op) moves by <gradient, direction>.
    const total = (at: readonly Float32Array[]): number =>
      tf.tidy(() => {
        const value = row.run(...row.shapes.map((shape, i) => tf.tensor(at[i], [...shape])));
        const weights = uniform(value.size, 99);
        return value.dataSync<'float32'>().reduce((sum, v, i) => sum + v * weights[i], 0);
      });
    data.forEach((values, i) => {
      // What has to stay positive moves in proportion to its size.
      const direction = uniform(values.length, 5 + i).map((u, k) => (row.prepare === undefined ? u : u * values[k]));
      const step = 4e-3;
      const move = (sign: number) =>
        data.map((d, j) => (j === i ? d.map((v, k) => v + sign * step * direction[k]) : d));
      const slope = (total(move(1)) - total(move(-1))) / (2 * step);
      const want = grads[i].reduce((sum, g, k) => sum + g * direction[k], 0);
      const size = Math.sqrt(grads[i].reduce((sum, g) => sum + g * g, 0)) + 0.05;
      expect(Math.abs(slope - want) / size).toBeLessThan(2e-2);
    });
  });
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
    const nan = (row: OpCase | undefined): boolean =>
      tf.tidy(() => {
        const inputs = row!.shapes.map((s, i) => tf.tensor(uniform(sizeOf(s), i + 1), [...s]));
        const poisoned = inputs[0].dataSync<'float32'>();
        poisoned[0] = NaN;
        return row!
          .run(tf.tensor(poisoned, inputs[0].shape), ...inputs.slice(1))
          .dataSync()
          .some(Number.isNaN);
      });
    for (const op of ['matMul NN', 'matMul TT', 'lstm', 'attentionMap', 'layerNorm', 'divergence js', 'divergence kl'])
      expect(nan(cases.find((row) => row.op === op)), op).toBe(true);
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
            update(value, step === 3 ? null : tf.tensor1d(uniform(n, step)), m, v, { ...hyper, decay, step });
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
    tf.tidy(() => fusedFor('adamUpdate')!(value, tf.ones([5]), m, v, { ...hyper, decay: 0, step: 1 }));
    expect([...clone.dataSync()]).toEqual([1, 1, 1, 1, 1]);
    expect(value.dataSync()[0]).toBeLessThan(1);
    tf.dispose([value, m, v, clone]);
  });
});

describe('the module', () => {
  it('is what its sources give, imports nothing but memory and is small', async () => {
    const { readFileSync } = await import('node:fs');
    const { gzipSync } = await import('node:zlib');
    const text = readFileSync(new URL('binary.ts', import.meta.url), 'utf8');
    expect(text === (await generate())).toBe(true);
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
    const picked = cases.filter((row) => /lstm|attention|divergence|conv2d|matMul TT/.test(row.op));
    const round = async (): Promise<void> => {
      for (const row of picked)
        evaluate(
          row.run,
          row,
          row.shapes.map((s) => uniform(sizeOf(s), 3).map(Math.abs)),
        );
      await Promise.resolve();
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
    const stock = losses();
    await installKernels('relaxed');
    const ours = losses();
    await installKernels('simd');
    const plain = losses();
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

/** Twenty steps of an LSTM, one attention layer with its divergence, layer norm and a dense head. */
function losses(): number[] {
  const [B, W, F, H] = [4, 12, 5, 8];
  const weight = (shape: number[], seed: number) =>
    tf.tidy(() =>
      tf.variable(
        tf.tensor(
          uniform(sizeOf(shape), seed).map((v) => 0.4 * v),
          shape,
        ),
      ),
    );
  const shapes = [[F, 4 * H], [H, 4 * H], [4 * H], [H, H], [H, H], [H], [H], [H, F], [F]];
  const weights = shapes.map((shape, i) => weight(shape, i + 1));
  const moments = shapes.map((shape) => [0, 1].map(() => tf.tidy(() => tf.variable(tf.zeros(shape)))));
  const out: number[] = [];
  for (let step = 1; step <= 20; step++) {
    tf.tidy(() => {
      const x = tf.tensor3d(uniform(B * W * F, 50), [B, W, F]);
      const { value, grads } = tf.variableGrads(() => {
        const [k, r, b, wq, wk, gamma, beta, head, bias] = weights as never[];
        const h = lstm(x, { kernel_FG: k, recurrent_HG: r, bias_G: b });
        const flat = tf.reshape(h, [B * W, H]);
        const project = (w: Tensor) => tf.reshape<tf.Rank.R4>(tf.matMul(flat, w), [B, 1, W, H]);
        const q = project(wq);
        const v = tf.reshape<tf.Rank.R4>(h, [B, 1, W, H]);
        const { out_BHNV, map_BHNM } = attention(q, project(wk), v, 0.35);
        const even = tf.fill(map_BHNM.shape, 1 / W);
        const y = layerNorm(gelu(tf.add(out_BHNV, v)), tf.add(gamma, 1), beta);
        const copy = tf.add(tf.matMul(tf.reshape(y, [B * W, H]), head), bias);
        const error = tf.mean(tf.square(tf.sub(copy, tf.reshape(x, [B * W, F]))));
        return tf.add<tf.Scalar>(error, tf.mul(0.1, tf.mean(divergence(map_BHNM, even))));
      }, weights);
      out.push(value.dataSync()[0]);
      const update = fusedFor('adamUpdate') ?? composedAdamUpdate;
      const hyper = { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, decay: 0, step };
      weights.forEach((w, i) => {
        update(w, grads[w.name], moments[i][0], moments[i][1], hyper);
      });
    });
  }
  tf.dispose([weights, moments]);
  return out;
}
