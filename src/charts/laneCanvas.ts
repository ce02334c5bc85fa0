/** Draws one lane on its canvas. Pure: the same tiles, view and theme give the same strokes. */
import type { ChartClock, Tick, View } from './clock.ts';
import { columnsOf, gapRuns, shownRange, stepAt, xOf } from './columns.ts';
import type { Columns } from './columns.ts';
import { drawLabels } from './labelMarks.ts';
import type {
  CovariateLane,
  EventMark,
  LaneDraw,
  LaneScale,
  PartLane,
  ScoreLane,
  SignalLane,
  SystemLane,
} from './lanes.ts';
import {
  drawArea,
  drawBand,
  drawDashed,
  drawLine,
  drawResidual,
  drawSteps,
  drawStrip,
  scaleOf,
  valueAt,
} from './marks.ts';
import type { Pen, Scale } from './marks.ts';
import type { Theme } from './theme.ts';
import type { TileSource } from './tileCache.ts';

/** What all lanes of a drawing share. Pixels are CSS pixels; `pixelRatio` is the device's. */
export type Frame = {
  readonly view: View;
  readonly width: number;
  readonly pixelRatio: number;
  readonly theme: Theme;
  readonly clock: ChartClock;
  readonly ticks: readonly Tick[];
  readonly events: readonly EventMark[];
  readonly source: TileSource;
  /** Threshold of the score lane in score units, null when there is none. */
  readonly threshold: number | null;
  /** The threshold before a drag, drawn faint. */
  readonly thresholdBefore: number | null;
};

/** What a drawing found: the ends of its value axis (NaN when nothing is there) and whether every tile was there. */
export type LaneReading = { readonly lo: number; readonly hi: number; readonly exact: boolean };

const STRIP_PX = 10;
const PAD_PX = 3;
const OBSERVED_PX = 1.15;
const MODEL_PX = 1.25;
/** Narrower holes are a mark without a box. */
const BOX_PX = 6;
const NOTHING: LaneReading = { lo: NaN, hi: NaN, exact: true };

/** Clears the canvas and draws the lane, `height` pixels high. */
export function drawLane(pen: Pen, lane: LaneDraw, height: number, frame: Frame): LaneReading {
  const { pixelRatio, theme, width } = frame;
  pen.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.font = `12px ${theme.font}`;
  if (lane.kind !== 'system') drawGround(pen, height, frame);
  switch (lane.kind) {
    case 'signal':
      return drawSignal(pen, lane, height, frame);
    case 'covariate':
      return drawCovariate(pen, lane, height, frame);
    case 'system':
      return drawSystem(pen, lane, height, frame);
    case 'part':
      return drawPart(pen, lane, height, frame);
    case 'score':
      return drawScore(pen, lane, height, frame);
    case 'labels':
      drawLabels(pen, lane.labels, height, frame);
      return NOTHING;
  }
}

/** Grid lines at the ticks and the bands of the events. */
function drawGround(pen: Pen, height: number, { view, width, theme, ticks, events }: Frame): void {
  pen.fillStyle = theme.colour.grid;
  for (const { step } of ticks) pen.fillRect(Math.round(xOf(view, width, step)), 0, 1, height);
  pen.fillStyle = theme.colour['event-band'];
  pen.beginPath();
  for (const { span } of eventsInView(events, view)) {
    const [x, wide] = bandOf(view, width, span.start, span.end);
    pen.rect(x, 0, wide, height);
  }
  pen.fill();
}

export function eventsInView(events: readonly EventMark[], view: View): readonly EventMark[] {
  return events.filter(({ span }) => span.end > view.from && span.start < view.to);
}

/** Left edge and width of a span of steps in pixels, at least 1.5 wide. */
export function bandOf(view: View, width: number, start: number, end: number): [x: number, wide: number] {
  const x = xOf(view, width, start);
  return [x, Math.max(1.5, xOf(view, width, end) - x)];
}

function drawSignal(pen: Pen, lane: SignalLane, height: number, frame: Frame): LaneReading {
  const { source, view, width, theme } = frame;
  const observed = columnsOf(source, lane.observed, view, width);
  const expected = lane.expected && !lane.leftOut ? columnsOf(source, lane.expected, view, width) : null;
  const residual = lane.residual && !lane.leftOut ? columnsOf(source, lane.residual, view, width) : null;
  const plotHeight = residual ? height - STRIP_PX - 2 : height;
  const ends = endsOf(lane.scale, expected ? [observed, expected] : [observed]);
  const y = scaleOf(ends.lo, ends.hi, plotHeight - PAD_PX, PAD_PX, lane.scale.log);
  pen.save();
  pen.beginPath();
  pen.rect(0, 0, width, plotHeight);
  pen.clip();
  if (expected) {
    drawBand(pen, expected, y, lane.band, theme.colour['model-band']);
    drawLine(pen, expected, y, theme.colour.model, MODEL_PX);
  }
  if (lane.leftOut) drawLeftOut(pen, observed, y, lane.leftOut, frame);
  else drawLine(pen, observed, y, theme.colour.observed, OBSERVED_PX);
  pen.restore();
  if (residual) drawResidualStrip(pen, residual, lane.band, height, theme);
  drawGaps(pen, observed, plotHeight, frame);
  drawPending(pen, observed, plotHeight, theme);
  return { ...ends, exact: observed.exact && (expected?.exact ?? true) && (residual?.exact ?? true) };
}

