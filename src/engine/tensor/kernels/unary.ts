/**
 * Elementary functions of the wasm backend, four values at a time: replace Exp, Log, Tanh, Sigmoid, Erf and Softmax.
 * Reference: the stock kernels (scalar code); assembly/math.ts has the fits. Greatest error against float64, asserted
 * in kernels.test.ts: exp 1.1 ulp, log 2, tanh 3, sigmoid 3, erf 2, softmax 10 (rows of 1000, after
 * rounding the distance to the largest).
 */
import { util } from '../tf.ts';
import type { Replacement } from './replace.ts';

const elementwise =
  (name: string): Replacement =>
  ({ inputs: { x } }, heap) => {
    if (x.dtype !== 'float32') return null;
    const out = heap.output(x.shape);
    heap.run[name](util.sizeFromShape(x.shape), heap.at(x), heap.at(out));
    return out;
  };

/** Softmax over the last axis (the only one that the op lets through). */
const softmax: Replacement = ({ inputs: { logits }, attrs }, heap) => {
  const { shape } = logits;
  if (logits.dtype !== 'float32' || ![-1, shape.length - 1].includes(attrs['dim'] as number)) return null;
  const columns = shape.at(-1) ?? 1;
  const out = heap.output(shape);
  if (columns > 0)
    heap.run['softmaxRows'](util.sizeFromShape(shape) / columns, columns, heap.at(logits), heap.at(out), 1);
  return out;
};

export const unaryKernels: Readonly<Record<string, Replacement>> = {
  Exp: elementwise('expAll'),
  Log: elementwise('logAll'),
  Tanh: elementwise('tanhAll'),
  Sigmoid: elementwise('sigmoidAll'),
  Erf: elementwise('erfAll'),
  Softmax: softmax,
};
