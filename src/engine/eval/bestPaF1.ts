import { bestOver } from './bestF1.ts';
import type { BestF1 } from './bestF1.ts';
import type { PreparedScores } from './prepare.ts';

/**
 * Best F1 after point adjustment (Xu et al., WWW 2018, doi:10.1145/3178876.3185996): a segment with one hit counts as
 * wholly found, false positives stay, index 0 is a step like any other. Oracle, and random scores win it (Kim et al., AAAI
 * 2022, doi:10.1609/aaai.v36i7.20680): show it beside random scores only.
 */
export function bestPaF1(p: PreparedScores): BestF1 {
  const found_G = new Float64Array(p.G);
  for (const { start, end } of p.segments) {
    let first = p.G;
    for (let t = start; t < end; t++) first = Math.min(first, p.group_T[t]);
    found_G[first] += end - start;
  }
  for (let g = 1; g < p.G; g++) found_G[g] += found_G[g - 1];
  return bestOver(p, (k) => (k === 0 ? 0 : found_G[k - 1]));
}
