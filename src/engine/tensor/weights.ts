/** A model's weights as variables under the model's own names, and their way in and out as plain arrays. */
import { EngineError } from '../errors.ts';
import type { WeightArray } from '../model.ts';
import { sizeOf } from '../shape.ts';
import { concat1d, dispose, keep, reshape, tensor, tidy, variable } from './tf.ts';
import type { Tensor, Rank, Variable } from './tf.ts';

export type Weights = Readonly<Record<string, Variable>>;
export type WeightArrays = Readonly<Record<string, WeightArray>>;
/** Forward passes take any tensors under the weights' names, so that tests can drive them with given values. */
export type Tensors = Readonly<Record<string, Tensor>>;

export const weightArray = (shape: readonly number[], data: Float32Array): WeightArray => ({ shape, data });

/** First values of all weights, drawn in the order of `shapes`, so that the same seed gives the same bytes. */
export const startWeights = (
  shapes: Readonly<Record<string, readonly number[]>>,
  start: (name: string, shape: readonly number[]) => Float32Array,
): Record<string, WeightArray> =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, weightArray(shape, start(name, shape))]));

/** Variables with these values. The caller frees them with `disposeWeights`. */
export function makeWeights(arrays: WeightArrays): Weights {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, tidy(() => variable(tensor(data, [...shape])))]),
  );
}

export const disposeWeights = (weights: Weights): void => dispose(Object.values(weights));

/** Sets the named weights; both sides must have the same names and shapes (see `checkWeights`). */
export function assignWeights(weights: Weights, arrays: WeightArrays): void {
  for (const [name, value] of Object.entries(weights)) tidy(() => value.assign(tensor(arrays[name].data, value.shape)));
}

/** Throws EngineError('bad-input', 'bad-weights') that names the first weight that is missing or of another shape. */
export function checkWeights(
  got: Readonly<Record<string, WeightArray | undefined>>,
  want: Readonly<Record<string, readonly number[]>>,
): void {
  const refuse = (message: string): EngineError =>
    new EngineError('bad-input', 'bad-weights', message, 'The saved run does not fit these settings; run it again.');
  for (const [name, shape] of Object.entries(want)) {
    const found = got[name];
    if (found === undefined) throw refuse(`weight "${name}" is missing`);
    const size = sizeOf(shape);
    if (found.shape.join() !== shape.join() || found.data.length !== size)
      throw refuse(`weight "${name}" is [${found.shape.join(', ')}]; [${shape.join(', ')}] is needed`);
  }
}

/** Reads many tensors with one transfer: on a GPU each readback stalls the queue. */
export async function readAll(tensors: readonly Tensor[]): Promise<Float32Array[]> {
  if (tensors.length === 0) return [];
  const flat = tidy(() => keep(concat1d(tensors.map((t) => reshape<Rank.R1>(t, [t.size])))));
  try {
    const values = (await flat.data()) as Float32Array;
    let from = 0;
    return tensors.map((t) => values.slice(from, (from += t.size)));
  } finally {
    flat.dispose();
  }
}

/** Copies of named tensors as plain arrays, with one transfer. */
export async function readWeights(weights: Tensors): Promise<Record<string, WeightArray>> {
  const entries = Object.entries(weights);
  const arrays = await readAll(entries.map(([, value]) => value));
  return Object.fromEntries(entries.map(([name, value], n) => [name, weightArray([...value.shape], arrays[n])]));
}
