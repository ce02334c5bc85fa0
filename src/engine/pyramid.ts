/**
 * Min/max pyramid over one track, cut into tiles: what the lanes draw from. Bucket b of level L covers the steps
 * [b·2^L, (b+1)·2^L). A bucket keeps the smallest and the largest value it saw and whether any of its steps is missing,
 * so that no spike and no gap can vanish at any zoom.
 */
import type { Column } from './types.ts';
import { EngineError } from './errors.ts';

/** Buckets of a whole tile. The last tile of a level is shorter. */
export const TILE = 512;

/** Lowest stored level (16 steps a bucket). Finer tiles are read from the track itself. */
const FIRST_STORED = 4;

/** Every second level is stored: 9 bytes · (1/16 + 1/64 + ...) = 0.75 bytes a step beside the 4 of the track. */
const STORED_EVERY = 2;

/** Largest level that still counts in exact 32-bit steps. */
const MAX_LEVEL = 30;

/** Values of a track that is no column, e.g. the largest of several sensors. `at(t)` is NaN where step t is missing. */
export type TrackValues = { readonly T: number; readonly at: (t: number) => number };

/** The wire's tile: min and max per bucket, NaN where nothing is there; `gap` is 1 where any step is missing. */
export type PyramidTile = { readonly min: Float32Array; readonly max: Float32Array; readonly gap: Uint8Array };

export type Pyramid = {
  readonly T: number;
  /** Level at which one tile covers the whole track. */
  readonly topLevel: number;
  /** Fresh arrays of min(TILE, buckets left) buckets; none beyond the end. Throws EngineError('bug') on a bad address. */
  readonly tile: (level: number, index: number) => PyramidTile;
  /** Range over all present steps; both NaN when there is none. */
  readonly range: () => { readonly min: number; readonly max: number };
};

/**
 * The coarsest level whose buckets are not wider than one pixel, so that a pixel column never shows less than it should.
 * @param stepsPerPixel steps under one pixel column, > 0
 */
export function levelFor(stepsPerPixel: number): number {
  if (!(stepsPerPixel > 1)) return 0;
  return Math.min(MAX_LEVEL, Math.floor(Math.log2(stepsPerPixel)));
}

/** Level at which one tile covers T steps. */
export function topLevelFor(T: number): number {
  let level = 0;
  while (TILE * 2 ** level < T) level += 1;
  return level;
}

/**
 * Builds nothing yet: stored levels are made when a tile above them is first asked for. The source must not change.
 */
export function createPyramid(source: Column | TrackValues): Pyramid {
  const track: TrackValues = 'at' in source && 'T' in source ? source : fromColumn(source);
  const { T } = track;
  const stored = new Map<number, PyramidTile>();

  function storedLevel(level: number): PyramidTile {
    const known = stored.get(level);
    if (known) return known;
    const buckets = Math.ceil(T / 2 ** level);
    const made =
      level === FIRST_STORED
        ? reduceTrack(track, level, 0, buckets)
        : reduceBuckets(storedLevel(level - STORED_EVERY), STORED_EVERY, 0, buckets);
    stored.set(level, made);
    return made;
  }

  function tile(level: number, index: number): PyramidTile {
    if (!isIndex(level) || level > MAX_LEVEL || !isIndex(index)) {
      throw new EngineError(
        'bug',
        'tile-address',
        `tile ${index} of level ${level} does not exist`,
        `Ask for a level from 0 to ${MAX_LEVEL} and an index from 0.`,
      );
    }
    const first = index * TILE;
    const count = Math.max(0, Math.min(TILE, Math.ceil(T / 2 ** level) - first));
    if (level < FIRST_STORED) return reduceTrack(track, level, first, count);
    const top = Math.max(FIRST_STORED, topLevelFor(T));
    const below = Math.min(level, top);
    const base = below - ((below - FIRST_STORED) % STORED_EVERY);
    return reduceBuckets(storedLevel(base), level - base, first, count);
  }

  function range(): { min: number; max: number } {
    const { min, max } = T === 0 ? emptyTile(0) : tile(topLevelFor(T), 0);
    const found = { min: Infinity, max: -Infinity };
    for (let b = 0; b < min.length; b += 1) {
      if (min[b] < found.min) found.min = min[b];
      if (max[b] > found.max) found.max = max[b];
    }
    return found.max >= found.min ? found : { min: NaN, max: NaN };
  }

  return { T, topLevel: topLevelFor(T), tile, range };
}

function fromColumn(column: Column): TrackValues {
  return { T: column.length, at: (t) => column[t] };
}

function isIndex(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

function emptyTile(count: number): PyramidTile {
  return {
    min: new Float32Array(count).fill(NaN),
    max: new Float32Array(count).fill(NaN),
    gap: new Uint8Array(count),
  };
}

/** `count` buckets of `level` from bucket `first` on, read step by step. */
function reduceTrack(track: TrackValues, level: number, first: number, count: number): PyramidTile {
  const out = emptyTile(count);
  const size = 2 ** level;
  for (let b = 0; b < count; b += 1) {
    const start = (first + b) * size;
    const end = Math.min(track.T, start + size);
    let lo = NaN;
    let hi = NaN;
    let gap = 0;
    for (let t = start; t < end; t += 1) {
      const value = track.at(t);
      if (Number.isNaN(value)) gap = 1;
      else {
        if (!(value >= lo)) lo = value;
        if (!(value <= hi)) hi = value;
      }
    }
    out.min[b] = lo;
    out.max[b] = hi;
    out.gap[b] = gap;
  }
  return out;
}

/** `count` buckets from bucket `first` on, each the union of 2^lift buckets of `base`, a whole level. */
function reduceBuckets(base: PyramidTile, lift: number, first: number, count: number): PyramidTile {
  const out = emptyTile(count);
  const size = 2 ** lift;
  for (let b = 0; b < count; b += 1) {
    const start = (first + b) * size;
    const end = Math.min(base.gap.length, start + size);
    let lo = NaN;
    let hi = NaN;
    let gap = 0;
    for (let i = start; i < end; i += 1) {
      if (!(base.min[i] >= lo) && !Number.isNaN(base.min[i])) lo = base.min[i];
      if (!(base.max[i] <= hi) && !Number.isNaN(base.max[i])) hi = base.max[i];
      gap |= base.gap[i];
    }
    out.min[b] = lo;
    out.max[b] = hi;
    out.gap[b] = gap;
  }
  return out;
}
