/** The marks that lanes are made of, drawn from columns. Each function draws one mark; coordinates are CSS pixels. */
import type { Columns } from './columns.ts';

/** The part of a 2D context that marks use, so that a recording double can stand in. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'clearRect'
  | 'clip'
  | 'closePath'
  | 'fill'
  | 'fillRect'
  | 'fillText'
  | 'lineTo'
  | 'measureText'
  | 'moveTo'
  | 'rect'
  | 'restore'
  | 'save'
  | 'setLineDash'
  | 'setTransform'
  | 'stroke'
  | 'strokeRect'
  | 'arc'
  | 'fillStyle'
  | 'font'
  | 'globalAlpha'
  | 'lineJoin'
  | 'lineWidth'
  | 'strokeStyle'
  | 'textAlign'
  | 'textBaseline'
>;

/** Value to pixel, top is small. */
export type Scale = (value: number) => number;

/** Points wider apart than this get a dot each. */
const DOT_GAP_PX = 10;

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

/**
 * A line: one stroke through the steps, or, where several steps share a pixel column, the column from its smallest to
 * its largest value. Neighbouring columns meet half-way; an empty one between them stays empty.
 */
export function drawLine(pen: Pen, columns: Columns, y: Scale, colour: string, width: number): void {
  if (columns.perStep) strokeSteps(pen, columns, y, colour, width);
  else fillColumns(pen, columns, y, colour, width);
}

function fillColumns(pen: Pen, columns: Columns, y: Scale, colour: string, width: number): void {
  const { count, edge, lo, hi } = columns;
  pen.fillStyle = colour;
  pen.beginPath();
  for (let i = 0; i < count; i += 1) {
    if (Number.isNaN(lo[i]!)) continue;
    let low = lo[i]!;
    let high = hi[i]!;
    for (const j of [i - 1, i + 1]) {
      if (!has(columns, j)) continue;
      if (hi[j]! < low) low = (low + hi[j]!) / 2;
      if (lo[j]! > high) high = (high + lo[j]!) / 2;
    }
    const top = y(high) - width / 2;
    pen.rect(edge[i]!, top, 1, y(low) + width / 2 - top);
  }
  pen.fill();
}

function strokeSteps(pen: Pen, columns: Columns, y: Scale, colour: string, width: number): void {
  const { count, edge, lo } = columns;
  const stepPx = count > 0 ? edge[1]! - edge[0]! : 0;
  const middle = (i: number): number => (edge[i]! + edge[i + 1]!) / 2;
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineJoin = 'round';
  pen.beginPath();
  for (let i = 0; i < count; i += 1) {
    if (!has(columns, i)) continue;
    if (has(columns, i - 1)) pen.lineTo(middle(i), y(lo[i]!));
    else pen.moveTo(middle(i), y(lo[i]!));
  }
  pen.stroke();
  pen.fillStyle = colour;
  for (let i = 0; i < count; i += 1) {
    const isAlone = has(columns, i) && !has(columns, i - 1) && !has(columns, i + 1);
    if (isAlone || (stepPx >= DOT_GAP_PX && has(columns, i))) dot(pen, middle(i), y(lo[i]!), width * 1.2);
  }
}

function dot(pen: Pen, x: number, y: number, radius: number): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

/** A known value per step: flat over each step, upright between. */
export function drawSteps(pen: Pen, columns: Columns, y: Scale, colour: string, width: number): void {
  if (!columns.perStep) {
    fillColumns(pen, columns, y, colour, width);
    return;
  }
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (let i = 0; i < columns.count; i += 1) {
    if (!has(columns, i)) continue;
    const at = y(columns.lo[i]!);
    if (has(columns, i - 1)) pen.lineTo(columns.edge[i]!, at);
    else pen.moveTo(columns.edge[i]!, at);
    pen.lineTo(columns.edge[i + 1]!, at);
  }
  pen.stroke();
}

/** Runs [first, last] of entries that have a value. */
export function presentRuns(columns: Columns): { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = [];
  for (let i = 0; i < columns.count; i += 1) {
    if (!has(columns, i)) continue;
    const first = i;
    while (has(columns, i + 1)) i += 1;
    runs.push({ first, last: i });
  }
  return runs;
}

