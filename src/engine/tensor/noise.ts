/**
 * Seeded noise: the same seed gives the same bytes on every backend. Noise of a batch is drawn window by window, each
 * with a stream of its own, so that a part of a batch draws what the whole batch would have drawn for it.
 */
import { EngineError } from '../errors.ts';
import { derived, seeded } from '../rng.ts';
import { sizeOf } from '../shape.ts';
import { dropoutMask } from './init.ts';
import * as tf from './tf.ts';
import type { Rank, ShapeMap, Tensor } from './tf.ts';

/** Windows `from` to `to` of a batch of `of`. */
export type Share = { readonly from: number; readonly to: number; readonly of: number };

export const isWhole = ({ from, to, of }: Share): boolean => from === 0 && to === of;

/** Randomness of one batch. Called, it is uniform in [0, 1), one stream for the whole batch: parts cannot share that. */
export type Noise = (() => number) & {
  /**
   * Values of a tensor of this shape, whose axis `axis` has equally many rows of each window, those of the first window
   * first. `draw` makes `size` values from a window's own stream. A tensor that is not made so has one stream, which
   * only a whole batch may draw: otherwise throws EngineError('bug', 'noise-of-a-part').
   */
  readonly fill: (
    shape: readonly number[],
    axis: number,
    draw: (size: number, rng: () => number) => Float32Array,
  ) => Float32Array;
};

/** The noise that windows of a batch get, from the batch's seed. Every call of `fill` draws anew. */
export function noiseOf(seed: number, share: Share): Noise {
  const count = share.to - share.from;
  const common = seeded(seed);
  let fills = 0;
  const fill: Noise['fill'] = (shape, axis, draw) => {
    const own = derived(seed, ++fills);
    const size = sizeOf(shape);
    if (shape[axis] % count !== 0) {
      if (isWhole(share)) return draw(size, seeded(own));
      throw new EngineError('bug', 'noise-of-a-part', `[${shape.join(', ')}] is no noise of ${count} windows`);
    }
    const outer = sizeOf(shape.slice(0, axis));
    const block = size / (outer * count);
    const out = new Float32Array(size);
    for (let n = 0; n < count; n++) {
      const values = draw(outer * block, seeded(derived(own, share.from + n)));
      for (let o = 0; o < outer; o++) out.set(values.subarray(o * block, (o + 1) * block), (o * count + n) * block);
    }
    return out;
  };
  return Object.assign(() => common(), { fill });
}

/** Independent standard normal draws (Box-Muller, both of a pair used), two uniform numbers from `rng` a pair. */
export function standardNormal(size: number, rng: () => number): Float32Array {
  const out = new Float32Array(size);
  for (let i = 0; i < size; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - rng()));
    const angle = 2 * Math.PI * rng();
    out[i] = radius * Math.cos(angle);
    if (i + 1 < size) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}

/** The same as a tensor, windows first. */
export const normalTensor = <R extends Rank>(shape: ShapeMap[R], noise: Noise): Tensor<R> =>
  tf.tensor<R>(noise.fill(shape, 0, standardNormal), shape);

/** An inverted dropout mask for `x`, whose axis `axis` runs over windows: 0 at this rate, else 1 / (1 - rate). */
export function dropoutFor<T extends Tensor>(x: T, rate: number, noise: Noise, axis = 0): T {
  const mask: Tensor = tf.tensor(
    noise.fill(x.shape, axis, (size, rng) => dropoutMask(size, rate, rng)),
    x.shape,
  );
  return mask as T;
}
