/**
 * Gradient of a product whose batch axes broadcast: the stock one has the shape of the widened operand and the tape
 * refuses it. Here it is summed over the axes along which an operand was repeated. Gradients know no backend, so this
 * holds on all of them.
 */
import { getGradient, registerGradient, reshape, sum, tidy, unregisterGradient } from '../tf.ts';
import type { GradConfig, Tensor } from '../tf.ts';

let mended: GradConfig | null = null;

/** Sums over the axes along which `shape` was repeated. */
function narrowed(gradient: Tensor, shape: readonly number[]): Tensor {
  const extra = gradient.rank - shape.length;
  const axes = gradient.shape.flatMap((size, axis) =>
    axis < extra || (shape[axis - extra] === 1 && size !== 1) ? [axis] : [],
  );
  return axes.length === 0 ? gradient : tidy(() => reshape(sum(gradient, axes), [...shape]));
}

/** Puts the mended gradient of BatchMatMul in place; calling it again changes nothing. */
export function mendMatMulGradient(): void {
  if (mended !== null && getGradient('BatchMatMul') === mended) return;
  const stock = getGradient('BatchMatMul');
  mended = {
    ...stock,
    gradFunc: (dy, saved, attrs) => {
      const own = stock.gradFunc(dy, saved, attrs);
      const [a, b] = saved;
      return { a: () => narrowed(own['a'](), a.shape), b: () => narrowed(own['b'](), b.shape) };
    },
  };
  unregisterGradient('BatchMatMul');
  registerGradient(mended);
}
