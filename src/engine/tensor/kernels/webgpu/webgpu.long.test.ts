import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { composedAdamUpdate } from '../../adam.ts';
import { settle } from '../../backend.ts';
import { fusedFor, withoutFused } from '../../fused.ts';
import { lstmLast } from '../../lstm.ts';
import { initNodeWebgpu, useBackend } from '../../node.testkit.ts';
import { sizeOf } from '../../../shape.ts';
import * as tf from '../../tf.ts';
import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D, Variable } from '../../tf.ts';
import { attentionMap } from '../attention.ts';
import { cases } from '../cases.testkit.ts';
import type { OpCase } from '../cases.testkit.ts';
import { divergence } from '../divergence.ts';
import { gelu } from '../gelu.ts';
import { layerNorm } from '../layerNorm.ts';
import { evaluate, expectClose, passesNan, take, testTable, uniform, useBackendOnce } from '../table.testkit.ts';
import { trained, training } from '../training.testkit.ts';
import { gpuBackend } from './gpu.ts';
import { gpuKernelStatus, installGpuKernels, removeGpuKernels } from './index.ts';
import { traffic } from './traffic.testkit.ts';

/** The rest of the table is stock on WebGPU. */
const ours = ({ op }: OpCase): boolean => /^(lstm|attentionMap|divergence|layerNorm|gelu|geglu)/.test(op);

/** Stock ops bind empty tensors, which WebGPU refuses together with all that is submitted with them. */
const filled = ({ shapes }: OpCase): boolean => !shapes.flat().includes(0);

/** A GPU that computes on the CPU does as well: the whole file takes seconds there. */
const noGpu = await initNodeWebgpu();

async function withoutKernels<T>(work: () => Promise<T>): Promise<T> {
  removeGpuKernels();
  try {
    return await work();
  } finally {
    await installGpuKernels();
  }
}

/** Milliseconds for starting: a software GPU compiles all shaders on the same cores as everything else. */
const PATIENCE = 60_000;

const on = (): Promise<void> => useBackendOnce('webgpu');

/** What the device refused: results that nobody computed. */
const refused: string[] = [];

describe.skipIf(noGpu !== null)('every op on webgpu', () => {
  beforeAll(async () => {
    await on();
    gpuBackend().device.addEventListener('uncapturederror', ({ error }) => refused.push(error.message));
  }, PATIENCE);
  afterEach(async () => {
    await settle();
    expect(refused.splice(0)).toEqual([]);
  });
  testTable('webgpu', on, { row: (row) => ours(row) || filled(row), slope: ours });

  it('ran on our kernels', async () => {
    await on();
    expect(gpuKernelStatus()).toEqual({ on: true, reason: 'all shaders compile on this device' });
  });
});

describe.skipIf(noGpu !== null)('NaN and infinity on webgpu', () => {
  beforeAll(on, PATIENCE);

  it.each(['lstm', 'attentionMap', 'layerNorm', 'divergence js', 'divergence kl', 'gelu'])(
    'a NaN comes through: %s',
    async (op) => {
      expect(await passesNan(cases.find((row) => row.op === op)!)).toBe(true);
    },
  );

  it.each([NaN, Infinity])('%d stays in its own row, head and series', async (odd) => {
    const poisoned = (shape: number[]): tf.Tensor => {
      const values = uniform(sizeOf(shape), 4).map(Math.abs);
      values[1] = odd;
      return tf.tensor(values, shape);
    };
    const clean = (shape: number[]): tf.Tensor => tf.tensor(uniform(sizeOf(shape), 5).map(Math.abs), shape);
    const weights = { kernel_FG: clean([4, 12]), recurrent_HG: clean([3, 12]), bias_G: clean([12]) };
    const [norm, gap, map, last] = await take(
      tf.tidy(() => [
        layerNorm(poisoned([3, 70]), tf.ones([70]), tf.zeros([70])),
        divergence(poisoned([3, 70]), clean([3, 70])),
        attentionMap(poisoned([1, 2, 5, 3]) as Tensor4D, clean([1, 2, 70, 3]) as Tensor4D, 1),
        lstmLast(poisoned([2, 5, 4]) as Tensor3D, weights as never),
      ]),
    );
    tf.dispose(weights);
    const bad = (values: Float32Array): number[] => [...values.entries()].flatMap(([i, v]) => (v - v === 0 ? [] : [i]));
    expect(bad(norm)).toEqual(Array.from({ length: 70 }, (_, i) => i));
    expect(bad(gap)).toEqual([0]);
    expect(bad(map).every((i) => i < 70)).toBe(true);
    expect(bad(last).every((i) => i < 3)).toBe(true);
    expect(bad(map).length > 0 && (Number.isNaN(odd) ? bad(last).length > 0 : true)).toBe(true);
  });

  it('gelu at the ends is what the reference gives', async () => {
    const x = [Infinity, -Infinity, 1e20, -1e20, 30, -30, 0];
    const [got] = await take([tf.tidy(() => gelu(tf.tensor1d(x)))]);
    expect([...got]).toEqual([Infinity, NaN, Math.fround(1e20), -0, 30, -0, 0]);
  });
});

