import type { Baseline } from './baseline.ts';

export const randomScores: Baseline = {
  id: 'random',
  title: 'Random scores',
  summary: 'A uniform random number for each step. Any metric that it does well in proves nothing.',
  scale: 'zscore',
  needs: 1,
  score: ({ prepared, rng }) => ({
    residual: null,
    score_T: Float64Array.from({ length: prepared.T }, () => rng()),
  }),
};

/** Flags exactly `round(share·T)` steps, chosen at random. `share` in [0, 1]; 1 flags everything. */
export function randomFlags(T: number, share: number, rng: () => number): Uint8Array {
  const flag_T = new Uint8Array(T);
  let left = Math.round(share * T);
  for (let t = 0; t < T && left > 0; t++) {
    if (rng() * (T - t) >= left) continue;
    flag_T[t] = 1;
    left -= 1;
  }
  return flag_T;
}
