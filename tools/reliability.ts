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
function taken<T>(record: string, name: string): { readonly path: string; readonly lines: readonly T[] } {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  if (resolve(record) !== path) copyFileSync(record, path);
  const text = readFileSync(path, 'utf8').trim();
  return { path, lines: text.split('\n').map((line) => JSON.parse(line) as T) };
}

const SOAK =
  'a tab of the built page does what a person does, in an order drawn from a seed: lanes, inspectors, threshold, labels and undo, fine-tuning and rolling back, quick and deep engines, cancelled runs, drift, comparisons, the studio, live replay, exports, own files opened and deleted, other data sets. After each cycle of six such activities it comes back to the same data set, run, event and tab; garbage is collected in page and workers, and what they hold is read from outside through the debugging protocol.';

function soak(record: string, isGpu: boolean, warmUp: number): void {
  const name = isGpu ? 'soak-webgpu' : 'soak';
  const { path, lines } = taken<Reading>(record, `${name}.jsonl`);
  const text = summarised(lines, warmUp, path.replace(/jsonl$/, 'svg'));
  const command = `npx tsx tools/soak.ts --minutes ${Math.round(lines.at(-1)?.minutes ?? 0)}${isGpu ? ' --webgpu' : ''} --seed 1`;
  const about = isGpu
    ? 'The same tab on the WebGPU backend, on a software adapter that the page would pass over by itself.'
    : `\`${command}\`: ${SOAK}`;
  write(
    isGpu ? 'Use on WebGPU' : 'Two hours of use',
    [
      ...(isGpu ? [`\`${command}\``, '', about] : [about]),
      '',
      text,
      `All readings: [${name}.jsonl](reliability/${name}.jsonl).`,
    ].join('\n'),
  );
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
    write('Kills', `${KILLS}\n\n${killsTold(taken<Kill>(record, 'kills.jsonl').lines)}`);
    break;
  default:
    throw new Error('which one: soak, soak-webgpu or kills?');
}
