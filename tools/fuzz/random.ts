/** Choices of the fuzzer: the same seed, parser and number give the same input everywhere. */
import { derived, seeded } from '../../src/engine/rng.ts';

export type Random = {
  /** Whole number in [0, n). */
  readonly int: (n: number) => number;
  readonly pick: <T>(list: readonly T[]) => T;
  readonly chance: (p: number) => boolean;
};

const hashOf = (text: string): number => Array.from(text).reduce((h, char) => derived(h, char.codePointAt(0) ?? 0), 7);

/** The choices of execution `n` of the parser `name` under `seed`. */
export function randomFor(seed: number, name: string, n: number): Random {
  const next = seeded(derived(derived(seed, hashOf(name)), n));
  const int = (most: number): number => Math.floor(next() * most);
  return { int, pick: (list) => list[int(list.length)], chance: (p) => next() < p };
}
