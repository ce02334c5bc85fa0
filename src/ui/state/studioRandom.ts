/** Latent numbers at random: the same number of a draw gives the same ones. */

/** mulberry32: a small generator with 32 bits of state, uniform in [0, 1). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` standard normal numbers (Box and Muller). */
export function normals(count: number, seed: number): Float32Array {
  const next = uniform(seed);
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  );
}

/** A whole number in [0, below). */
export const wholeBelow = (below: number, seed: number): number => Math.floor(uniform(seed)() * below);
