/** Segments of known classes as windows for AMSL's benchmark: read once, split as the paper does or by subject. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSource } from '../../src/engine/data/open.ts';
import { EngineError } from '../../src/engine/errors.ts';
import { normal, seeded, shuffle } from '../../src/engine/rng.ts';
import type { Segment, Windows } from '../../src/engine/types.ts';
import { filesBelow, inputFile } from '../files.ts';
import { quietRead } from './sources.ts';
import { RESULTS } from './store.ts';

/** Segments of equal length, raw values [N, W, S]. */
export type SegmentSet = {
  readonly x_NWS: Float32Array;
  readonly N: number;
  readonly W: number;
  readonly S: number;
  readonly info: readonly Pick<Segment, 'class' | 'subject' | 'normal'>[];
};

type Meta = Omit<SegmentSet, 'x_NWS'>;

async function parsed(data: string, paths: readonly string[]): Promise<SegmentSet> {
  const source = await openSource(
    paths.map((path) => inputFile(data, path)),
    quietRead,
  );
  const [series] = source.build(source.report.plan);
  const { segments, sensors, columns } = series;
  if (segments === undefined)
    throw new EngineError(
      'bad-input',
      'no-segments',
      `${data} holds no segments of known classes (${source.report.layout})`,
    );
  const [S, N] = [sensors.length, segments.length];
  const W = segments[0].end - segments[0].start;
  const x_NWS = new Float32Array(N * W * S);
  for (let t = 0; t < N * W; t++) for (let s = 0; s < S; s++) x_NWS[t * S + s] = columns[s][t];
  const info = segments.map(({ class: name, subject, normal: usual }) => ({ class: name, subject, normal: usual }));
  return { x_NWS, N, W, S, info };
}

/** The set below a folder; reading text takes a minute, so that numbers are kept beside the results. */
export async function segmentSet(data: string): Promise<SegmentSet> {
  const folder = existsSync(join(data, 'dsads')) ? join(data, 'dsads') : data;
  const paths = filesBelow(folder).filter((path) => !path.endsWith('.md'));
  const key = paths.map((path) => `${path} ${statSync(join(folder, path)).size}`).join('\n');
  const kept = join(RESULTS, 'amsl', 'segments');
  if (existsSync(`${kept}.json`)) {
    const { key: known, meta } = JSON.parse(readFileSync(`${kept}.json`, 'utf8')) as { key: string; meta: Meta };
    if (known === key) return { ...meta, x_NWS: new Float32Array(new Uint8Array(readFileSync(`${kept}.f32`)).buffer) };
  }
  const { x_NWS, ...meta } = await parsed(folder, paths);
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(`${kept}.f32`, x_NWS);
  writeFileSync(`${kept}.json`, JSON.stringify({ key, meta }));
  return { x_NWS, ...meta };
}

/** Every `every` steps are averaged into one; the rest at the end is left out. */
export function slower({ x_NWS, N, W, S, info }: SegmentSet, every: number): SegmentSet {
  const w = Math.floor(W / every);
  const out = new Float32Array(N * w * S);
  for (let n = 0; n < N; n++)
    for (let t = 0; t < w * every; t++)
      for (let s = 0; s < S; s++) out[(n * w + Math.floor(t / every)) * S + s] += x_NWS[(n * W + t) * S + s] / every;
  return { x_NWS: out, N, W: w, S, info };
}

/** Numbers of segments by what they are for. */
export type Split = {
  readonly train: readonly number[];
  readonly check: readonly number[];
  readonly test: readonly number[];
};

/** `paper`: normal segments 5:1:4 at random, all others tested. A subject's name: that one is tested, the others train 5:1. */
export function splitOf({ info }: SegmentSet, protocol: string, seed: number): Split {
  const numbers = info.map((_, n) => n);
  const usual = numbers.filter((n) => info[n].normal && info[n].subject !== protocol);
  const drawn = [...shuffle(Int32Array.from(usual), seeded(seed))];
  const at = (share: number): number => Math.round(share * drawn.length);
  if (protocol === 'paper') {
    const odd = numbers.filter((n) => !info[n].normal);
    return {
      train: drawn.slice(0, at(0.5)),
      check: drawn.slice(at(0.5), at(0.6)),
      test: [...drawn.slice(at(0.6)), ...odd],
    };
  }
  const test = numbers.filter((n) => info[n].subject === protocol);
  return { train: drawn.slice(0, at(5 / 6)), check: drawn.slice(at(5 / 6)), test };
}

/** Adds noise of deviation 0.3 training ranges to a share of the training segments, as the paper's figure 6 does. */
export type Pollution = { readonly share: number; readonly seed: number };
const NOISE = 0.3;

export type Tables = { readonly train: Float32Array; readonly check: Float32Array; readonly test: Float32Array };

/** Rows by part, each channel standardised (or, for baselines, brought to 0..1) by the training part. */
export function tablesOf(
  set: SegmentSet,
  split: Split,
  scale: 'zscore' | 'minmax',
  pollution: Pollution | null,
): Tables {
  const { x_NWS, W, S } = set;
  const size = W * S;
  const take = (numbers: readonly number[]): Float32Array => {
    const out = new Float32Array(numbers.length * size);
    numbers.forEach((n, i) => out.set(x_NWS.subarray(n * size, (n + 1) * size), i * size));
    return out;
  };
  const [train, check, test] = [take(split.train), take(split.check), take(split.test)];
  for (let s = 0; s < S; s++) {
    let [least, most, sum, squares] = [Infinity, -Infinity, 0, 0];
    for (let i = s; i < train.length; i += S) {
      least = Math.min(least, train[i]);
      most = Math.max(most, train[i]);
      sum += train[i];
      squares += train[i] * train[i];
    }
    const mean = sum / (train.length / S);
    const deviation = Math.sqrt(Math.max(1e-12, squares / (train.length / S) - mean * mean));
    const [offset, width] = scale === 'zscore' ? [mean, deviation] : [least, most - least || 1];
    for (const part of [train, check, test])
      for (let i = s; i < part.length; i += S) part[i] = (part[i] - offset) / width;
    if (pollution !== null) pollute(train, size, S, s, pollution, (NOISE * (most - least)) / width);
  }
  return { train, check, test };
}

function pollute(
  x: Float32Array,
  size: number,
  S: number,
  s: number,
  { share, seed }: Pollution,
  deviation: number,
): void {
  const segments = x.length / size;
  const chosen = shuffle(
    Int32Array.from({ length: segments }, (_, n) => n),
    seeded(seed),
  ).slice(0, Math.round(share * segments));
  const rng = seeded(seed + 1 + s);
  for (const n of chosen) for (let i = n * size + s; i < (n + 1) * size; i += S) x[i] += deviation * normal(rng);
}

/** The parts as windows that stand side by side. */
export function windowsOf(parts: readonly Float32Array[], W: number, S: number): Windows {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const x_TF = new Float32Array(size);
  let at = 0;
  for (const part of parts) {
    x_TF.set(part, at);
    at += part.length;
  }
  const T = size / S;
  return {
    ...{ x_TF, seen_TS: new Uint8Array(size).fill(1), T, S, C: 0, W, horizon: 0 },
    start_N: Int32Array.from({ length: T / W }, (_, n) => n * W),
  };
}
