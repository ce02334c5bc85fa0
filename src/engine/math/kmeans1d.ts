/**
 * k-means of sorted numbers: k-means++ seeding, then Lloyd's steps. In one dimension clusters are stretches of the
 * sorted values, so a step costs K binary searches over prefix sums; a general k-means package would copy every value
 * into an array of its own and visit all of them in each step.
 */
import type { Groups } from './compress.ts';

/** First index whose value is above the limit. */
function firstAbove(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (sorted[mid] > limit) high = mid;
    else low = mid + 1;
  }
  return low;
}

/** k-means++: each next centre is drawn with probability ∝ count · squared distance to the nearest centre so far. */
function seeding({ value, count }: Groups, K: number, rng: () => number): number[] {
  const G = value.length;
  const centres: number[] = [];
  const far = new Float64Array(G).fill(1);
  while (centres.length < K) {
    let total = 0;
    for (let g = 0; g < G; g++) total += count[g] * far[g];
    let left = rng() * total;
    let g = 0;
    while (g < G - 1 && (left -= count[g] * far[g]) > 0) g++;
    centres.push(value[g]);
    for (let i = 0; i < G; i++) {
      const d = (value[i] - value[g]) ** 2;
      far[i] = centres.length === 1 ? d : Math.min(far[i], d);
    }
  }
  return centres.sort((a, b) => a - b);
}

/** Cluster 0 … K−1 of each group, in rising order of value. Fewer clusters are used when values coincide. */
export function kmeans1d(groups: Groups, K: number, rng: () => number, maxSteps = 100): Int32Array {
  const { value, count } = groups;
  const G = value.length;
  const mass = new Float64Array(G + 1);
  const sum = new Float64Array(G + 1);
  for (let g = 0; g < G; g++) {
    mass[g + 1] = mass[g] + count[g];
    sum[g + 1] = sum[g] + count[g] * (value[g] - value[0]);
  }
  const centres = seeding(groups, K, rng);
  const edges = new Int32Array(K + 1);
  for (let step = 0; step < maxSteps; step++) {
    let moved = step === 0;
    edges[K] = G;
    for (let k = 1; k < K; k++) {
      const edge = firstAbove(value, (centres[k - 1] + centres[k]) / 2);
      moved ||= edge !== edges[k];
      edges[k] = edge;
    }
    if (!moved) break;
    for (let k = 0; k < K; k++) {
      const m = mass[edges[k + 1]] - mass[edges[k]];
      if (m > 0) centres[k] = value[0] + (sum[edges[k + 1]] - sum[edges[k]]) / m;
    }
  }
  const label_G = new Int32Array(G);
  for (let k = 0; k < K; k++) label_G.fill(k, edges[k], edges[k + 1]);
  return label_G;
}
