/** Swaps kernels of the wasm backend for ours and back. The stock kernel stays within reach for what ours leaves out. */
import { getKernel, registerKernel, unregisterKernel } from '../tf.ts';
import type { KernelConfig, KernelFunc, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '../tf.ts';
import { heapOf } from './heap.ts';
import type { Heap } from './heap.ts';

export type KernelArgs = {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: NamedAttrMap;
  readonly backend: unknown;
};

/** Our version of a stock kernel; null means "not for these inputs: take the stock one". */
export type Replacement = (args: KernelArgs, heap: Heap) => TensorInfo | TensorInfo[] | null;

const stock = new Map<string, KernelConfig | null>();

/** Registers `ours` for the wasm backend. Kernels that the backend lacks are added. */
export function replaceKernel(kernelName: string, ours: Replacement): void {
  if (stock.has(kernelName)) return;
  const before = (getKernel(kernelName, 'wasm') as KernelConfig | undefined) ?? null;
  stock.set(kernelName, before);
  if (before !== null) unregisterKernel(kernelName, 'wasm');
  const kernelFunc: KernelFunc = ({ inputs, attrs, backend }) => {
    const heap = heapOf(backend);
    const args = { inputs: inputs as Record<string, TensorInfo>, attrs: attrs ?? {}, backend };
    const result = heap === null ? null : ours(args, heap);
    if (result !== null) return result;
    if (before === null) throw new Error(`${kernelName} on these inputs has no kernel on the wasm backend`);
    return before.kernelFunc({ inputs, backend, ...(attrs === undefined ? {} : { attrs }) });
  };
  registerKernel({ ...(before ?? {}), kernelName, backendName: 'wasm', kernelFunc });
}

/** Puts every stock kernel back. */
export function restoreKernels(): void {
  for (const [kernelName, before] of stock) {
    unregisterKernel(kernelName, 'wasm');
    if (before !== null) registerKernel(before);
  }
  stock.clear();
}

/** Runs a kernel of the wasm backend on tensor infos, below the engine: for compositions inside a kernel. */
export function runInside(
  name: string,
  inputs: NamedTensorInfoMap,
  backend: object,
  attrs: NamedAttrMap = {},
): TensorInfo {
  return getKernel(name, 'wasm').kernelFunc({ inputs, backend, attrs }) as TensorInfo;
}
