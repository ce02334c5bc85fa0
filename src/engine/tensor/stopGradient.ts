import { customGrad, zerosLike } from './tf.ts';
import type { Tensor } from './tf.ts';

const stop = customGrad((x) => {
  const input = x as Tensor;
  // Zeros, not null: an optimiser must see every variable every time (models.md 1.2, 1.3).
  return { value: input.clone(), gradFunc: (dy) => zerosLike(dy) };
});

/** The same values; the gradient ends here (TF.js has no such op). */
export const stopGradient = <T extends Tensor>(x: T): T => stop(x) as T;
