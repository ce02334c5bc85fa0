/**
 * The seam to TensorFlow.js's WebGPU backend: our shaders run in its compute pass, on its buffers, and count in its
 * queue like its own programs. `runWebGPUProgram` writes one tensor and declares all others read-only, so that the
 * states of an LSTM or Adam's moments would take a dispatch and a buffer each: we compile our own text and hand the
 * pipeline to `recordAndSubmit`, the half of `runWebGPUProgram` that binds, counts, submits and holds buffers back
 * until the queue is done with them.
 */
import { sizeOf } from '../../../shape.ts';
import { engine } from '../../tf.ts';
import type { KernelBackend, Rank, ShapeMap, Tensor, TensorInfo } from '../../tf.ts';
import { shader } from './wgsl.ts';
import type { Kernel } from './wgsl.ts';

type DataId = TensorInfo['dataId'];

/** The parts of TensorFlow.js's WebGPU backend that we rely on. */
export type GpuBackend = KernelBackend & {
  readonly device: GPUDevice;
  readonly tensorMap: { readonly get: (id: DataId) => { values: unknown } };
  readonly makeTensorInfo: (shape: readonly number[], dtype: 'float32', values?: Float32Array) => TensorInfo;
  readonly uploadToGPU: (id: DataId) => void;
  readonly recordAndSubmit: (
    program: { readonly pipeline: GPUComputePipeline; readonly dispatch: readonly [number, number, number] },
    output: TensorInfo,
    inputs: readonly TensorInfo[],
    uniforms: readonly { readonly type: string; readonly data: number[] }[],
  ) => void;
};

const METHODS = ['makeTensorInfo', 'uploadToGPU', 'recordAndSubmit', 'refCount'] as const;

/** What another version of the backend lacks of the above, or null. */
export function missingParts(backend: object): string | null {
  const parts = backend as Partial<Record<string, unknown>>;
  const missing = METHODS.find((name) => typeof parts[name] !== 'function');
  if (missing !== undefined) return missing;
  return ['device', 'tensorMap'].find((name) => typeof parts[name] !== 'object') ?? null;
}

export const gpuBackend = (): GpuBackend => engine().backend as GpuBackend;

const pipelines = new WeakMap<GPUDevice, WeakMap<Kernel, GPUComputePipeline>>();

function known(device: GPUDevice): WeakMap<Kernel, GPUComputePipeline> {
  let ours = pipelines.get(device);
  if (ours === undefined) pipelines.set(device, (ours = new WeakMap()));
  return ours;
}

const describe = (device: GPUDevice, kernel: Kernel): GPUComputePipelineDescriptor => ({
  label: kernel.name,
  layout: 'auto',
  compute: { module: device.createShaderModule({ label: kernel.name, code: shader(kernel) }), entryPoint: 'start' },
});

/** Compiles ahead, all at once. Rejects with the compiler's words where a shader does not suit the device. */
export async function compile(device: GPUDevice, kernels: readonly Kernel[]): Promise<void> {
  const ours = known(device);
  const missing = kernels.filter((kernel) => !ours.has(kernel));
  // What the compiler says of a module comes with its pipeline; it is no error of the whole device.
  device.pushErrorScope('validation');
  const compiled = missing.map((kernel) => device.createComputePipelineAsync(describe(device, kernel)));
  const [done] = await Promise.allSettled([Promise.all(compiled), device.popErrorScope()]);
  if (done.status === 'rejected') throw done.reason;
  done.value.forEach((pipeline, i) => ours.set(missing[i], pipeline));
}

function pipelineOf(device: GPUDevice, kernel: Kernel): GPUComputePipeline {
  let pipeline = known(device).get(kernel);
  if (pipeline === undefined)
    known(device).set(kernel, (pipeline = device.createComputePipeline(describe(device, kernel))));
  return pipeline;
}

/** A new tensor with undefined content, owned by the caller's tidy. */
export function gpuTensor<R extends Rank>(shape: ShapeMap[R]): Tensor<R> {
  const backend = gpuBackend();
  // A buffer of no bytes cannot be bound or read: what is empty stays on this side.
  const values = (shape as readonly number[]).includes(0) ? new Float32Array(0) : undefined;
  return engine().makeTensorFromTensorInfo(backend.makeTensorInfo(shape, 'float32', values), backend) as Tensor<R>;
}

/** Workgroup memory of the device in bytes. */
export const workgroupBytes = (): number => gpuBackend().device.limits.maxComputeWorkgroupStorageSize;

/**
 * Queues one dispatch of `groups` workgroups; tensors and uniforms in the order that the kernel names them. None of the
 * tensors may be empty, and none may stand among both written and read ones. Nothing at all for no groups.
 */
export function dispatch(
  kernel: Kernel,
  groups: number,
  writes: readonly TensorInfo[],
  reads: readonly TensorInfo[],
  uniforms: readonly number[],
): void {
  if (groups === 0) return;
  const backend = gpuBackend();
  // Shapes do not matter to our shaders: all buffers are flat.
  const [first, ...rest] = [...writes, ...reads].map(({ dataId, shape, dtype }) => {
    backend.uploadToGPU(dataId);
    return { dataId, shape: [sizeOf(shape)], dtype };
  });
  // What was read back before is out of date as soon as the buffer is written.
  for (const { dataId } of writes) backend.tensorMap.get(dataId).values = null;
  const types = ['u32', ...Object.values(kernel.uniforms)];
  const numbers = [groups, ...uniforms].map((value, i) => ({
    type: types[i] === 'u32' ? 'uint32' : 'float32',
    data: [value],
  }));
  const wide = Math.min(groups, backend.device.limits.maxComputeWorkgroupsPerDimension);
  const program = {
    pipeline: pipelineOf(backend.device, kernel),
    dispatch: [wide, Math.ceil(groups / wide), 1] as const,
  };
  backend.recordAndSubmit(program, first, rest, numbers);
}
