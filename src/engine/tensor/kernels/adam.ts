/**
 * Adam on wasm: value, first and second moment in one pass, in place.
 * Reference: composedAdamUpdate in ../adam.ts; assembly/adam.ts has the loop.
 */
import type { AdamUpdate } from '../fused.ts';
import type { Variable } from '../tf.ts';
import { currentHeap } from './heap.ts';
import type { Heap } from './heap.ts';

/** Makes sure that nobody else sees a variable's values: a clone or a saved tensor may share them. */
function own(heap: Heap, variable: Variable): void {
  if (heap.backend.refCount(variable.dataId) <= 1) return;
  const copy = heap.tensor(variable.shape);
  heap.run['copyAll'](variable.size, heap.at(variable), heap.at(copy));
  variable.assign(copy);
  copy.dispose();
}

export const adamUpdate: AdamUpdate = (slots, { rate, beta1, beta2, epsilon, decay, step }) => {
  const heap = currentHeap();
  for (const { value, grad, m, v } of slots) {
    for (const variable of [value, m, v]) {
      heap.at(variable);
      own(heap, variable);
    }
    heap.run['adam'](
      ...[value.size, heap.at(value), grad === null ? 0 : heap.at(grad), heap.at(m), heap.at(v)],
      ...[rate / (1 - beta1 ** step), beta1, beta2, 1 - beta1, 1 - beta2, 1 / (1 - beta2 ** step), epsilon],
      1 - rate * decay,
    );
  }
};
