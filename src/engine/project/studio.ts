/** Generators and the windows they made, as files of a project. */
import * as v from 'valibot';
import { jsonBytes, jsonValue } from '../bundle/json.ts';
import { littleEndian, numbersFrom } from '../bundle/npy.ts';
import { parsedAs } from '../bundle/read.ts';
import { channel, count, history, number, text, values } from '../bundle/shapes.ts';
import { packWeights, unpackWeights } from '../bundle/weights.ts';
import type { WeightArray } from '../model.ts';
import { key, memberOf } from './manifest.ts';
import type { ProjectAsset } from './project.ts';
import { PROJECT_FILE } from './refusals.ts';

const { badContent, damaged } = PROJECT_FILE;

const infoSchema = v.strictObject({
  id: key,
  name: text,
  job: v.strictObject({
    jobId: key,
    material: v.strictObject({
      sensor: count,
      window: count,
      stride: count,
      labels: v.picklist(['file', 'mine', 'both']),
    }),
    preset: text,
    params: values,
    seed: v.number(),
  }),
  sensor: channel,
  T: count,
  latent: count,
  normal: count,
  anomalous: count,
  history: v.strictObject({ normal: history, anomalous: history }),
  seconds: v.number(),
  createdAtMs: v.number(),
  backend: text,
  shipped: v.boolean(),
});

const generatorSchema = v.strictObject({ asset: count, info: infoSchema, weights: v.unknown() });

const setSchema = v.strictObject({
  info: v.strictObject({
    id: key,
    generatorId: key,
    createdAtMs: v.number(),
    T: count,
    figures: v.strictObject({
      ...{ inside: number, outside: number, diversity: number },
      ...{ realDiversity: number, nearest: number, realNearest: number },
    }),
  }),
  /** Latent numbers of a window. */
  latent: count,
  from_N: v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(-1), v.maxValue(2 ** 31 - 1))),
});

export type ProjectGenerator = {
  /** Number among the assets of the project. */
  readonly asset: number;
  readonly info: v.InferOutput<typeof infoSchema>;
  readonly weights: Readonly<Record<string, WeightArray>>;
  /** 1 at the steps that were anomalous when it learned, [T]. */
  readonly label_T: Uint8Array;
};

export type ProjectSet = v.InferOutput<typeof setSchema>['info'] & {
  readonly x_NT: Float32Array;
  readonly label_NT: Uint8Array;
  readonly z_NZ: Float32Array;
  readonly from_N: Int32Array;
};

type Files = ReadonlyMap<string, Uint8Array>;

export function generatorFiles(n: number, generator: ProjectGenerator): [string, Uint8Array][] {
  const { asset, info, label_T } = generator;
  const weights = packWeights(generator.weights);
  return [
    [memberOf.generator(n), jsonBytes({ asset, info: v.parse(infoSchema, info), weights: weights.index })],
    [memberOf.weights(n), weights.bytes],
    [memberOf.marked(n), label_T],
  ];
}

/** Windows, then latent numbers, then labels. */
export function setFiles(n: number, set: ProjectSet): [string, Uint8Array][] {
  const { x_NT, z_NZ, label_NT, from_N, ...info } = set;
  const N = from_N.length;
  const about = {
    info: v.parse(setSchema.entries.info, info),
    latent: N > 0 ? z_NZ.length / N : 0,
    from_N: [...from_N],
  };
  const parts = [littleEndian(x_NT), littleEndian(z_NZ), label_NT];
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => {
    bytes.set(part, at);
    return at + part.length;
  }, 0);
  return [
    [memberOf.set(n), jsonBytes(about)],
    [memberOf.windows(n), bytes],
  ];
}

function member(files: Files, name: string): Uint8Array {
  const found = files.get(name);
  if (found === undefined) throw damaged(`${name} is missing`);
  return found;
}

const valueOf = (files: Files, name: string): unknown => jsonValue(name, member(files, name), PROJECT_FILE);

/** Only zeros and ones. */
function marks(name: string, bytes: Uint8Array): Uint8Array {
  if (bytes.some((mark) => mark > 1)) throw badContent(name, 'labels are 0 or 1');
  return bytes.slice();
}

/** Throws EngineError('bad-input'): 'project-damaged' or 'project-content'. */
export function generatorFrom(n: number, assets: readonly ProjectAsset[], files: Files): ProjectGenerator {
  const name = memberOf.generator(n);
  const { asset, info, weights } = parsedAs(generatorSchema, name, valueOf(files, name), PROJECT_FILE);
  const home = assets.at(asset);
  if (home === undefined) throw badContent(name, `there is no asset ${asset}`);
  if (info.job.material.sensor >= home.sensors.length) throw badContent(name, 'its sensor is not there');
  const marked = member(files, memberOf.marked(n));
  if (marked.length !== home.T) throw badContent(memberOf.marked(n), `${home.T} labels are needed`);
  return {
    ...{ asset, info },
    weights: unpackWeights(weights, member(files, memberOf.weights(n)), PROJECT_FILE),
    label_T: marks(memberOf.marked(n), marked),
  };
}

/** Throws EngineError('bad-input'): 'project-damaged' or 'project-content'. */
export function setFrom(n: number, generators: readonly ProjectGenerator[], files: Files): ProjectSet {
  const name = memberOf.set(n);
  const { info, latent, from_N } = parsedAs(setSchema, name, valueOf(files, name), PROJECT_FILE);
  if (!generators.some((one) => one.info.id === info.generatorId)) throw badContent(name, 'its generator is not there');
  const N = from_N.length;
  const windows = memberOf.windows(n);
  const bytes = member(files, windows);
  const [values, codes] = [4 * N * info.T, 4 * N * latent];
  if (bytes.length !== values + codes + N * info.T) throw badContent(windows, 'windows and labels do not fit');
  return {
    ...info,
    x_NT: numbersFrom('f4', bytes.subarray(0, values)) as Float32Array,
    z_NZ: numbersFrom('f4', bytes.subarray(values, values + codes)) as Float32Array,
    label_NT: marks(windows, bytes.subarray(values + codes)),
    from_N: Int32Array.from(from_N),
  };
}
