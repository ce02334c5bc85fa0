import { seeded } from '../../src/engine/rng.ts';
import type { Run } from '../../src/engine/model.ts';

/** A run that nobody watches. */
export const quietRun = (seed: number): Run => ({
  rng: seeded(seed),
  checkpoint: () => Promise.resolve(),
  progress: () => undefined,
});

/** Seconds that passed while `work` ran. */
export async function timed<R>(work: () => R | Promise<R>): Promise<{ result: R; seconds: number }> {
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1000 };
}
