import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { early } from './tools/build/early.ts';
import { materials } from './tools/build/materials.ts';
import { offline } from './tools/build/offline.ts';
import { installed, withNeeds } from './tools/build/packages.ts';
import { contentSecurityPolicy } from './tools/build/policy.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

// The service worker is built apart, and the kernels are compiled from AssemblyScript, whose library is then in them.
const { page, worker } = materials({
  version,
  also: [...withNeeds(root, 'workbox-precaching'), installed(root, 'assemblyscript')],
});

/**
 * `base: './'` makes every address in the build relative, so that the folder works from any sub-path of any static
 * host. Workers are ES modules so that TensorFlow.js stays in its own lazily loaded chunk.
 */
export default defineConfig({
  base: './',
  plugins: [react(), contentSecurityPolicy, early, page, ...offline()],
  worker: { format: 'es', plugins: () => [worker()] },
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
