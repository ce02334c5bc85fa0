import type { PreparedScores } from './prepare.ts';

/**
 * Average precision: the step sum of (R_i − R_(i−1))·P_i over falling thresholds, no interpolation. Some tools print it as
 * "AUC-PR"; `aucPrTrapezoid` is the other quantity of that name. null when no step is labelled anomalous.
 */
export function averagePrecision(p: PreparedScores): number | null {
  if (p.positives === 0) return null;
  let sum = 0;
  let hits = 0;
  for (let g = 0; g < p.G; g++) {
    sum += ((p.hits_G[g] - hits) * p.hits_G[g]) / p.flagged_G[g];
    hits = p.hits_G[g];
  }
  return sum / p.positives;
}
