/**
 * Gradient of softmax: y (dy - sum(dy y)), one pass on wasm where stock TensorFlow.js composes four ops. Registered for
 * every backend, because gradients know none; away from our wasm heap, and inside higher derivatives, it is composed.
 */
import { engine, getGradient, registerGradient, unregisterGradient } from '../tf.ts';
import type { GradConfig, Tensor } from '../tf.ts';
import { heapOf } from './heap.ts';

let stock: GradConfig | null = null;

/** Puts the fused gradient in place of the stock one. */
export function replaceSoftmaxGradient(): void {
  if (stock !== null) return;
  const before = getGradient('Softmax');
  stock = before;
  unregisterGradient('Softmax');
  registerGradient({
    ...before,
    gradFunc: (dy, saved, attrs) => {
      const heap = heapOf(engine().backend);
      const [y] = saved;
      const columns = y.shape.at(-1) ?? 0;
      if (heap === null || engine().state.gradientDepth > 0 || columns === 0) return before.gradFunc(dy, saved, attrs);
      return {
        logits: () => {
          const dx = heap.tensor(y.shape);
          const upstream = dy as Tensor;
          heap.run['softmaxRowsGrad'](y.size / columns, columns, heap.at(y), heap.at(upstream), heap.at(dx), 1);
          return dx;
        },
      };
    },
  });
}

export function restoreSoftmaxGradient(): void {
  if (stock === null) return;
  unregisterGradient('Softmax');
  registerGradient(stock);
  stock = null;
}
