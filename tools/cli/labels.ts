/** `labels`: what people said of a run's data, out of its file in a format or into it from one. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Bundle } from '../../src/engine/bundle/bundle.ts';
import { seriesDigest } from '../../src/engine/bundle/digest.ts';
import { writeBundle } from '../../src/engine/bundle/write.ts';
import { importLabels, LABEL_FORMATS, labelFormatById } from '../../src/engine/labels/formats/index.ts';
import type { LabelFormat } from '../../src/engine/labels/formats/format.ts';
import { foldJournal } from '../../src/engine/labels/journal.ts';
import type { Label } from '../../src/engine/labels/types.ts';
import type { Series } from '../../src/engine/types.ts';
import { planLike } from './apply.ts';
import { parsed } from './command.ts';
import type { Command, World } from './command.ts';
import { openData } from './data.ts';
import { EXIT, misuse } from './failure.ts';
import { bundleAt, filesAt, isBundle, writeWhole } from './files.ts';
import { readingFor } from './fit.ts';
import { assetFor, deliver } from './score.ts';

const FORMATS = LABEL_FORMATS.map(({ id }) => id).join(', ');

/** Throws EngineError('bad-input', 'usage') for a format that is not known. */
function formatNamed(id: string): LabelFormat {
  const found = labelFormatById(id);
  if (found === undefined) throw misuse(`there is no label format "${id}"`, `Choose one of ${FORMATS}.`);
  return found;
}

/** The series of a run, found in data. Throws EngineError('bad-input', 'usage') where its values are others. */
async function seriesOf(
  bundle: Bundle,
  paths: readonly string[],
  asset: string | undefined,
  world: World,
): Promise<Series> {
  const data = await openData(paths, { plan: (report) => planLike(report, bundle.facts) }, readingFor(world, true));
  const series = await data.series(assetFor(data, bundle, asset));
  if ((await seriesDigest(series)) === bundle.facts.data.series) return series;
  throw misuse(
    `the data is not that of the run of ${bundle.facts.data.asset}`,
    'Labels are steps: name the data that the run was made on.',
  );
}

/** Labels that a file holds, as one act behind those of the run: the same file gives the same bytes. */
async function withLabels(bundle: Bundle, series: Series, path: string, world: World): Promise<Bundle> {
  const [file] = filesAt([path]);
  const bytes = readFileSync(path);
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const atMs = Math.floor(statSync(path).mtimeMs);
  const layer = basename(path);
  let count = 0;
  const target = { series, author: layer, layer, madeAtMs: atMs, newId: () => `${name}-${++count}` };
  const { labels, problems } = await importLabels(file, target, null, readingFor(world, true));
  for (const problem of problems) world.say(`note: ${problem}\n`);
  const known = new Set(foldJournal(bundle.journal).labels.map(({ id }) => id));
  const changes = labels.filter(({ id }) => !known.has(id)).map((label) => ({ kind: 'put', label }) as const);
  if (changes.length === 0) return bundle;
  const entry = { seq: bundle.journal.length + 1, atMs, act: { kind: 'change', changes } } as const;
  return { ...bundle, journal: [...bundle.journal, entry] };
}

async function add(bundle: Bundle, series: Series, from: string, out: string, world: World): Promise<void> {
  const labelled = await withLabels(bundle, series, from, world);
  writeWhole(out, await writeBundle(labelled, () => Promise.resolve()));
  const count = foldJournal(labelled.journal).labels.length - foldJournal(bundle.journal).labels.length;
  world.say(`${out}: ${count} ${count === 1 ? 'label' : 'labels'} added\n`);
}

export const labels: Command = {
  name: 'labels',
  usage: 'labels RUN DATA... [options]',
  about: 'what people said of the data of a run: to a file of labels, or from one into the run file',
  options: [
    'RUN is a .telltale file; DATA is the data that it was made on',
    `--format F       ${FORMATS}; default ${LABEL_FORMATS[0].id}`,
    '--json           the labels as they are, with who said them; needs no DATA',
    '--add FILE       puts the labels of a file (any format) into the run file named by --out',
    '--asset NAME     which asset of the data (default: the one of the run)',
    '-o, --out FILE   write there instead of to standard output',
  ],
  run: async (args, world) => {
    const { values, positionals } = parsed(args, {
      format: { type: 'string', default: LABEL_FORMATS[0].id },
      json: { type: 'boolean' },
      add: { type: 'string' },
      asset: { type: 'string' },
      out: { type: 'string', short: 'o' },
    });
    const path = positionals.at(0);
    const data = positionals.slice(1);
    if (path === undefined || !isBundle(path))
      throw misuse('no run file is given', 'Usage: telltale labels RUN DATA...');
    const format = formatNamed(values.format);
    const bundle = await bundleAt(path);
    const held: readonly Label[] = foldJournal(bundle.journal).labels;
    if (values.json === true) {
      deliver(`${JSON.stringify({ labels: held }, null, 1)}\n`, values.out, world);
      return EXIT.done;
    }
    const series = await seriesOf(bundle, data, values.asset, world);
    if (values.add === undefined) deliver(format.write(held, series), values.out, world);
    else if (values.out !== undefined && isBundle(values.out)) await add(bundle, series, values.add, values.out, world);
    else throw misuse('--add needs a run file to write', 'Name one with --out, such as -o labelled.telltale.');
    return EXIT.done;
  },
};
