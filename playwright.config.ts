import { defineConfig } from '@playwright/test';

const chromium = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Journeys run on the production build, served from a sub-path without special headers (e2e/server.ts). */
export default defineConfig({
  testDir: 'e2e',
  timeout: 240_000,
  expect: { timeout: 20_000 },
  // A journey that passes only at the second try is counted and named as such by tools/lib/checks.mjs.
  retries: 1,
  workers: 1,
  fullyParallel: false,
  outputDir: 'test-results',
  use: {
    baseURL: 'http://localhost:4199/some/sub-path/',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
    trace: 'off',
    // What cannot be clicked any more shall not hold a journey up for ever.
    actionTimeout: 60_000,
  },
  webServer: {
    command: 'node e2e/server.mjs',
    url: 'http://localhost:4199/some/sub-path/',
    reuseExistingServer: false,
    timeout: 60_000,
  },
});
