/**
 * Which device computes. A real GPU through WebGPU, else WebAssembly (SIMD, one thread), else plain JavaScript. A
 * software GPU adapter is never chosen for real work: it is slower than WebAssembly on the same cores.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { asEngineError, EngineError } from '../errors.ts';
import { mendMatMulGradient } from './kernels/matMulGradient.ts';
import { kernelStatus } from './kernels/status.ts';
import { backend, env, memory, registerBackend, removeBackend, setBackend } from './tf.ts';

export type BackendName = 'webgpu' | 'wasm' | 'cpu';

/** The backend in use. `reason` says why it and nothing better; `simd` is about WebAssembly. */
export type Device = {
  readonly backend: BackendName;
  readonly detail: string;
  readonly reason: string;
  readonly simd: boolean;
};

export type BackendOptions = {
  /** Use exactly this backend or throw EngineError('backend', 'no-backend'). */
  readonly force?: BackendName;
  /** Backends to pass over, e.g. 'webgpu' after its device was lost. */
  readonly avoid?: readonly BackendName[];
  /** Tests and benchmarks: false leaves the stock kernels in place. */
  readonly ourKernels?: boolean;
  /** Tests only: accept a GPU adapter that computes on the CPU. */
  readonly allowSoftware?: boolean;
  /**
   * Called once when the GPU device goes away (driver reset, out of memory, laptop undocked). Everything on it is gone;
   * choose again with `avoid: ['webgpu']` and go on from the last TrainState.
   */
  readonly onLost?: (why: string) => void;
};

/** Where the WebAssembly binaries are: URLs in a browser, file paths in Node. */
export type WasmPaths = { readonly simd: string; readonly plain: string };

let wasmPaths: WasmPaths | null = null;
let current: Device | null = null;
let lost: string | null = null;
/** The device whose end would be a loss: not one that was given up for another. */
let watched: GPUDevice | null = null;

/** Call before the first chooseBackend: a bundler renames the binaries, so only the caller knows where they are. */
export function registerWasmPaths(paths: WasmPaths): void {
  wasmPaths = paths;
}

/** The device chosen last. Throws EngineError('bug') before the first choice. */
export function deviceNow(): Device {
  if (current === null) throw new EngineError('bug', 'no-backend', 'chooseBackend() was not called');
  return current;
}

/** Tensors alive and their bytes, for the status bar and for leak checks. */
export function memoryNow(): { tensors: number; bytes: number } {
  const { numTensors, numBytes } = memory();
  return { tensors: numTensors, bytes: numBytes };
}

/** Throws EngineError('backend', 'device-lost') when the device in use has gone. Cheap: call it once a batch. */
export function assertAlive(): void {
  if (lost !== null && current?.backend === 'webgpu')
    throw new EngineError(
      'backend',
      'device-lost',
      `The graphics device was lost: ${lost}`,
      'The run can go on from its last epoch on another backend.',
    );
}

/**
 * What was thrown, or that the graphics device was lost where that is what is behind it: reading from a device that has
 * gone fails first, in words of its own.
 */
export async function lossBehind(thrown: unknown): Promise<EngineError> {
  const error = asEngineError(thrown);
  if (current?.backend !== 'webgpu' || error.code === 'cancelled' || error.code === 'bad-input') return error;
  // The browser says that it has gone a moment after the first failure.
  await new Promise((later) => setTimeout(later, 50));
  try {
    assertAlive();
    return error;
  } catch (loss) {
    return asEngineError(loss);
  }
}

/**
 * Waits until the GPU has done what was queued, so that a loop without readbacks does not run far ahead of it and a
 * cancel acts soon. Nothing to wait for on the other backends.
 */
export async function settle(): Promise<void> {
  if (current?.backend !== 'webgpu') return;
  const gpu = backend() as unknown as WebGPUBackend;
  // As its own readback does it: the queue may just have been submitted, and a pass that is still open cannot be.
  gpu.ensureCommandEncoderReady();
  gpu.endComputePassEncoder();
  gpu.submitQueue();
  await gpu.device.queue.onSubmittedWorkDone();
}

/** Words of an adapter that computes on the CPU, or null for a real GPU. */
export function softwareAdapter(adapter: {
  readonly isFallbackAdapter?: boolean;
  readonly info?: Partial<Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'>> & {
    readonly isFallbackAdapter?: boolean;
  };
}): string | null {
  const { vendor = '', architecture = '', device = '', description = '' } = adapter.info ?? {};
  const words = [vendor, architecture, device, description].filter((word) => word !== '').join(' ');
  const fallback = adapter.isFallbackAdapter === true || adapter.info?.isFallbackAdapter === true;
  const known = /swiftshader|llvmpipe|lavapipe|softpipe|software|microsoft basic render|\bwarp\b/i.test(words);
  return fallback || known ? words || 'fallback adapter' : null;
}

