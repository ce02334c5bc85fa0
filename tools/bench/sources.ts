/** The labelled assets below a folder of data sets. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { segmentsOf } from '../../src/engine/eval/prepare.ts';
import type { Series } from '../../src/engine/types.ts';
import type { BenchOptions } from './bench.ts';

export type DataSet = { readonly set: string; readonly assets: readonly Series[] };

const text = (path: string): string => {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
};
const table = (path: string): number[][] =>
  text(path)
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));

function loadAsset(dir: string, file: string): Series {
  const [asset] = file.split('.');
  const inFolder = (folder: string): string =>
    join(dir, folder, readdirSync(join(dir, folder)).find((name) => name.split('.')[0] === asset) ?? file);
  const train = table(join(dir, 'train', file));
  const test = table(join(dir, 'test', file));
  const all = [...train, ...test];
  const S = train[0].length;
  const shift = train.length;
  const labels = segmentsOf(table(inFolder('test_label')).map(([label]) => label));
  const causes = text(inFolder('interpretation_label'))
    .trim()
    .split('\n')
    .map((line) => {
      const [range, sensors] = line.split(':');
      const [start, end] = range.split('-').map(Number);
      return {
        span: { start: start + shift, end: end + shift },
        sensors: sensors.split(',').map((s) => Number(s) - 1),
      };
    });
  return {
    asset,
    T: all.length,
    sensors: Array.from({ length: S }, (_, s) => ({ name: String(s + 1), unit: '', system: '' })),
    covariates: [],
    columns: Array.from({ length: S }, (_, s) => Float32Array.from(all, (row) => row[s])),
    clock: { kind: 'index' },
    train: { start: 0, end: shift },
    test: { start: shift, end: all.length },
    contiguous: false,
    labels: labels.map(({ start, end }) => ({ start: start + shift, end: end + shift })),
    causes,
  };
}

/** Data sets below the folder that have train, test and test_label parts. */
export function loadSets({ data, only }: BenchOptions): Promise<DataSet[]> {
  const wanted = (set: string, asset: string) => only.length === 0 || only.includes(set) || only.includes(asset);
  const sets = readdirSync(data)
    .filter((set) => ['train', 'test', 'test_label'].every((part) => existsSync(join(data, set, part))))
    .map((set) => ({
      set,
      assets: readdirSync(join(data, set, 'train'))
        .filter((file) => wanted(set, file.split('.')[0]))
        .map((file) => loadAsset(join(data, set), file)),
    }));
  return Promise.resolve(sets.filter(({ assets }) => assets.length > 0));
}
