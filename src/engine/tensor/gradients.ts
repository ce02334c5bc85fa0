import { variableGrads } from './tf.ts';
import type { Scalar, Tensor } from './tf.ts';
import type { Weights } from './weights.ts';

/** Value and gradients of a loss by weight name; the caller disposes them. */
export function gradientsOf(
  weights: Weights,
  moves: readonly string[],
  loss: () => Scalar,
): { value: Scalar; grads: Record<string, Tensor> } {
  const { value, grads } = variableGrads(
    loss,
    moves.map((name) => weights[name]),
  );
  return { value, grads: Object.fromEntries(moves.map((name) => [name, grads[weights[name].name]])) };
}
