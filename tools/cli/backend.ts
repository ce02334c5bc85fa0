/** Starts what computes; where WebGPU cannot be had, says so in words. */
import { EngineError } from '../../src/engine/errors.ts';
import type { BackendName } from '../../src/engine/tensor/backend.ts';
import { initNodeWebgpu, useBackend } from '../../src/engine/tensor/node.testkit.ts';

/** Throws EngineError('backend', 'no-webgpu') where the npm package `webgpu` finds no adapter. */
export async function startBackend(name: BackendName): Promise<void> {
  const why = name === 'webgpu' ? await initNodeWebgpu() : null;
  if (why !== null)
    throw new EngineError(
      'backend',
      'no-webgpu',
      `WebGPU cannot be used here: ${why}`,
      'Leave out --backend to compute with WebAssembly, or install a Vulkan driver.',
    );
  await useBackend(name);
}
