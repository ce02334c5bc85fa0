import { existsSync } from 'node:fs';
import type * as Fs from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { cancelled } from '../../src/engine/errors.ts';
import { bench } from './bench.ts';
import type { World } from './command.ts';
import { EXIT } from './failure.ts';
import { serve } from './serve.ts';

const vite = vi.hoisted(() => ({ build: vi.fn(), preview: vi.fn(), close: vi.fn() }));
vi.mock('vite', () => ({ build: vite.build, preview: vite.preview }));
vi.mock('node:fs', async (original) => ({ ...(await original<typeof Fs>()), existsSync: vi.fn() }));

function world(signal: AbortSignal): World & { readonly said: string[] } {
  const said: string[] = [];
  return { said, print: (text) => said.push(text), say: () => undefined, isScreen: false, signal, self: ['node'] };
}

afterEach(() => vi.clearAllMocks());

it.each([
  ['as it was built', true, []],
  ['anew where that is asked for', true, ['--build']],
  ['after a build where there is none', false, []],
] as const)('serves the page %s, until Ctrl-C', async (_, isBuilt, args) => {
  vi.mocked(existsSync).mockReturnValue(isBuilt);
  vite.preview.mockResolvedValue({ resolvedUrls: { local: ['http://localhost:4999/'] }, close: vite.close });
  const stop = new AbortController();
  const outside = world(stop.signal);
  const served = serve.run(['--port', '4999', ...args], outside);
  await vi.waitFor(() => expect(outside.said).toEqual(['http://localhost:4999/\n']));
  expect(vite.build).toHaveBeenCalledTimes(isBuilt && args.length === 0 ? 0 : 1);
  expect(vite.preview).toHaveBeenCalledWith(
    expect.objectContaining({ preview: { port: 4999, host: 'localhost', strictPort: true } }),
  );
  expect(vite.close).not.toHaveBeenCalled();
  stop.abort(cancelled());
  expect(await served).toBe(EXIT.done);
  expect(vite.close).toHaveBeenCalledOnce();
});

it('refuses a port that is none', async () => {
  await expect(serve.run(['--port', '70000'], world(new AbortController().signal))).rejects.toThrow(
    /--port is "70000"/,
  );
});

it('hands benchmarks on with their exit code', async () => {
  expect(await bench.run(['no-such-benchmark'], world(new AbortController().signal))).toBe(EXIT.misused);
});
