/** The labelled assets below a folder of data sets, read by the engine's own import. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openSource } from '../../src/engine/data/open.ts';
import type { InputFile, ReadRun, Source } from '../../src/engine/data/types.ts';
import type { Series } from '../../src/engine/types.ts';
import { filesBelow, inputFile } from '../files.ts';
import type { BenchOptions } from './bench.ts';

export type DataSet = { readonly set: string; readonly layout: string; readonly assets: readonly Series[] };

export const quietRead: ReadRun = { checkpoint: () => Promise.resolve(), progress: () => undefined };

/** Folders that hold one file an asset. */
const PARTS = ['train', 'test', 'test_label', 'interpretation_label'];

const stem = (path: string): string => basename(path).split('.')[0];
const isPart = (path: string): boolean => path.split('/').some((folder) => PARTS.includes(folder));

/** The folder itself, or the folders in it, that have train, test and labels one file an asset. */
export function dataSets(data: string, only: readonly string[]): string[] {
  const hasParts = (folder: string) => PARTS.slice(0, 3).every((part) => existsSync(join(folder, part)));
  if (hasParts(data)) return [data];
  return readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && (only.includes(entry.name) || hasParts(join(data, entry.name))))
    .map((entry) => join(data, entry.name))
    .sort();
}

/** Files of a data set; with `only`, those of other assets are not even opened. Notes about the set are left out. */
export function filesOf(folder: string, only: readonly string[]): InputFile[] {
  const whole = only.length === 0 || only.includes(basename(folder));
  return filesBelow(folder)
    .filter((path) => !path.endsWith('.md') && (whole || !isPart(path) || only.includes(stem(path))))
    .map((path) => inputFile(folder, path));
}

/** The assets of a source that have training steps and labelled test steps. */
const labelled = (source: Source): Series[] =>
  source
    .build(source.report.plan)
    .filter(({ train, test, labels }) => train.end > train.start && test.end > test.start && labels !== null);

/** The labelled assets in these files of a data set; none where no file holds one. */
export async function assetsIn(files: readonly InputFile[]): Promise<{ layout: string; assets: Series[] }> {
  const source = await openSource(files, quietRead);
  return { layout: source.report.layout, assets: labelled(source) };
}

/** One data set after the other, so that only one is in memory. */
export async function* loadSets({ data, only }: BenchOptions): AsyncGenerator<DataSet> {
  for (const folder of dataSets(data, only)) {
    const files = filesOf(folder, only);
    if (!files.some(({ path }) => isPart(path)) && !only.includes(basename(folder))) continue;
    const { layout, assets } = await assetsIn(files);
    if (assets.length > 0) yield { set: basename(folder), layout, assets };
  }
}
