/**
 * Matrix product of the wasm backend: replaces BatchMatMul and _FusedMatMul, whose stock versions vectorise only the
 * plain product with a 2-D second operand. Reference: the stock kernels; assembly/gemm.ts has the method.
 */
import { broadcast_util, util } from '../tf.ts';
import type { TensorInfo } from '../tf.ts';
import type { Heap } from './heap.ts';
import { runInside } from './replace.ts';
import type { KernelArgs, Replacement } from './replace.ts';

/** Rows, columns and byte strides of one operand as the product sees it. */
type Operand = { readonly rows: number; readonly cols: number; readonly rowStride: number; readonly colStride: number };

function operand(shape: readonly number[], transposed: boolean): Operand {
  const [height, width] = shape.slice(-2) as [number, number];
  return transposed
    ? { rows: width, cols: height, rowStride: 4, colStride: 4 * width }
    : { rows: height, cols: width, rowStride: 4 * width, colStride: 4 };
}

/** For each matrix of the result the index of the operand's matrix, by the broadcasting rules of the batch axes. */
function batchIndices(batch: readonly number[], own: readonly number[]): Int32Array {
  const count = util.sizeFromShape([...batch]);
  const indices = new Int32Array(count);
  const strides = util.computeStrides([...own, 1]);
  const offset = batch.length - own.length;
  for (let n = 0; n < count; n++) {
    let rest = n;
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      const here = rest % batch[axis];
      rest = (rest - here) / batch[axis];
      if (axis >= offset && own[axis - offset] > 1) indices[n] += here * strides[axis - offset];
    }
  }
  return indices;
}

const activationKernels: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
};

/** a b (+ bias over the columns) for float32 tensors of any rank from 2. */
export function product(
  heap: Heap,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  bias: number | null,
): TensorInfo {
  const A = operand(a.shape, transposeA);
  const B = operand(b.shape, transposeB);
  util.assert(
    A.cols === B.rows,
    () =>
      `Error in matMul: inner shapes (${A.cols}) and (${B.rows}) of Tensors with shapes ${a.shape.join(',')} and ` +
      `${b.shape.join(',')} and transposeA=${transposeA} and transposeB=${transposeB} must match.`,
  );
  const outerA = a.shape.slice(0, -2);
  const outerB = b.shape.slice(0, -2);
  const batch = broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const out = heap.output([...batch, A.rows, B.cols]);
  const gemm = heap.run['gemm'];
  const [start, biasAt] = bias === null ? [0, 0] : [2, bias];
  const [atA, atB, atC] = [heap.at(a), heap.at(b), heap.at(out)];
  // Plain arguments: a batch makes many small calls, and spreading an array costs more than they do.
  const call = (rows: number, fromA: number, fromB: number, to: number): void => {
    // prettier-ignore
    gemm(rows, B.cols, A.cols, fromA, A.rowStride, A.colStride, fromB, B.rowStride, B.colStride, to, 4 * B.cols, start, biasAt, heap.work);
  };
  const count = util.sizeFromShape(batch);
  if (!transposeA && util.sizeFromShape(outerB) === 1) {
    call(A.rows * count, atA, atB, atC);
    return out;
  }
  const indexA = batchIndices(batch, outerA);
  const indexB = batchIndices(batch, outerB);
  const [sizeA, sizeB, sizeC] = [A.rows * A.cols * 4, B.rows * B.cols * 4, A.rows * B.cols * 4];
  for (let n = 0; n < count; n++) call(A.rows, atA + indexA[n] * sizeA, atB + indexB[n] * sizeB, atC + n * sizeC);
  return out;
}

const floats = ({ a, b }: KernelArgs['inputs']): boolean => a.dtype === 'float32' && b.dtype === 'float32';

export const batchMatMul: Replacement = ({ inputs, attrs }, heap) =>
  floats(inputs)
    ? product(heap, inputs['a'], inputs['b'], attrs['transposeA'] === true, attrs['transposeB'] === true, null)
    : null;

/** The result of `runInside` in place of `before`, which is freed. */
function then(
  before: TensorInfo,
  heap: Heap,
  kernel: string,
  more: Readonly<Record<string, TensorInfo>>,
  attrs = {},
): TensorInfo {
  const first = kernel === 'Add' ? 'a' : 'x';
  const after = runInside(kernel, { [first]: before, ...more }, heap.backend, attrs);
  heap.backend.disposeData(before.dataId);
  return after;
}

export const fusedMatMul: Replacement = ({ inputs, attrs }, heap) => {
  const { a, b } = inputs;
  const bias = inputs['bias'] as TensorInfo | undefined | null;
  const slopes = inputs['preluActivationWeights'] as TensorInfo | undefined | null;
  const activation = attrs['activation'] as string;
  const known = activation in activationKernels || ['linear', 'prelu', 'leakyrelu'].includes(activation);
  if (!floats(inputs) || !known) return null;
  const transposeB = attrs['transposeB'] === true;
  const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)];
  const perColumn = bias != null && util.sizeFromShape(bias.shape) === columns && bias.shape.at(-1) === columns;
  let out = product(heap, a, b, attrs['transposeA'] === true, transposeB, perColumn ? heap.at(bias) : null);
  if (bias != null && !perColumn) out = then(out, heap, 'Add', { b: bias });
  if (activation in activationKernels) out = then(out, heap, activationKernels[activation], {});
  if (activation === 'prelu' && slopes != null) out = then(out, heap, 'Prelu', { alpha: slopes });
  if (activation === 'leakyrelu') out = then(out, heap, 'LeakyRelu', {}, { alpha: attrs['leakyreluAlpha'] ?? 0.2 });
  return out;
};
