/** Weights as one binary of float32 numbers and an index that says which numbers are whose. */
import * as v from 'valibot';
import type { WeightArray } from '../model.ts';
import { littleEndian, numbersFrom } from './npy.ts';
import { RUN_FILE } from './refusals.ts';
import type { Refusals } from './refusals.ts';

type Weights = Readonly<Record<string, WeightArray>>;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** `offset` counts numbers, not bytes. */
const indexSchema = v.array(v.strictObject({ name: v.string(), shape: v.array(count), offset: count }));

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

export function packWeights(weights: Weights): { readonly index: unknown; readonly bytes: Uint8Array } {
  let offset = 0;
  const index = Object.entries(weights).map(([name, { shape, data }]) => {
    const entry = { name, shape: [...shape], offset };
    offset += data.length;
    return entry;
  });
  const all = new Float32Array(offset);
  Object.values(weights).forEach(({ data }, n) => all.set(data, index[n].offset));
  return { index, bytes: littleEndian(all) };
}

/** Throws EngineError('bad-input', 'bundle-content') where index and numbers do not fit. */
export function unpackWeights(
  index: unknown,
  bytes: Uint8Array,
  { badContent }: Refusals = RUN_FILE,
): Record<string, WeightArray> {
  const parsed = v.safeParse(indexSchema, index, { abortEarly: true });
  if (!parsed.success) throw badContent('weights.json', parsed.issues[0].message);
  if (bytes.length % 4 !== 0) throw badContent('weights.bin', 'it ends within a number');
  const all = numbersFrom('f4', bytes) as Float32Array;
  const names = new Set<string>();
  let at = 0;
  const entries = parsed.output.map(({ name, shape, offset }) => {
    const size = sizeOf(shape);
    if (names.has(name)) throw badContent('weights.json', `"${name}" is there twice`);
    if (offset !== at || at + size > all.length)
      throw badContent('weights.json', `"${name}" [${shape.join(', ')}] lies outside of weights.bin`);
    names.add(name);
    at += size;
    return [name, { shape, data: all.slice(offset, at) }] as const;
  });
  if (at !== all.length) throw badContent('weights.bin', `${all.length - at} numbers belong to no weight`);
  return Object.fromEntries(entries);
}
