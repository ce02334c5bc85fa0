/** Fisher's combination of p-values (M2AD eq. for S_t) and the shares it is made of. */

/** −ln max(p, floor). */
export const negLogClipped = (p: number, floor: number): number => -Math.log(Math.max(p, floor));

/** S = Σ −2·λ_k·ln p_k; λ = 1 for plain Fisher. NaN p-values drop out. */
export function fisherStatistic(p_K: ArrayLike<number>, floor = 0, lambda_K: ArrayLike<number> | null = null): number {
  let sum = 0;
  for (let k = 0; k < p_K.length; k++) {
    if (!Number.isNaN(p_K[k])) sum += 2 * (lambda_K === null ? 1 : lambda_K[k]) * negLogClipped(p_K[k], floor);
  }
  return sum;
}

/** Parts of a sum as shares that add to 1; NaN parts count 0. All 0 where the sum is 0. */
export function sharesOf(parts_K: ArrayLike<number>): Float64Array {
  const shares = Float64Array.from(parts_K, (part) => (part > 0 ? part : 0));
  const sum = shares.reduce((a, b) => a + b, 0);
  return sum > 0 ? shares.map((share) => share / sum) : shares.fill(0);
}

/** Two-sided tail 2·min(F, 1 − F), from both tails so that neither is lost. */
export const twoSided = (cdf: number, sf: number): number => Math.min(1, 2 * Math.min(cdf, sf));
