import { ranked } from './candidates.ts';
import { countParam } from './strategyParams.ts';
import { defineStrategy } from './types.ts';
import type { Pick, Pool } from './types.ts';

/** Features in units of their own deviation, [N, Z]; the score alone where a pool has none. */
function standardised({ feature_NZ, Z, score_N }: Pool): { x_NZ: Float64Array; Z: number } {
  const N = score_N.length;
  const given = Z > 0 ? { x_NZ: Float64Array.from(feature_NZ), Z } : { x_NZ: Float64Array.from(score_N), Z: 1 };
  const { x_NZ } = given;
  for (let z = 0; z < given.Z; z++) {
    let [sum, squares, count] = [0, 0, 0];
    for (let n = 0; n < N; n++) {
      const x = x_NZ[n * given.Z + z];
      if (!Number.isFinite(x)) continue;
      sum += x;
      squares += x * x;
      count++;
    }
    const mean = count === 0 ? 0 : sum / count;
    const sd = count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - mean * mean));
    for (let n = 0; n < N; n++) {
      const i = n * given.Z + z;
      x_NZ[i] = sd > 0 && Number.isFinite(x_NZ[i]) ? (x_NZ[i] - mean) / sd : 0;
    }
  }
  return given;
}

export const diverse = defineStrategy({
  id: 'diverse',
  title: 'Least like those asked',
  summary: 'Each window as unlike all asked before as can be, by the sensors that carry its error.',
  params: { count: countParam },
  /** Farthest first (Gonzalez 1985); where nothing was asked yet the strangest window begins. */
  pick(pool, { count }, budget) {
    const { x_NZ, Z } = standardised(pool);
    const windows = ranked(pool);
    const nearest_N = new Float64Array(pool.score_N.length).fill(Infinity);
    const apart = (a: number, b: number): number => {
      let sum = 0;
      for (let z = 0; z < Z; z++) sum += (x_NZ[a * Z + z] - x_NZ[b * Z + z]) ** 2;
      return Math.sqrt(sum / Z);
    };
    const see = (asked: number): void => {
      for (const n of windows) nearest_N[n] = Math.min(nearest_N[n], apart(n, asked));
    };
    pool.asked_N.forEach((asked, n) => {
      if (asked === 1) see(n);
    });
    const left = new Set(windows);
    const picks: Pick[] = [];
    while (left.size > 0 && picks.length < Math.min(count, budget)) {
      // `left` keeps the order of scores, so that the stranger of two equally distant windows comes first.
      let [window] = left;
      for (const n of left) if (nearest_N[n] > nearest_N[window]) window = n;
      picks.push({ window, reason: { kind: 'diverse', distance: nearest_N[window] } });
      left.delete(window);
      see(window);
    }
    return picks;
  },
});
