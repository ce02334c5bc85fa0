/**
 * Sum and Mean on wasm over axes that lie together (rows, columns, or a run in the middle), four values at a time.
 * Reference: the stock kernels, which add one value after the other; assembly/move.ts has the loops.
 */
import { util } from '../tf.ts';
import type { Replacement } from './replace.ts';

/** [outer, middle, inner] sizes when the axes to be summed lie together (axes of one step count for nothing). */
function threeParts(shape: readonly number[], axes: ReadonlySet<number>): [number, number, number] | null {
  const parts: [number, number, number] = [1, 1, 1];
  let part = 0;
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] === 1) continue;
    if (axes.has(i) !== (part === 1)) part++;
    if (part > 2) return null;
    parts[part] *= shape[i];
  }
  return parts;
}

const over =
  (mean: boolean): Replacement =>
  ({ inputs: { x }, attrs }, heap) => {
    if (x.dtype !== 'float32') return null;
    const axes = new Set(util.parseAxisParam(attrs['axis'] as number | number[], x.shape));
    const parts = threeParts(x.shape, axes);
    if (parts === null) return null;
    const shape = x.shape.flatMap((n, i) => (!axes.has(i) ? [n] : attrs['keepDims'] === true ? [1] : []));
    const out = heap.output(shape);
    const [outer, middle, inner] = parts;
    heap.run['sumMiddle'](outer, middle, inner, heap.at(x), heap.at(out), mean ? 1 / middle : 1);
    return out;
  };

export const sumKernels: Readonly<Record<string, Replacement>> = { Sum: over(false), Mean: over(true) };
