/**
 * Identity on wasm: the same data counted once more, as Reshape does it and as on the other backends. The stock kernel
 * copies, and every tensor that a gradient saves goes through it.
 */
import type { Replacement } from './replace.ts';

export const identity: Replacement = ({ inputs: { x } }, heap) => {
  heap.backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
};
