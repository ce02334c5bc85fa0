/**
 * The one door to TensorFlow.js: everything else in the engine imports from here. The union package registers the
 * gradients and the cpu backend; wasm and webgpu are loaded and registered only when chosen (see backend.ts).
 */
import '@tensorflow/tfjs';
import { tidy } from '@tensorflow/tfjs-core';
import type { TensorContainer } from '@tensorflow/tfjs-core';

export * from '@tensorflow/tfjs-core';

/** `tidy` for any result: tensors inside objects and arrays survive, and parts may be null or plain values. */
export const scoped = <T>(fn: () => T): T => tidy(fn as () => TensorContainer) as T;
