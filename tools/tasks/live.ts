/**
 * `npx tsx tools/tasks/live.ts [--minutes 3] [--folder dist] [--engine "KMeans on windows"] [--rate 1000] [--every 15]
 * [--out FOLDER] [--first]`: the built page behind the relay, a run on an SMD machine, then its judged part as a stream,
 * over and over. Reads what stays and what grows: steps scored, heaps of page and worker and memory of the process after
 * a collection, tensors, tasks of the main thread over 50 ms of wall time and the longest by processor time (which the load
 * of other programs does not lengthen), and waits between frames. `--out` keeps the
 * record (`live.json`), its figure (`live.svg`) and summary (`live.md`). `--first` puts the browser before whatever else
 * runs (Linux autogroups; needs the right to do so), so that the load of others does not pass for that of the page.
 * `--profile` traces twenty seconds after these minutes instead and prints the worst tasks with processor time and functions.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { smdMachine } from '../../e2e/smd.ts';
import { METRICS } from '../../src/engine/data/layouts/smd.ts';
import { Workbench } from '../../e2e/workbench.ts';
import { relayServer } from '../cli/relay.ts';
import { held, watch } from '../soak/measure.ts';
import { figureOf, summaryOf } from './liveRecord.ts';
import type { LiveReading, LiveRecord } from './liveRecord.ts';
import { TRACED, tasksOf } from './trace.ts';
import type { Task } from './trace.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    folder: { type: 'string', default: 'dist' },
    engine: { type: 'string', default: 'KMeans on windows' },
    rate: { type: 'string', default: '1000' },
    every: { type: 'string', default: '15' },
    out: { type: 'string' },
    first: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});

const files = smdMachine();
const test = files[1];
const text = (test.name.endsWith('.gz') ? gunzipSync(test.bytes) : test.bytes).toString().trim().split('\n');
const width = text[0].split(',').length;
const names = width === METRICS.length ? METRICS : Array.from({ length: width }, (_, s) => `sensor ${s + 1}`);

/** Rows of the judged part without an end, below the names that the layout gives to columns. */
async function* rows() {
  yield names.join(',');
  for (;;) for (const line of text) yield await Promise.resolve(line);
}

type Counts = Pick<LiveReading, 'longTasks' | 'longestTask' | 'frames' | 'longestGap' | 'gapsOver50' | 'gapsOver100'>;

/** A short trace at each reading: what the page needs of a processor, however long it had to wait for one. */
const TRACED_MS = 3000;

/** Runs in the page from its beginning on; as text, because a compiled function may call helpers of the compiler. */
const COUNTER = `(() => {
  const none = () => ({ longTasks: 0, longestTask: 0, frames: 0, longestGap: 0, gapsOver50: 0, gapsOver100: 0 });
  let seen = none();
  let last = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      seen.longestTask = Math.max(seen.longestTask, duration);
      seen.longTasks++;
    }
  }).observe({ type: 'longtask' });
  const frame = (at) => {
    if (last > 0) {
      const gap = at - last;
      seen.frames++;
      seen.longestGap = Math.max(seen.longestGap, gap);
      if (gap > 50) seen.gapsOver50++;
      if (gap > 100) seen.gapsOver100++;
    }
    last = at;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  globalThis.counted = () => {
    const told = seen;
    seen = none();
    last = 0;
    return told;
  };
})()`;

/** Long tasks and waits between frames since the last call. */
const counted = (page: Page): Promise<Counts> =>
  page.evaluate(() => (globalThis as unknown as { counted: () => Counts }).counted());

/** Puts the processes of the browser before others on this machine; says why where that is not allowed. */
async function putFirst(browser: Browser): Promise<boolean> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  try {
    for (const { id } of processInfo) writeFileSync(`/proc/${id}/autogroup`, '-10');
    return true;
  } catch (thrown) {
    process.stdout.write(`The browser is not put first: ${String(thrown)}\n`);
    return false;
  }
}

/** Steps and rate as the page says them. */
async function said(page: Page): Promise<{ settled: number; rate: number }> {
  const facts = await page.getByRole('group', { name: 'How it goes' }).innerText();
  const number = (pattern: RegExp): number => Number(pattern.exec(facts)?.[1]?.replaceAll(/\s/g, '') ?? NaN);
  return { rate: number(/([\d\s]+)\srows/), settled: number(/([\d\s]+)\ssteps scored/) };
}

