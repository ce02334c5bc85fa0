import { describe, expect, it, vi } from 'vitest';
import { createPyramid } from '../engine/pyramid.ts';
import type { TileRequest, TrackRef } from '../workers/protocol.ts';
import { createTileCache } from './tileCache.ts';

const T = 100_000;
const track: TrackRef = { of: 'observed', index: 0 };
const pyramid = createPyramid(Float32Array.from({ length: T }, (_, t) => t));
const answer = (requests: readonly TileRequest[]) => requests.map((r) => pyramid.tile(r.level, r.tile));

/** A cache whose frames and answers come when the test says so. */
function setUp(limitBytes?: number) {
  const frames: (() => void)[] = [];
  const asked: (readonly TileRequest[])[] = [];
  const pending: { resolve: () => void; reject: (e: Error) => void }[] = [];
  let now = 0;
  const onError = vi.fn();
  const cache = createTileCache({
    T,
    ...(limitBytes === undefined ? {} : { limitBytes }),
    schedule: (callback) => frames.push(callback),
    now: () => now,
    onError,
    fetchTiles: (requests) => {
      asked.push(requests);
      return new Promise((resolve, reject) => {
        pending.push({ resolve: () => resolve(answer(requests)), reject });
      });
    },
  });
  const frame = (): void => {
    for (const callback of frames.splice(0)) callback();
  };
  const settle = async (): Promise<void> => {
    pending.shift()!.resolve();
    await new Promise((done) => setTimeout(done));
  };
  const fail = async (): Promise<void> => {
    pending.shift()!.reject(new Error('gone'));
    await new Promise((done) => setTimeout(done));
  };
  return { cache, frame, settle, fail, asked, onError, wait: (ms: number) => (now += ms) };
}

describe('tile cache', () => {
  it('answers at once and fetches all misses of a frame in one batch', async () => {
    const { cache, frame, settle, asked } = setUp();
    const arrived = vi.fn();
    cache.onArrive(arrived);
    expect(cache.get(track, 0, 3)).toBeNull();
    expect(cache.get(track, 0, 4)).toBeNull();
    expect(asked).toEqual([]);
    frame();
    expect(asked.length).toBe(1);
    expect(asked[0].map((r) => [r.level, r.tile])).toEqual([
      [0, 3],
      [0, 4],
      [8, 0],
    ]);
    await settle();
    expect(arrived).toHaveBeenCalledTimes(1);
    expect(cache.get(track, 0, 3)).toMatchObject({ level: 0, index: 3 });
    frame();
    expect(asked.length).toBe(1);
  });

  it('shows the finest coarser tile while the exact one is on the way', async () => {
    const { cache, frame, settle } = setUp();
    cache.get(track, 5, 2);
    frame();
    await settle();
    expect(cache.get(track, 2, 17)).toMatchObject({ level: 5, index: 2 });
    expect(cache.get(track, 2, 1)).toMatchObject({ level: 8, index: 0 });
  });

  it('has one batch under way, and sends the newest wishes after it', async () => {
    const { cache, frame, settle, asked } = setUp();
    cache.get(track, 0, 0);
    frame();
    for (let i = 1; i <= 180; i += 1) cache.get(track, 0, i);
    for (let i = 0; i < 90; i += 1) cache.get(track, 1, i);
    frame();
    expect(asked.length).toBe(1);
    await settle();
    frame();
    expect(asked[1].length).toBe(256);
    expect(asked[1].at(-1)).toEqual({ track, level: 1, tile: 89 });
  });

  it('asks again after a failure, not before a pause', async () => {
    const { cache, frame, fail, asked, onError, wait } = setUp();
    cache.get(track, 0, 0);
    frame();
    await fail();
    expect(onError).toHaveBeenCalledTimes(1);
    cache.get(track, 0, 0);
    frame();
    expect(asked.length).toBe(1);
    wait(2000);
    frame();
    expect(asked.length).toBe(2);
  });

  it('stays under its limit and drops what was used longest ago', async () => {
    const { cache, frame, settle } = setUp(20_000);
    for (let i = 0; i < 12; i += 1) {
      cache.get(track, 0, i);
      frame();
      await settle();
      expect(cache.sizeBytes()).toBeLessThanOrEqual(20_000);
    }
    expect(cache.get(track, 0, 11)).toMatchObject({ level: 0, index: 11 });
    expect(cache.get(track, 0, 0)?.level ?? -1).not.toBe(0);
  });

  it('has nothing beyond the end and ignores answers after its end', async () => {
    const { cache, frame, settle, asked } = setUp();
    expect(cache.get(track, 0, 196)).toBeNull();
    frame();
    expect(asked).toEqual([]);
    cache.get(track, 0, 0);
    frame();
    cache.dispose();
    await settle();
    expect(cache.sizeBytes()).toBe(0);
  });
});
