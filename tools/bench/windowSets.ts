/** Labelled windows of one sensor for `bench cgats`: the paper's sines, and the groups of NAB cut as the paper may have. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSource } from '../../src/engine/data/open.ts';
import type { Samples } from '../../src/engine/generate/samples.ts';
import { seeded } from '../../src/engine/rng.ts';
import { SINES_W, sineWindow } from '../../src/engine/synth/sines.ts';
import type { Span } from '../../src/engine/types.ts';
import { filesBelow, inputFile } from '../files.ts';
import { quietRead } from './sources.ts';

export const T = SINES_W;

export type WindowSet = {
  readonly name: string;
  readonly samples: Samples;
  /** Steps between windows; null where windows are made one by one. */
  readonly stride: number | null;
};

type Cut = { readonly x_T: Float32Array; readonly label_T: Float32Array; readonly source: number };

function samplesOf(windows: readonly Cut[]): Samples {
  const x_NT = new Float32Array(windows.length * T);
  const label_NT = new Float32Array(windows.length * T);
  windows.forEach(({ x_T, label_T }, n) => {
    x_NT.set(x_T, n * T);
    label_NT.set(label_T, n * T);
  });
  return { T, x_NT, label_NT, source_N: Int32Array.from(windows, ({ source }) => source) };
}

/** `count` sine windows of the paper's simulated set, each a series of its own. */
export function sinesSet(count: number, seed: number): WindowSet {
  const rng = seeded(seed);
  const windows = Array.from({ length: count }, (_, source): Cut => {
    const { x_W, anomaly } = sineWindow(rng);
    const label_T = new Float32Array(T);
    if (anomaly !== null) label_T.fill(1, anomaly.start, anomaly.end);
    return { x_T: Float32Array.from(x_W), label_T, source };
  });
  return { name: 'sines', samples: samplesOf(windows), stride: null };
}

/** Distances of windows that give about the sizes of the paper's Table 4, by group. */
const STRIDES: Readonly<Record<string, number>> = {
  realTweets: 39,
  realTraffic: 12,
  realAWSCloudwatch: 120,
  artificialWithAnomaly: 127,
};

export const GROUPS = Object.keys(STRIDES);

const inside = (t: number, spans: readonly Span[]): boolean => spans.some(({ start, end }) => t >= start && t < end);

/** Windows of one NAB group; gaps hold the value before them. At most `most` windows, evenly taken. */
export async function nabSet(data: string, group: string, most: number): Promise<WindowSet | null> {
  const folder = join(data, 'nab');
  if (!existsSync(join(folder, 'data', group))) return null;
  const files = filesBelow(folder)
    .filter((path) => path.startsWith(`data/${group}/`) || path.endsWith('combined_windows.json'))
    .map((path) => inputFile(folder, path));
  const source = await openSource(files, quietRead);
  const stride = STRIDES[group];
  const windows = source.build(source.report.plan).flatMap((series, number): Cut[] => {
    const [column] = series.columns;
    const x = Float32Array.from(column);
    for (let t = 1; t < x.length; t++) if (Number.isNaN(x[t])) x[t] = x[t - 1];
    const cuts: Cut[] = [];
    for (let start = 0; start + T <= series.T; start += stride)
      cuts.push({
        x_T: x.slice(start, start + T),
        label_T: Float32Array.from({ length: T }, (_, t) => (inside(start + t, series.labels ?? []) ? 1 : 0)),
        source: number,
      });
    return cuts.filter(({ x_T }) => x_T.every(Number.isFinite));
  });
  const step = Math.max(1, windows.length / most);
  const some = Array.from({ length: Math.min(most, windows.length) }, (_, n) => windows[Math.floor(n * step)]);
  return { name: group, samples: samplesOf(some), stride };
}

/** What the paper prints in Table 3, F1 without augmentation and with C-GATS, by detector and set. */
export const PRINTED = JSON.parse(readFileSync(new URL('cgatsTable3.json', import.meta.url), 'utf8')) as Readonly<
  Partial<Record<string, Readonly<Partial<Record<string, readonly [none: number, cgats: number]>>>>>
>;
