/** What the live lanes show: the newest settled steps in rings that never grow, read as tiles. */
import { TILE } from '../../charts/tileCache.ts';
import type { FoundTile, TileSource } from '../../charts/tileCache.ts';
import type { LiveBlock, Tile, TrackRef } from '../../workers/protocol.ts';

/** Steps that can be panned back to. */
export const SHOWN = 20_000;

/** Whole tiles that are remembered; each is a few kB. */
const TILES = 1000;

export type LiveBuffer = TileSource & {
  readonly append: (blocks: readonly LiveBlock[]) => void;
  /** Oldest step that is still there. */
  readonly first: () => number;
  /** Largest and smallest positive score so far. */
  readonly scores: () => { readonly min: number; readonly max: number };
};

type Ring = { readonly width: number; readonly values: Float32Array };

/** For S sensors and F columns, from step `start` on. */
export function createLiveBuffer(S: number, F: number, start: number): LiveBuffer {
  const ring = (width: number): Ring => ({ width, values: new Float32Array(SHOWN * width).fill(NaN) });
  const rings = { observed: ring(F), expected: ring(S), score: ring(1) };
  const listeners = new Set<() => void>();
  const tiles = new Map<string, Tile>();
  let end = start;
  let version = 0;
  let [min, max] = [Infinity, -Infinity];

  function put({ width, values }: Ring, from: number, rows: ArrayLike<number>): void {
    const n = rows.length / width;
    for (let t = Math.max(0, n - SHOWN); t < n; t++) {
      const at = ((from + t) % SHOWN) * width;
      for (let k = 0; k < width; k++) values[at + k] = rows[t * width + k] ?? NaN;
    }
  }

  const first = (): number => Math.max(start, end - SHOWN);

  function trackOf(track: TrackRef): readonly [Ring, number] | null {
    switch (track.of) {
      case 'observed':
        return [rings.observed, track.index];
      case 'covariate':
        return [rings.observed, S + track.index];
      case 'expected':
        return [rings.expected, track.index];
      case 'score':
        return [rings.score, 0];
      case 'residual':
      case 'part':
      case 'nlp':
      case 'system':
        return null;
    }
  }

  function tileOf([{ width, values }, k]: readonly [Ring, number], level: number, index: number): Tile {
    const wide = 2 ** level;
    const count = Math.min(TILE, Math.ceil(end / wide) - index * TILE);
    const tile = {
      min: new Float32Array(count).fill(NaN),
      max: new Float32Array(count).fill(NaN),
      gap: new Uint8Array(count),
    };
    for (let b = 0; b < count; b++) {
      const from = Math.max(first(), (index * TILE + b) * wide);
      const to = Math.min(end, (index * TILE + b + 1) * wide);
      let [lo, hi] = [Infinity, -Infinity];
      for (let t = from; t < to; t++) {
        const value = values[(t % SHOWN) * width + k] ?? NaN;
        if (value < lo) lo = value;
        if (value > hi) hi = value;
        if (Number.isNaN(value)) tile.gap[b] = 1;
      }
      if (lo <= hi) [tile.min[b], tile.max[b]] = [lo, hi];
    }
    return tile;
  }

  return {
    get T() {
      return end;
    },
    get(track, level, index): FoundTile | null {
      const ref = trackOf(track);
      const wide = TILE * 2 ** level;
      if (ref === null || index < 0 || index * wide >= end) return null;
      // Only a tile whose steps are all there, and stay, is the same the next time.
      const isWhole = (index + 1) * wide <= end && index * wide >= first() + TILE;
      const key = `${track.of} ${ref[1]} ${level} ${index}`;
      const known = isWhole ? tiles.get(key) : undefined;
      const tile = known ?? tileOf(ref, level, index);
      if (isWhole && !known) tiles.set(key, tile);
      const oldest = tiles.size > TILES ? tiles.keys().next().value : undefined;
      if (oldest !== undefined) tiles.delete(oldest);
      return { tile, level, index };
    },
    version: () => version,
    onArrive(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    append(blocks) {
      for (const block of blocks) {
        put(rings.observed, block.start, block.x_TF);
        put(rings.expected, block.start, block.y_TS);
        put(rings.score, block.start, block.score_T);
        for (const score of block.score_T) {
          if (score > max) max = score;
          if (score > 0 && score < min) min = score;
        }
        end = block.end;
      }
      version++;
      for (const listener of listeners) listener();
    },
    first,
    scores: () => ({ min, max }),
  };
}
