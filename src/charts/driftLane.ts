/**
 * Strength of drift over time, of what was measured and of the residuals, with the regimes that were proposed as bands:
 * hatched where they are a proposal, a double rule where they were confirmed as normal. Pure.
 */
import type { Span } from '../engine/types.ts';
import type { ChartTable } from './chartParts.ts';
import type { ChartClock } from './clock.ts';
import { xOf } from './columns.ts';
import { num } from './format.ts';
import type { Frame, LaneReading, Surface } from './laneCanvas.ts';
import { scaleOf } from './marks.ts';
import type { Scale } from './marks.ts';
import { drawDashed, drawHatch, writeOver } from './pen.ts';
import { chartWords } from './words.ts';

/** Strength of the windows that end at these steps, which go forward by `hop`. */
export type DriftPoints = {
  readonly end_N: Int32Array;
  readonly strength_N: Float32Array;
  readonly hop: number;
};

/** A stretch over which the machine is another; `title` says what changed. */
export type RegimeMark = { readonly span: Span; readonly title: string; readonly confirmed: boolean };

export type DriftLane = {
  readonly kind: 'drift';
  readonly measured: DriftPoints;
  readonly residuals: DriftPoints;
  /** Strength from which a change counts; 1 is the farthest that training strayed. */
  readonly limit: number;
  readonly regimes: readonly RegimeMark[];
};

/** Ends of the axis, which is logarithmic: below the least nothing matters. */
const LO = 0.3;
const LEAST_HI = 4;
const PAD = 3;
const NAME_PX = 46;

/** Number of the first window that ends after `step`. */
function windowAfter({ end_N }: DriftPoints, step: number): number {
  let [low, high] = [0, end_N.length];
  while (low < high) {
    const mid = (low + high) >> 1;
    if (end_N[mid]! <= step) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** Strength known at a step: of the newest window that has ended by then; NaN before the first and after the last. */
export function strengthAt(points: DriftPoints, step: number): number {
  const n = windowAfter(points, step + 1) - 1;
  if (n < 0 || step >= points.end_N[n]! - 1 + points.hop) return NaN;
  return points.strength_N[n]!;
}

const regimeAt = ({ regimes }: DriftLane, step: number): RegimeMark | undefined =>
  regimes.findLast(({ span }) => step >= span.start && step < span.end);

/** What the header says at a step. */
export function driftText(lane: DriftLane, step: number): string {
  const strength = strengthAt(lane.measured, step);
  return Number.isNaN(strength) ? '' : num(strength, 2);
}

/** The lane at a step in words. */
export function driftSentence(label: string, lane: DriftLane, step: number): string {
  const text = driftText(lane, step);
  const regime = regimeAt(lane, Math.floor(step));
  return [text === '' ? '' : `${label} ${text}`, regime?.title ?? ''].filter((part) => part !== '').join(', ');
}

function topOf({ measured, residuals, limit }: DriftLane): number {
  let most = Math.max(LEAST_HI, 1.5 * limit);
  for (const { strength_N } of [measured, residuals]) for (const one of strength_N) if (one > most) most = one;
  return most * 1.2;
}

/** Steps of the line that are in view, each a level that holds until the next window ends. */
function drawStrength(
  { pen }: Surface,
  points: DriftPoints,
  y: Scale,
  { view, width }: Frame,
  look: { readonly colour: string; readonly px: number; readonly dash: readonly number[] },
): void {
  const { end_N, strength_N, hop } = points;
  pen.strokeStyle = look.colour;
  pen.lineWidth = look.px;
  pen.setLineDash([...look.dash]);
  pen.beginPath();
  let isDown = false;
  for (let n = Math.max(0, windowAfter(points, view.from) - 1); n < end_N.length; n += 1) {
    const at = end_N[n]! - 1;
    if (at >= view.to) break;
    const level = y(Math.max(LO, strength_N[n]!));
    if (isDown) pen.lineTo(xOf(view, width, at), level);
    else pen.moveTo(xOf(view, width, at), level);
    pen.lineTo(xOf(view, width, at + hop), level);
    isDown = true;
  }
  pen.stroke();
  pen.setLineDash([]);
}

function drawRegime({ pen }: Surface, { span, confirmed }: RegimeMark, height: number, frame: Frame): void {
  const { view, width, theme } = frame;
  const left = Math.max(-2, xOf(view, width, span.start));
  const wide = Math.max(2, Math.min(width + 2, xOf(view, width, span.end)) - left);
  if (confirmed) {
    pen.fillStyle = theme.colour['normal-band'];
    pen.fillRect(left, 0, wide, height);
    pen.fillStyle = theme.colour.normal;
    pen.fillRect(left, 0, wide, 1);
    pen.fillRect(left, 2, wide, 1);
  } else drawHatch(pen, left, 0, wide, height, theme.colour['unsure-band']);
  pen.fillStyle = confirmed ? theme.colour.normal : theme.colour.unsure;
  pen.fillRect(left, 0, 1.5, height);
}

/** Names stand at the left of what is in view of their regime, clear of the names before them. */
function nameRegimes({ pen }: Surface, lane: DriftLane, height: number, { view, width, theme }: Frame): void {
  let free = 0;
  for (const { span, title } of lane.regimes) {
    const left = Math.max(free, xOf(view, width, span.start) + 6, 6);
    const right = Math.min(width, xOf(view, width, span.end));
    if (right - left < NAME_PX) continue;
    const fits = pen.measureText(title).width + 8 < right - left;
    const text = fits ? title : '…';
    writeOver(pen, text, left + 4, height - 11, theme.colour['ink-2'], theme.colour.plot);
    free = left + pen.measureText(text).width + 12;
  }
}

/** Draws the lane over its ground. */
export function drawDrift(surface: Surface, lane: DriftLane, height: number, frame: Frame): LaneReading {
  const { pen } = surface;
  const { width, theme } = frame;
  surface.put();
  const hi = topOf(lane);
  const y = scaleOf(LO, hi, height - PAD, PAD, true);
  const inView = lane.regimes.filter(({ span }) => span.end > frame.view.from && span.start < frame.view.to);
  for (const regime of inView) drawRegime(surface, regime, height, frame);
  drawDashed(pen, y(lane.limit), width, theme.colour['ink-4'], [2, 4]);
  drawStrength(surface, lane.residuals, y, frame, { colour: theme.colour['ink-3'], px: 1, dash: [3, 2] });
  drawStrength(surface, lane.measured, y, frame, { colour: theme.colour.observed, px: 1.3, dash: [] });
  nameRegimes(surface, { ...lane, regimes: inView }, height, frame);
  return { lo: LO, hi, exact: true };
}

/** Rows of the table: more would be no easier to read. */
const ROWS = 60;

/** The lane in numbers: strength at even distances, with the regime that holds there. */
export function driftTable(lane: DriftLane, clock: ChartClock): ChartTable {
  const { end_N } = lane.measured;
  const stride = Math.max(1, Math.ceil(end_N.length / ROWS));
  const rows: string[][] = [];
  for (let n = 0; n < end_N.length; n += stride) {
    const step = end_N[n]! - 1;
    rows.push([
      clock.text(step),
      num(lane.measured.strength_N[n]!, 3),
      num(lane.residuals.strength_N[n] ?? NaN, 3),
      regimeAt(lane, step)?.title ?? '',
    ]);
  }
  return {
    caption: chartWords.driftCaption(num(lane.limit)),
    columns: chartWords.driftColumns,
    rows,
  };
}
