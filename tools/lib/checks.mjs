import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lintCache } from './lintCache.mjs';
import { bin, root } from './setup.mjs';

/** One line of the summary. A check without inner tests counts as one. */
const result = (name, passed, failed, skipped, seconds) => ({ name, passed, failed, skipped, seconds });

function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let output = '';
    const keep = (chunk) => (output += chunk);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

async function step(name, command, args) {
  const from = Date.now();
  const { code, output } = await run(command, args);
  const seconds = (Date.now() - from) / 1000;
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(0)} s)`);
  if (code !== 0) console.log(output);
  return result(name, code === 0 ? 1 : 0, code === 0 ? 0 : 1, 0, seconds);
}

/** Runs a test runner that writes a JSON report and counts what it says. */
async function counted(name, command, args, env, count) {
  const from = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'telltale-'));
  const file = join(folder, 'report.json');
  const quiet = { NO_COLOR: '1', FORCE_COLOR: undefined, PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  const { code, output } = await run(command, args(file), { ...env, ...quiet });
  const seconds = (Date.now() - from) / 1000;
  let counts = { passed: 0, failed: 1, skipped: 0 };
  try {
    counts = count(JSON.parse(readFileSync(file, 'utf8')));
    if (code !== 0 && counts.failed === 0) counts.failed = 1;
  } catch {
    console.log(`${name} left no report`);
  }
  rmSync(folder, { recursive: true, force: true });
  console.log(
    `${code === 0 ? 'ok    ' : 'FAILED'} ${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (${seconds.toFixed(0)} s)`,
  );
  for (const title of counts.flaky ?? []) console.log(`       only at the second try: ${title}`);
  if (code !== 0) console.log(output.slice(-30_000));
  return result(name, counts.passed, counts.failed, counts.skipped, seconds);
}

const vitestCounts = (json) => ({
  passed: json.numPassedTests,
  failed: json.numFailedTests + (json.numFailedTestSuites > 0 && json.numFailedTests === 0 ? 1 : 0),
  skipped: json.numPendingTests + json.numTodoTests,
});
const playwrightCounts = ({ stats, suites }) => ({
  passed: stats.expected + stats.flaky,
  failed: stats.unexpected,
  skipped: stats.skipped,
  flaky: suites.flatMap(flakyTitles),
});

const flakyTitles = ({ specs = [], suites = [] }) => [
  ...specs.filter((spec) => spec.tests.some((test) => test.status === 'flaky')).map((spec) => spec.title),
  ...suites.flatMap(flakyTitles),
];

/** Prettier judges a file by its text alone, so that of an unchanged file it need not be asked again. */
const FORMAT = ['--check', '.', '--log-level', 'warn', '--cache', '--cache-strategy', 'content'];

const runTests = (projects) =>
  counted(
    'tests',
    bin('vitest'),
    (file) => ['run', ...projects, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`],
    {},
    vitestCounts,
  );

/**
 * Two lanes, so that two cores are busy to the end: what needs the types, then the build; formatting, then the tests.
 * `all` adds the long tests.
 */
export async function runChecks({ all = false } = {}) {
  const lanes = await Promise.all([
    inOrder(
      () => step('types', bin('tsc'), ['-b']),
      ([types]) => step('lint', bin('eslint'), ['.', '--max-warnings', '0', ...lintCache(types.failed === 0)]),
      () => step('imports', bin('depcruise'), ['src']),
      () => step('build', bin('vite'), ['build', '--logLevel', 'warn']),
      () => step('size', bin('size-limit'), []),
    ),
    inOrder(
      () => step('format', bin('prettier'), FORMAT),
      () => runTests(all ? [] : ['--project=!long']),
    ),
  ]);
  return lanes.flat();
}

/** Each step is given the results of those before it. */
async function inOrder(...steps) {
  const results = [];
  for (const one of steps) results.push(await one(results));
  return results;
}

/** Browser journeys on the build in dist/. Without a browser this is one failure, never a silent pass. */
export async function runJourneys(chromium) {
  if (!chromium) {
    console.log('FAILED journeys: no Chromium could be found or installed; set CHROMIUM_PATH to one');
    return result('journeys', 0, 1, 0, 0);
  }
  return counted(
    'journeys',
    bin('playwright'),
    () => ['test', '--reporter=line,json'],
    { CHROMIUM_PATH: chromium },
    playwrightCounts,
  );
}

/** Prints the summary and the closing line; returns the exit code. */
export function report(results) {
  const sum = (key) => results.reduce((total, r) => total + r[key], 0);
  const failures = results.filter((r) => r.failed > 0).map((r) => r.name);
  if (failures.length > 0) console.log(`\nNot passed: ${failures.join(', ')}`);
  console.log(`\n${sum('skipped')} skipped`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return failures.length === 0 ? 0 : 1;
}
