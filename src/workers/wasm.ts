/** Addresses of TensorFlow.js's WebAssembly files in the build: only the bundler knows them. */
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import type { WasmPaths } from '../engine/tensor/backend.ts';

export const wasmPaths: WasmPaths = { simd, plain };
