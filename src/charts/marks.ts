/** The marks that lanes are made of, from columns into a raster. Each function draws one mark; y is in CSS pixels. */
import type { Rgba } from './colour.ts';
import type { Columns } from './columns.ts';
import { fillBox, fillSpans } from './raster.ts';
import type { Raster } from './raster.ts';

/** Value to pixel, top is small. */
export type Scale = (value: number) => number;

/** Linear or logarithmic scale of [lo, hi] on the pixels [bottom, top]. On a log scale values under `lo` lie at the bottom. */
export function scaleOf(lo: number, hi: number, bottom: number, top: number, isLog = false): Scale {
  if (isLog && lo > 0 && hi > lo) {
    const logLo = Math.log(lo);
    const perLog = (bottom - top) / (Math.log(hi) - logLo);
    return (value) => bottom - (value > lo ? Math.log(value) - logLo : 0) * perLog;
  }
  const middle = (bottom + top) / 2;
  if (!(hi > lo)) return (value) => (value > hi ? top : value < lo ? bottom : middle);
  const perUnit = (bottom - top) / (hi - lo);
  return (value) => bottom - (value - lo) * perUnit;
}

/** Value under a pixel: the inverse of scaleOf. */
export function valueAt(lo: number, hi: number, bottom: number, top: number, isLog: boolean, y: number): number {
  const part = (bottom - y) / (bottom - top);
  return isLog && lo > 0 && hi > lo ? lo * (hi / lo) ** part : lo + part * (hi - lo);
}

const has = (columns: Columns, i: number): boolean => i >= 0 && i < columns.count && !Number.isNaN(columns.lo[i]!);

/** One number a device column, NaN where nothing is drawn. */
const emptyRow = (raster: Raster): Float32Array => new Float32Array(raster.width).fill(NaN);

/** Widens the span of one device column so that it holds y. */
function hold(top: Float32Array, bottom: Float32Array, x: number, y: number): void {
  if (!(y >= top[x]!)) top[x] = y;
  if (!(y <= bottom[x]!)) bottom[x] = y;
}

/** Adds a straight piece of line, in device x and CSS y, to the spans of the columns that it crosses. */
function holdPiece(top: Float32Array, bottom: Float32Array, x0: number, y0: number, x1: number, y1: number): void {
  const slope = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0;
  const last = Math.min(top.length - 1, Math.ceil(x1) - 1);
  for (let x = Math.max(0, Math.floor(x0)); x <= last; x += 1) {
    hold(top, bottom, x, y0 + (Math.max(x, x0) - x0) * slope);
    hold(top, bottom, x, y0 + (Math.min(x + 1, x1) - x0) * slope);
  }
}

function fatten(top: Float32Array, bottom: Float32Array, width: number): void {
  for (let x = 0; x < top.length; x += 1) {
    top[x]! -= width / 2;
    bottom[x]! += width / 2;
  }
}

/**
 * A line: through the middles of the steps, or, where several steps share a pixel column, the column from its smallest
 * to its largest value. Neighbouring columns meet half-way; an empty one between them stays empty.
 */
export function drawLine(raster: Raster, columns: Columns, y: Scale, colour: Rgba, width: number): void {
  const top = emptyRow(raster);
  const bottom = emptyRow(raster);
  if (columns.perStep) spanSteps(raster, columns, y, top, bottom);
  else spanColumns(raster, columns, y, top, bottom);
  fatten(top, bottom, width);
  fillSpans(raster, top, bottom, colour);
  if (columns.perStep) drawDots(raster, columns, y, colour, width);
}

function spanColumns(raster: Raster, columns: Columns, y: Scale, top: Float32Array, bottom: Float32Array): void {
  const { count, edge, lo, hi } = columns;
  for (let i = 0; i < count; i += 1) {
    if (Number.isNaN(lo[i]!)) continue;
    let low = lo[i]!;
    let high = hi[i]!;
    for (let j = i - 1; j <= i + 1; j += 2) {
      if (!has(columns, j)) continue;
      if (hi[j]! < lo[i]!) low = Math.min(low, (lo[i]! + hi[j]!) / 2);
      if (lo[j]! > hi[i]!) high = Math.max(high, (hi[i]! + lo[j]!) / 2);
    }
    const end = Math.round(edge[i + 1]! * raster.ratio);
    for (let x = Math.round(edge[i]! * raster.ratio); x < end; x += 1) {
      top[x] = y(high);
      bottom[x] = y(low);
    }
  }
}

function spanSteps(raster: Raster, columns: Columns, y: Scale, top: Float32Array, bottom: Float32Array): void {
  const { count, edge, lo } = columns;
  const middle = (i: number): number => ((edge[i]! + edge[i + 1]!) / 2) * raster.ratio;
  for (let i = 1; i < count; i += 1) {
    if (has(columns, i) && has(columns, i - 1)) {
      holdPiece(top, bottom, middle(i - 1), y(lo[i - 1]!), middle(i), y(lo[i]!));
    }
  }
}

/** Steps wider apart than this get a dot each. */
const DOT_GAP_PX = 10;

/** A step without neighbours is a dot, or nobody would see it; so is every step when they lie far apart. */
function drawDots(raster: Raster, columns: Columns, y: Scale, colour: Rgba, width: number): void {
  const { count, edge, lo } = columns;
  const isFar = count > 0 && edge[1]! - edge[0]! >= DOT_GAP_PX;
  const size = width + 1.6;
  for (let i = 0; i < count; i += 1) {
    if (!has(columns, i) || (!isFar && (has(columns, i - 1) || has(columns, i + 1)))) continue;
    const x = (edge[i]! + edge[i + 1]!) / 2;
    fillBox(raster, x - size / 2, y(lo[i]!) - size / 2, size, size, colour);
  }
}

