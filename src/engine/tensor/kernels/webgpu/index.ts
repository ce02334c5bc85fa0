/**
 * Our kernels for the WebGPU backend: `installGpuKernels` registers them as fused ops once the backend is the current
 * one. A chunk of its own, loaded with the backend. Where a shader does not compile on the device, everything stays
 * composed of stock ops, and the status says so.
 */
import { registerFused, unregisterFused } from '../../fused.ts';
import type { FusedOps } from '../../fused.ts';
import { getBackend } from '../../tf.ts';
import { adamBatch, adamKernel, adamUpdate } from './adam.ts';
import { attentionMapBackward, attentionMapForward, attentionMapKernel, scoresGradKernel } from './attention.ts';
import { divergenceForward, divergenceKernel, scaleRows, scaleRowsKernel } from './divergence.ts';
import { gegluBackward, gegluForward, gegluGradKernel, gegluKernel } from './geglu.ts';
import { geluBackward, geluForward, geluGradKernel, geluKernel } from './gelu.ts';
import { compile, gpuBackend, missingParts } from './gpu.ts';
import { layerNormBackward, layerNormForward } from './layerNorm.ts';
import { layerNormGradKernel, layerNormKernel, layerNormSumsKernel } from './layerNorm.ts';
import {
  biasGradKernel,
  lstmBackward,
  lstmForward,
  lstmGradKernel,
  lstmKernel,
  lstmLast,
  lstmLastKernel,
} from './lstm.ts';
import type { Kernel } from './wgsl.ts';

export { mendStockKernels } from './mend.ts';

export type GpuKernelStatus = { readonly on: boolean; readonly reason: string };

const FUSED = {
  lstmForward,
  lstmBackward,
  lstmLast,
  adamUpdate,
  layerNormForward,
  layerNormBackward,
  geluForward,
  geluBackward,
  gegluForward,
  gegluBackward,
  attentionMapForward,
  attentionMapBackward,
  divergenceForward,
  scaleRows,
} satisfies Partial<FusedOps>;

/** Every shader once; those made for a size by a size that stands for all. */
const samples = (device: GPUDevice): readonly Kernel[] => [
  ...[lstmKernel(8), lstmLastKernel(8), lstmGradKernel(8), biasGradKernel],
  ...[layerNormKernel, layerNormGradKernel, layerNormSumsKernel, geluKernel, geluGradKernel],
  ...[attentionMapKernel(16), scoresGradKernel, divergenceKernel('js both'), divergenceKernel('kl both')],
  ...[gegluKernel, gegluGradKernel, scaleRowsKernel, adamKernel(`${adamBatch(device)} graded`), adamKernel('1 still')],
];

const NAMES = Object.keys(FUSED) as (keyof typeof FUSED)[];

let status: GpuKernelStatus = { on: false, reason: 'not installed' };

/** Whether our kernels are in use on the WebGPU backend. */
export const gpuKernelStatus = (): GpuKernelStatus => status;

/**
 * Registers our kernels; call it once the WebGPU backend is the current one. Compiles a sample of each first. Never
 * throws: on failure the ops stay composed and the status says why.
 */
export async function installGpuKernels(): Promise<GpuKernelStatus> {
  removeGpuKernels();
  if (getBackend() !== 'webgpu') return (status = { on: false, reason: 'the WebGPU backend is not in use' });
  const backend = gpuBackend();
  const missing = missingParts(backend);
  if (missing !== null) return (status = { on: false, reason: `the WebGPU backend has no ${missing}` });
  try {
    await compile(backend.device, samples(backend.device));
  } catch (thrown) {
    return (status = { on: false, reason: thrown instanceof Error ? thrown.message : String(thrown) });
  }
  for (const name of NAMES) registerFused(name, 'webgpu', FUSED[name]);
  return (status = { on: true, reason: 'all shaders compile on this device' });
}

/** Composed ops again. */
export function removeGpuKernels(): void {
  for (const name of NAMES) unregisterFused(name, 'webgpu');
  status = { on: false, reason: 'removed' };
}
