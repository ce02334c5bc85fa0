/**
 * Slice, SplitV, Concat, Transpose and PadV2 on wasm as copies of strided blocks: the stock kernels loop in JavaScript
 * or value by value. Reference: the stock kernels; assembly/move.ts has the copy.
 */
import { backend_util, slice_util, util } from '../tf.ts';
import type { DataType, TensorInfo } from '../tf.ts';
import type { Heap } from './heap.ts';
import type { Replacement } from './replace.ts';

/** One axis of a copy: how many, and the byte strides on both sides. */
type Axis = { readonly size: number; readonly from: number; readonly to: number };

const wide = ({ dtype }: { readonly dtype: DataType }): boolean => dtype === 'float32' || dtype === 'int32';

const byteStrides = (shape: readonly number[]): number[] => {
  const strides = new Array<number>(shape.length);
  for (let i = shape.length - 1, step = 4; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
};

/** Fewer axes for the same copy: those of one step drop out, neighbours that continue each other become one. */
function merged(axes: readonly Axis[]): Axis[] {
  const out: Axis[] = [];
  for (const axis of axes) {
    if (axis.size === 1) continue;
    const before = out.at(-1);
    const continues = before?.from === axis.from * axis.size && before.to === axis.to * axis.size;
    if (continues) out[out.length - 1] = { ...axis, size: before.size * axis.size };
    else out.push(axis);
  }
  return out;
}

/** Copies values of 4 bytes between two strided places. */
function copy(heap: Heap, all: readonly Axis[], from: number, to: number): void {
  const axes = merged(all);
  const last = axes.at(-1);
  const contiguous = last?.from === 4 && last.to === 4;
  const bytes = contiguous ? last.size * 4 : 4;
  if (contiguous) axes.pop();
  while (axes.length < 3) axes.unshift({ size: 1, from: 0, to: 0 });
  const walk = (depth: number, source: number, target: number): void => {
    if (axes.length - depth > 3) {
      const { size, from: f, to: t } = axes[depth];
      for (let i = 0; i < size; i++) walk(depth + 1, source + i * f, target + i * t);
      return;
    }
    const [a, b, c] = axes.slice(-3);
    heap.run['copyBlocks'](a.size, b.size, c.size, bytes, source, a.from, b.from, c.from, target, a.to, b.to, c.to);
  };
  walk(0, from, to);
}

/** Copies a box of `size` that begins at `fromBegin` in one array and at `toBegin` in another. */
function copyBox(
  heap: Heap,
  size: readonly number[],
  source: { readonly at: number; readonly shape: readonly number[]; readonly begin: readonly number[] },
  target: { readonly at: number; readonly shape: readonly number[]; readonly begin: readonly number[] },
): void {
  if (util.sizeFromShape([...size]) === 0) return;
  const from = byteStrides(source.shape);
  const to = byteStrides(target.shape);
  const offset = (strides: number[], begin: readonly number[]): number =>
    begin.reduce((sum, b, i) => sum + b * strides[i], 0);
  const axes = size.map((n, i) => ({ size: n, from: from[i], to: to[i] }));
  copy(heap, axes, source.at + offset(from, source.begin), target.at + offset(to, target.begin));
}

function sliced(heap: Heap, x: TensorInfo, begin: readonly number[], size: readonly number[]): TensorInfo {
  const out = heap.backend.makeOutput(size, x.dtype);
  const zeros = size.map(() => 0);
  copyBox(heap, size, { at: heap.at(x), shape: x.shape, begin }, { at: heap.at(out), shape: size, begin: zeros });
  return out;
}

const slice: Replacement = ({ inputs: { x }, attrs }, heap) => {
  if (!wide(x)) return null;
  const [begin, size] = slice_util.parseSliceParams(x, attrs['begin'] as number[], attrs['size'] as number[]);
  slice_util.assertParamsValid(x, begin, size);
  return sliced(heap, x, begin, size);
};

const splitV: Replacement = ({ inputs: { x }, attrs }, heap) => {
  if (!wide(x)) return null;
  const [axis] = util.parseAxisParam(attrs['axis'] as number, x.shape);
  const parts = backend_util.prepareSplitSize(x, attrs['numOrSizeSplits'] as number[] | number, axis);
  const begin = x.shape.map(() => 0);
  return parts.map((count) => {
    const size = [...x.shape];
    size[axis] = count;
    const out = sliced(heap, x, begin, size);
    begin[axis] += count;
    return out;
  });
};

const concat: Replacement = ({ inputs, attrs }, heap) => {
  const parts = Object.values(inputs);
  if (!parts.every((part) => wide(part) && part.dtype === parts[0].dtype)) return null;
  const [axis] = util.parseAxisParam(attrs['axis'] as number, parts[0].shape);
  const shapes = parts.map(({ shape }) => shape);
  backend_util.assertParamsConsistent(shapes, axis);
  const shape = backend_util.computeOutShape(shapes, axis);
  const out = heap.backend.makeOutput(shape, parts[0].dtype);
  const begin = shape.map(() => 0);
  for (const part of parts) {
    const source = { at: heap.at(part), shape: part.shape, begin: shape.map(() => 0) };
    copyBox(heap, part.shape, source, { at: heap.at(out), shape, begin });
    begin[axis] += part.shape[axis];
  }
  return out;
};

const transpose: Replacement = ({ inputs: { x }, attrs }, heap) => {
  const perm = attrs['perm'] as number[];
  if (!wide(x)) return null;
  const shape = perm.map((axis) => x.shape[axis]);
  const out = heap.backend.makeOutput(shape, x.dtype);
  const from = byteStrides(x.shape);
  const to = byteStrides(shape);
  const axes = perm.map((axis, i) => ({ size: shape[i], from: from[axis], to: to[i] }));
  if (util.sizeFromShape(shape) > 0) copy(heap, axes, heap.at(x), heap.at(out));
  return out;
};

const pad: Replacement = ({ inputs: { x }, attrs }, heap) => {
  if (x.dtype !== 'float32') return null;
  const paddings = attrs['paddings'] as [number, number][];
  const shape = x.shape.map((n, i) => n + paddings[i][0] + paddings[i][1]);
  const out = heap.output(shape);
  heap.run['fillAll'](util.sizeFromShape(shape), attrs['constantValue'] as number, heap.at(out));
  const source = { at: heap.at(x), shape: x.shape, begin: x.shape.map(() => 0) };
  copyBox(heap, x.shape, source, { at: heap.at(out), shape, begin: paddings.map(([before]) => before) });
  return out;
};

export const moveKernels: Readonly<Record<string, Replacement>> = {
  Slice: slice,
  SplitV: splitV,
  Concat: concat,
  Transpose: transpose,
  PadV2: pad,
};
