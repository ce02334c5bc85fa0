/** `fit`: trains an engine and writes each run as a bundle. */
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BUNDLE_EXTENSION, bundleName } from '../../src/engine/bundle/bundle.ts';
import type { Bundle } from '../../src/engine/bundle/bundle.ts';
import { seriesDigest } from '../../src/engine/bundle/digest.ts';
import type { Glance } from '../../src/engine/bundle/read.ts';
import { glanceAt } from '../../src/engine/bundle/read.ts';
import { writeBundle } from '../../src/engine/bundle/write.ts';
import type { ReadRun } from '../../src/engine/data/types.ts';
import type { Series } from '../../src/engine/types.ts';
import { bundleOf } from '../../src/workers/bundle.ts';
import { startBackend } from './backend.ts';
import { isCount, isShare, numberOf, parsed } from './command.ts';
import type { Command, World } from './command.ts';
import { openData, readSurvey, surveyedData, surveyOf } from './data.ts';
import type { Data } from './data.ts';
import { EXIT, lineOf, misuse } from './failure.ts';
import { bundleAt, bytesAt, isBundle, isFolder, makeFolder, writeWhole } from './files.ts';
import { JOB_HELP, JOB_OPTIONS, keyOf, recipeOf } from './job.ts';
import type { Recipe } from './job.ts';
import { overAll } from './all.ts';
import type { Ended } from './all.ts';
import { planLike } from './apply.ts';
import { reporter } from './progress.ts';
import { fitOne } from './run.ts';
import { summaryOf, summaryText } from './summary.ts';
import type { Summary } from './summary.ts';

export const DATA_OPTIONS = {
  asset: { type: 'string', multiple: true },
  split: { type: 'string' },
  group: { type: 'string' },
} as const;

export const DATA_HELP = [
  '--asset NAME     which asset of the data; may be repeated',
  "--group NAME     which assets, where they have different columns ('55 columns')",
  '--split SHARE    share of the rows that trains, where the data does not say',
];

