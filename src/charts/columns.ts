/**
 * From tiles to what one row of pixels shows: per pixel column the smallest and largest value and whether a step is
 * missing; or, when steps are wider than a pixel, one entry per step.
 */
import { TILE, levelFor } from '../engine/pyramid.ts';
import type { TrackRef } from '../workers/protocol.ts';
import type { View } from './clock.ts';
import type { TileSource } from './tileCache.ts';

/**
 * `count` entries from left to right. Entry i lies between the pixels `edge[i]` and `edge[i + 1]`. NaN in `lo`/`hi`
 * where no step is present. `gap[i]` is 1 where a step is missing. `known[i]` is 0 where no tile has come yet.
 */
export type Columns = {
  readonly count: number;
  readonly edge: Float64Array;
  readonly lo: Float32Array;
  readonly hi: Float32Array;
  readonly gap: Uint8Array;
  readonly known: Uint8Array;
  /** True when every entry is one step. */
  readonly perStep: boolean;
  /** False while a coarser stand-in or nothing is shown somewhere. */
  readonly exact: boolean;
};

/** Where a step lies on a plot of `width` pixels. */
export function xOf(view: View, width: number, step: number): number {
  return ((step - view.from) / (view.to - view.from)) * width;
}

/** The step (fractional) under a pixel. */
export function stepAt(view: View, width: number, x: number): number {
  return view.from + (x / width) * (view.to - view.from);
}

/**
 * What a track shows in a view on `width` pixel columns. Reads tiles from the source, which fetches what is missing.
 * One extra step on both sides is included in per-step mode, so that lines run to the edge.
 */
export function columnsOf(source: TileSource, track: TrackRef, view: View, width: number): Columns {
  const stepsPerPixel = (view.to - view.from) / Math.max(1, width);
  return stepsPerPixel <= 1 ? perStep(source, track, view, width) : perPixel(source, track, view, width);
}

function perStep(source: TileSource, track: TrackRef, view: View, width: number): Columns {
  const first = Math.max(0, Math.floor(view.from) - 1);
  const last = Math.min(source.T, Math.ceil(view.to) + 1);
  const count = Math.max(0, last - first);
  const out = blank(count, true);
  for (let i = 0; i <= count; i += 1) out.edge[i] = xOf(view, width, first + i);
  let standIns = 0;
  forBuckets(source, track, 0, first, last, (b, lo, hi, gap, isExact) => {
    const i = b - first;
    out.lo[i] = lo;
    out.hi[i] = hi;
    out.gap[i] = gap;
    out.known[i] = 1;
    standIns += isExact ? 0 : 1;
  });
  return { ...out, exact: standIns === 0 && isAllKnown(out.known) };
}

/** Each bucket is at most one pixel wide and falls into the column of its middle. */
function perPixel(source: TileSource, track: TrackRef, view: View, width: number): Columns {
  const stepsPerPixel = (view.to - view.from) / width;
  const level = levelFor(stepsPerPixel);
  const size = 2 ** level;
  const buckets = Math.ceil(source.T / size);
  const perStepPx = 1 / stepsPerPixel;
  const columnOf = (b: number): number => {
    const end = b === buckets - 1 ? source.T : (b + 1) * size;
    return Math.floor(((b * size + end) / 2 - view.from) * perStepPx);
  };
  const firstColumn = Math.max(0, columnOf(0));
  const count = buckets === 0 ? 0 : Math.max(0, Math.min(width, columnOf(buckets - 1) + 1) - firstColumn);
  const out = blank(count, false);
  for (let i = 0; i <= count; i += 1) out.edge[i] = firstColumn + i;
  const from = Math.max(0, Math.floor(view.from / size));
  const to = Math.min(buckets, Math.ceil(view.to / size));
  let standIns = 0;
  forBuckets(source, track, level, from, to, (b, lo, hi, gap, isExact) => {
    const i = columnOf(b) - firstColumn;
    if (i < 0 || i >= count) return;
    if (!(lo >= out.lo[i]!) && !Number.isNaN(lo)) out.lo[i] = lo;
    if (!(hi <= out.hi[i]!) && !Number.isNaN(hi)) out.hi[i] = hi;
    out.gap[i]! |= gap;
    out.known[i] = 1;
    standIns += isExact ? 0 : 1;
  });
  return { ...out, exact: standIns === 0 && isAllKnown(out.known) };
}

type Visit = (bucket: number, lo: number, hi: number, gap: number, isExact: boolean) => void;

/** Visits the buckets [from, to) of a level, each with its own values or those of its stand-in. */
function forBuckets(source: TileSource, track: TrackRef, level: number, from: number, to: number, visit: Visit): void {
  for (let index = Math.floor(from / TILE); index * TILE < to; index += 1) {
    const found = source.get(track, level, index);
    if (!found) continue;
    const lift = 2 ** (found.level - level);
    const base = found.index * TILE;
    const { min, max, gap } = found.tile;
    const last = Math.min(to, (index + 1) * TILE);
    for (let b = Math.max(from, index * TILE); b < last; b += 1) {
      const k = (lift === 1 ? b : Math.floor(b / lift)) - base;
      if (k < min.length) visit(b, min[k]!, max[k]!, gap[k]!, lift === 1);
    }
  }
}

function blank(count: number, perStepMode: boolean): Omit<Columns, 'exact'> {
  return {
    count,
    edge: new Float64Array(count + 1),
    lo: new Float32Array(count).fill(NaN),
    hi: new Float32Array(count).fill(NaN),
    gap: new Uint8Array(count),
    known: new Uint8Array(count),
    perStep: perStepMode,
  };
}

function isAllKnown(known: Uint8Array): boolean {
  return !known.includes(0);
}

/** Smallest and largest value shown; null when nothing is. */
export function shownRange(columns: readonly Columns[]): { lo: number; hi: number } | null {
  let lo = Infinity;
  let hi = -Infinity;
  for (const { count, lo: los, hi: his } of columns) {
    for (let i = 0; i < count; i += 1) {
      if (los[i]! < lo) lo = los[i]!;
      if (his[i]! > hi) hi = his[i]!;
    }
  }
  return hi >= lo ? { lo, hi } : null;
}

/**
 * A row of entries that all have a missing step. `hole`: in some of them nothing at all is present (a real gap); if
 * not, steps are missing one by one among the others.
 */
export type GapRun = { readonly first: number; readonly last: number; readonly hole: boolean };

export function gapRuns({ count, gap, lo }: Columns): GapRun[] {
  const runs: GapRun[] = [];
  for (let i = 0; i < count; i += 1) {
    if (gap[i] !== 1) continue;
    const first = i;
    let hole = false;
    for (; i < count && gap[i] === 1; i += 1) hole ||= Number.isNaN(lo[i]!);
    runs.push({ first, last: i - 1, hole });
  }
  return runs;
}
