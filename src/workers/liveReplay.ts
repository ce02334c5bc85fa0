/** The judged part of a series, row by row at a set speed. */
import type { Series } from '../engine/types.ts';
import type { RowSource } from './liveSource.ts';
import { sleep } from './liveSource.ts';

/** Rows are handed on in pieces of this length of time, so that neighbours share the work around them. */
const PIECE_MS = 100;
const LARGEST = 256;
/** A pause or a slow moment is made up for by this much at most. */
const CATCH_UP_MS = 250;

/** Rows [n, F] of steps. */
export const copyRows = ({ columns }: Series, start: number, end: number): Float64Array => {
  const F = columns.length;
  return Float64Array.from({ length: (end - start) * F }, (_, i) => columns[i % F]?.[start + Math.floor(i / F)] ?? NaN);
};

export type Replay = RowSource & { setRate: (rate: number) => void };

/** `rate` in steps a second, 0 for as fast as the scoring takes them: nothing is ever dropped, a slow device is late. */
export function replay(series: Series, first: number, end: number, rate: number, now: () => number): Replay {
  let at = first;
  let perSecond = rate;
  let credit = 0;
  let last = now();

  function due(): number {
    const time = now();
    if (perSecond === 0) return LARGEST;
    credit += (Math.min(CATCH_UP_MS, time - last) * perSecond) / 1000;
    last = time;
    return Math.floor(Math.min(credit, Math.max(1, (CATCH_UP_MS * perSecond) / 1000)));
  }

  return {
    async next() {
      if (at >= end) return null;
      let ready = due();
      const enough = (): number => Math.min(end - at, Math.max(1, Math.floor((PIECE_MS * perSecond) / 1000)));
      while (ready < enough()) {
        await sleep(Math.min(PIECE_MS, Math.max(5, (1000 * (enough() - credit)) / Math.max(0.01, perSecond))));
        ready = due();
      }
      const to = Math.min(end, at + Math.min(ready, LARGEST));
      if (perSecond > 0) credit = Math.max(0, credit - (to - at));
      const rows = copyRows(series, at, to);
      at = to;
      return rows;
    },
    facts: () => ({ waiting: 0, dropped: 0, bad: 0, badReason: '', connections: 0, retryIn: null }),
    close: () => undefined,
    setRate(next) {
      perSecond = next;
      credit = 0;
      last = now();
    },
  };
}