function drawResidualStrip(pen: Pen, residual: Columns, band: number, height: number, theme: Theme): void {
  const shown = shownRange([residual]);
  const half = STRIP_PX / 2;
  drawResidual(
    pen,
    residual,
    {
      middle: height - half - 1,
      half,
      full: Math.max(2 * band, shown ? Math.max(-shown.lo, shown.hi) : 0),
      band,
    },
    { inside: theme.colour.residual, outside: theme.colour['residual-out'], line: theme.colour.line },
  );
}

function drawLeftOut(pen: Pen, observed: Columns, y: Scale, why: string, { width, theme }: Frame): void {
  const shown = shownRange([observed]);
  if (!shown) return;
  const at = y((shown.lo + shown.hi) / 2);
  if (shown.hi > shown.lo) drawLine(pen, observed, y, theme.colour['ink-4'], 1);
  else drawDashed(pen, at, width, theme.colour['ink-3'], [3, 3]);
  writeOver(pen, why, width - 12 - pen.measureText(why).width, at, theme.colour['ink-3'], theme.colour.plot);
}

/** Text on a patch of its ground, so that a line under it does not strike it through. */
function writeOver(pen: Pen, text: string, x: number, y: number, ink: string, ground: string): void {
  pen.fillStyle = ground;
  pen.fillRect(x - 4, y - 8, pen.measureText(text).width + 8, 16);
  pen.fillStyle = ink;
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.fillText(text, x, y + 0.5);
}

/** Missing steps: a dashed box with how long it lasts; a mark where it is narrow; a foot line where steps miss singly. */
function drawGaps(pen: Pen, columns: Columns, height: number, { clock, theme, view, width }: Frame): void {
  pen.strokeStyle = theme.colour['event-text'];
  pen.lineWidth = 1;
  for (const { first, last, hole } of gapRuns(columns)) {
    const x = columns.edge[first]!;
    const wide = columns.edge[last + 1]! - x;
    const top = 4.5;
    pen.fillStyle = theme.colour['event-text'];
    if (!hole && !columns.perStep) {
      pen.fillRect(x, height - 2, Math.max(1.5, wide), 2);
    } else if (wide < BOX_PX) {
      for (let at = top; at < height - 4; at += 5) pen.fillRect(x + wide / 2 - 0.75, at, 1.5, 3);
    } else {
      pen.setLineDash([4, 3]);
      pen.strokeRect(Math.round(x) + 0.5, top, Math.max(1, Math.round(wide) - 1), height - 9);
      pen.setLineDash([]);
      const from = stepAt(view, width, Math.max(0, x));
      const to = stepAt(view, width, Math.min(width, x + wide));
      const whole = x > 0 && x + wide < width;
      sayMissing(pen, clock, { from, to, whole, perStep: columns.perStep }, { x, wide, height }, theme);
    }
  }
}

function sayMissing(
  pen: Pen,
  clock: ChartClock,
  gap: { readonly from: number; readonly to: number; readonly whole: boolean; readonly perStep: boolean },
  box: { readonly x: number; readonly wide: number; readonly height: number },
  theme: Theme,
): void {
  const length = clock.length(Math.round(gap.to - gap.from), Math.round(gap.from));
  const text = !gap.whole ? 'missing' : `${gap.perStep ? '' : '≈\u2009'}${length} missing`;
  if (pen.measureText(text).width + 12 > box.wide || box.height < 24) return;
  const x = box.x + (box.wide - pen.measureText(text).width) / 2;
  writeOver(pen, text, x, box.height / 2, theme.colour['event-text'], theme.colour.plot);
}

/** A quiet bar where no tile has come yet; the lane keeps its height. */
function drawPending(pen: Pen, columns: Columns, height: number, theme: Theme): void {
  pen.fillStyle = theme.colour.raise;
  for (let i = 0; i < columns.count; i += 1) {
    if (columns.known[i] === 1) continue;
    const first = i;
    while (i + 1 < columns.count && columns.known[i + 1] === 0) i += 1;
    const wide = columns.edge[i + 1]! - columns.edge[first]!;
    if (wide > 8) pen.fillRect(columns.edge[first]!, height / 2 - 7, wide, 14);
  }
}

