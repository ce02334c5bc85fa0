/**
 * `npm run fuzz -- [--seed N] [--only parser,…] [--execs N] [--minutes N] [--jobs N] [--out FOLDER]`: hostile input for every
 * parser and importer. Each parser gets the same share of time. Ends with 1 when anything was found; `--from N --execs 1`
 * with the seed and parser of a finding repeats it alone.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keep } from './fuzz/corpus.ts';
import { makerOf } from './fuzz/execute.ts';
import { BOMBS } from './fuzz/bombs.ts';
import { Lane } from './fuzz/lane.ts';
import type { Seen } from './fuzz/lane.ts';
import { tableOf } from './fuzz/table.ts';
import type { Row } from './fuzz/table.ts';
import { chosen } from './fuzz/targets.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    from: { type: 'string', default: '0' },
    execs: { type: 'string', default: 'Infinity' },
    minutes: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '1' },
    out: { type: 'string', default: fileURLToPath(new URL('../.cache/fuzz', import.meta.url)) },
    'no-bombs': { type: 'boolean', default: false },
  },
});
const [seed, from, execs, minutes, jobs] = [values.seed, values.from, values.execs, values.minutes, values.jobs].map(
  Number,
);
const targets = chosen(values.only.split(',').filter((name) => name !== ''));
if (targets.length === 0 || [seed, from, execs, minutes, jobs].some(Number.isNaN)) {
  console.error('Nothing to do: see the first lines of tools/fuzz.ts for the options.');
  process.exit(2);
}

/** Time that a parser gets before it is the turn of the next one. */
const SLICE_MS = 4000;
const started = performance.now();
const until = started + minutes * 60_000;
const rows = new Map<string, Row>(targets.map(({ name }) => [name, { name, execs: 0, seconds: 0, faults: 0 }]));
const next = new Map<string, number>(targets.map(({ name }) => [name, from]));
const causes = new Map<string, number>();

mkdirSync(values.out, { recursive: true });

/** What is large about the input that runs now. */
let bombing: string | null = null;

function saw({ target, n, input, fault }: Seen): void {
  const row = rows.get(target);
  if (row) row.faults++;
  const cause = `${target}: ${fault.kind} at ${fault.where}${bombing === null ? '' : ` (${bombing})`}`;
  const times = (causes.get(cause) ?? 0) + 1;
  causes.set(cause, times);
  if (times > 1) return;
  if (bombing !== null) {
    console.log(`FOUND ${cause}\n  ${fault.what}`);
    return;
  }
  const name = `${fault.kind.replaceAll(/\W+/g, '-')}-${seed}-${n}`;
  const path = keep(values.out, target, name, `${fault.what} (${fault.where})`, input);
  console.log(`FOUND ${cause}\n  ${fault.what}\n  --only ${target} --seed ${seed} --from ${n} --execs 1\n  ${path}`);
}

/** Targets in turn until time or executions are spent. */
const turns = [...targets];
async function work(lane: Lane): Promise<void> {
  while (performance.now() < until) {
    const target = turns.shift();
    if (target === undefined) return;
    const begins = next.get(target.name) ?? from;
    const begun = performance.now();
    const ms = Math.min(SLICE_MS, until - begun);
    const end = await lane.run(target, { target: target.name, seed, from: begins, to: from + execs, ms });
    next.set(target.name, end);
    const row = rows.get(target.name)!;
    row.execs += end - begins;
    row.seconds += (performance.now() - begun) / 1000;
    if (end < from + execs) turns.push(target);
  }
}

/** The large inputs, one by one; what they find is named by what they are and not kept as a file. */
async function bombs(lane: Lane): Promise<void> {
  for (const { target: name, about, make } of BOMBS) {
    const target = targets.find((one) => one.name === name);
    if (target === undefined) continue;
    const begun = performance.now();
    const before = causes.size;
    bombing = about;
    await lane.run(target, { target: name, seed, from: 0, to: 0, ms: 0, input: make() });
    bombing = null;
    const seconds = (performance.now() - begun) / 1000;
    if (seconds > 5 || causes.size > before) console.log(`${name}, ${about}: ${seconds.toFixed(1)} s`);
  }
}

const inputOf = async (name: string, n: number) => (await makerOf(chosen([name])[0], seed))(n);
const lanes = Array.from({ length: jobs }, () => new Lane(saw, inputOf, jobs));
if (!values['no-bombs'] && from === 0) await bombs(lanes[0]);
let told = performance.now();
const telling = setInterval(() => {
  if (performance.now() - told < 300_000) return;
  told = performance.now();
  console.log(tableOf([...rows.values()], performance.now() - started));
}, 5000);
await Promise.all(lanes.map(work));
clearInterval(telling);
await Promise.all(lanes.map((lane) => lane.end()));
const table = tableOf([...rows.values()], performance.now() - started);
console.log(table);
for (const [cause, times] of causes) console.log(`${times} x ${cause}`);
if (existsSync(values.out))
  writeFileSync(
    `${values.out}/last.txt`,
    `${table}\n${[...causes].map(([cause, times]) => `${times} x ${cause}`).join('\n')}\n`,
  );
process.exit(causes.size > 0 ? 1 : 0);
