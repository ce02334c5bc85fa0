/** The sets that the attention papers report, and which of their assets a short benchmark takes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../src/engine/errors.ts';
import type { Series } from '../../src/engine/types.ts';
import { filesBelow } from '../files.ts';
import { assetsIn, filesOf } from './sources.ts';

export type BenchmarkSet = {
  readonly name: string;
  readonly folder: string;
  /** Per cent of the scores that the papers flag (AMAD, Table 4); ASD is not in them and takes the common value. */
  readonly ratio: number;
  /** A short benchmark takes every n-th asset in order of name, so that nobody picks. */
  readonly every: number;
};

const BENCHMARK_SETS: readonly BenchmarkSet[] = [
  { name: 'SMD', folder: 'smd', ratio: 0.5, every: 4 },
  { name: 'ASD', folder: 'asd', ratio: 1, every: 1 },
  { name: 'MSL', folder: 'smap_msl', ratio: 1, every: 7 },
  { name: 'SMAP', folder: 'smap_msl', ratio: 1, every: 11 },
];

/** The list that tells which spacecraft a channel of SMAP and MSL belongs to. */
const CHANNELS = 'labeled_anomalies.csv';

const stems = (folder: string): string[] =>
  filesBelow(join(folder, 'test')).map((path) => path.slice(path.lastIndexOf('/') + 1).split('.')[0]);

/** Assets of a set in order of name, without opening them. P-2 of SMAP is listed twice and left out, as the papers do. */
function assetNames(data: string, { name, folder }: BenchmarkSet): string[] {
  const here = stems(join(data, folder));
  const list = join(data, folder, CHANNELS);
  if (!existsSync(list)) return here.sort();
  const lines = readFileSync(list, 'utf8').split('\n');
  const channels = lines.map((line) => line.split(',')).filter(([, craft]) => craft === name);
  return [...new Set(channels.map(([channel]) => channel))]
    .filter((channel) => channel !== 'P-2' && here.includes(channel))
    .sort();
}

export type ChosenSet = BenchmarkSet & { readonly assets: readonly string[]; readonly of: number };

/**
 * Sets and assets that are there and asked for. `only` names sets or assets; without an asset's name a set gives every
 * n-th of its assets, or all with `whole`.
 */
export function chosenSets(data: string, only: readonly string[], whole: boolean): ChosenSet[] {
  const asked = only.map((name) => name.toLowerCase());
  return BENCHMARK_SETS.filter(({ folder }) => existsSync(join(data, folder, 'test'))).flatMap((set) => {
    const names = assetNames(data, set);
    const named = names.filter((name) => asked.includes(name.toLowerCase()));
    const isAsked = asked.length === 0 || asked.includes(set.name.toLowerCase());
    if (named.length === 0 && !isAsked) return [];
    const assets = named.length > 0 ? named : names.filter((_, n) => whole || n % set.every === 0);
    return [{ ...set, assets, of: names.length }];
  });
}

/** Opens one asset. Throws EngineError('bad-input') where it has no labelled test part. */
export async function loadAsset(data: string, { folder }: BenchmarkSet, asset: string): Promise<Series> {
  const { assets } = await assetsIn(filesOf(join(data, folder), [asset]));
  const found = assets.find((series) => series.asset === asset);
  if (found !== undefined) return found;
  throw new EngineError(
    'bad-input',
    'no-asset',
    `${asset} of ${folder} has no training rows or no labelled test rows`,
    'Leave it out.',
  );
}
