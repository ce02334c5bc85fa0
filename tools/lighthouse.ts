/**
 * `npm run lighthouse [-- --folder dist] [--runs 5] [--report DIR]`: Lighthouse on the built page, served as the hosts of
 * docs/HOSTING.md do, as a desktop and as a phone. Prints each run and the medians; ends with 1 if a median of the desktop
 * is under 95. Lighthouse is 200 packages, so it is no dependency: the first use installs this very version beside the
 * caches. It sends nothing: its error reports are off.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const VERSION = '12.8.2';
const LEAST = 95;
const root = fileURLToPath(new URL('..', import.meta.url));
const home = join(root, 'node_modules/.cache/lighthouse');
const {
  values: { folder, runs, port, report },
} = parseArgs({
  options: {
    folder: { type: 'string', default: 'dist' },
    runs: { type: 'string', default: '5' },
    port: { type: 'string', default: '4194' },
    report: { type: 'string', default: '' },
  },
});
const address = `http://localhost:${port}/some/sub-path/`;

const SCORES = ['performance', 'accessibility', 'best-practices'] as const;
const TIMES = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'total-blocking-time',
  'speed-index',
  'cumulative-layout-shift',
] as const;
type Result = {
  readonly categories: Readonly<Partial<Record<string, { readonly score: number }>>>;
  readonly audits: Readonly<Partial<Record<string, { readonly numericValue?: number }>>>;
  readonly environment: { readonly benchmarkIndex: number };
};

/** The program's start file, installed if it is not there. */
function program(): string {
  const start = join(home, 'node_modules/lighthouse/cli/index.js');
  if (existsSync(start)) return start;
  console.log(`installing Lighthouse ${VERSION} into node_modules/.cache (once)`);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  const line = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', `lighthouse@${VERSION}`];
  execFileSync('npm', line, { cwd: home, stdio: 'inherit', shell: process.platform === 'win32' });
  return start;
}

/** One visit with a browser and a profile of its own. */
function measure(start: string, preset: string, file: string): Result {
  const flags = '--headless=new --no-sandbox --disable-background-networking --disable-component-update';
  execFileSync(
    process.execPath,
    [
      start,
      address,
      '--quiet',
      '--no-enable-error-reporting',
      `--chrome-flags=${flags}`,
      `--only-categories=${SCORES.join(',')}`,
      '--output=json',
      `--output-path=${file}`,
      // The phone is what it measures without being told.
      ...(preset === 'desktop' ? ['--preset=desktop'] : []),
    ],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, CHROME_PATH: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium' },
    },
  );
  return JSON.parse(readFileSync(file, 'utf8')) as Result;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Scores of 100, times in ms, the shift without a unit, and how fast the machine was found to be. */
const numbersOf = ({ categories, audits, environment }: Result): number[] => [
  ...SCORES.map((name) => Math.round((categories[name]?.score ?? 0) * 100)),
  ...TIMES.map((name) => audits[name]?.numericValue ?? NaN),
  environment.benchmarkIndex,
];

const HEAD = ['perf', 'access', 'best', 'FCP ms', 'LCP ms', 'TBT ms', 'SI ms', 'CLS', 'machine'];
const shown = (value: number, n: number): string => (HEAD[n] === 'CLS' ? value.toFixed(3) : value.toFixed(0));
const row = (name: string, values: readonly (number | string)[]): string =>
  name.padEnd(12) +
  values.map((value, n) => (typeof value === 'string' ? value : shown(value, n)).padStart(9)).join('');

const start = program();
const results = report || mkdtempSync(join(tmpdir(), 'telltale-lighthouse-'));
mkdirSync(results, { recursive: true });
const server = spawn(process.execPath, [join(root, 'e2e/server.mjs')], {
  stdio: 'ignore',
  env: { ...process.env, PORT: port, FOLDER: folder, PACKED: '1' },
});
let isLow = false;
try {
  for (const preset of ['desktop', 'phone']) {
    console.log(row(preset, HEAD));
    const all: number[][] = [];
    for (let n = 1; n <= Number(runs); n += 1) {
      const numbers = numbersOf(measure(start, preset, join(results, `${preset}-${n}.json`)));
      all.push(numbers);
      console.log(row(`run ${n}`, numbers));
    }
    const middle = HEAD.map((_, n) => median(all.map((numbers) => numbers[n] ?? NaN)));
    console.log(row('median', middle));
    isLow ||= preset === 'desktop' && middle.slice(0, SCORES.length).some((score) => score < LEAST);
  }
} finally {
  server.kill();
  if (!report) rmSync(results, { recursive: true });
}
process.exitCode = isLow ? 1 : 0;
