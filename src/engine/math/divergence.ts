/** Distances between distributions, in nats. Discrete ones are normalised first; 0·ln 0 = 0. */

const normalised = (p: ArrayLike<number>): Float64Array => {
  const values = Float64Array.from(p);
  const sum = values.reduce((a, b) => a + b, 0);
  return values.map((value) => value / sum);
};

function klOf(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) if (p[i] > 0) sum += p[i] * Math.log(p[i] / q[i]);
  return sum;
}

/** Σ p ln(p/q); ∞ where q is 0 and p is not. */
export const kl = (p: ArrayLike<number>, q: ArrayLike<number>): number => klOf(normalised(p), normalised(q));

/** Jensen-Shannon divergence, 0 to ln 2. */
export function js(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const a = normalised(p);
  const b = normalised(q);
  const middle = a.map((value, i) => (value + b[i]) / 2);
  return (klOf(a, middle) + klOf(b, middle)) / 2;
}

export const entropy = (p: ArrayLike<number>): number =>
  normalised(p).reduce((sum, value) => (value > 0 ? sum - value * Math.log(value) : sum), 0);

/** KL(N(m1, s1²) ‖ N(m2, s2²)). */
export function klGaussian(mean1: number, sd1: number, mean2: number, sd2: number): number {
  return Math.log(sd2 / sd1) + (sd1 * sd1 + (mean1 - mean2) ** 2) / (2 * sd2 * sd2) - 0.5;
}

/** KL of a diagonal Gaussian (mean, ln variance) to the standard normal, summed over dimensions. */
export function klToStandardNormal(mu: ArrayLike<number>, logvar: ArrayLike<number>): number {
  let sum = 0;
  // expm1 keeps the digits where the variance is near 1.
  for (let i = 0; i < mu.length; i++) sum += 0.5 * (mu[i] * mu[i] + Math.expm1(logvar[i]) - logvar[i]);
  return sum;
}