/** The area between `lo − below` and `hi + above`, one polygon for each unbroken run. */
export function drawBand(pen: Pen, columns: Columns, y: Scale, halfWidth: number, colour: string): void {
  const { edge, lo, hi } = columns;
  const middle = (i: number): number => (edge[i]! + edge[i + 1]!) / 2;
  pen.fillStyle = colour;
  for (const { first, last } of presentRuns(columns)) {
    pen.beginPath();
    pen.moveTo(edge[first]!, y(hi[first]! + halfWidth));
    for (let i = first; i <= last; i += 1) pen.lineTo(middle(i), y(hi[i]! + halfWidth));
    pen.lineTo(edge[last + 1]!, y(hi[last]! + halfWidth));
    pen.lineTo(edge[last + 1]!, y(lo[last]! - halfWidth));
    for (let i = last; i >= first; i -= 1) pen.lineTo(middle(i), y(lo[i]! - halfWidth));
    pen.lineTo(edge[first]!, y(lo[first]! - halfWidth));
    pen.closePath();
    pen.fill();
  }
}

/** The area from a base line up to the largest value of each entry; with `over`, only what exceeds the base. */
export function drawArea(pen: Pen, columns: Columns, y: Scale, base: number, colour: string, over = false): void {
  const { count, edge, hi } = columns;
  const floor = y(base);
  pen.fillStyle = colour;
  if (columns.perStep) {
    pen.save();
    pen.beginPath();
    if (over && count > 0) {
      pen.rect(edge[0]!, 0, edge[count]! - edge[0]!, floor);
      pen.clip();
    }
    areaUnderSteps(pen, columns, y, floor);
    pen.restore();
    return;
  }
  pen.beginPath();
  for (let i = 0; i < count; i += 1) {
    if (Number.isNaN(hi[i]!) || (over && !(hi[i]! > base))) continue;
    const top = y(hi[i]!);
    pen.rect(edge[i]!, top, edge[i + 1]! - edge[i]!, floor - top);
  }
  pen.fill();
}

function areaUnderSteps(pen: Pen, columns: Columns, y: Scale, floor: number): void {
  const { edge, hi } = columns;
  const middle = (i: number): number => (edge[i]! + edge[i + 1]!) / 2;
  for (const { first, last } of presentRuns(columns)) {
    pen.beginPath();
    pen.moveTo(middle(first), floor);
    for (let i = first; i <= last; i += 1) pen.lineTo(middle(i), y(hi[i]!));
    pen.lineTo(middle(last), floor);
    pen.closePath();
    pen.fill();
  }
}

/**
 * Residual bars around a middle line: grey inside the band, dark outside it.
 * @param full residual that fills half of the strip
 */
export function drawResidual(
  pen: Pen,
  columns: Columns,
  strip: { readonly middle: number; readonly half: number; readonly full: number; readonly band: number },
  colours: { readonly inside: string; readonly outside: string; readonly line: string },
): void {
  const { count, edge, lo, hi } = columns;
  const perUnit = strip.half / (strip.full || 1);
  const reach = (value: number): number => Math.max(-strip.half, Math.min(strip.half, value * perUnit));
  for (const outside of [false, true]) {
    pen.fillStyle = outside ? colours.outside : colours.inside;
    pen.beginPath();
    for (let i = 0; i < count; i += 1) {
      if (Number.isNaN(lo[i]!) || Math.max(-lo[i]!, hi[i]!) > strip.band !== outside) continue;
      const top = strip.middle - reach(Math.max(0, hi[i]!));
      const bottom = strip.middle - reach(Math.min(0, lo[i]!));
      pen.rect(edge[i]!, top, edge[i + 1]! - edge[i]!, Math.max(0.5, bottom - top));
    }
    pen.fill();
  }
  pen.fillStyle = colours.line;
  pen.fillRect(edge[0] ?? 0, Math.round(strip.middle), (edge[count] ?? 0) - (edge[0] ?? 0), 1);
}

/** One cell of colour per entry for its largest value, merged where neighbours agree. */
export function drawStrip(
  pen: Pen,
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
    pen.fillStyle = `rgb(${ramp[k * 4]!}, ${ramp[k * 4 + 1]!}, ${ramp[k * 4 + 2]!})`;
    pen.fillRect(edge[first]!, top, edge[i + 1]! - edge[first]!, height);
  }
}

/** A level line with dashes. */
export function drawDashed(pen: Pen, y: number, width: number, colour: string, dash: readonly number[]): void {
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.setLineDash([...dash]);
  pen.beginPath();
  pen.moveTo(0, Math.round(y) + 0.5);
  pen.lineTo(width, Math.round(y) + 0.5);
  pen.stroke();
  pen.setLineDash([]);
}

/** Diagonal hatch inside a box. */
export function drawHatch(pen: Pen, x: number, y: number, width: number, height: number, colour: string): void {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let at = x - height; at < x + width; at += 4) {
    pen.moveTo(at, y + height);
    pen.lineTo(at + height, y);
  }
  pen.stroke();
  pen.restore();
}
