/**
 * The page's store of tiles. `get` answers at once with what is here and never waits; what is missing is fetched in
 * one batch a frame, and `onArrive` asks for another drawing.
 */
import { TILE, topLevelFor } from '../engine/pyramid.ts';
import type { Tile, TileRequest, TrackRef } from '../workers/protocol.ts';

export { TILE };

/** A tile and where the asked bucket range lies in it: `level` may be coarser than asked. */
export type FoundTile = { readonly tile: Tile; readonly level: number; readonly index: number };

export type TileSource = {
  /** Steps of the series. */
  readonly T: number;
  /** The tile, or the finest coarser stand-in that covers it, or null; schedules the fetch of what is missing. */
  readonly get: (track: TrackRef, level: number, index: number) => FoundTile | null;
  /** Counts up with every arrival, so that a drawing knows whether it is stale. */
  readonly version: () => number;
  /** Calls back when tiles have arrived. Returns how to stop. */
  readonly onArrive: (listener: () => void) => () => void;
};

export type TileCache = TileSource & {
  readonly sizeBytes: () => number;
  /** Forgets everything and ignores what is under way. */
  readonly dispose: () => void;
};

export type TileCacheOptions = {
  readonly T: number;
  /** Answers in the order of the requests. A rejection is reported once to `onError`; the tiles are asked for again. */
  readonly fetchTiles: (requests: readonly TileRequest[]) => Promise<readonly Tile[]>;
  readonly onError?: (error: unknown) => void;
  readonly limitBytes?: number;
  /** Runs the callback before the next frame; requestAnimationFrame unless told. */
  readonly schedule?: (callback: () => void) => void;
  /** Milliseconds now, for the pause after a failed fetch. */
  readonly now?: () => number;
};

const LIMIT_BYTES = 96e6;
/** Requests of one batch; the newest go first, since the view has moved on from the older ones. */
const BATCH = 256;
const RETRY_MS = 1500;

type Entry = { readonly tile: Tile; readonly bytes: number };

export function trackKey(track: TrackRef): string {
  switch (track.of) {
    case 'observed':
    case 'covariate':
    case 'expected':
    case 'residual':
    case 'nlp':
      return `${track.of}/${track.index}`;
    case 'system':
    case 'part':
      return `${track.of}/${track.name}`;
    case 'score':
      return track.of;
  }
}

const tileKey = (track: string, level: number, index: number): string => `${track}:${level}:${index}`;

/** Makes a cache over an asynchronous source of tiles. One cache belongs to one data set and one run. */
export function createTileCache(options: TileCacheOptions): TileCache {
  const limit = options.limitBytes ?? LIMIT_BYTES;
  const schedule = options.schedule ?? ((callback: () => void) => void requestAnimationFrame(callback));
  const now = options.now ?? (() => performance.now());
  const top = topLevelFor(options.T);
  /** Least recently used first. */
  const entries = new Map<string, Entry>();
  let wanted = new Map<string, TileRequest>();
  const underWay = new Set<string>();
  const listeners = new Set<() => void>();
  let bytes = 0;
  let version = 0;
  let isScheduled = false;
  let isDisposed = false;
  let pausedUntil = 0;

  function touch(key: string): Tile | null {
    const entry = entries.get(key);
    if (!entry) return null;
    entries.delete(key);
    entries.set(key, entry);
    return entry.tile;
  }

  function want(track: TrackRef, key: string, level: number, index: number): void {
    if (underWay.has(key) || isDisposed) return;
    wanted.delete(key);
    wanted.set(key, { track, level, tile: index });
    arm();
  }

  function arm(): void {
    if (isScheduled || underWay.size > 0 || wanted.size === 0 || isDisposed) return;
    isScheduled = true;
    schedule(flush);
  }

  function flush(): void {
    isScheduled = false;
    if (isDisposed || underWay.size > 0 || wanted.size === 0) return;
    if (now() < pausedUntil) {
      arm();
      return;
    }
    const batch = [...wanted].slice(-BATCH);
    wanted = new Map();
    for (const [key] of batch) underWay.add(key);
    options.fetchTiles(batch.map(([, request]) => request)).then(
      (tiles) => arrive(batch, tiles),
      (error: unknown) => fail(error),
    );
  }

  function arrive(batch: readonly (readonly [string, TileRequest])[], tiles: readonly Tile[]): void {
    if (isDisposed) return;
    underWay.clear();
    batch.forEach(([key], i) => {
      const tile = tiles[i];
      if (tile) keep(key, tile);
    });
    while (bytes > limit && entries.size > 1) {
      const [oldest, entry] = entries.entries().next().value!;
      entries.delete(oldest);
      bytes -= entry.bytes;
    }
    version += 1;
    for (const listener of listeners) listener();
    arm();
  }

  function keep(key: string, tile: Tile): void {
    const size = tile.min.byteLength + tile.max.byteLength + tile.gap.byteLength + 2 * key.length;
    bytes += size - (entries.get(key)?.bytes ?? 0);
    entries.delete(key);
    entries.set(key, { tile, bytes: size });
  }

  function fail(error: unknown): void {
    if (isDisposed) return;
    underWay.clear();
    pausedUntil = now() + RETRY_MS;
    options.onError?.(error);
    arm();
  }

  function get(track: TrackRef, level: number, index: number): FoundTile | null {
    const name = trackKey(track);
    const capped = Math.min(level, top);
    const cappedIndex = Math.floor(index / 2 ** (level - capped));
    if (cappedIndex < 0 || cappedIndex * TILE * 2 ** capped >= options.T) return null;
    const key = tileKey(name, capped, cappedIndex);
    const tile = touch(key);
    if (tile) return { tile, level: capped, index: cappedIndex };
    let standIn: FoundTile | null = null;
    for (let up = 1; capped + up <= top && !standIn; up += 1) {
      const above = Math.floor(cappedIndex / 2 ** up);
      const found = touch(tileKey(name, capped + up, above));
      if (found) standIn = { tile: found, level: capped + up, index: above };
    }
    want(track, key, capped, cappedIndex);
    if (!standIn && capped < top) want(track, tileKey(name, top, 0), top, 0);
    return standIn;
  }

  return {
    T: options.T,
    get,
    version: () => version,
    onArrive(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    sizeBytes: () => bytes,
    dispose() {
      isDisposed = true;
      entries.clear();
      wanted.clear();
      listeners.clear();
      bytes = 0;
    },
  };
}
