/**
 * Stock kernels of the WebGPU backend that fail without a word on sizes that our models have; the GPU then leaves the
 * result as it was. AddN binds all its inputs at once, a device but a few buffers; PadV2's shader does not compile for
 * five axes and more. Both are split into what works. Always in place on this backend, with our kernels or without.
 */
import { sizeOf } from '../../../shape.ts';
import { getKernel, registerKernel, unregisterKernel } from '../../tf.ts';
import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '../../tf.ts';
import { gpuBackend } from './gpu.ts';

type Run = (inputs: Readonly<Record<string, TensorInfo>>, attrs: NamedAttrMap) => TensorInfo;

/** In pieces of as many tensors as the device binds beside the result. */
const addN =
  (stock: Run): Run =>
  (inputs) => {
    const backend = gpuBackend();
    const most = backend.device.limits.maxStorageBuffersPerShaderStage - 1;
    const sum = (some: readonly TensorInfo[]): TensorInfo => stock(some as unknown as Record<string, TensorInfo>, {});
    const rest = Object.values(inputs);
    let whole = sum(rest.splice(0, most));
    while (rest.length > 0) {
      const next = sum([whole, ...rest.splice(0, most - 1)]);
      backend.disposeData(whole.dataId);
      whole = next;
    }
    return whole;
  };

/** More than four axes: one padded axis after the other, each time as a matrix [outer, axis * inner]. */
const padV2 =
  (stock: Run): Run =>
  ({ x }, attrs) => {
    if (x.shape.length <= 4) return stock({ x }, attrs);
    const backend = gpuBackend();
    const paddings = attrs['paddings'] as unknown as readonly (readonly [number, number])[];
    const shape = [...x.shape];
    const size = (from: number, to?: number): number => sizeOf(shape.slice(from, to));
    let whole = x;
    paddings.forEach(([before, after], axis) => {
      if (before + after === 0) return;
      const inner = size(axis + 1);
      const matrix = { ...whole, shape: [size(0, axis), shape[axis] * inner] };
      const wide = [
        [0, 0],
        [before * inner, after * inner],
      ];
      const next = stock({ x: matrix }, { ...attrs, paddings: wide });
      if (whole !== x) backend.disposeData(whole.dataId);
      whole = next;
      shape[axis] += before + after;
    });
    // Nothing to pad: the stock kernel counts the same data once more.
    if (whole === x) return stock({ x }, attrs);
    return { ...whole, shape };
  };

const MENDED: Readonly<Record<string, (stock: Run) => Run>> = { AddN: addN, PadV2: padV2 };

const ours = new WeakSet<KernelFunc>();

/** Puts the mended kernels in place; calling it again changes nothing. */
export function mendStockKernels(): void {
  for (const [kernelName, mend] of Object.entries(MENDED)) {
    const stock: KernelConfig = getKernel(kernelName, 'webgpu');
    if (ours.has(stock.kernelFunc)) continue;
    const run: Run = (inputs, attrs) => stock.kernelFunc({ inputs, attrs, backend: gpuBackend() }) as TensorInfo;
    const mended = mend(run);
    const kernelFunc: KernelFunc = ({ inputs, attrs }) => mended(inputs as Record<string, TensorInfo>, attrs ?? {});
    ours.add(kernelFunc);
    unregisterKernel(kernelName, 'webgpu');
    registerKernel({ ...stock, kernelFunc });
  }
}
