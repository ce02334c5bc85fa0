import type { Baseline } from './baseline.ts';
import { copyWindow } from './windows.ts';

const K = 5;
/** Training steps that are looked at, evenly spread. */
const POINTS = 2000;

/** Square of the distance to the k-th nearest of the points. */
function kthNearest(row_S: Float64Array, points: readonly Float64Array[], nearest_K: Float64Array): number {
  const last = nearest_K.length - 1;
  nearest_K.fill(Infinity);
  for (const point of points) {
    let sum = 0;
    for (let s = 0; s < row_S.length && sum < nearest_K[last]; s++) {
      const d = row_S[s] - point[s];
      sum += d * d;
    }
    if (sum >= nearest_K[last]) continue;
    let at = last;
    while (at > 0 && nearest_K[at - 1] > sum) {
      nearest_K[at] = nearest_K[at - 1];
      at -= 1;
    }
    nearest_K[at] = sum;
  }
  return nearest_K[last];
}

/** k nearest neighbours (Ramaswamy et al. 2000): a step far from every step of training is strange. */
export const neighbours: Baseline = {
  id: 'neighbours',
  title: 'k nearest neighbours',
  summary: `Distance of each step, all sensors together, to the ${K}th nearest of at most ${POINTS} training steps.`,
  scale: 'zscore',
  needs: K + 1,
  score({ prepared, train }) {
    const { T, S } = prepared;
    const stride = Math.max(1, Math.ceil((train.end - train.start) / POINTS));
    const points: Float64Array[] = [];
    for (let t = train.start; t < train.end; t += stride) {
      const point_S = new Float64Array(S);
      copyWindow(prepared, t, 1, point_S);
      points.push(point_S);
    }
    const nearest_K = new Float64Array(Math.min(K, points.length));
    const row_S = new Float64Array(S);
    const score_T = Float64Array.from({ length: T }, (_, t) => {
      copyWindow(prepared, t, 1, row_S);
      return Math.sqrt(kthNearest(row_S, points, nearest_K));
    });
    return { residual: null, score_T };
  },
};
