/**
 * Sections of docs/RELIABILITY.md from their records, which come to lie beside the figures in docs/reliability:
 * `npx tsx tools/reliability.ts soak RECORD.jsonl [--warm-up MINUTES]`, the same with `soak-webgpu`, and
 * `npx tsx tools/reliability.ts kills RECORD.jsonl`.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { killsTold } from './soak/killsReport.ts';
import type { Kill } from './soak/killsReport.ts';
import type { Reading } from './soak/measure.ts';
import { summarised } from './soak/report.ts';

const docs = fileURLToPath(new URL('../docs', import.meta.url));
const folder = join(docs, 'reliability');

/** Puts a section in the place of the one with its title, or after the last. */
function write(title: string, text: string): void {
  const path = join(docs, 'RELIABILITY.md');
  const sections = readFileSync(path, 'utf8').split(/^(?=## )/m);
  const fresh = `## ${title}\n\n${text.trim()}\n\n`;
  const at = sections.findIndex((section) => section.startsWith(`## ${title}\n`));
  if (at >= 0) sections[at] = fresh;
  else sections.push(`\n${fresh}`);
  const whole = sections.join('').replaceAll(/\n{3,}/g, '\n\n');
  writeFileSync(path, `${whole.trim()}\n`);
}

/** Takes a record of lines of JSON into the folder under a name of its own. */
function taken(record: string, name: string): { readonly path: string; readonly lines: readonly unknown[] } {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  if (resolve(record) !== path) copyFileSync(record, path);
  const text = readFileSync(path, 'utf8').trim();
  return { path, lines: text.split('\n').map((line) => JSON.parse(line) as unknown) };
}

const SOAK =
  'a tab of the built page does what a person does, in an order drawn from a seed: lanes, inspectors, threshold, labels and undo, fine-tuning and rolling back, quick and deep engines, cancelled runs, drift, comparisons, the studio, live replay, exports, own files opened and deleted, other data sets. After each cycle of six such activities it comes back to the same data set, run, event and tab; garbage is collected in page and workers, and what they hold is read from outside through the debugging protocol. What a person keeps grows with use and is part of the figures: the journal of labels with all its undos, generated sets, and runs until they are tidied away after every fourth cycle.';

const GPU =
  "the worker's own runs through Dawn in Node, one after another on a GPU made of software: three engines a cycle, every fourth run cancelled in the midst of it.";

function soak(record: string, isGpu: boolean, warmUp: number): void {
  const name = isGpu ? 'soak-webgpu' : 'soak';
  const { path, lines: read } = taken(record, `${name}.jsonl`);
  const lines = read as readonly Reading[];
  const text = summarised(lines, warmUp, path.replace(/jsonl$/, 'svg'));
  const minutes = Math.round(lines.at(-1)?.minutes ?? 0);
  const about = isGpu
    ? `\`node --expose-gc --import tsx tools/soakGpu.ts --minutes ${minutes}\`: ${GPU}`
    : `\`npx tsx tools/soak.ts --minutes ${minutes} --seed 1\`: ${SOAK}`;
  const all = `All readings: [${name}.jsonl](reliability/${name}.jsonl).`;
  write(isGpu ? 'Runs on WebGPU' : 'Two hours of use', [about, '', text, all].join('\n'));
}

const KILLS =
  '`npm run kill` (200 kills; `KILL_SEED` sets the moments, `KILL_RECORD` a file of them): the tab crashes, is closed or its process is ended, or the worker alone is ended without a word, at a random moment of labelling, training, fine-tuning and of importing data files, label files, run files and project files. Afterwards the page is opened again, or goes on with a fresh worker. Every act on labels that was on screen, every data set, run and setting that the page had shown, and the offer to go on from at least the epoch before the last one shown must be there; a file is taken as a whole or not at all. CI does 5 of them.';

const { values, positionals } = parseArgs({
  options: { 'warm-up': { type: 'string', default: '20' } },
  allowPositionals: true,
});
const [what = '', record = ''] = positionals;
switch (what) {
  case 'soak':
  case 'soak-webgpu':
    soak(record, what === 'soak-webgpu', Number(values['warm-up']));
    break;
  case 'kills':
    write('Kills', `${KILLS}\n\n${killsTold(taken(record, 'kills.jsonl').lines as readonly Kill[])}`);
    break;
  default:
    throw new Error('which one: soak, soak-webgpu or kills?');
}
