import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * `base: './'` makes every address in the build relative, so that the folder works from any sub-path of any static
 * host. Workers are ES modules so that TensorFlow.js stays in its own lazily loaded chunk.
 */
export default defineConfig({
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  // 160 kB of gzip less than the union package: see the file.
  resolve: {
    alias: [
      {
        find: /^@tensorflow\/tfjs$/,
        replacement: fileURLToPath(new URL('src/engine/tensor/tfjsSlim.ts', import.meta.url)),
      },
    ],
  },
  // Browsers that know oklch(): otherwise the minifier rewrites the tokens to lab(), which the canvas ramps cannot read.
  build: {
    target: 'es2023',
    cssTarget: ['chrome111', 'firefox113', 'safari16.4'],
    chunkSizeWarningLimit: 1600,
    sourcemap: false,
  },
});
