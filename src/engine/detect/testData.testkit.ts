/** Synthetic residuals and a silent run, for the tests of this folder. */
import type { Run } from '../model.ts';
import { normal, seeded } from '../rng.ts';
import type { Channel, Residual } from '../types.ts';

export const quietRun = (seed = 1): Run => ({
  rng: seeded(seed),
  checkpoint: () => Promise.resolve(),
  progress: () => undefined,
});

export const channels = (S: number, systems = 2): Channel[] =>
  Array.from({ length: S }, (_, k) => ({ name: `s${String(k)}`, unit: 'bar', system: `m${String(k % systems)}` }));

/** Autocorrelated residuals of S sensors; `spike` adds to sensor 0 over a range. */
export function syntheticResidual(
  T: number,
  S: number,
  seed: number,
  spike?: { start: number; end: number; by: number },
): Residual {
  const rng = seeded(seed);
  const r_TS = new Float32Array(T * S);
  const level_S = new Float64Array(S);
  for (let t = 0; t < T; t++) {
    for (let k = 0; k < S; k++) {
      level_S[k] = 0.5 * level_S[k] + 0.05 * normal(rng);
      const extra = spike !== undefined && k === 0 && t >= spike.start && t < spike.end ? spike.by : 0;
      r_TS[t * S + k] = level_S[k] + extra;
    }
  }
  return { T, S, r_TS };
}

/** Steps `start … end − 1` of a residual. */
export const cut = ({ S, r_TS }: Residual, start: number, end: number): Residual => ({
  T: end - start,
  S,
  r_TS: r_TS.slice(start * S, end * S),
});
