/**
 * `npm run bench -- NAME --data DIR [--only A,B] [--seed N] [--set key=value] [--save NAME] [--json]`: runs a named
 * benchmark in Node. Tables go to standard output (or everything as JSON with --json), progress to standard error; with
 * --save they are kept in docs/results, of which `npm run bench -- report` makes docs/BENCHMARKS.md.
 */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asEngineError } from '../src/engine/errors.ts';
import { ablation } from './bench/ablation.ts';
import { amsl } from './bench/amsl.ts';
import { active } from './bench/active.ts';
import { activePage } from './bench/activePage.ts';
import { attention } from './bench/attention.ts';
import { baselines } from './bench/baselines.ts';
import type { Bench, BenchOptions } from './bench/bench.ts';
import { tableText } from './bench/bench.ts';
import { cgatsBench } from './bench/cgats.ts';
import { alarms } from './bench/alarms.ts';
import { council } from './bench/council.ts';
import { drift } from './bench/drift.ts';
import { importBench } from './bench/import.ts';
import { m2ad } from './bench/m2ad.ts';
import { normalise } from './bench/normalise.ts';
import { opsBench } from './bench/ops.ts';
import { report } from './bench/report.ts';
import { COMMITTED, resultFile, saveResult } from './bench/results.ts';
import { stepBench } from './bench/step.ts';

const BENCHES: readonly Bench[] = [
  m2ad,
  attention,
  ablation,
  active,
  activePage,
  amsl,
  cgatsBench,
  baselines,
  alarms,
  council,
  drift,
  normalise,
  importBench,
];

/** Folders of data that a benchmark may read: their hash stands beside its results. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  m2ad: ['smd', 'asd', 'smap_msl'],
  attention: ['smd', 'asd', 'smap_msl'],
  ablation: ['smd', 'asd', 'smap_msl'],
  active: ['smd', 'asd', 'skab', 'gecco2018'],
  teach: ['smd', 'asd'],
  amsl: ['dsads'],
  cgats: ['nab'],
  baselines: ['smd', 'asd'],
  alarms: ['smd', 'asd'],
  council: ['smd', 'asd'],
  normalise: ['smd', 'asd'],
  import: ['smd', 'asd'],
};

/** Benchmarks of speed alone: no data, options of their own. */
const SPEED: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  step: stepBench,
  ops: opsBench,
};

const repository = dirname(dirname(fileURLToPath(import.meta.url)));

const USAGE = [
  'npm run bench -- NAME [--data DIR] [--only A,B] [--seed N] [--set key=value]... [--save NAME] [--json]',
  ...BENCHES.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`),
  'npm run bench -- report     docs/BENCHMARKS.md from docs/results, where --save NAME puts tables',
  'npm run bench -- step [--backend wasm|webgpu|cpu] [--stock] [--only A,B] [--repeat N] [--max-seconds S]',
  '  [--processor] [--json]',
  'npm run bench -- ops [--backend wasm|webgpu] [--only TEXT] [--repeat N] [--plain] [--json]',
].join('\n');

function parse() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: join(repository, '..', 'shared', 'datasets') },
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
      set: { type: 'string', multiple: true, default: [] },
      save: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const set = Object.fromEntries(
    values.set.map((pair) => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)] as const),
  );
  return { ...values, set, name: positionals[0] as string | undefined };
}

async function main(): Promise<number> {
  const { name, data, only, seed, set, save, json } = parse();
  if (name === 'report') {
    process.stdout.write(`${await report()}\n`);
    return 0;
  }
  const bench = BENCHES.find((one) => one.name === name);
  const folder = resolve(data);
  if (bench === undefined || !existsSync(folder)) {
    process.stderr.write(`${bench === undefined ? USAGE : `there is no folder ${folder}`}\n`);
    return 2;
  }
  const start = performance.now();
  const options: BenchOptions = {
    data: folder,
    only: only === '' ? [] : only.split(','),
    seed: Number(seed),
    set,
    log: (line) => void process.stderr.write(`${line}\n`),
  };
  const result = await bench.run(options);
  const seconds = (performance.now() - start) / 1000;
  if (save !== undefined) {
    const folders = FOLDERS[bench.name] ?? [];
    const file = resultFile({ bench: bench.name, options, folders, result, date: new Date() });
    process.stderr.write(`written: ${await saveResult(COMMITTED, save, file)}\n`);
  }
  if (json)
    process.stdout.write(
      `${JSON.stringify({ bench: bench.name, seconds, node: process.version, ...result }, null, 1)}\n`,
    );
  else for (const table of result.tables) process.stdout.write(`${tableText(table)}\n`);
  if (!json) process.stdout.write(`${bench.name}: ${seconds.toFixed(0)} s\n`);
  return 0;
}

try {
  const [first, ...rest] = process.argv.slice(2);
  const speed = Object.hasOwn(SPEED, first) ? SPEED[first] : null;
  process.exitCode = await (speed === null ? main() : speed(rest));
} catch (thrown) {
  const { message, cure } = asEngineError(thrown);
  process.stderr.write(`${message} ${cure}\n`);
  process.exitCode = 1;
}
