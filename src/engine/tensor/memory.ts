/** What computations take of a device's memory, and what it has. */
import { heapOf } from './kernels/heap.ts';
import type { WasmBackend } from './kernels/heap.ts';
import { backend, getBackend, memory, profile } from './tf.ts';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { BackendName } from './backend.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Bytes of tensors alive at the worst moment beyond those alive before, and of the largest one that was made. */
export type Bytes = { readonly peak: number; readonly largest: number };

/** Sizes of the blocks that `work` takes from the heap of WebAssembly and has not given back, scratch included. */
async function heapBytes(wasmBackend: WasmBackend, work: () => Promise<unknown>): Promise<Bytes> {
  heapOf(wasmBackend)?.shrink();
  const { wasm } = wasmBackend;
  const { _malloc, _free } = wasm;
  const blocks = new Map<number, number>();
  let [now, peak, largest] = [0, 0, 0];
  const counting: Mutable<Pick<typeof wasm, '_malloc' | '_free'>> = wasm;
  counting._malloc = (bytes) => {
    const address = _malloc(bytes);
    blocks.set(address, bytes);
    now += bytes;
    peak = Math.max(peak, now);
    largest = Math.max(largest, bytes);
    return address;
  };
  counting._free = (address) => {
    now -= blocks.get(address) ?? 0;
    blocks.delete(address);
    _free(address);
  };
  try {
    await work();
    return { peak, largest };
  } finally {
    counting._malloc = _malloc;
    counting._free = _free;
  }
}

/** By TensorFlow.js's own count, in which reshaped tensors count twice. */
async function countedBytes(work: () => Promise<unknown>): Promise<Bytes> {
  const before = memory().numBytes;
  const failed: unknown[] = [];
  const { peakBytes, kernels } = await profile(async () => {
    // A throw inside would leave the profiler on.
    await work().catch((why: unknown) => failed.push(why));
    return [];
  });
  if (failed.length > 0) throw failed[0];
  const largest = kernels.reduce((most, { bytesAdded }) => Math.max(most, bytesAdded), 0);
  return { peak: Math.max(0, peakBytes - before), largest };
}

/** Runs `work` and counts. Nothing else may compute meanwhile. */
export const bytesOf = (work: () => Promise<unknown>): Promise<Bytes> =>
  getBackend() === 'wasm' ? heapBytes(backend() as unknown as WasmBackend, work) : countedBytes(work);

/** Bytes that tensors may take: all together, and one of them. */
export type Room = { readonly total: number; readonly single: number };

/** The address space of WebAssembly, less what TensorFlow.js and the fragments between tensors take. */
const WASM_HEAP = 4294901760;
const GIB = 2 ** 30;

/** Measured on AMAD (window 256, 8 heads; 1, 2 and 4 windows): the heap grew to at most a fifth more than was counted. */
const FILLED = 0.75;

/** GiB of memory as browsers tell it (0.25 to 8, rounded); undefined where they do not. */
const deviceGiB = (): number | undefined =>
  (globalThis.navigator as { readonly deviceMemory?: number } | undefined)?.deviceMemory;

/**
 * Room on a backend beside what it holds now. WebAssembly ends at 4 GiB, a GPU's buffers at its limits; how much memory
 * a GPU has is told by nobody, so half of the computer's is taken for all of it. `shared` workers take as much each.
 */
export function roomOn(name: BackendName, shared = 1): Room {
  const held = memory().numBytes;
  const device = ((deviceGiB() ?? 8) * GIB) / 2 / shared;
  switch (name) {
    case 'wasm': {
      const total = Math.min(WASM_HEAP, device) * FILLED - held;
      return { total, single: total };
    }
    case 'webgpu': {
      const gpu: Pick<WebGPUBackend, 'device'> = backend() as unknown as WebGPUBackend;
      const { maxBufferSize, maxStorageBufferBindingSize } = gpu.device.limits;
      return { total: device - held, single: Math.min(maxBufferSize, maxStorageBufferBindingSize) };
    }
    case 'cpu':
      return { total: device - held, single: 2 * GIB };
  }
}
