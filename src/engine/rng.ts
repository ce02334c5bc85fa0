import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded source of uniform numbers in [0, 1) with 32 bits each. The same seed gives the same numbers everywhere. */
export function seeded(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/** A seed for one of many purposes, `n`, of a seed: 32 bits, well mixed (the finaliser of MurmurHash3). */
export function derived(seed: number, n: number): number {
  let h = (seed ^ Math.imul(n + 1, 0x9e3779b1)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}

/** One standard normal draw (Box-Muller, one of the pair). */
export function normal(rng: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}

/** Shuffles in place (Fisher-Yates). */
export function shuffle(order: Int32Array, rng: () => number): Int32Array {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(rng() * (i + 1));
    const held = order[i];
    order[i] = order[j];
    order[j] = held;
  }
  return order;
}
