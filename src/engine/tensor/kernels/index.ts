/**
 * Our kernels for the wasm backend: `installKernels` swaps them in once the backend is ready, `removeKernels` puts the
 * stock ones back (for comparison). Where the machine has no SIMD or no WebAssembly everything stays composed of stock
 * ops, and `kernelStatus` says so. ARCHITECTURE: ../fused.ts names the fused ops, assembly/ has the sources.
 */
import { registerFused, unregisterFused } from '../fused.ts';
import type { FusedOps } from '../fused.ts';
import { engine, findBackend, getBackend } from '../tf.ts';
import { adamUpdate } from './adam.ts';
import { attentionMapBackward, attentionMapForward } from './attention.ts';
import { PLAIN, RELAXED } from './binary.ts';
import { convKernels } from './conv2d.ts';
import { divergenceForward, scaleRows } from './divergence.ts';
import { gegluBackward, gegluForward } from './geglu.ts';
import { geluBackward, geluForward } from './gelu.ts';
import { headMapsBackward, headMapsForward, mixHeadsBackward, mixHeadsForward } from './heads.ts';
import { gruBackward, gruForward } from './gru.ts';
import { Heap, heapOf, setHeap } from './heap.ts';
import type { Exports, WasmBackend } from './heap.ts';
import { identity } from './identity.ts';
import { layerNormBackward, layerNormForward } from './layerNorm.ts';
import { lstmBackward, lstmForward, lstmLast } from './lstm.ts';
import { batchMatMul, fusedMatMul } from './matMul.ts';
import { moveKernels } from './move.ts';
import { replaceKernel, restoreKernels } from './replace.ts';
import type { Replacement } from './replace.ts';
import { replaceSoftmaxGradient, restoreSoftmaxGradient } from './softmaxGradient.ts';
import { kernelStatus, setKernelStatus } from './status.ts';
import type { KernelStatus } from './status.ts';
import { sumKernels } from './sum.ts';
import { unaryKernels } from './unary.ts';

const REPLACED: Readonly<Record<string, Replacement>> = {
  BatchMatMul: batchMatMul,
  _FusedMatMul: fusedMatMul,
  Identity: identity,
  ...unaryKernels,
  ...convKernels,
  ...moveKernels,
  ...sumKernels,
};

const FUSED: FusedOps = {
  lstmForward,
  lstmBackward,
  lstmLast,
  gruForward,
  gruBackward,
  adamUpdate,
  layerNormForward,
  layerNormBackward,
  geluForward,
  geluBackward,
  gegluForward,
  gegluBackward,
  attentionMapForward,
  attentionMapBackward,
  headMapsForward,
  headMapsBackward,
  mixHeadsForward,
  mixHeadsBackward,
  divergenceForward,
  scaleRows,
};

/** Modules of one function: (param v128 v128 v128) (result v128), with a relaxed multiply-add and a plain add. */
const HEAD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0, 10];
const RELAXED_PROBE = [...HEAD, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11];
const SIMD_PROBE = [...HEAD, 11, 1, 9, 0, 32, 0, 32, 1, 253, 228, 1, 11];

const runs = (probe: readonly number[]): boolean => WebAssembly.validate(new Uint8Array(probe));

/** What this machine can run, whether or not the kernels are installed. */
export function kernelSupport(): KernelStatus {
  if (typeof WebAssembly !== 'object') return { variant: 'off', reason: 'no WebAssembly' };
  if (runs(RELAXED_PROBE)) return { variant: 'relaxed', reason: 'relaxed SIMD with fused multiply-add' };
  if (runs(SIMD_PROBE)) return { variant: 'simd', reason: 'SIMD without fused multiply-add' };
  return { variant: 'off', reason: 'WebAssembly without SIMD' };
}

const decode = (base64: string): Uint8Array<ArrayBuffer> => {
  const text = atob(base64);
  return Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
};

const modules = new Map<KernelStatus['variant'], Promise<WebAssembly.Module>>();

async function openHeap(backend: WasmBackend, variant: 'relaxed' | 'simd'): Promise<Heap> {
  const memory = Object.values(backend.wasm.asm).find((part) => part instanceof WebAssembly.Memory);
  if (memory === undefined) throw new Error('the wasm backend shows no memory');
  const compiled = modules.get(variant) ?? WebAssembly.compile(decode(variant === 'relaxed' ? RELAXED : PLAIN));
  modules.set(variant, compiled);
  const instance = await WebAssembly.instantiate(await compiled, { env: { memory } });
  return new Heap(backend, instance.exports as Exports);
}

/**
 * Puts our kernels in place; call it once the wasm backend is the current one. Idempotent. `only` forces a variant
 * (tests and benchmarks). Never throws: on failure the stock kernels stay and the status says why.
 */
export async function installKernels(only?: 'relaxed' | 'simd'): Promise<KernelStatus> {
  const support = kernelSupport();
  const variant = only ?? support.variant;
  if (variant === 'off') return setKernelStatus(support);
  if (getBackend() !== 'wasm') return setKernelStatus({ variant: 'off', reason: 'the wasm backend is not in use' });
  const backend = engine().backend as WasmBackend;
  if (kernelStatus().variant === variant && heapOf(backend) !== null) return kernelStatus();
  try {
    setHeap(backend, await openHeap(backend, variant));
  } catch (thrown) {
    removeKernels();
    return setKernelStatus({ variant: 'off', reason: thrown instanceof Error ? thrown.message : String(thrown) });
  }
  for (const [name, ours] of Object.entries(REPLACED)) replaceKernel(name, ours);
  replaceSoftmaxGradient();
  for (const name of Object.keys(FUSED) as (keyof FusedOps)[]) registerFused(name, 'wasm', FUSED[name]);
  return setKernelStatus({ variant, reason: only === undefined ? support.reason : 'asked for' });
}

/** Stock kernels and composed ops again. */
export function removeKernels(): void {
  restoreKernels();
  restoreSoftmaxGradient();
  const backend = findBackend('wasm') as object | null;
  if (backend !== null) setHeap(backend, null);
  for (const name of Object.keys(FUSED) as (keyof FusedOps)[]) unregisterFused(name, 'wasm');
  setKernelStatus({ variant: 'off', reason: 'removed' });
}
