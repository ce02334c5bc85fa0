/**
 * The parts that synthetic systems are put together from. Everything here is a pure function of its arguments; signals
 * are Float64Array of T steps. Randomness comes from a named stream, so that changing one part of a system leaves the
 * noise of all others as it was.
 */
import { normal, seeded } from '../rng.ts';

/** FNV-1a over UTF-16 units; spreads names over 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h | 0;
}

/** A source of uniform numbers of its own for each name, reproducible from `seed` and `name` alone. */
export const stream = (seed: number, name: string): (() => number) => seeded(hash(`${seed}:${name}`));

/** T values of `f(step)`. */
export const signal = (T: number, f: (t: number) => number): Float64Array =>
  Float64Array.from({ length: T }, (_, t) => f(t));

export const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));

/** White noise with standard deviation `sd`. */
export const white = (rng: () => number, T: number, sd: number): Float64Array => signal(T, () => sd * normal(rng));

/**
 * Stationary first-order autoregression with marginal standard deviation `sd` and a correlation that falls to 1/e
 * after `memory` steps. Starts in the stationary state.
 */
export function wander(rng: () => number, T: number, memory: number, sd: number): Float64Array {
  const phi = Math.exp(-1 / memory);
  const shock = sd * Math.sqrt(1 - phi * phi);
  let x = sd * normal(rng);
  return signal(T, () => (x = phi * x + shock * normal(rng)));
}

/** First-order lag: the exponential approach to `x_T` with time constant `steps`. Starts settled at `x_T[0]`. */
export function lag(x_T: Float64Array, steps: number): Float64Array {
  const keep = Math.exp(-1 / steps);
  let y = x_T[0];
  return x_T.map((x) => (y = keep * y + (1 - keep) * x));
}

/** `x_T` as it was `steps` ago; the first value is held before that. */
export const delay = (x_T: Float64Array, steps: number): Float64Array =>
  signal(x_T.length, (t) => x_T[Math.max(0, t - steps)]);

/**
 * A daily profile through (hour, level) knots, periodic over 24 h and smooth: cosine steps between neighbouring knots.
 * Knots must be in rising order of hour within [0, 24).
 */
export function dailyProfile(knots: readonly (readonly [hour: number, level: number])[]): (hour: number) => number {
  return (hour) => {
    const h = ((hour % 24) + 24) % 24;
    const after = knots.findIndex((knot) => knot[0] > h);
    const next = after === -1 ? knots.length : after;
    const [h0, v0] = next === 0 ? [knots[knots.length - 1][0] - 24, knots[knots.length - 1][1]] : knots[next - 1];
    const [h1, v1] = next === knots.length ? [knots[0][0] + 24, knots[0][1]] : knots[next];
    const share = (1 - Math.cos((Math.PI * (h - h0)) / (h1 - h0))) / 2;
    return v0 + (v1 - v0) * share;
  };
}

/**
 * Short demands that come at random: on average `perStep` a step, each of exponential size (mean `size`) that rises at
 * once and fades with time constant `fade` steps.
 */
export function bursts(rng: () => number, T: number, perStep: number, size: number, fade: number): Float64Array {
  const keep = Math.exp(-1 / fade);
  let x = 0;
  return signal(T, () => {
    x *= keep;
    if (rng() < perStep) x -= size * Math.log(1 - rng());
    return x;
  });
}

/** A count a step with mean `mean` (Poisson by inversion below 30, rounded normal above). */
export function count(rng: () => number, mean: number): number {
  if (mean <= 0) return 0;
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(rng)));
  let n = 0;
  for (let p = rng(); p > Math.exp(-mean); p *= rng()) n++;
  return n;
}

/** Ramp from 0 at `start` to 1 at `end`, both clamped. */
export const ramp = (t: number, start: number, end: number): number => clamp((t - start) / (end - start), 0, 1);

/** Nearest multiple of 10^-decimals, as a number that prints with at most that many decimals. */
export const quantise = (x: number, decimals: number): number => {
  const scale = 10 ** decimals;
  return Math.round(x * scale) / scale + 0;
};
