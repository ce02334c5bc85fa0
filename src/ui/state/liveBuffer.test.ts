import { describe, expect, it } from 'vitest';
import { TILE } from '../../charts/tileCache.ts';
import type { LiveBlock } from '../../workers/protocol.ts';
import { createLiveBuffer, SHOWN } from './liveBuffer.ts';

const [S, F] = [2, 3];

/** Steps [start, end): column f of step t is 1000 f + t, expected ones half of it, the score t. */
function block(start: number, end: number): LiveBlock {
  const n = end - start;
  const rows = (width: number, of: (t: number, k: number) => number) =>
    Float32Array.from({ length: n * width }, (_, i) => of(start + Math.floor(i / width), i % width));
  return {
    ...{ start, end },
    x_TF: rows(F, (t, f) => 1000 * f + t),
    y_TS: rows(S, (t, s) => (1000 * s + t) / 2),
    score_T: Float64Array.from({ length: n }, (_, i) => start + i),
    logP_T: new Float64Array(n),
  };
}

const filled = (start: number, end: number, size = 700) => {
  const buffer = createLiveBuffer(S, F, start);
  for (let at = start; at < end; at += size) buffer.append([block(at, Math.min(end, at + size))]);
  return buffer;
};

const score = { of: 'score' } as const;

describe('the rings of live lanes', () => {
  it('give what came, of every track, and nothing of tracks that a stream has not', () => {
    const buffer = filled(100, 300);
    expect(buffer.T).toBe(300);
    expect(buffer.first()).toBe(100);
    const at = (track: Parameters<typeof buffer.get>[0], t: number) => buffer.get(track, 0, 0)?.tile.min[t];
    expect(at({ of: 'observed', index: 1 }, 150)).toBe(1150);
    expect(at({ of: 'covariate', index: 0 }, 150)).toBe(2150);
    expect(at({ of: 'expected', index: 1 }, 150)).toBe(575);
    expect(at(score, 299)).toBe(299);
    expect(at(score, 99)).toBeNaN();
    expect(buffer.get({ of: 'residual', index: 0 }, 0, 0)).toBeNull();
    expect(buffer.get(score, 0, 1)).toBeNull();
    expect(buffer.get(score, 0, -1)).toBeNull();
  });

  it('give least and largest of wider buckets and say where a value is missing', () => {
    const buffer = createLiveBuffer(S, F, 0);
    const one = block(0, 16);
    one.x_TF[5 * F] = NaN;
    buffer.append([one]);
    const found = buffer.get({ of: 'observed', index: 0 }, 2, 0)!.tile;
    expect([...found.min]).toEqual([0, 4, 8, 12]);
    expect([...found.max]).toEqual([3, 7, 11, 15]);
    expect([...found.gap]).toEqual([0, 1, 0, 0]);
  });

  it('forget the oldest and keep their size: a second turn of the ring is not mixed with the first', () => {
    const end = 2 * SHOWN + 345;
    const buffer = filled(0, end);
    expect(buffer.first()).toBe(end - SHOWN);
    const index = Math.floor(buffer.first() / TILE);
    const edge = buffer.get(score, 0, index)!.tile;
    const inside = buffer.first() - index * TILE;
    expect(edge.min[inside - 1]).toBeNaN();
    expect(edge.min[inside]).toBe(buffer.first());
    const newest = buffer.get(score, 0, Math.floor((end - 1) / TILE))!.tile;
    expect(newest.max.at(-1)).toBe(end - 1);
    // Of a block that is longer than the ring, its end is there.
    const long = createLiveBuffer(S, F, 0);
    long.append([block(0, SHOWN + 50)]);
    expect(long.first()).toBe(50);
    expect(long.get(score, 0, 1)!.tile.min[0]).toBe(TILE);
  });

  it('give the same tile again where its steps stay, and a new one at the growing end', () => {
    const buffer = filled(0, 4 * TILE);
    const whole = buffer.get(score, 0, 2)!.tile;
    const growing = buffer.get(score, 3, 0)!.tile;
    buffer.append([block(4 * TILE, 4 * TILE + 8)]);
    expect(buffer.get(score, 0, 2)!.tile).toBe(whole);
    expect(buffer.get(score, 3, 0)!.tile).not.toBe(growing);
    expect(buffer.get(score, 3, 0)!.tile.max.length).toBe(growing.max.length + 1);
  });

  it('tell listeners, count versions, and know the ends of the scores above 0', () => {
    const buffer = createLiveBuffer(S, F, 0);
    let heard = 0;
    const stop = buffer.onArrive(() => {
      heard++;
    });
    expect(buffer.scores()).toEqual({ min: Infinity, max: -Infinity });
    buffer.append([block(0, 5), block(5, 9)]);
    expect(buffer.scores()).toEqual({ min: 1, max: 8 });
    expect([heard, buffer.version()]).toEqual([1, 1]);
    stop();
    buffer.append([block(9, 10)]);
    expect([heard, buffer.version()]).toEqual([1, 2]);
  });
});
