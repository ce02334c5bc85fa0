/**
 * Adam on WebGPU: values and both moments in place, as many weights a dispatch as the device binds buffers for.
 * Reference: composedAdamUpdate in ../../adam.ts.
 */
import type { AdamSlot, AdamUpdate } from '../../fused.ts';
import { mul, tidy } from '../../tf.ts';
import type { Variable } from '../../tf.ts';
import { dispatch, gpuBackend } from './gpu.ts';
import { specialised } from './wgsl.ts';
import type { Kernel } from './wgsl.ts';

const THREADS = 256;

/** Workgroups in turn: those below `end0` belong to the first weight, those below `end1` to the second, and so on. */
const part = (n: number, graded: boolean): string => `
  if (group >= ${n === 0 ? '0u' : `u.end${n - 1}`} && group < u.end${n}) {
    let i = (group - ${n === 0 ? '0u' : `u.end${n - 1}`}) * THREADS + thread;
    if (i < u.size${n}) {
      let g = ${graded ? `grad${n}[i]` : '0.0'};
      let m = u.beta1 * m${n}[i] + u.rest1 * g;
      let v = u.beta2 * v${n}[i] + u.rest2 * g * g;
      m${n}[i] = m;
      v${n}[i] = v;
      value${n}[i] = u.kept * value${n}[i] - u.rate * m / (sqrt(u.correction * v) + u.epsilon);
    }
  }`;

/** For so many weights, with gradients or without. */
export const adamKernel = specialised((key: `${number} ${'graded' | 'still'}`): Kernel => {
  const graded = key.endsWith('graded');
  const all = Array.from({ length: Number.parseInt(key) }, (_, n) => n);
  const sizes = all.flatMap((n) => [`end${n}`, `size${n}`]);
  const hyper = ['rate', 'beta1', 'beta2', 'rest1', 'rest2', 'correction', 'epsilon', 'kept'];
  return {
    name: `adam ${key}`,
    writes: all.flatMap((n) => [`value${n}`, `m${n}`, `v${n}`]),
    reads: graded ? all.map((n) => `grad${n}`) : [],
    uniforms: Object.fromEntries([
      ...sizes.map((name) => [name, 'u32'] as const),
      ...hyper.map((name) => [name, 'f32'] as const),
    ]),
    threads: THREADS,
    code: `fn run(group: u32, thread: u32) {${all.map((n) => part(n, graded)).join('')}\n}`,
  };
});

/** How many weights go into one dispatch on this device. */
export const adamBatch = (device: GPUDevice): number =>
  Math.max(1, Math.floor(device.limits.maxStorageBuffersPerShaderStage / 4));

/** Makes sure that nobody else sees a variable's values: a clone or a saved tensor may share them. */
function own(variable: Variable): void {
  if (gpuBackend().refCount(variable.dataId) > 1) tidy(() => variable.assign(mul(variable, 1)));
}

export const adamUpdate: AdamUpdate = (slots, { rate, beta1, beta2, epsilon, decay, step }) => {
  const hyper = [rate / (1 - beta1 ** step), beta1, beta2, 1 - beta1, 1 - beta2, 1 / (1 - beta2 ** step), epsilon];
  const batch = adamBatch(gpuBackend().device);
  const run = (some: readonly AdamSlot[], kind: 'graded' | 'still'): void => {
    for (let from = 0; from < some.length; from += batch) {
      const chunk = some.slice(from, from + batch);
      let end = 0;
      const bounds = chunk.flatMap(({ value: { size } }) => [(end += Math.ceil(size / THREADS)), size]);
      const writes = chunk.flatMap(({ value, m, v }) => [value, m, v]);
      const reads = chunk.flatMap(({ grad }) => grad ?? []);
      dispatch(adamKernel(`${chunk.length} ${kind}`), end, writes, reads, [...bounds, ...hyper, 1 - rate * decay]);
    }
  };
  const filled = slots.filter(({ value }) => value.size > 0);
  for (const { value, m, v } of filled) [value, m, v].forEach(own);
  run(
    filled.filter(({ grad }) => grad !== null),
    'graded',
  );
  run(
    filled.filter(({ grad }) => grad === null),
    'still',
  );
};