function simdSupported(): boolean {
  // The smallest module with a SIMD instruction: (module (func (result v128) i32.const 0 i8x16.splat ...)).
  return WebAssembly.validate(
    new Uint8Array([
      0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
    ]),
  );
}

async function startWebgpu(options: BackendOptions): Promise<Device> {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu;
  if (gpu === undefined) throw new Error('this browser has no WebGPU');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error('WebGPU offers no adapter');
  const software = softwareAdapter(adapter);
  if (software !== null && options.allowSoftware !== true)
    throw new Error(`the only WebGPU adapter is software (${software})`);
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const limits = adapter.limits;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  watch(device, options.onLost);
  removeBackend('webgpu');
  registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
  if (!(await setBackend('webgpu'))) throw new Error('the WebGPU backend did not start');
  const { vendor, architecture, description } = adapter.info;
  const kernels = await import('./kernels/webgpu/index.ts');
  kernels.mendStockKernels();
  if (options.ourKernels === false) kernels.removeGpuKernels();
  else await kernels.installGpuKernels();
  const words = description || `${vendor} ${architecture}`.trim() || 'GPU';
  const detail = kernels.gpuKernelStatus().on ? words : `${words}, stock kernels`;
  return { backend: 'webgpu', detail, reason: 'a GPU is available', simd: simdSupported() };
}

function watch(device: GPUDevice, onLost: BackendOptions['onLost']): void {
  lost = null;
  watched = device;
  const report = (why: string): void => {
    if (lost !== null || watched !== device) return;
    lost = why;
    onLost?.(why);
  };
  void device.lost.then((info) => report(info.message || 'no reason given'));
  device.addEventListener('uncapturederror', (event) => {
    const { error } = event;
    // A refused command leaves its result as it was: wrong numbers without a word, unless somebody says so.
    const kind = error.constructor.name === 'GPUOutOfMemoryError' ? 'out of graphics memory' : 'a command was refused';
    report(`${kind} (${error.message})`);
  });
}

async function startWasm(options: BackendOptions): Promise<Device> {
  if (wasmPaths === null) throw new Error('the WebAssembly files were not named (registerWasmPaths)');
  const [{ setWasmPaths }, { installKernels, removeKernels }] = await Promise.all([
    import('@tensorflow/tfjs-backend-wasm'),
    import('./kernels/index.ts'),
  ]);
  // The threaded build breaks under minifiers and gave no gain on two cores: several workers serve better.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  const simd = simdSupported();
  setWasmPaths({
    'tfjs-backend-wasm.wasm': wasmPaths.plain,
    'tfjs-backend-wasm-simd.wasm': wasmPaths.simd,
    'tfjs-backend-wasm-threaded-simd.wasm': wasmPaths.simd,
  });
  if (!(await setBackend('wasm'))) throw new Error('the WebAssembly backend did not start');
  if (options.ourKernels === false) removeKernels();
  else await installKernels();
  const words = { relaxed: 'relaxed SIMD', simd: 'SIMD', off: simd ? 'SIMD, stock kernels' : 'no SIMD' };
  return {
    backend: 'wasm',
    detail: `WebAssembly, ${words[kernelStatus().variant]}, one thread`,
    reason: 'WebAssembly is available',
    simd,
  };
}

async function startCpu(): Promise<Device> {
  await setBackend('cpu');
  return { backend: 'cpu', detail: 'JavaScript', reason: 'always available', simd: false };
}

const START: Readonly<Record<BackendName, (options: BackendOptions) => Promise<Device>>> = {
  webgpu: startWebgpu,
  wasm: startWasm,
  cpu: startCpu,
};

/**
 * Starts the best backend and makes it the current one. The reason names why each better one was passed over.
 * Throws EngineError('backend', 'no-backend') only for a forced backend that does not start.
 */
export async function chooseBackend(options: BackendOptions = {}): Promise<Device> {
  mendMatMulGradient();
  const order: readonly BackendName[] = options.force === undefined ? ['webgpu', 'wasm', 'cpu'] : [options.force];
  const passedOver: string[] = [];
  for (const name of order) {
    if (options.avoid?.includes(name) === true) {
      passedOver.push(`${name} is to be avoided`);
      continue;
    }
    try {
      const device = await START[name](options);
      current = { ...device, reason: [...passedOver, device.reason].join('; ') };
      return current;
    } catch (thrown) {
      passedOver.push(reasonOf(thrown));
    }
  }
  throw new EngineError('backend', 'no-backend', `No backend started: ${passedOver.join('; ')}`);
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  // The wasm module rejects with a bare { message }.
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) return String(thrown.message);
  return String(thrown);
}
