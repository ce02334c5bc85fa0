/** Trained runs and generators small enough to ship beside a bundled data set: weights and head state, no results. */
import * as v from 'valibot';
import { DEEPEST, nestsTooDeep } from './data/nesting.ts';
import { EngineError } from './errors.ts';
import type { HeadState, WeightArray } from './model.ts';
import type { AnyValues } from './params.ts';
import { sizeOf } from './shape.ts';

export type ShippedRun = {
  readonly asset: string;
  readonly engine: string;
  readonly preset: string;
  readonly params: AnyValues;
  readonly head: string;
  readonly headParams: AnyValues;
  readonly seed: number;
  /** Backend that trained it and the seconds it took there. */
  readonly backend: string;
  readonly seconds: number;
  readonly weights: Readonly<Record<string, WeightArray>>;
  readonly headState: HeadState;
  readonly history: readonly Readonly<Record<string, number>>[];
};

export type ShippedGenerator = {
  readonly asset: string;
  /** Number of the sensor whose windows it learned from, labelled by the file. */
  readonly sensor: number;
  readonly window: number;
  readonly stride: number;
  readonly preset: string;
  readonly params: AnyValues;
  readonly seed: number;
  readonly backend: string;
  readonly seconds: number;
  readonly weights: Readonly<Record<string, WeightArray>>;
  /** Losses by epoch of step 1 and step 2. */
  readonly history: { readonly normal: ShippedRun['history']; readonly anomalous: ShippedRun['history'] };
};

const values = v.record(v.string(), v.union([v.number(), v.string(), v.boolean()]));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const packed = v.record(v.string(), v.object({ shape: v.array(count), base64: v.string() }));
const losses = v.array(v.record(v.string(), v.number()));

const generatorSchema = v.object({
  schema: v.literal('telltale-generator/1'),
  asset: v.string(),
  sensor: count,
  window: count,
  stride: count,
  preset: v.string(),
  params: values,
  seed: v.number(),
  backend: v.string(),
  seconds: v.number(),
  weights: packed,
  history: v.object({ normal: losses, anomalous: losses }),
});

const runSchema = v.object({
  schema: v.literal('telltale-run/1'),
  asset: v.string(),
  engine: v.string(),
  preset: v.string(),
  params: values,
  head: v.string(),
  headParams: values,
  seed: v.number(),
  backend: v.string(),
  seconds: v.number(),
  weights: packed,
  headState: v.record(v.string(), v.unknown()),
  history: losses,
});

function encode(data: Float32Array): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function decode(name: string, shape: readonly number[], base64: string): WeightArray {
  const bad = (why: string): EngineError =>
    new EngineError('bad-input', 'bad-run-file', `weight "${name}" ${why}`, 'The file is damaged; get it again.');
  let text: string;
  try {
    text = atob(base64);
  } catch {
    throw bad('is not written in base64');
  }
  const size = sizeOf(shape);
  if (text.length !== 4 * size)
    throw bad(`has ${text.length} bytes, its shape [${shape.join(', ')}] needs ${4 * size}`);
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
  return { shape, data: new Float32Array(bytes.buffer) };
}

/** Weights as JSON can hold them: float32 little-endian in base64. */
export type PackedWeights = Readonly<Record<string, { readonly shape: readonly number[]; readonly base64: string }>>;

export const packWeights = (weights: Readonly<Record<string, WeightArray>>): PackedWeights =>
  Object.fromEntries(Object.entries(weights).map(([name, { shape, data }]) => [name, { shape, base64: encode(data) }]));

/** Throws EngineError('bad-input', 'bad-run-file') that names the weight whose bytes do not fit its shape. */
export const unpackWeights = (weights: PackedWeights): Record<string, WeightArray> =>
  Object.fromEntries(Object.entries(weights).map(([name, { shape, base64 }]) => [name, decode(name, shape, base64)]));

/** JSON text of a shipped run. Head states hold plain JSON already. */
export function writeShipped(run: ShippedRun): string {
  return JSON.stringify({ schema: 'telltale-run/1', ...run, weights: packWeights(run.weights) });
}

/** Checks the JSON text of a file. Throws EngineError('bad-input', 'bad-run-file') that names the field. */
function read<const S extends v.GenericSchema>(text: string, schema: S, what: string): v.InferOutput<S> {
  const shallow = v.check((json: string) => !nestsTooDeep(json), `more than ${DEEPEST} levels`);
  const parsed = v.safeParse(v.pipe(v.string(), shallow, v.parseJson(), schema), text, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new EngineError(
    'bad-input',
    'bad-run-file',
    `not a ${what} file: ${v.getDotPath(issue) ?? 'content'}: ${issue.message}`,
    'Use a file written by this program.',
  );
}

/** Reads what `writeShipped` wrote. Throws EngineError('bad-input', 'bad-run-file') that names the field. */
export function readShipped(text: string): ShippedRun {
  const { weights, schema, ...rest } = read(text, runSchema, 'run');
  return { ...rest, weights: unpackWeights(weights) };
}

/** JSON text of a shipped generator. */
export function writeGenerator(generator: ShippedGenerator): string {
  return JSON.stringify({ schema: 'telltale-generator/1', ...generator, weights: packWeights(generator.weights) });
}

/** Reads what `writeGenerator` wrote; throws as `readShipped` does. */
export function readGenerator(text: string): ShippedGenerator {
  const { weights, schema, ...rest } = read(text, generatorSchema, 'generator');
  return { ...rest, weights: unpackWeights(weights) };
}
