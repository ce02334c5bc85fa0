/**
 * Error functions and log-gamma. The library versions are used where they hold to the last digits (checked against
 * 60-digit values); what is written here is what they lack: relative accuracy near 0.
 */
import stdErfc from '@stdlib/math-base-special-erfc';
import stdErfcx from '@stdlib/math-base-special-erfcx';
import stdLgamma from '@stdlib/math-base-special-gammaln';

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);
const EULER_GAMMA = 0.5772156649015329;

/** Complementary error function, erfc(x) = 1 − erf(x). */
export const erfc = (x: number): number => stdErfc(x);

/** Scaled complementary error function, exp(x²)·erfc(x): stays a plain number where erfc underflows. */
export const erfcx = (x: number): number => stdErfcx(x);

/** Error function. Near 0 the Taylor series is used, because 1 − erfc(x) has no relative accuracy there. */
export function erf(x: number): number {
  if (Math.abs(x) > 0.5) return 1 - stdErfc(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 30; n++) {
    term *= (-x * x) / n;
    const add = term / (2 * n + 1);
    sum += add;
    if (Math.abs(add) <= Math.abs(sum) * 1e-17) break;
  }
  return TWO_OVER_SQRT_PI * sum;
}

/** ln Γ(x) for x > 0. */
export const lgamma = (x: number): number => stdLgamma(x);

/** ζ(k) − 1 for k ≥ 2 by Euler–Maclaurin from n = 20 on. */
function zetaMinus1(k: number): number {
  const N = 20;
  let sum = 0;
  for (let n = N - 1; n >= 2; n--) sum += n ** -k;
  const end = N ** -k;
  return (
    sum +
    (end * N) / (k - 1) +
    end / 2 +
    (k * end) / (12 * N) -
    (k * (k + 1) * (k + 2) * end) / (720 * N ** 3) +
    (k * (k + 1) * (k + 2) * (k + 3) * (k + 4) * end) / (30240 * N ** 5)
  );
}

const ZETA_MINUS_1 = Array.from({ length: 34 }, (_, i) => zetaMinus1(i + 2));

/** ln Γ(1 + a) for a > −1, with relative accuracy near a = 0, where forming 1 + a would round a away. */
export function lgamma1p(a: number): number {
  if (Math.abs(a) > 0.5) return stdLgamma(1 + a);
  let sum = a * (1 - EULER_GAMMA) - Math.log1p(a);
  let power = -a;
  for (let i = 0; i < ZETA_MINUS_1.length; i++) {
    power *= -a;
    sum += (ZETA_MINUS_1[i] * power) / (i + 2);
  }
  return sum;
}

/** ln(1 + u) − u for u > −1, without the cancellation of the plain form near 0. */
export function log1pmx(u: number): number {
  if (u < -0.6 || u > 1.5) return Math.log1p(u) - u;
  // ln(1+u) = 2 atanh(r) with r = u/(2+u), and 2r − u = −r·u.
  const r = u / (2 + u);
  const r2 = r * r;
  let power = r * r2;
  let sum = 0;
  for (let n = 3; n < 80; n += 2) {
    const add = (2 * power) / n;
    sum += add;
    if (Math.abs(add) <= 1e-18 * Math.abs(r * u)) break;
    power *= r2;
  }
  return sum - r * u;
}

/** ln(1 − e^x) for x ≤ 0: turns the log of one tail into the log of the other. */
export function log1mexp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** ln(e^a + e^b), also for −∞. */
export function logAddExp(a: number, b: number): number {
  const high = Math.max(a, b);
  if (high === -Infinity) return -Infinity;
  return high + Math.log1p(Math.exp(Math.min(a, b) - high));
}