const server = relayServer({
  rate: Number(options.rate),
  folder: join(root, options.folder),
  lines: () => rows(),
  once: false,
});
await new Promise<void>((ready) => server.listen(0, 'localhost', ready));
const address = `http://localhost:${(server.address() as AddressInfo).port}/`;
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.addInitScript(COUNTER);
const { session, workers } = await watch(page);
const bench = new Workbench(page);
await page.goto(address);
await bench.waitForEvents();
await bench.drop(files);
const use = page.getByRole('button', { name: /^Use these/ });
await use.click({ timeout: 60_000 });
await page.getByRole('banner').getByRole('button', { name: 'Data set' }).filter({ hasText: 'machine-1-6' }).waitFor();
await bench.chooseEngine(options.engine);
await bench.run(600_000);
const first = options.first && (await putFirst(browser));
await bench.step('Live').click();
await page.getByRole('radio', { name: 'Stream' }).click();
await page.getByRole('button', { name: 'Play', exact: true }).click();
// The beginning, with its first drawings and compilations, is not what lasts.
await page.waitForTimeout(10_000);

/** The main thread's longest tasks over some seconds, by processor time. */
async function traced(ms: number, more: readonly string[] = []): Promise<Task[]> {
  await browser.startTracing(page, { categories: [...TRACED, ...more] });
  await page.waitForTimeout(ms);
  return tasksOf(await browser.stopTracing(), 1);
}

if (options.profile) {
  await page.waitForTimeout(60_000 * Number(options.minutes));
  const tasks = await traced(20_000, ['disabled-by-default-v8.cpu_profiler']);
  for (const { cpuMs, wallMs, parts, functions } of tasks.slice(0, 12)) {
    const kinds = parts.map(([kind, ms]) => `${kind} ${ms.toFixed(0)}`).join(', ');
    const spent = functions.slice(0, 30).map(([name, ms]) => `${name} ${ms.toFixed(0)}`);
    process.stdout.write(`${cpuMs.toFixed(0)} ms (wall ${wallMs.toFixed(0)}): ${kinds}\n    ${spent.join(' · ')}\n`);
  }
}

const readings: LiveReading[] = [];
await counted(page);
const [began, before] = [Date.now(), (await said(page)).settled];
while (!options.profile && Date.now() - began < 60_000 * Number(options.minutes)) {
  const from = Date.now();
  await page.waitForTimeout(1000 * Number(options.every));
  const counts = await counted(page);
  const watched = (Date.now() - from) / 1000;
  const { rate, settled } = await said(page);
  const seconds = (Date.now() - began) / 1000;
  const { pageHeap, workerHeap, tensors, nodes, rendererAnon } = await held(browser, session, workers);
  const memory = { pageHeap, workerHeap, tensors, nodes, rendererAnon };
  const processor = { longestCpu: Math.max(0, ...(await traced(TRACED_MS)).map(({ cpuMs }) => cpuMs)) };
  const reading = { seconds, settled: settled - before, rate, ...memory, watched, ...counts, ...processor };
  readings.push(reading);
  const short = Object.entries(reading).map(([name, value]) => `${name} ${Number(value).toFixed(0)}`);
  process.stdout.write(`${short.join(', ')}\n`);
  // What the measuring itself asked for is not of the page.
  await counted(page);
}
await browser.close();
server.closeAllConnections();
server.close();
if (readings.length > 0) {
  const { minutes, rate, engine } = options;
  const command = `npx tsx tools/tasks/live.ts --minutes ${minutes} --rate ${rate} --engine "${engine}" --every ${options.every}${options.first ? ' --first' : ''}`;
  const record: LiveRecord = { command, engine, rate: Number(rate), sensors: width, first, readings };
  const summary = summaryOf(record).join('\n');
  process.stdout.write(`${summary}\n`);
  if (options.out !== undefined) {
    mkdirSync(options.out, { recursive: true });
    writeFileSync(join(options.out, 'live.json'), `${JSON.stringify(record)}\n`);
    writeFileSync(join(options.out, 'live.svg'), figureOf(record));
    writeFileSync(join(options.out, 'live.md'), `${summary}\n`);
  }
}