/** A known value per step: flat over each step, upright between. */
export function drawSteps(raster: Raster, columns: Columns, y: Scale, colour: Rgba, width: number): void {
  if (!columns.perStep) {
    drawLine(raster, columns, y, colour, width);
    return;
  }
  const top = emptyRow(raster);
  const bottom = emptyRow(raster);
  for (let i = 0; i < columns.count; i += 1) {
    if (!has(columns, i)) continue;
    const left = columns.edge[i]! * raster.ratio;
    const right = columns.edge[i + 1]! * raster.ratio;
    const at = y(columns.lo[i]!);
    holdPiece(top, bottom, left, at, right, at);
    const x = Math.floor(left);
    if (has(columns, i - 1) && x >= 0 && x < top.length) hold(top, bottom, x, y(columns.lo[i - 1]!));
  }
  fatten(top, bottom, width);
  fillSpans(raster, top, bottom, colour);
}

/** The height of a series at each device column: straight between the middles of steps, or that of the column. */
function heightsOf(raster: Raster, columns: Columns, heightAt: (i: number) => number): Float32Array {
  const row = emptyRow(raster);
  const { count, edge, perStep } = columns;
  for (let i = 0; i < count; i += 1) {
    if (!has(columns, i)) continue;
    const left = edge[i]! * raster.ratio;
    const right = edge[i + 1]! * raster.ratio;
    const here = heightAt(i);
    const before = perStep && has(columns, i - 1) ? heightAt(i - 1) : here;
    const after = perStep && has(columns, i + 1) ? heightAt(i + 1) : here;
    const end = Math.min(row.length, Math.round(right));
    for (let x = Math.max(0, Math.round(left)); x < end; x += 1) {
      const off = (x + 0.5 - left) / (right - left) - 0.5;
      row[x] = off < 0 ? here + (here - before) * off : here + (after - here) * off;
    }
  }
  return row;
}

/** Half-width of a band at an entry of the columns. */
export type HalfWidth = (entry: number) => number;

/** The area from `lo − halfWidth` to `hi + halfWidth`, broken where nothing is there. */
export function drawBand(raster: Raster, columns: Columns, y: Scale, halfWidth: HalfWidth, colour: Rgba): void {
  const top = heightsOf(raster, columns, (i) => y(columns.hi[i]! + halfWidth(i)));
  const bottom = heightsOf(raster, columns, (i) => y(columns.lo[i]! - halfWidth(i)));
  fillSpans(raster, top, bottom, colour);
}

/** The area between a base value and the largest value of each entry; only what lies above the base is filled. */
export function drawArea(raster: Raster, columns: Columns, y: Scale, base: number, colour: Rgba): void {
  const top = heightsOf(raster, columns, (i) => y(columns.hi[i]!));
  fillSpans(raster, top, new Float32Array(raster.width).fill(y(base)), colour);
}

/**
 * Residual bars around a middle line: grey inside the band, dark outside it.
 * @param strip `full` is the residual that fills half of the strip
 */
export function drawResidual(
  raster: Raster,
  columns: Columns,
  strip: { readonly middle: number; readonly half: number; readonly full: number; readonly band: HalfWidth },
  colours: { readonly inside: Rgba; readonly outside: Rgba; readonly line: Rgba },
): void {
  const { count, edge, lo, hi } = columns;
  const perUnit = strip.half / (strip.full || 1);
  const reach = (value: number): number => Math.max(-strip.half, Math.min(strip.half, value * perUnit));
  if (count > 0) fillBox(raster, edge[0]!, strip.middle - 0.5, edge[count]! - edge[0]!, 1, colours.line);
  for (const outside of [false, true]) {
    const top = emptyRow(raster);
    const bottom = emptyRow(raster);
    for (let i = 0; i < count; i += 1) {
      if (Number.isNaN(lo[i]!) || Math.max(-lo[i]!, hi[i]!) > strip.band(i) !== outside) continue;
      const end = Math.min(top.length, Math.round(edge[i + 1]! * raster.ratio));
      for (let x = Math.max(0, Math.round(edge[i]! * raster.ratio)); x < end; x += 1) {
        top[x] = strip.middle - reach(Math.max(0, hi[i]!)) - 0.25;
        bottom[x] = strip.middle - reach(Math.min(0, lo[i]!)) + 0.25;
      }
    }
    fillSpans(raster, top, bottom, outside ? colours.outside : colours.inside);
  }
}

/** One cell of colour per entry for its largest value, merged where neighbours agree. */
export function drawStrip(
  raster: Raster,
  columns: Columns,
  ramp: Uint8ClampedArray,
  max: number,
  top: number,
  height: number,
): void {
  const { count, edge, hi } = columns;
  const shade = (i: number): number =>
    Number.isNaN(hi[i]!) ? -1 : Math.min(255, Math.max(0, Math.round((hi[i]! / (max || 1)) * 255)));
  for (let i = 0; i < count; i += 1) {
    const k = shade(i);
    const first = i;
    while (i + 1 < count && shade(i + 1) === k) i += 1;
    if (k < 0) continue;
    const colour = { r: ramp[k * 4]!, g: ramp[k * 4 + 1]!, b: ramp[k * 4 + 2]!, a: 1 };
    fillBox(raster, edge[first]!, top, edge[i + 1]! - edge[first]!, height, colour);
  }
}