describe.skipIf(noGpu !== null)('Adam on webgpu', () => {
  beforeAll(on, PATIENCE);
  const hyper = { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  const variableOf = (values: Float32Array): Variable => tf.tidy(() => tf.variable(tf.tensor1d(values)));

  it.each([0, 0.1])('matches the composed update over 5 steps, decay %d', async (decay) => {
    const sizes = [1, 7, 300, 0, 513, 64, 2, 5];
    const results: Float32Array[][] = [];
    for (const update of [fusedFor('adamUpdate')!, composedAdamUpdate]) {
      const slots = sizes.map((n) => ({
        value: variableOf(uniform(n, n + 1)),
        m: variableOf(new Float32Array(n)),
        v: variableOf(new Float32Array(n)),
      }));
      for (let step = 1; step <= 5; step++)
        tf.tidy(() => {
          // Some weights have no gradient, each at another step.
          const grad = (n: number, i: number) => (i === step ? null : tf.tensor1d(uniform(n, step + i)));
          update(
            slots.map((slot, i) => ({ ...slot, grad: grad(sizes[i], i) })),
            { ...hyper, decay, step },
          );
        });
      results.push(await take(slots.flatMap(({ value, m, v }) => [value, m, v])));
    }
    results[0].forEach((array, i) => {
      expectClose(array, results[1][i], 1e-5, `array ${i}`);
    });
  });

  it('does not change a clone of the weight, nor what was read of it before', async () => {
    const [value, m, v] = [1, 0, 0].map((fill) => variableOf(new Float32Array(5).fill(fill)));
    const clone = tf.tidy(() => tf.clone(value));
    const update = (step: number): void => {
      tf.tidy(() => fusedFor('adamUpdate')!([{ value, grad: tf.ones([5]), m, v }], { ...hyper, decay: 0, step }));
    };
    update(1);
    expect([...(await clone.data())]).toEqual([1, 1, 1, 1, 1]);
    const first = [...(await value.data())];
    update(2);
    const second = await value.data();
    expect(first[0]).toBeCloseTo(0.99, 5);
    expect(second[0]).toBeCloseTo(0.98, 5);
    tf.dispose([value, m, v, clone]);
  });
});

describe.skipIf(noGpu !== null)('training on webgpu', () => {
  beforeAll(on, PATIENCE);

  it('goes as with the stock ops: losses within 1e-4 over 20 steps', async () => {
    const got = await trained(4);
    const stock = await withoutKernels(() => trained(4));
    expect(stock[19]).toBeLessThan(0.9 * stock[0]);
    stock.forEach((want, i) => {
      expect(Math.abs(got[i] - want) / want).toBeLessThan(1e-4);
    });
  });

  it('reads nothing back inside a step, and takes a fraction of the dispatches', async () => {
    const model = training(4);
    const own = await traffic(model.step);
    const stock = await traffic(() => {
      withoutFused(model.step);
    });
    expect([own.reads, stock.reads]).toEqual([0, 0]);
    expect(own.dispatches).toBeLessThan(stock.dispatches / 5);
    const end = await traffic(async () => {
      await model.losses();
    });
    expect(end.reads).toBe(2);
  });

  it('gives the same losses twice', async () => {
    expect(await trained(4)).toEqual(await trained(4));
  });

  it('keeps memory flat', async () => {
    const bytes = (): number => (gpuBackend().memory() as unknown as { numBytesInGPU: number }).numBytesInGPU;
    const round = async (): Promise<void> => {
      for (const row of cases.filter((one) => ours(one) && one.shapes.every((s) => sizeOf(s) < 400)))
        await evaluate(
          row.run,
          row,
          row.shapes.map((s) => uniform(sizeOf(s), 3).map(Math.abs)),
        );
    };
    await round();
    const before = [bytes(), gpuBackend().numDataIds(), tf.memory().numTensors];
    await round();
    expect([bytes(), gpuBackend().numDataIds(), tf.memory().numTensors]).toEqual(before);
  });
});

describe.skipIf(noGpu !== null)('waiting for webgpu', () => {
  beforeAll(on, PATIENCE);

  it.each([1, 14, 15, 16])('takes %i dispatches that are not yet submitted, or just were', async (count) => {
    const x = tf.tidy(() => tf.variable(tf.zeros([300])));
    await x.data();
    await settle();
    for (let n = 0; n < count; n++) tf.tidy(() => x.assign(tf.add(x, 1)));
    await settle();
    expect((await x.data())[299]).toBe(count);
    x.dispose();
  });
});

describe.skipIf(noGpu !== null)('installing on webgpu', () => {
  it('gives the composed ops back', async () => {
    await on();
    removeGpuKernels();
    expect(fusedFor('lstmForward')).toBeNull();
    expect((await installGpuKernels()).on).toBe(true);
    expect(fusedFor('lstmForward')).not.toBeNull();
  });

  it('stays out of other backends, and says so', async () => {
    await useBackendOnce('cpu');
    expect(await installGpuKernels()).toEqual({ on: false, reason: 'the WebGPU backend is not in use' });
    await on();
    await installGpuKernels();
  });

  it('says so where the backend is another version', async () => {
    await on();
    const backend = gpuBackend() as { recordAndSubmit?: unknown };
    const { recordAndSubmit } = backend;
    backend.recordAndSubmit = undefined;
    try {
      expect(await installGpuKernels()).toEqual({ on: false, reason: 'the WebGPU backend has no recordAndSubmit' });
    } finally {
      backend.recordAndSubmit = recordAndSubmit;
    }
    await installGpuKernels();
  });

  it('composes what does not fit into workgroup memory', async () => {
    await on();
    const H = Math.floor(gpuBackend().device.limits.maxComputeWorkgroupStorageSize / 36) + 1;
    const zeros = { kernel_FG: tf.zeros([1, 4 * H]), recurrent_HG: tf.zeros([H, 4 * H]), bias_G: tf.ones([4 * H]) };
    const { programs } = await traffic(async () => {
      const weights = zeros as { kernel_FG: Tensor2D; recurrent_HG: Tensor2D; bias_G: Tensor1D };
      await take([tf.tidy(() => lstmLast(tf.ones([1, 2, 1]), weights))]);
    });
    tf.dispose(zeros);
    expect(Object.keys(programs).some((name) => name.startsWith('lstm'))).toBe(false);
  });

  it('says so where a shader does not compile', async () => {
    const { prototype } = (globalThis as unknown as { GPUDevice: { prototype: GPUDevice } }).GPUDevice;
    const whole = Object.getOwnPropertyDescriptor(prototype, 'createShaderModule')!;
    const inner = whole.value as (this: GPUDevice, given: GPUShaderModuleDescriptor) => GPUShaderModule;
    Object.defineProperty(prototype, 'createShaderModule', {
      ...whole,
      value(this: GPUDevice, given: GPUShaderModuleDescriptor) {
        return inner.call(this, { ...given, code: given.code.replaceAll('workgroupBarrier', 'unknownBarrier') });
      },
    });
    try {
      const { detail } = await useBackend('webgpu');
      expect(detail).toContain('stock kernels');
      expect(gpuKernelStatus().on).toBe(false);
      expect(fusedFor('lstmForward')).toBeNull();
    } finally {
      Object.defineProperty(prototype, 'createShaderModule', whole);
    }
  });
});
