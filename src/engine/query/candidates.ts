/** What strategies have in common: the windows that may still be asked, ranked or put into bins. */
import { shuffle } from '../rng.ts';
import type { Pick, Pool } from './types.ts';

/** Windows that were not asked before, the strangest first; equal scores in order of time, windows without one last. */
export function ranked({ score_N, asked_N }: Pool): number[] {
  const rank = (n: number): number => (Number.isNaN(score_N[n]) ? -Infinity : score_N[n]);
  return Array.from(score_N.keys())
    .filter((n) => asked_N[n] === 0)
    .sort((a, b) => (rank(a) === rank(b) ? a - b : rank(b) - rank(a)));
}

/** `list` in `count` parts as equal as possible, in order: sizes differ by one at most. */
const equalParts = <X>(list: readonly X[], count: number): X[][] =>
  Array.from({ length: count }, (_, n) =>
    list.slice(Math.floor((n * list.length) / count), Math.floor(((n + 1) * list.length) / count)),
  );

/** At most `count` different numbers of `list`, all equally likely, in random order. */
export const drawFrom = (list: readonly number[], count: number, rng: () => number): number[] => [
  ...shuffle(Int32Array.from(list), rng).slice(0, Math.max(0, count)),
];

/** One after the other from each list: first of all, second of all, ... */
function inTurns<X>(lists: readonly (readonly X[])[]): X[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, n) => lists.flatMap((list) => list.slice(n, n + 1))).flat();
}

/** The `k` strangest windows that were not asked (S1 of the paper's algorithm 1). */
export function strangest(pool: Pool, k: number): Pick[] {
  const windows = ranked(pool);
  return windows.slice(0, k).map((window, n) => ({ window, reason: { kind: 'top', rank: n + 1, of: windows.length } }));
}

/**
 * `g` random windows of each of `G` bins with equally many windows each, of those that were not asked (S2 of algorithm
 * 1). Bin 1 holds the strangest. Windows of `without` are not drawn but keep their place in the bins. The bins take
 * turns, so that cutting the list short favours none.
 */
export function fromIntervals(
  pool: Pool,
  { g, G }: { readonly g: number; readonly G: number },
  rng: () => number,
  without: ReadonlySet<number> = new Set(),
): Pick[] {
  const { score_N } = pool;
  const bins = equalParts(ranked(pool), G).map((members, n): Pick[] => {
    if (members.length === 0) return [];
    const [high, low] = [score_N[members[0]], score_N[members[members.length - 1]]];
    const free = members.filter((window) => !without.has(window));
    return drawFrom(free, g, rng).map((window) => ({
      window,
      reason: { kind: 'interval', bin: n + 1, of: G, low, high },
    }));
  });
  return inTurns(bins);
}