function drawCovariate(pen: Pen, lane: CovariateLane, height: number, frame: Frame): LaneReading {
  const { source, view, width, theme } = frame;
  const columns = columnsOf(source, lane.track, view, width);
  const ends = endsOf(lane.scale, [columns]);
  const y = scaleOf(ends.lo, ends.hi, height - PAD_PX - 1, PAD_PX + 1, lane.scale.log);
  drawSteps(pen, columns, y, theme.colour.covariate, OBSERVED_PX);
  drawGaps(pen, columns, height, frame);
  drawPending(pen, columns, height, theme);
  return { ...ends, exact: columns.exact };
}

function drawSystem(pen: Pen, lane: SystemLane, height: number, frame: Frame): LaneReading {
  const columns = columnsOf(frame.source, lane.track, frame.view, frame.width);
  drawStrip(pen, columns, frame.theme.seq, lane.max, 3, height - 6);
  drawPending(pen, columns, height, frame.theme);
  return { lo: 0, hi: lane.max, exact: columns.exact };
}

function drawPart(pen: Pen, lane: PartLane, height: number, frame: Frame): LaneReading {
  const { source, view, width, theme } = frame;
  const columns = columnsOf(source, lane.track, view, width);
  const ends = endsOf(lane.scale, [columns]);
  const y = scaleOf(ends.lo, ends.hi, height - PAD_PX, PAD_PX, lane.scale.log);
  drawArea(pen, columns, y, ends.lo, theme.colour.grid);
  drawLine(pen, columns, y, theme.colour.observed, OBSERVED_PX);
  drawPending(pen, columns, height, theme);
  return { ...ends, exact: columns.exact };
}

function drawScore(pen: Pen, lane: ScoreLane, height: number, frame: Frame): LaneReading {
  const { source, view, width, theme, threshold, thresholdBefore } = frame;
  const columns = columnsOf(source, lane.track, view, width);
  const ends = scoreEnds(lane.scale, columns, thresholdBefore ?? threshold);
  const y = valueScale(ends, height, lane.scale.log);
  drawArea(pen, columns, y, ends.lo, theme.colour.grid);
  if (threshold !== null) {
    pen.globalAlpha = 0.55;
    drawArea(pen, columns, y, threshold, theme.colour.event, true);
    pen.globalAlpha = 1;
  }
  drawLine(pen, columns, y, theme.colour.observed, 1.3);
  if (thresholdBefore !== null) drawDashed(pen, y(thresholdBefore), width, theme.colour['ink-4'], [2, 4]);
  if (threshold !== null) drawDashed(pen, y(threshold), width, theme.colour.threshold, [5, 3]);
  drawPending(pen, columns, height, theme);
  return { ...ends, exact: columns.exact };
}

/** Value to pixel in a lane without a residual strip, from the ends that the drawing reported. */
export function valueScale(ends: { readonly lo: number; readonly hi: number }, height: number, isLog = false): Scale {
  return scaleOf(ends.lo, ends.hi, height - PAD_PX, PAD_PX, isLog);
}

/** Pixel to value in the same lane. */
export function valueUnder(
  ends: { readonly lo: number; readonly hi: number },
  height: number,
  isLog: boolean,
  y: number,
): number {
  return valueAt(ends.lo, ends.hi, height - PAD_PX, PAD_PX, isLog, y);
}

/** A score axis always has room for its threshold. */
function scoreEnds(scale: LaneScale, columns: Columns, threshold: number | null): { lo: number; hi: number } {
  const ends = endsOf(scale, [columns]);
  if (scale.range !== 'view' || threshold === null) return ends;
  const above = scale.log ? threshold * 1.25 : threshold + (threshold - ends.lo) * 0.15;
  return Number.isNaN(ends.hi) ? { lo: 0, hi: above } : { lo: ends.lo, hi: Math.max(ends.hi, above) };
}

/** Ends of the value axis: as fixed, or what is in view with 4 % of room on both sides. */
export function endsOf(scale: LaneScale, columns: readonly Columns[]): { lo: number; hi: number } {
  if (scale.range !== 'view') return scale.range;
  const shown = shownRange(columns);
  if (!shown) return { lo: NaN, hi: NaN };
  if (scale.log) return { lo: Math.max(shown.lo, shown.hi * 1e-6, Number.MIN_VALUE), hi: shown.hi };
  const room = (shown.hi - shown.lo) * 0.04;
  const lo = shown.lo - room;
  return { lo: shown.lo >= 0 ? Math.max(0, lo) : lo, hi: shown.hi + room };
}
