import type { AssetSummary } from '../../../workers/protocol.ts';

/** Characters of a name that lanes and tables have room for, and of one that has to be cut. */
const MOST = 22;
const CUT = { start: 5, end: 9 } as const;
/** Ends of words: what names share is taken off in whole words. */
const BREAKS = ' /\\._:|>-';

/** How many characters all names begin with (`from` 1) or end with (`from` -1), in whole words. */
function shared(names: readonly string[], from: 1 | -1): number {
  const [first = '', ...others] = names;
  const char = (name: string, n: number) => name.at(from === 1 ? n : -1 - n);
  let length = 0;
  while (length < first.length && others.every((name) => char(name, length) === char(first, length))) length++;
  while (length > 0 && !BREAKS.includes(char(first, length - 1)!)) length--;
  return length;
}

/** Both ends of a name that is too long. */
const middleOut = (name: string): string =>
  name.length <= CUT.start + CUT.end + 1
    ? name
    : `${name.slice(0, CUT.start).trimEnd()}…${name.slice(-CUT.end).trimStart()}`;

/** The names without what all of them begin and end with; as they are where one is all of it. */
function apart(names: readonly string[]): readonly string[] {
  const start = shared(names, 1);
  const rests = names.map((name) => name.slice(start));
  const end = shared(rests, -1);
  const cores = rests.map((rest) => rest.slice(0, rest.length - end));
  return names.length < 2 || cores.some((core) => core.trim() === '') ? names : cores;
}

const areDistinct = (names: readonly string[]): boolean => new Set(names).size === names.length;

/**
 * Names for narrow places, in the order of `names`: long ones lose the words that all names of their system share and then
 * their middle, so that what is left tells them apart. Names stay whole where all are short, or where it would not.
 */
export function shortNames(names: readonly string[], systems: readonly string[]): readonly string[] {
  if (names.every((name) => name.length <= MOST)) return names;
  const ofSystem = names.map((name, n) => {
    const own = names.filter((_, other) => systems[other] === systems[n]);
    return apart(own)[own.indexOf(name)]!;
  });
  const ways = [ofSystem, apart(names)].map((way) =>
    way.map((short, n) => {
      const name = names[n]!;
      const core = middleOut(short);
      if (name.length <= MOST || core.length >= name.length) return name;
      if (!name.startsWith(short)) return `…${core}`;
      return name === short ? core : `${core}…`;
    }),
  );
  return ways.find(areDistinct) ?? names;
}

const known = new WeakMap<AssetSummary, readonly string[]>();

/** Short name of each sensor of an asset. */
export function shortNamesOf(asset: AssetSummary): readonly string[] {
  const names =
    known.get(asset) ??
    shortNames(
      asset.sensors.map(({ name }) => name),
      asset.sensors.map(({ system }) => system),
    );
  known.set(asset, names);
  return names;
}
