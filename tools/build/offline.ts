/**
 * The page without a network: a manifest, with which it can be installed, and a service worker that keeps every file of
 * one version. A new version waits until the person takes it (`ui/share/offline.ts`), so no tab mixes two versions.
 */
import type { Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

export const offline = (): Plugin[] =>
  VitePWA({
    // The page registers it itself, after the first sight.
    injectRegister: null,
    registerType: 'prompt',
    filename: 'sw.js',
    manifest: {
      name: 'Telltale',
      short_name: 'Telltale',
      description: 'See what is odd in many time series, and which sensor did it. Runs wholly in this page.',
      lang: 'en',
      start_url: './',
      scope: './',
      display: 'standalone',
      background_color: '#fcfcfc',
      theme_color: '#fcfcfc',
      categories: ['productivity', 'utilities'],
      icons: [
        { src: 'icons/192.png', sizes: '192x192', type: 'image/png' },
        { src: 'icons/512.png', sizes: '512x512', type: 'image/png' },
        { src: 'icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      ],
    },
    includeManifestIcons: false,
    workbox: {
      globPatterns: ['**/*.{html,js,css,wasm,json,gz,svg,png,txt,webmanifest}'],
      // Nothing in the build may be left out for its size: without the engine there is nothing to do offline.
      maximumFileSizeToCacheInBytes: 16 * 1024 * 1024,
      // There is one page; a missing file is missing, not the page under another name.
      navigateFallback: null,
      // The address carries its state after the #; whatever stands after a ? changes no file.
      ignoreURLParametersMatching: [/./],
      cleanupOutdatedCaches: true,
      inlineWorkboxRuntime: true,
      sourcemap: false,
    },
  });
