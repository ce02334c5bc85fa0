/** Steps that the checkers of the attention models share: forward values, gradients of each loss, optimiser steps. */
import { adam } from '../tensor/adam.ts';
import type { AdamOptions } from '../tensor/adam.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor, Tensor3D } from '../tensor/tf.ts';
import { disposeWeights, makeWeights, readWeights } from '../tensor/weights.ts';
import type { Weights } from '../tensor/weights.ts';
import {
  arraysOf,
  compare,
  compareForward,
  compareGrads,
  compareLoss,
  compareStep,
  gradientsOf,
  group,
  weightsOf,
} from './golden.testkit.ts';
import type { Check, Golden } from './golden.testkit.ts';

export const inputOf = (golden: Golden, name = 'x'): Tensor3D =>
  tf.tensor3d([...golden.inputs[name].data], golden.inputs[name].shape as [number, number, number], 'float32');

/** Quantities by their name in `expected`, or in a group of it: `group/name`. */
export async function checkForward(golden: Golden, forward: () => Record<string, Tensor>): Promise<Check[]> {
  const out = tf.scoped(forward);
  const got = await arraysOf(out);
  tf.dispose(out);
  return Object.entries(got).map(([path, values]) => {
    const [first, ...rest] = path.split('/');
    if (rest.length === 0) return compareForward(golden, first, values);
    return compare(path, values, group(golden, first)[rest.join('/')], golden.tolerance.forward);
  });
}

/** Scalars by their name in `expected.loss`. */
export async function checkLosses(golden: Golden, values: () => Record<string, Scalar>): Promise<Check[]> {
  const out = tf.scoped(values);
  const got = await arraysOf(out);
  tf.dispose(out);
  return Object.entries(got).map(([name, [value]]) => compareLoss(golden, name, value));
}

/** Gradients of one loss, those that vanish included. */
export async function checkGrads(golden: Golden, name: string, weights: Weights, loss: () => Scalar): Promise<Check[]> {
  const { value, grads } = gradientsOf(weights, loss);
  const got = await arraysOf(grads);
  tf.dispose([value, grads]);
  return compareGrads(golden, name, got);
}

/** The weights after one optimiser step, which are then put back. */
export async function checkStep(
  golden: Golden,
  name: string,
  weights: Weights,
  options: AdamOptions,
  gradients: () => Readonly<Record<string, Tensor>>,
): Promise<Check[]> {
  const before = await readWeights(weights);
  const moved = makeWeights(before);
  const optimiser = adam(moved, options);
  const grads = tf.scoped(gradients);
  optimiser.step(grads);
  const got = await arraysOf(moved);
  optimiser.dispose();
  disposeWeights(moved);
  tf.dispose(grads);
  return compareStep(golden, name, got);
}

/** Runs `checks` with the file's weights and its input x; frees both. */
export async function withGolden(
  golden: Golden,
  checks: (weights: Weights, x: Tensor3D) => Promise<Check[]>,
): Promise<Check[]> {
  const weights = weightsOf(golden);
  const x = inputOf(golden);
  try {
    return await checks(weights, x);
  } finally {
    disposeWeights(weights);
    x.dispose();
  }
}
