/**
 * Generalised Pareto law of excesses over a high threshold, by maximum likelihood with Grimshaw's trick, and the
 * threshold that it implies (peaks over threshold).
 * Papers: Grimshaw, Technometrics 1993; Siffer et al., "Anomaly Detection in Streams with Extreme Value Theory", KDD 2017.
 */
import { mean } from './moments.ts';

/** Survival of an excess y: (1 + shape·y / scale)^(−1 / shape), or exp(−y / scale) with shape 0. */
export type Pareto = { readonly shape: number; readonly scale: number };

/** Points of the grid on which roots are looked for, on each side of 0. */
const GRID = 24;

/** Smallest distance from the ends of the range, as a share of it. */
const EDGE = 1e-8;

/**
 * With x = shape / scale, a stationary point of the likelihood solves u(x) v(x) = 1, where u = 1 + mean ln(1 + xY) and
 * v = mean 1 / (1 + xY); then shape = u − 1 and scale = shape / x. The likelihood a peak is −ln scale − u.
 */
function moments(excess: Float64Array, x: number): { u: number; v: number } {
  let logs = 0;
  let inverses = 0;
  for (const y of excess) {
    const s = 1 + x * y;
    logs += Math.log(s);
    inverses += 1 / s;
  }
  return { u: 1 + logs / excess.length, v: inverses / excess.length };
}

const slopeAt = (excess: Float64Array, x: number): number => {
  const { u, v } = moments(excess, x);
  return u * v - 1;
};

/** Root between two points of different sign, by regula falsi with halving (Illinois). */
function rootBetween(f: (x: number) => number, a: number, fa: number, b: number, fb: number): number {
  let [low, high, fLow, fHigh] = [a, b, fa, fb];
  for (let i = 0; i < 100; i++) {
    const x = (low * fHigh - high * fLow) / (fHigh - fLow);
    const fx = f(x);
    if (fx === 0 || Math.abs(high - low) <= 1e-12 * Math.abs(x)) return x;
    if (fx * fHigh < 0) [low, fLow] = [high, fHigh];
    else fLow /= 2;
    [high, fHigh] = [x, fx];
  }
  return high;
}

type Fit = Pareto & { readonly x: number; readonly likelihood: number };

function fitAt(excess: Float64Array, x: number): Fit {
  const { u } = moments(excess, x);
  const shape = u - 1;
  const scale = shape / x;
  return { x, shape, scale, likelihood: -Math.log(scale) - u };
}

const exponential = (average: number): Fit => ({ x: 0, shape: 0, scale: average, likelihood: -Math.log(average) - 1 });

/** Roots near a known one: the law of a stream moves little from peak to peak. */
function nearRoot(excess: Float64Array, lowest: number, near: number): Fit | null {
  if (near === 0) return null;
  const a = Math.max(near - Math.abs(near) / 4, lowest * (1 - EDGE));
  const b = near + Math.abs(near) / 4;
  const f = (x: number): number => slopeAt(excess, x);
  const [fa, fb] = [f(a), f(b)];
  return fa * fb < 0 ? fitAt(excess, rootBetween(f, a, fa, b, fb)) : null;
}

/** Every root on a grid that is dense towards 0 and towards both ends. */
function allRoots(excess: Float64Array, lowest: number, highest: number): Fit[] {
  const f = (x: number): number => slopeAt(excess, x);
  const share = (n: number): number => Math.min(1 - EDGE, Math.max(EDGE, (1 - Math.cos((Math.PI * n) / GRID)) / 2));
  const fits: Fit[] = [];
  for (const end of [lowest, highest]) {
    let [before, fBefore] = [0, 0];
    for (let n = 0; n <= GRID; n++) {
      const x = end * share(n);
      const fx = f(x);
      if (n > 0 && fx * fBefore < 0) fits.push(fitAt(excess, rootBetween(f, before, fBefore, x, fx)));
      [before, fBefore] = [x, fx];
    }
  }
  return fits;
}

/**
 * Law of positive excesses, the likeliest of all stationary points and the exponential law. `near` is an earlier law of
 * nearly the same excesses, which saves the search. null for fewer than two excesses.
 */
export function fitPareto(excess: Float64Array, near: Pareto | null = null): Pareto | null {
  if (excess.length < 2) return null;
  let least = Infinity;
  let most = 0;
  for (const y of excess) {
    least = Math.min(least, y);
    most = Math.max(most, y);
  }
  const average = mean(excess);
  if (!(least > 0) || !(most < Infinity)) return null;
  const flat = exponential(average);
  if (least === most) return { shape: 0, scale: average };
  const lowest = -1 / most;
  const warm = near === null ? null : nearRoot(excess, lowest, near.shape / near.scale);
  // Grimshaw's bound: no root lies above it.
  const highest = (2 * (average - least)) / (least * least);
  const fits = warm ? [warm] : allRoots(excess, lowest, Math.min(highest, 1e6 / average));
  const best = fits.reduce((a, b) => (b.likelihood > a.likelihood ? b : a), flat);
  return { shape: best.shape, scale: best.scale };
}

/**
 * Excess that is passed with probability `tail` among all excesses, 0 < tail; negative for tail > 1 (that often the
 * threshold itself is passed).
 */
export const paretoExcess = ({ shape, scale }: Pareto, tail: number): number =>
  shape === 0 ? -scale * Math.log(tail) : (scale / shape) * Math.expm1(-shape * Math.log(tail));
