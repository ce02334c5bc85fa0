/**
 * GEGLU (Shazeer 2020): the first half of every row times the GELU of its second half, one pass forward and one
 * backward, without cutting the rows in two. GELU as in gelu.ts.
 */
import { fusedFor } from '../fused.ts';
import { customGrad, mul, split, tidy, util } from '../tf.ts';
import type { Rank, Tensor } from '../tf.ts';
import { gelu } from './gelu.ts';
import { currentHeap } from './heap.ts';

export type GegluForward = (x: Tensor) => Tensor;
export type GegluBackward = (dy: Tensor, x: Tensor) => Tensor;

declare module '../fused.ts' {
  interface FusedOps {
    gegluForward: GegluForward;
    gegluBackward: GegluBackward;
  }
}

/** The definition; its GELU is fused where there is such a kernel. */
export const composedGeglu = (x: Tensor): Tensor =>
  tidy(() => {
    const [value, gate] = split(x, 2, -1);
    return mul(value, gelu(gate));
  });

/** Rows and width of a result. */
const sizesOf = ({ shape, size }: Tensor): readonly [rows: number, width: number] => {
  const wide = shape.at(-1) ?? 0;
  return [wide === 0 ? 0 : size / wide, wide / 2];
};

export const gegluForward: GegluForward = (x) => {
  const heap = currentHeap();
  const [rows, width] = sizesOf(x);
  const y = heap.tensor<Rank>([...x.shape.slice(0, -1), width]);
  heap.run['gegluRows'](rows, width, heap.at(x), heap.at(y));
  return y;
};

export const gegluBackward: GegluBackward = (dy, x) => {
  const heap = currentHeap();
  const dx = heap.tensor<Rank>(x.shape);
  heap.run['gegluGradRows'](...sizesOf(x), heap.at(x), heap.at(dy), heap.at(dx));
  return dx;
};

/** x [..., 2D] to [..., D]: x[..., :D] * GELU(x[..., D:]). */
export function geglu<T extends Tensor>(x: T): T {
  util.assert((x.shape.at(-1) ?? 1) % 2 === 0, () => `geglu: rows of ${String(x.shape.at(-1))} have no two halves`);
  const forward = fusedFor('gegluForward');
  const backward = fusedFor('gegluBackward');
  if (forward === null || backward === null) return composedGeglu(x) as T;
  const run = customGrad((...args) => {
    const save = args[1] as unknown as (tensors: Tensor[]) => void;
    save([x]);
    return { value: forward(x), gradFunc: (dy: Tensor, [kept]: Tensor[]) => backward(dy, kept) };
  });
  return run(x) as T;
}
