import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const TESTS = ['src/**/*.test.{ts,tsx}', 'tools/**/*.test.ts'];

/** More than about two seconds of processor time a test: trainings, exhaustive tables, a software GPU. */
const LONG = ['**/*.long.test.{ts,tsx}'];

/**
 * Files that change for good what all files of a process see (flags of V8, a `navigator.gpu`, a page, other modules in
 * the place of imported ones), or that an uncaught error belongs to: once the WebAssembly backend was loaded, such an
 * error ends the process. Each has a process of its own; `tools/lib/oneProcess.ts` finds those that should be here.
 */
const ALONE = [
  'src/charts/turns.test.ts',
  'src/engine/tensor/backend.test.ts',
  'src/engine/tensor/kernels/kernels.test.ts',
  'src/ui/messages/*.test.ts',
  'src/ui/panels/*.test.tsx',
  'tools/cli/cli.test.ts',
  'tools/cli/project.test.ts',
  'tools/cli/serve.test.ts',
];

const WORKERS = ['src/workers/**/*.test.ts'];

/** The others share processes: TensorFlow.js and the engine are loaded once, not a hundred times. */
const SHARED = { isolate: false, setupFiles: ['tools/lib/oneProcess.ts'] };

export default defineConfig({
  test: {
    environment: 'node',
    testTimeout: 60_000,
    env: { TZ: 'UTC' },
    // Vitest's own choice is one core less, which is half of two.
    maxWorkers: availableParallelism(),
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE, exclude: LONG } },
      { extends: true, test: { name: 'long', include: LONG, testTimeout: 600_000 } },
      { extends: true, test: { name: 'unit', include: TESTS, exclude: [...LONG, ...ALONE, ...WORKERS], ...SHARED } },
      {
        extends: true,
        test: {
          ...SHARED,
          name: 'workers',
          include: WORKERS,
          exclude: LONG,
          setupFiles: ['tools/lib/emptyVault.ts', ...SHARED.setupFiles],
        },
      },
    ],
  },
});
