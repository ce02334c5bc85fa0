import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

/**
 * What the built page may do: load and fetch from its own folder only, run no inline script. Styles may be inline because
 * the panel and table libraries set them on elements. Not in development, where Vite injects an inline script.
 */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "worker-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
  ],
};

/**
 * `base: './'` makes every address in the build relative, so that the folder works from any sub-path of any static
 * host. Workers are ES modules so that TensorFlow.js stays in its own lazily loaded chunk.
 */
export default defineConfig({
  base: './',
  plugins: [react(), contentSecurityPolicy],
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
