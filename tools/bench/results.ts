/**
 * Results of benchmarks as small files in the repository: tables with everything that they depend on. `report.ts` makes
 * docs/BENCHMARKS.md of them, so that no figure there is typed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { EngineError } from '../../src/engine/errors.ts';
import { filesBelow } from '../files.ts';
import type { BenchOptions, BenchResult, Cell, Table } from './bench.ts';

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** In git, unlike the pieces that long benchmarks keep. */
export const COMMITTED = join(repository, 'docs', 'results');

/** What papers print and why ours differs; lies among the results but is none. */
export const PRINTED_FILE = 'printed.json';

/** A table under a name of its own, by which the page finds it. */
export type KeptTable = Table & { readonly id: string };

export type ResultFile = {
  readonly bench: string;
  /** Makes the same tables again. */
  readonly command: string;
  /** Day of the run, YYYY-MM-DD. */
  readonly date: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Pieces that had not been run when time was up; null where the benchmark has none. */
  readonly left: number | null;
  readonly settings: unknown;
  /** sha256 of command and settings, 16 hex characters. */
  readonly settingsHash: string;
  /** sha256 of all files of each data set it may read, 16 hex characters. */
  readonly data: Readonly<Record<string, string>>;
  readonly tables: readonly KeptTable[];
};

/** Settings that decide when a benchmark stops and where it keeps its pieces, not what it finds. */
const ASIDE = new Set(['minutes', 'results']);

const quoted = (text: string): string => (/^[\w.,=+/:-]+$/.test(text) ? text : `"${text}"`);

/** The command line that makes a result, without what does not change it. */
export function commandOf(name: string, { only, seed, set }: Pick<BenchOptions, 'only' | 'seed' | 'set'>): string {
  const settings = Object.entries(set).filter(([key]) => !ASIDE.has(key));
  return [
    `npm run bench -- ${name}`,
    ...(only.length > 0 ? [`--only ${quoted(only.join(','))}`] : []),
    ...(seed === 1 ? [] : [`--seed ${seed}`]),
    ...settings.map(([key, value]) => `--set ${quoted(`${key}=${value ?? ''}`)}`),
  ].join(' ');
}

const hashOf = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
};

/** Hash of every file of a data set, names and bytes, notes left out. */
export function dataHash(folder: string): string {
  const paths = filesBelow(folder).filter((path) => !path.endsWith('.md'));
  return hashOf(...paths.sort().flatMap((path) => [path, readFileSync(join(folder, path))]));
}

const slug = (title: string): string =>
  title
    .replace(/\(.*/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** Six digits: what lies beyond differs between computers and says nothing. */
const rounded = (cell: Cell): Cell => (typeof cell === 'number' ? Number(cell.toPrecision(6)) : cell);

function kept(tables: readonly Table[]): KeptTable[] {
  const all = tables.map((table) => ({
    ...table,
    id: table.id ?? slug(table.title),
    rows: table.rows.map(roundedRow),
  }));
  const twice = all.find(({ id }, n) => all.findIndex((one) => one.id === id) !== n);
  if (twice === undefined) return all;
  throw new EngineError('bug', 'same-table', `two tables are called "${twice.id}"`, 'Give one an id of its own.');
}

const roundedRow = (row: readonly Cell[]): Cell[] => row.map(rounded);

const versionIn = (path: string): string =>
  (JSON.parse(readFileSync(join(repository, path), 'utf8')) as { version: string }).version;

export type Made = {
  readonly bench: string;
  readonly options: BenchOptions;
  /** Folders below `options.data` that it may read. */
  readonly folders: readonly string[];
  readonly result: BenchResult;
  readonly date: Date;
};

/** A result with all that it depends on. */
export function resultFile({ bench, options, folders, result, date }: Made): ResultFile {
  const command = commandOf(bench, options);
  const settings: unknown = JSON.parse(
    JSON.stringify(Object.fromEntries(Object.entries(result.settings).filter(([key]) => !ASIDE.has(key)))),
  );
  const asked = options.only.map((name) => name.toLowerCase());
  const named = folders.filter((name) => asked.includes(name));
  const here = (named.length > 0 ? named : folders).filter((name) => existsSync(join(options.data, name)));
  return {
    bench,
    command,
    date: date.toISOString().slice(0, 10),
    versions: {
      telltale: versionIn('package.json'),
      tensorflow: versionIn('node_modules/@tensorflow/tfjs/package.json'),
      node: process.versions.node,
    },
    left: result.left ?? null,
    settings,
    settingsHash: hashOf(command, JSON.stringify(settings)),
    data: Object.fromEntries(here.map((name) => [name, dataHash(join(options.data, name))])),
    tables: kept(result.tables),
  };
}

/** Text as the repository's formatter leaves it, so that files of ours need no second pass. */
export async function tidy(text: string, parser: 'json' | 'markdown'): Promise<string> {
  return format(text, { ...(await resolveConfig(join(repository, 'package.json'))), parser });
}

/** Writes a result under a name; gives the path. Throws EngineError('bad-input', 'bad-name'). */
export async function saveResult(folder: string, name: string, file: ResultFile): Promise<string> {
  if (!/^[a-z0-9-]+$/.test(name) || `${name}.json` === PRINTED_FILE)
    throw new EngineError('bad-input', 'bad-name', `"${name}" cannot be a result's name`, 'Use a-z, 0-9 and -.');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  writeFileSync(path, await tidy(JSON.stringify(file), 'json'));
  return path;
}

export type Results = ReadonlyMap<string, ResultFile>;

/** All results of a folder, by name. */
export function readResults(folder: string): Results {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== PRINTED_FILE);
  return new Map(
    files
      .sort()
      .map((file) => [basename(file, '.json'), JSON.parse(readFileSync(join(folder, file), 'utf8')) as ResultFile]),
  );
}

/** A table of a result. Throws EngineError('bad-input', 'no-table') and says what there is. */
export function tableIn(results: Results, name: string, id: string): { file: ResultFile; table: KeptTable } {
  const file = results.get(name);
  const table = file?.tables.find((one) => one.id === id);
  if (file !== undefined && table !== undefined) return { file, table };
  const there = file === undefined ? [...results.keys()] : file.tables.map((one) => one.id);
  throw new EngineError('bad-input', 'no-table', `there is no result ${name}#${id}`, `There are: ${there.join(', ')}.`);
}
