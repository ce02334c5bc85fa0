/**
 * One tab in continuous use, and what it holds after each cycle: `npx tsx tools/soak.ts --minutes 120 --seed 1 --out
 * FILE.jsonl` on an existing build (FOLDER, by default dist). `--only
 * "NAME,NAME"` does these activities alone. tools/reliability.ts writes the section and draws the figure of a record.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { Workbench } from '../e2e/workbench.ts';
import { seeded } from '../src/engine/rng.ts';
import { ACTIVITIES, home, tidyRuns } from './soak/activities.ts';
import type { Activity, Scene } from './soak/activities.ts';
import { allocatorsOf } from './soak/allocators.ts';
import { held, watch } from './soak/measure.ts';
import type { Reading } from './soak/measure.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '120' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: join(root, '.cache/soak.jsonl') },
    port: { type: 'string', default: '4197' },
    only: { type: 'string', default: '' },
  },
});

/** Activities between two readings; runs are thrown away after every so many cycles. */
const ACTS = 6;
const TIDY_EVERY = 4;
/** Memory of the process by allocator is read after every so many. */
const DUMP_EVERY = 10;

const url = `http://localhost:${options.port}/some/sub-path/`;
const random = seeded(Number(options.seed));
const only = options.only === '' ? null : options.only.split(',');
const chosen = ACTIVITIES.filter(({ name }) => only === null || only.includes(name));

function drawn(): Activity {
  let left = random() * chosen.reduce((sum, { weight }) => sum + weight, 0);
  return chosen.find(({ weight }) => (left -= weight) < 0) ?? chosen[0];
}

const server = spawn(process.execPath, [join(root, 'e2e/server.mjs')], {
  stdio: 'ignore',
  env: { ...process.env, PORT: options.port },
});
process.on('exit', () => server.kill());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
});

mkdirSync(dirname(options.out), { recursive: true });
writeFileSync(options.out, '');
const from = performance.now();
const minutes = (): number => (performance.now() - from) / 60_000;

try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(30_000);
  const bench = new Workbench(page);
  const scene: Scene = { bench, page, random };
  const { session, workers } = await watch(page);
  await page.goto(url);
  await bench.waitForEvents();

  for (let cycle = 0; minutes() < Number(options.minutes); cycle++) {
    const done: string[] = [];
    const stumbled: string[] = [];
    const attempt = async (name: string, act: () => Promise<void>): Promise<void> => {
      const at = performance.now();
      try {
        await act();
        done.push(`${name} ${((performance.now() - at) / 1000).toFixed(0)} s`);
      } catch (error) {
        stumbled.push(`${name}: ${String(error).slice(0, 300)}`);
        console.error(`cycle ${cycle}, ${name}: ${String(error).slice(0, 600)}`);
        await page.screenshot({ path: options.out.replace(/\.jsonl$/, `-${cycle}-${name.replaceAll(' ', '-')}.png`) });
      }
    };
    // The first reading is of the page as it opens; the next one comes when everything was done once.
    const plan = cycle === 0 ? [] : cycle === 1 ? chosen : Array.from({ length: ACTS }, drawn);
    for (const { name, act } of plan) {
      await attempt(name, () => act(scene));
      await attempt('home', () => home(scene));
      await page.waitForTimeout(2000);
    }
    if (cycle % TIDY_EVERY === TIDY_EVERY - 1) await attempt('tidy runs', () => tidyRuns(scene));
    await attempt('home', () => home(scene));
    const reading: Reading = {
      minutes: minutes(),
      cycle,
      ...(await held(browser, session, workers)),
      ...(cycle % DUMP_EVERY === 1 && { allocators: await allocatorsOf(browser) }),
      done: done.filter((one) => !one.startsWith('home')),
      stumbled: [...stumbled, ...bench.complaints.splice(0)],
    };
    appendFileSync(options.out, `${JSON.stringify(reading)}\n`);
    const mb = (bytes: number | null): string => ((bytes ?? 0) / 1e6).toFixed(1);
    console.log(
      `${reading.minutes.toFixed(1)} min, cycle ${cycle}: page ${mb(reading.pageHeap)}, workers ${mb(reading.workerHeap)}` +
        ` (${reading.workers}), tensors ${reading.tensors} ${mb(reading.tensorBytes)}, wasm ${mb(reading.wasmBytes)},` +
        ` GPU ${reading.gpuBuffers} ${mb(reading.gpuBytes)}, nodes ${reading.nodes}, listeners ${reading.listeners},` +
        ` renderer ${mb(reading.rendererAnon)}; ${reading.done.join(', ')}; ${reading.stumbled.length} stumbled`,
    );
  }
} finally {
  await browser.close();
  server.kill();
}
