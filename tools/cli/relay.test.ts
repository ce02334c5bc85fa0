import { mkdtempSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lineReader } from '../../src/engine/live/lines.ts';
import { eventRows } from '../../src/workers/liveEvents.ts';
import { ROWS_PATH, relay, relayServer } from './relay.ts';

const folder = mkdtempSync(join(tmpdir(), 'relay-'));
writeFileSync(join(folder, 'index.html'), '<title>page</title>');

async function* from(lines: readonly string[]) {
  for (const line of lines) yield await Promise.resolve(line);
}
const LINES = ['time,a,b', ...Array.from({ length: 500 }, (_, n) => `${n},${n},${2 * n}`)];

let servers: Server[] = [];
async function serve(lines: () => AsyncIterator<string>, rate = 0, once = false): Promise<string> {
  const server = relayServer({ rate, folder, lines, once });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise<void>((closed) => void server.close(() => closed()));
  }
  servers = [];
});

/** Values of the first column of the next `count` rows. */
async function read(source: ReturnType<typeof eventRows>, count: number): Promise<number[]> {
  const seen: number[] = [];
  while (seen.length < count) {
    const rows = await source.next();
    for (let i = 0; rows && i < rows.length; i += 2) seen.push(rows[i] ?? NaN);
  }
  return seen;
}
const count = (n: number, first = 0): number[] => Array.from({ length: n }, (_, i) => first + i);

describe('the relay', () => {
  it('serves the page and nothing above it', async () => {
    const at = await serve(() => from(LINES));
    const page = await fetch(`${at}/`);
    expect(page.headers.get('content-type')).toBe('text/html');
    expect(await page.text()).toContain('page');
    expect((await fetch(`${at}/nothing.js`)).status).toBe(404);
    expect((await fetch(`${at}/%2e%2e/%2e%2e/etc/passwd`)).status).toBe(404);
    expect((await fetch(`${at}/%`)).status).toBe(404);
  });

  it('sends all rows of a file to every reader, and goes on where one broke off', async () => {
    const at = await serve(() => from(LINES));
    const reader = () => eventRows(new URL(ROWS_PATH, at), lineReader(['a', 'b']));
    const [first, second] = [reader(), reader()];
    expect(await read(first, 500)).toEqual(count(500));
    expect(await read(second, 500)).toEqual(count(500));
    servers[0]?.closeAllConnections();
    first.close();
    second.close();
    const response = await fetch(`${at}${ROWS_PATH}`, { headers: { 'last-event-id': '498' } });
    const { value } = (await response.body!.getReader().read()) as { value: Uint8Array };
    expect(new TextDecoder().decode(value)).toContain('data: time,a,b');
    await response.body?.cancel().catch(() => undefined);
  });

  it('keeps a speed', async () => {
    const at = await serve(() => from(LINES), 200);
    const source = eventRows(new URL(ROWS_PATH, at), lineReader(['a', 'b']));
    const began = performance.now();
    await read(source, 60);
    const seconds = (performance.now() - began) / 1000;
    source.close();
    expect(seconds).toBeGreaterThan(0.25);
    expect(60 / seconds).toBeGreaterThan(60);
  });

  it('gives what can be read once to one reader at a time, and the names again to the next', async () => {
    let push: (line: string) => void = () => undefined;
    const waiting: string[] = LINES.slice(0, 4);
    const once: AsyncIterator<string> = {
      next: async () => {
        while (waiting.length === 0) await new Promise<void>((go) => (push = () => go()));
        return { done: false, value: waiting.shift()! };
      },
    };
    const at = await serve(() => once, 0, true);
    const source = eventRows(new URL(ROWS_PATH, at), lineReader(['a', 'b']));
    expect(await read(source, 3)).toEqual([0, 1, 2]);
    expect((await fetch(`${at}${ROWS_PATH}`)).status).toBe(503);
    servers[0]?.closeAllConnections();
    await new Promise((resolve) => setTimeout(resolve, 20));
    waiting.push(...LINES.slice(4, 8));
    push('');
    const [next] = await read(source, 1);
    expect(next).toBe(3);
    source.close();
  });

  it('refuses what it cannot serve', async () => {
    const world = {
      ...{ print: () => undefined, say: () => undefined, isScreen: false },
      ...{ signal: new AbortController().signal, self: ['node'] as [string] },
    };
    await expect(relay.run(['--rate', 'fast'], world)).rejects.toThrow('--rate is "fast"');
    await expect(relay.run(['--port', 'x'], world)).rejects.toThrow('--port is "x"');
  });
});
