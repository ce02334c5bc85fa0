/**
 * `npx tsx tools/tasks.ts [--folder dist] [--size 1440x900] [--profile] [--least 50] [--only TEXT]`: drives a built page
 * through what people do and prints the longest task of the page's main thread for each. Times are processor time of
 * that thread, so another program on the same core does not lengthen them; the wall time stands beside it. A page is
 * felt as frozen from 50 ms on. `--profile` adds the functions of the worst task: build with `--minify false` for names.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { Workbench } from '../e2e/workbench.ts';
import { ACTIONS } from './tasks/actions.ts';
import { TRACED, tasksOf } from './tasks/trace.ts';
import type { Task } from './tasks/trace.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const PORT = '4197';
const ADDRESS = `http://localhost:${PORT}/some/sub-path/`;
const { values: options } = parseArgs({
  options: {
    folder: { type: 'string', default: 'dist' },
    size: { type: 'string', default: '1440x900' },
    profile: { type: 'boolean', default: false },
    least: { type: 'string', default: '50' },
    only: { type: 'string', default: '' },
  },
});

/** A fixed piece of arithmetic: its wall time says how loaded the machine is, its processor time how fast it is. */
async function calibrate(page: Page): Promise<number> {
  return page.evaluate(() => {
    const rounds = Array.from({ length: 9 }, () => {
      const from = performance.now();
      let x = 1;
      for (let i = 0; i < 4e6; i += 1) x = Math.sqrt(x + i);
      return x > 0 ? performance.now() - from : 0;
    }).sort((a, b) => a - b);
    return rounds[4] / rounds[0];
  });
}

function line(name: string, tasks: readonly Task[], over: number): string {
  const worst = tasks.at(0);
  if (!worst) return `${name.padEnd(36)} ${'–'.padStart(7)}`;
  const parts = worst.parts.map(([kind, ms]) => `${kind} ${ms.toFixed(0)}`).join(', ');
  const more = over > 0 ? `${over} over` : '';
  return `${name.padEnd(36)} ${worst.cpuMs.toFixed(0).padStart(7)} ${worst.wallMs.toFixed(0).padStart(7)} ${more.padEnd(8)} ${parts}`;
}

function stacks(tasks: readonly Task[]): string {
  return tasks
    .slice(0, 2)
    .map(({ functions }) => functions.slice(0, 60).map(([name, ms]) => `${name} ${ms.toFixed(0)}`))
    .map((names) => `    ${names.join(' · ')}`)
    .join('\n');
}

const server = spawn(process.execPath, [join(root, 'e2e/server.mjs')], {
  stdio: 'ignore',
  env: { ...process.env, PORT, FOLDER: options.folder },
});
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
});
let isLate = false;
try {
  const [width, height] = options.size.split('x').map(Number);
  const page = await browser.newPage({ viewport: { width: width, height: height }, baseURL: ADDRESS });
  const bench = new Workbench(page);
  page.setDefaultTimeout(15_000);
  const limit = Number(options.least);
  const categories = options.profile ? [...TRACED, 'disabled-by-default-v8.cpu_profiler'] : TRACED;
  console.log(
    `${'action'.padEnd(36)} ${'cpu ms'.padStart(7)} ${'wall ms'.padStart(7)} over ${limit}  longest task by kind of work, ms`,
  );
  const last = ACTIONS.findLastIndex(({ name }) => name.includes(options.only));
  for (const { name, before, act } of ACTIONS.slice(0, last + 1)) {
    const isMeasured = name.includes(options.only);
    try {
      await before?.(bench, page);
    } catch (error) {
      console.log(`${name}: could not be begun: ${String(error).slice(0, 300)}`);
      isLate = true;
      continue;
    }
    if (isMeasured) await browser.startTracing(page, { categories });
    try {
      await act(bench, page);
      await page.waitForTimeout(600);
    } catch (error) {
      console.log(`${name}: could not be done: ${String(error).slice(0, 300)}`);
      await page.screenshot({ path: join(root, 'test-results/tasks-failed.png') });
      isLate = true;
      await page.keyboard.press('Escape');
    }
    if (!isMeasured) continue;
    const tasks = tasksOf(await browser.stopTracing(), 1);
    const over = tasks.filter((task) => task.cpuMs > limit).length;
    isLate ||= over > 0;
    console.log(line(name, tasks, over));
    if (options.profile && over > 0) console.log(stacks(tasks));
  }
  console.log(`A fixed loop took ${(await calibrate(page)).toFixed(2)} times its best (1.00: nothing else ran).`);
  for (const complaint of bench.complaints) console.log(complaint);
} finally {
  await browser.close();
  server.kill();
}
process.exitCode = isLate ? 1 : 0;
