/**
 * `npm run first-sight [-- --folder dist] [--runs 7]`: how long a first visit takes until the events of the bundled example
 * are on screen. Every run is cold: a new server, a new browser with an empty profile, nothing cached. Times are from the
 * start of the navigation to the frame after which it is there. Ends with 1 if the median of the events is over 5 s.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

const root = fileURLToPath(new URL('..', import.meta.url));
const LIMIT_MS = 5000;
const {
  values: { folder, runs, port },
} = parseArgs({
  options: {
    folder: { type: 'string', default: 'dist' },
    runs: { type: 'string', default: '7' },
    port: { type: 'string', default: '4195' },
  },
});
const address = `http://localhost:${port}/some/sub-path/`;

const MARKS = ['first paint', 'steps', 'lanes', 'events', 'sentence'] as const;
type Marks = Record<(typeof MARKS)[number], number>;

/** Runs in the page before anything of it: notes, frame by frame, since when each part is there. */
function watch(): void {
  const marks: Partial<Record<string, number>> = {};
  const parts: [string, () => boolean][] = [
    ['steps', () => document.querySelector('nav button') !== null],
    [
      'lanes',
      () =>
        [...document.querySelectorAll<HTMLCanvasElement>('.tt-row canvas')].filter((canvas) => {
          if (canvas.width === 0) return false;
          const small = new OffscreenCanvas(16, 8).getContext('2d');
          small?.drawImage(canvas, 0, 0, 16, 8);
          return small?.getImageData(0, 0, 16, 8).data.some((value) => value > 0) === true;
        }).length > 3,
    ],
    ['events', () => document.querySelector('[aria-label="Events"] tbody tr') !== null],
    ['sentence', () => document.querySelector('p.sentence') !== null],
  ];
  const look = (): void => {
    for (const [name, isThere] of parts) {
      if (marks[name] === undefined && isThere()) {
        marks[name] = -1;
        // What is in the page now is on screen with the frame after this one.
        requestAnimationFrame(() => (marks[name] = performance.now()));
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  (globalThis as unknown as { marks: typeof marks }).marks = marks;
}

async function visit(): Promise<Marks> {
  const env = { ...process.env, PORT: port, FOLDER: folder, PACKED: '1' };
  const server = spawn(process.execPath, [join(root, 'e2e/server.mjs')], { stdio: 'ignore', env });
  try {
    await reachable();
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking'],
    });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    // Also functions that the compiler named have to arrive whole.
    await page.addInitScript(`globalThis.__name = (given) => given; (${watch.toString()})();`);
    await page.goto(address);
    const seen = await page.waitForFunction((names) => {
      const { marks } = globalThis as unknown as { marks: Partial<Record<string, number>> };
      const [paint] = performance.getEntriesByName('first-contentful-paint') as [PerformanceEntry?];
      return names.every((name) => (marks[name] ?? -1) > 0) && { ...marks, 'first paint': paint?.startTime ?? NaN };
    }, MARKS.slice(1));
    const marks = (await seen.jsonValue()) as Marks;
    await browser.close();
    return marks;
  } finally {
    server.kill();
    await once(server, 'close');
  }
}

async function reachable(): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const isUp = await fetch(address, { method: 'HEAD' }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((wake) => setTimeout(wake, 25));
  }
  throw new Error(`nothing answers at ${address}`);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const row = (name: string, values: readonly number[]): string =>
  `${name.padEnd(10)}${values.map((ms) => (ms / 1000).toFixed(2).padStart(12)).join('')}`;

console.log(`${'seconds'.padEnd(10)}${MARKS.map((name) => name.padStart(12)).join('')}`);
const all: Marks[] = [];
for (let n = 1; n <= Number(runs); n += 1) {
  const marks = await visit();
  all.push(marks);
  console.log(
    row(
      `visit ${n}`,
      MARKS.map((name) => marks[name]),
    ),
  );
}
const middle = MARKS.map((name) => median(all.map((marks) => marks[name])));
console.log(row('median', middle));
process.exitCode = Math.max(...middle) > LIMIT_MS ? 1 : 0;