const OPTIONS = {
  ...JOB_OPTIONS,
  ...DATA_OPTIONS,
  all: { type: 'boolean' },
  out: { type: 'string', short: 'o' },
  workers: { type: 'string' },
  force: { type: 'boolean' },
  survey: { type: 'string' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
} as const;

export function readingFor({ signal, say, isScreen }: World, isQuiet: boolean): ReadRun {
  return {
    checkpoint: () => {
      signal.throwIfAborted();
      return Promise.resolve();
    },
    progress: ({ phase, doneBytes, ofBytes, file }) => {
      if (isScreen && !isQuiet && ofBytes > 0)
        say(`\r\x1b[K${phase} ${Math.floor((100 * doneBytes) / ofBytes)} % ${file}`);
      if (isScreen && !isQuiet && phase === 'recognising') say('\r\x1b[K');
    },
  };
}

/** Assets that are asked for. Throws EngineError('bad-input', 'usage') where it is not clear which. */
export function assetsOf({ assets }: Data, wanted: readonly string[] | undefined, all: boolean): readonly string[] {
  const list = `${assets.slice(0, 8).join(', ')}${assets.length > 8 ? ', …' : ''}`;
  const strange = wanted?.find((name) => !assets.includes(name));
  if (strange !== undefined) throw misuse(`the data has no asset "${strange}"`, `It has ${list}.`);
  if (wanted !== undefined) return wanted;
  if (assets.length > 1 && !all)
    throw misuse(`the data has ${assets.length} assets`, `Choose with --asset, or take --all. It has ${list}.`);
  return assets;
}

type Scope = {
  /** What was said of a series: that of the run to follow, if it is of the same values. */
  readonly journalOf: (series: Series) => Promise<Bundle['journal']>;
  readonly recipe: Recipe;
  readonly data: Data;
  /** A folder, or the one file. */
  readonly out: string;
  readonly isQuiet: boolean;
  readonly force: boolean;
  readonly shared: number;
  readonly world: World;
};

/** The run that was found at `path`, if it is the one with this id. */
async function finished(path: string, id: string, force: boolean): Promise<Glance | null> {
  if (force || !existsSync(path)) return null;
  const glance = await glanceAt(bytesAt(path), () => Promise.resolve()).catch(() => null);
  if (glance?.facts.run.id === id) return glance;
  throw misuse(`${path} is there already and is not this run`, 'Name another file with --out, or add --force.');
}

/** Fits one asset, unless its bundle is there. Finished runs are found by their key, interrupted ones by a checkpoint. */
export async function fitAsset(scope: Scope, asset: string): Promise<Summary> {
  const { recipe, data, world, isQuiet } = scope;
  const series = await data.series(asset);
  const key = await keyOf(recipe, series, { ...data.imputation });
  const inFolder = `${bundleName(asset, recipe).slice(0, -BUNDLE_EXTENSION.length)}-${key.slice(0, 8)}${BUNDLE_EXTENSION}`;
  const path = isFolder(scope.out) ? join(scope.out, inFolder) : scope.out;
  const before = await finished(path, `run-${key}`, scope.force);
  if (before !== null) return summaryOf(path, before, true);
  const report = reporter(asset, isQuiet, world);
  const cache = `${path}.unfinished`;
  const stored = await fitOne(
    { id: `run-${key}`, data, series, recipe, cache, shared: scope.shared, tell: report.tell },
    world.signal,
  ).finally(report.end);
  const bundle = await bundleOf(stored, series, data.origin, await scope.journalOf(series));
  writeWhole(path, await writeBundle(bundle, () => Promise.resolve()));
  rmSync(cache, { recursive: true, force: true });
  return summaryOf(path, bundle, false);
}

/** The data of a fit: as an earlier survey says, or opened and looked over. */
async function dataFor(
  paths: readonly string[],
  values: {
    readonly survey?: string | undefined;
    readonly split?: string | undefined;
    readonly group?: string | undefined;
  },
  like: Parameters<typeof recipeOf>[1],
  read: ReadRun,
): Promise<Data> {
  if (values.survey !== undefined)
    return surveyedData(paths, readSurvey(new TextDecoder().decode(bytesAt(values.survey))), read);
  if (like !== null && values.group !== undefined)
    throw misuse('--group and --like each say which columns to take', 'Leave out one of them.');
  const split = values.split === undefined ? undefined : numberOf('split', values.split, isShare, 'a share in (0, 1)');
  return openData(
    paths,
    {
      ...(like && { plan: (report) => planLike(report, like) }),
      ...(split !== undefined && { split }),
      ...(values.group !== undefined && { group: values.group }),
    },
    read,
  );
}

/** One asset after the other in this process; one that cannot be run leaves the others be. */
async function inTurn(scope: Scope, assets: readonly string[]): Promise<Ended> {
  const { world, isQuiet } = scope;
  const summaries: Summary[] = [];
  const failures: string[] = [];
  for (const [n, asset] of assets.entries()) {
    try {
      const summary = await fitAsset(scope, asset);
      summaries.push(summary);
      if (!isQuiet) world.say(`${asset}: ${summary.wasThere ? 'was there' : 'done'} (${n + 1} of ${assets.length})\n`);
    } catch (thrown) {
      if (world.signal.aborted) throw thrown;
      failures.push(`${asset}: ${lineOf(thrown)}`);
      world.say(`${asset}: ${lineOf(thrown)}\n`);
    }
  }
  return { summaries, failures };
}

/** A folder for many runs; for one, a file or a folder. Throws EngineError('bad-input', 'usage'). */
function placeFor(out: string | undefined, assets: number, isMany: boolean): string {
  const place = out ?? (isMany ? 'runs/' : './');
  if (isMany && isBundle(place)) throw misuse(`--out is ${place}, one file for ${assets} runs`, 'Name a folder.');
  if (existsSync(place) && !isFolder(place) && !isBundle(place))
    throw misuse(`--out is ${place}, a file that is no run`, `Name a ${BUNDLE_EXTENSION} file or a folder.`);
  // Before anything is trained, not after.
  makeFolder(isBundle(place) && !isFolder(place) ? dirname(place) : place);
  return place;
}

async function run(args: readonly string[], world: World): Promise<number> {
  const { values, positionals } = parsed(args, OPTIONS);
  const { all = false, force = false, json = false, quiet: isQuiet = false } = values;
  const followed = values.like === undefined ? null : await bundleAt(values.like);
  const like = followed?.facts ?? null;
  const recipe = recipeOf(values, like);
  const workers = numberOf('workers', values.workers ?? '1', isCount, 'a whole number from 1');
  const data = await dataFor(positionals, values, like, readingFor(world, isQuiet));
  if (!isQuiet) for (const warning of data.warnings) world.say(`note: ${warning}\n`);
  const assets = assetsOf(data, values.asset, all);
  const isMany = assets.length > 1 || all;
  const out = placeFor(values.out, assets.length, isMany);
  const survey = surveyOf(data);
  if (isMany && workers > 1 && survey !== null)
    return finish(await overAll({ args, assets, survey, workers, out, isQuiet }, world), json, world);
  await startBackend(recipe.backend);
  const journalOf = async (series: Series): Promise<Bundle['journal']> =>
    followed !== null && (await seriesDigest(series)) === followed.facts.data.series ? followed.journal : [];
  const scope = { journalOf, recipe, data, out, isQuiet, force, shared: workers, world };
  if (isMany) return finish(await inTurn(scope, assets), json, world);
  return finish({ summaries: [await fitAsset(scope, assets[0])], failures: [] }, json, world);
}

function finish({ summaries, failures }: Ended, json: boolean, { print }: World): number {
  print(json ? `${JSON.stringify({ runs: summaries, failures }, null, 1)}\n` : summaryText(summaries));
  return failures.length === 0 ? EXIT.done : EXIT.failed;
}

export const fit: Command = {
  name: 'fit',
  usage: 'fit DATA... [options] [-o run.telltale]',
  about: 'trains an engine on data and writes the run as a file that the page opens',
  options: [
    'DATA is files, a folder, or bundled:ID',
    ...JOB_HELP,
    ...DATA_HELP,
    '--all            every asset, one after the other; finished ones are found again',
    '--workers N      processes at once with --all (default 1); each takes as much memory',
    '-o, --out PATH   a .telltale file, or a folder (with --all: default runs/)',
    '--force          do it again although the file is there',
    '--json           what was done as JSON on standard output',
    '-q, --quiet      no progress on standard error',
  ],
  run,
};
