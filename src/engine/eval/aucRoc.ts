import type { PreparedScores } from './prepare.ts';

/**
 * Area under the receiver operating characteristic by the trapezoid rule; ties count half (Fawcett 2006,
 * doi:10.1016/j.patrec.2005.10.010). null when the labels have one class only.
 */
export function aucRoc(p: PreparedScores): number | null {
  const negatives = p.n - p.positives;
  if (p.positives === 0 || negatives === 0) return null;
  let area = 0;
  let hits = 0;
  let flagged = 0;
  for (let g = 0; g < p.G; g++) {
    const misses = p.flagged_G[g] - flagged - (p.hits_G[g] - hits);
    area += (misses * (hits + p.hits_G[g])) / 2;
    hits = p.hits_G[g];
    flagged = p.flagged_G[g];
  }
  return area / p.positives / negatives;
}
