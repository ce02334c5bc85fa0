/** Real and generated windows on a plane, windows alike near each other. Dimensions: N windows, T steps, P points. */
import { UMAP } from 'umap-js';
import type { Run } from '../model.ts';
import { windowOf } from './samples.ts';
import type { Samples } from './samples.ts';

/** Neighbours that a point is laid beside; fewer where there are fewer points. */
const NEIGHBOURS = 15;
const EPOCHS = 300;

/**
 * UMAP (McInnes, Healy & Melville, 2018) of whole windows by Euclidean distance, seeded by `run.rng`: the same windows
 * and seed give the same map. Fewer than three windows lie on a line. `run.progress` is not called.
 */
export async function mapOf(samples: Samples, run: Run): Promise<{ x_P: Float32Array; y_P: Float32Array }> {
  const P = samples.source_N.length;
  if (P < 3) return { x_P: Float32Array.from({ length: P }, (_, n) => n), y_P: new Float32Array(P) };
  const points = Array.from({ length: P }, (_, n) => Array.from(windowOf(samples, n).x_T));
  const umap = new UMAP({ random: run.rng, nNeighbors: Math.min(NEIGHBOURS, P - 1), nEpochs: EPOCHS });
  const epochs = umap.initializeFit(points);
  for (let epoch = 0; epoch < epochs; epoch++) {
    await run.checkpoint();
    umap.step();
  }
  const at = umap.getEmbedding();
  return { x_P: Float32Array.from(at, ([x]) => x), y_P: Float32Array.from(at, ([, y]) => y) };
}
