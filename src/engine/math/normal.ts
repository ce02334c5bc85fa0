/** Normal distribution; every function takes the mean and standard deviation (standard normal when left out). */
import { erfc, erfcx } from './special.ts';
import { increasingRoot } from './solve.ts';

const HALF_LN_2PI = 0.5 * Math.log(2 * Math.PI);

export const normalSf = (x: number, mean = 0, sd = 1): number => erfc((x - mean) / sd / Math.SQRT2) / 2;
export const normalCdf = (x: number, mean = 0, sd = 1): number => erfc(-(x - mean) / sd / Math.SQRT2) / 2;

/** ln sf; through erfcx above the mean, so that it goes on where sf underflows. */
export function normalLogSf(x: number, mean = 0, sd = 1): number {
  const z = (x - mean) / sd;
  if (z < 0) return Math.log1p(-erfc(-z / Math.SQRT2) / 2);
  if (z === Infinity) return -Infinity;
  return Math.log(erfcx(z / Math.SQRT2) / 2) - (z * z) / 2;
}

export const normalLogCdf = (x: number, mean = 0, sd = 1): number => normalLogSf(-(x - mean) / sd);

export function normalLogPdf(x: number, mean = 0, sd = 1): number {
  const z = (x - mean) / sd;
  return -(z * z) / 2 - HALF_LN_2PI - Math.log(sd);
}

/** z with ln sf(z) = logP of the standard normal law. The library's quantile is infinite at 1e−300; this is not. */
export function normalIsfLog(logP: number): number {
  if (!(logP <= 0)) return NaN;
  if (logP === 0) return -Infinity;
  if (logP === -Infinity) return Infinity;
  if (logP > -Math.LN2) return -normalIsfLog(Math.log(-Math.expm1(logP)));
  const at = (z: number) => {
    const logSf = normalLogSf(z);
    return { value: logP - logSf, slope: Math.exp(normalLogPdf(z) - logSf) };
  };
  const most = Math.sqrt(-2 * logP);
  return increasingRoot(at, Math.sqrt(Math.max(0, most * most - 2 * Math.log(1 + 2.5 * most))), 0, most + 1);
}

/** x with sf(x) = p. */
export const normalIsf = (p: number, mean = 0, sd = 1): number => mean + sd * normalIsfLog(Math.log(p));

/** x with cdf(x) = p. */
export const normalPpf = (p: number, mean = 0, sd = 1): number => mean - sd * normalIsfLog(Math.log(p));
