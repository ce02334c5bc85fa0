/** Backends in Node, for tests and tools: where the binaries are, and a WebGPU made of Dawn. Never imported by the engine. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { chooseBackend, registerWasmPaths, softwareAdapter } from './backend.ts';
import type { BackendName, Device } from './backend.ts';
import { env } from './tf.ts';

const require = createRequire(import.meta.url);

/** Names the wasm binaries in node_modules and silences the greeting of TensorFlow.js. */
export function initNode(): void {
  env().set('PROD', true);
  const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
  registerWasmPaths({
    simd: join(folder, 'tfjs-backend-wasm-simd.wasm'),
    plain: join(folder, 'tfjs-backend-wasm.wasm'),
  });
}

/** Debian's chromium ships SwiftShader's Vulkan driver; a machine with a GPU has its own driver file. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const VULKAN = '/usr/lib/chromium/libvulkan.so.1';
const RTLD_NODELETE = 0x1000;

/**
 * Makes chromium's Vulkan loader known to this process where the system has none: Node refuses it as an add-on, but
 * once opened it stays, and Dawn then finds it by its name.
 */
function preloadVulkan(): void {
  if (!existsSync(VULKAN)) return;
  try {
    process.dlopen({ exports: {} }, VULKAN, constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | RTLD_NODELETE);
  } catch {
    // Expected: it is a library, not an add-on.
  }
}

/** Gives Node a `navigator.gpu` (the npm package `webgpu`). Returns why not where that is impossible. */
export async function initNodeWebgpu(): Promise<string | null> {
  const known = (globalThis as { navigator?: object }).navigator;
  if (known !== undefined && 'gpu' in known) return null;
  if (process.env['VK_ICD_FILENAMES'] === undefined && existsSync(SWIFTSHADER)) {
    process.env['VK_ICD_FILENAMES'] = SWIFTSHADER;
    process.env['VK_DRIVER_FILES'] = SWIFTSHADER;
  }
  preloadVulkan();
  try {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    const gpu = create([]);
    // Node 20 has no navigator at all, later ones have one without gpu.
    if (known === undefined)
      Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true });
    else Object.defineProperty(known, 'gpu', { value: gpu, configurable: true });
    return (await gpu.requestAdapter()) === null ? 'Dawn finds no Vulkan adapter' : null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** The products of TensorFlow.js that suit a GPU's thread groups run 30 times slower than its plain ones on a CPU. */
const PLAIN_PRODUCTS = 2;

/**
 * Starts `backend` in Node for a test; `ourKernels` false takes the stock kernels. Throws where it cannot
 * start: ask `initNodeWebgpu` first for webgpu.
 */
export async function useBackend(backend: BackendName, ourKernels = true): Promise<Device> {
  initNode();
  if (backend === 'webgpu') {
    const why = await initNodeWebgpu();
    if (why !== null) throw new Error(why);
  }
  const device = await chooseBackend({ force: backend, allowSoftware: true, ourKernels });
  if (softwareAdapter({ info: { description: device.detail } }) !== null)
    env().set('WEBGPU_MATMUL_PROGRAM_TYPE', PLAIN_PRODUCTS);
  return device;
}
