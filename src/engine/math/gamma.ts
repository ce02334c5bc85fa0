/**
 * Gamma distribution in the shape/scale form (mean = shape·scale), with tails in log space to any depth.
 * Outside the domain (shape ≤ 0 or scale ≤ 0) every function answers NaN.
 */
import { logGammaPrefix, logIncompleteGamma } from './gammainc.ts';
import { mean, variance } from './moments.ts';
import { increasingRoot } from './solve.ts';
import { lgamma1p } from './special.ts';

export type Gamma = { readonly shape: number; readonly scale: number };

const valid = (g: Gamma): boolean => g.shape > 0 && g.scale > 0 && g.shape < Infinity && g.scale < Infinity;
const tails = (x: number, g: Gamma) => (valid(g) ? logIncompleteGamma(g.shape, x / g.scale) : { logP: NaN, logQ: NaN });

export const gammaLogCdf = (x: number, g: Gamma): number => tails(x, g).logP;
export const gammaLogSf = (x: number, g: Gamma): number => tails(x, g).logQ;
export const gammaCdf = (x: number, g: Gamma): number => Math.exp(tails(x, g).logP);
export const gammaSf = (x: number, g: Gamma): number => Math.exp(tails(x, g).logQ);

/** ln of the density; −∞ below 0. */
export function gammaLogPdf(x: number, g: Gamma): number {
  if (!valid(g)) return NaN;
  if (x < 0 || x === Infinity) return -Infinity;
  if (x === 0) return g.shape < 1 ? Infinity : g.shape === 1 ? -Math.log(g.scale) : -Infinity;
  return logGammaPrefix(g.shape, x / g.scale) - Math.log(x);
}

/** Where ln of the lower or upper tail equals `logTail`, solved in ln x. */
function solveTail(logTail: number, upper: boolean, g: Gamma): number {
  const { shape: a, scale } = g;
  const at = (u: number) => {
    const x = Math.exp(u);
    const t = logIncompleteGamma(a, x);
    const prefix = logGammaPrefix(a, x);
    return upper
      ? { value: logTail - t.logQ, slope: Math.exp(prefix - t.logQ) }
      : { value: t.logP - logTail, slope: Math.exp(prefix - t.logP) };
  };
  // P ≈ x^a/Γ(a+1) for small x; the upper tail ends near a − ln q.
  const small = (logTail + lgamma1p(a)) / a;
  const start = upper
    ? Math.log(Math.max(a, 1e-3) + Math.sqrt(-2 * a * logTail) - logTail)
    : Math.min(small, Math.log(a));
  if (!upper && small < -745) return 0;
  // exp(709) is the largest double; below −745 x underflows.
  return scale * Math.exp(increasingRoot(at, start, -745, 709));
}

/** x with sf(x) = exp(logP), for logP down to −1e300. */
export function gammaIsfLog(logP: number, g: Gamma): number {
  if (!valid(g) || !(logP <= 0)) return NaN;
  if (logP === 0) return 0;
  if (logP === -Infinity) return Infinity;
  return logP > -Math.LN2 ? solveTail(Math.log(-Math.expm1(logP)), false, g) : solveTail(logP, true, g);
}

/** x with sf(x) = p. */
export const gammaIsf = (p: number, g: Gamma): number => (p >= 0 && p <= 1 ? gammaIsfLog(Math.log(p), g) : NaN);

/** x with cdf(x) = p. */
export function gammaPpf(p: number, g: Gamma): number {
  if (!valid(g) || !(p >= 0 && p <= 1)) return NaN;
  if (p === 0) return 0;
  if (p === 1) return Infinity;
  return p <= 0.5 ? solveTail(Math.log(p), false, g) : solveTail(Math.log1p(-p), true, g);
}

/**
 * Gamma with the mean and population variance of the data (method of moments). null where the variance is 0 or the
 * mean is not positive: then there is no such law.
 */
export function gammaByMoments(values: Float64Array | readonly number[]): Gamma | null {
  return gammaFromMoments(mean(values), variance(values));
}

export function gammaFromMoments(meanValue: number, varianceValue: number): Gamma | null {
  if (!(varianceValue > 0) || !(meanValue > 0)) return null;
  return { shape: (meanValue * meanValue) / varianceValue, scale: varianceValue / meanValue };
}
