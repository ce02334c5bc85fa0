import type { PreparedScores } from './prepare.ts';

/**
 * Area under the precision-recall points by the trapezoid rule, starting at (recall 0, precision 1). Linear interpolation
 * is too kind where scores are tied (Davis & Goadrich 2006, doi:10.1145/1143844.1143874). null without anomalous steps.
 */
export function aucPrTrapezoid(p: PreparedScores): number | null {
  if (p.positives === 0) return null;
  let area = 0;
  let hits = 0;
  let precision = 1;
  for (let g = 0; g < p.G; g++) {
    const next = p.hits_G[g] / p.flagged_G[g];
    area += ((p.hits_G[g] - hits) * (precision + next)) / 2;
    hits = p.hits_G[g];
    precision = next;
  }
  return area / p.positives;
}
