/**
 * The one door to TensorFlow.js: everything else in the engine imports from here. The union package registers the
 * gradients and the cpu backend; wasm and webgpu are loaded and registered only when chosen (see backend.ts).
 */
import '@tensorflow/tfjs';

export * from '@tensorflow/tfjs-core';
