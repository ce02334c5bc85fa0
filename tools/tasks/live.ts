/**
 * `npx tsx tools/tasks/live.ts [--minutes 3] [--folder dist] [--engine "KMeans on windows"] [--rate 1000]`: the built page
 * behind the relay, a run on an SMD machine, then its judged part as a stream, over and over. Prints what stays and what
 * grows: rows a second, heap of page and worker after a collection, rings and tensors as the page shows them, and the
 * longest task of the page's main thread (wall time; tasks under 50 ms are not reported by browsers).
 */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { smdMachine } from '../../e2e/smd.ts';
import { METRICS } from '../../src/engine/data/layouts/smd.ts';
import { Workbench } from '../../e2e/workbench.ts';
import { relayServer } from '../cli/relay.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    folder: { type: 'string', default: 'dist' },
    engine: { type: 'string', default: 'KMeans on windows' },
    rate: { type: 'string', default: '1000' },
    every: { type: 'string', default: '15' },
  },
});

const files = smdMachine();
const test = files[1];
const text = (test.name.endsWith('.gz') ? gunzipSync(test.bytes) : test.bytes).toString().trim().split('\n');
const width = text[0].split(',').length;

/** Rows of the judged part without an end, below the names that the layout gives to columns. */
async function* rows(names: readonly string[]) {
  yield names.join(',');
  for (;;) for (const line of text) yield await Promise.resolve(line);
}

type Longest = { longest: number; count: number };

async function longestTask(page: Page): Promise<Longest> {
  return page.evaluate(() => {
    const seen = globalThis as unknown as { tasks?: { longest: number; count: number } };
    const { longest = 0, count = 0 } = seen.tasks ?? {};
    seen.tasks = { longest: 0, count: 0 };
    return { longest, count };
  });
}

let names: readonly string[] = [];
const server = relayServer({
  rate: Number(options.rate),
  folder: join(root, options.folder),
  lines: () => rows(names),
  once: false,
});
await new Promise<void>((ready) => server.listen(0, 'localhost', ready));
const address = `http://localhost:${(server.address() as AddressInfo).port}/`;
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--enable-precise-memory-info'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.addInitScript(() => {
  const seen = globalThis as unknown as { tasks: { longest: number; count: number } };
  seen.tasks = { longest: 0, count: 0 };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      seen.tasks.longest = Math.max(seen.tasks.longest, duration);
      seen.tasks.count++;
    }
  }).observe({ type: 'longtask' });
});
const bench = new Workbench(page);
await page.goto(address);
await bench.waitForEvents();
await bench.drop(files);
const use = page.getByRole('button', { name: /^Use these/ });
await use.click({ timeout: 60_000 });
await page.getByRole('banner').getByRole('button', { name: 'Data set' }).filter({ hasText: 'machine-1-6' }).waitFor();
await bench.chooseEngine(options.engine);
await bench.run(600_000);
await bench.step('Live').click();
names = width === METRICS.length ? METRICS : Array.from({ length: width }, (_, s) => `sensor ${s + 1}`);
await page.getByRole('radio', { name: 'Stream' }).click();
await page.getByRole('button', { name: 'Play', exact: true }).click();

const session = await page.context().newCDPSession(page);
const heap = async (): Promise<number> => {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
};
const workerHeap = async (): Promise<number> => {
  const [worker] = page.workers() as (ReturnType<typeof page.workers>[number] | undefined)[];
  if (worker === undefined) return NaN;
  const used = await worker.evaluate(
    () => (performance as unknown as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? NaN,
  );
  return used / 1e6;
};

await page.waitForTimeout(5000);
await longestTask(page);
const began = Date.now();
while (Date.now() - began < 60_000 * Number(options.minutes)) {
  await page.waitForTimeout(1000 * Number(options.every));
  const { longest, count } = await longestTask(page);
  const facts = (await page.getByRole('group', { name: 'How it goes' }).innerText()).replaceAll(/\s+/g, ' ');
  const numbers = `page ${(await heap()).toFixed(1)} MB, worker ${(await workerHeap()).toFixed(1)} MB`;
  process.stdout.write(
    `${((Date.now() - began) / 1000).toFixed(0)} s: ${facts}; ${numbers}; longest task ${longest.toFixed(0)} ms, ${count} over 50 ms\n`,
  );
  // What the measuring itself asked for is not of the page.
  await longestTask(page);
}
await browser.close();
server.closeAllConnections();
server.close();
