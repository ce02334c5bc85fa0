/**
 * The bridge between tensors of the wasm backend and our module: both work on the same WebAssembly memory, so a kernel
 * takes plain addresses. Scratch lives on the backend's own heap; one block a use, grown when needed, never given back.
 */
import { engine } from '../tf.ts';
import type { DataType, KernelBackend, Rank, ShapeMap, Tensor, TensorInfo } from '../tf.ts';

/** What the module exports: addresses and byte strides are numbers. See assembly/ for the meaning of the arguments. */
export type Exports = Readonly<Record<string, (...args: number[]) => number>>;

type DataId = TensorInfo['dataId'];

/** The parts of TensorFlow.js's wasm backend that we rely on. */
export type WasmBackend = KernelBackend & {
  readonly wasm: {
    readonly asm: Readonly<Record<string, unknown>>;
    readonly _malloc: (bytes: number) => number;
    readonly _free: (address: number) => void;
  };
  readonly dataIdMap: { get: (id: DataId) => { memoryOffset: number } };
  readonly makeOutput: (shape: readonly number[], dtype: DataType) => TensorInfo;
  readonly disposeData: (id: DataId) => void;
  readonly incRef: (id: DataId) => void;
  readonly refCount: (id: DataId) => number;
};

/** Uses of scratch that may overlap in time have different names. */
export type ScratchName = 'gemm' | 'packed' | 'packedToo' | 'first' | 'second' | 'third';

export class Heap {
  readonly backend: WasmBackend;
  readonly run: Exports;
  /** Scratch of the matrix product. */
  readonly work: number;
  private readonly blocks = new Map<ScratchName, { address: number; bytes: number }>();

  constructor(backend: WasmBackend, run: Exports) {
    this.backend = backend;
    this.run = run;
    this.work = this.scratch('gemm', run['gemmWorkBytes']());
  }

  /** Address of a block of at least `bytes`, aligned to 16; its content is undefined. */
  scratch(name: ScratchName, bytes: number): number {
    const known = this.blocks.get(name);
    if (known !== undefined && known.bytes >= bytes) return known.address;
    if (known !== undefined) this.backend.wasm._free(known.address);
    const room = Math.ceil(bytes / 1024) * 1024 + 16;
    // An unsigned number above 2 GiB; room for the alignment.
    const address = this.backend.wasm._malloc(room) >>> 0;
    this.blocks.set(name, { address, bytes: room - 16 });
    return address;
  }

  /** Where a tensor's values begin (moved here first if they are on another backend). */
  at(tensor: { readonly dataId: DataId }): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  output(shape: readonly number[]): TensorInfo {
    return this.backend.makeOutput(shape, 'float32');
  }

  /** A new tensor with undefined content, owned by the caller's tidy. */
  tensor<R extends Rank>(shape: ShapeMap[R]): Tensor<R> {
    return engine().makeTensorFromTensorInfo(this.output(shape), this.backend) as Tensor<R>;
  }

  /** Gives back the scratch that grew with use; the next kernel takes what it needs. */
  shrink(): void {
    for (const [name, { address }] of this.blocks) {
      // The matrix product keeps the address of its own.
      if (name === 'gemm') continue;
      this.backend.wasm._free(address);
      this.blocks.delete(name);
    }
  }

  /** Gives the scratch back; the heap is of no use afterwards. */
  free(): void {
    for (const { address } of this.blocks.values()) this.backend.wasm._free(address);
    this.blocks.clear();
  }

  /** Bytes of scratch held, for the tests of leaks. */
  scratchBytes(): number {
    return [...this.blocks.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

const heaps = new WeakMap<object, Heap>();

/** The heap of a backend whose kernels are installed, or null. */
export const heapOf = (backend: unknown): Heap | null => heaps.get(backend as object) ?? null;

/** Puts `heap` in place of what the backend had, which is freed; null leaves none. */
export function setHeap(backend: object, heap: Heap | null): void {
  heaps.get(backend)?.free();
  if (heap === null) heaps.delete(backend);
  else heaps.set(backend, heap);
}

/** The heap of the backend in use. Only fused kernels that were registered with a heap call this. */
export function currentHeap(): Heap {
  const heap = heapOf(engine().backend);
  if (heap === null) throw new Error('the wasm kernels are not installed on this backend');
  return heap;
}
