/** Draws one lane on its canvas. Pure: the same tiles, view and theme give the same strokes. */
import type { ChartClock, Tick, View } from './clock.ts';
import { columnsOf, gapRuns, shownRange, stepAt, xOf } from './columns.ts';
import type { Columns } from './columns.ts';
import { drawDrift } from './driftLane.ts';
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
import { drawArea, drawBand, drawLine, drawResidual, drawSteps, drawStrip, scaleOf, valueAt } from './marks.ts';
import type { HalfWidth, Scale } from './marks.ts';
import { drawDashed, writeOver } from './pen.ts';
import type { Pen } from './pen.ts';
import { clearRaster, fillBox } from './raster.ts';
import type { Raster } from './raster.ts';
import type { Theme } from './theme.ts';
import type { TileSource } from './tileCache.ts';
import type { TrackRef } from '../workers/protocol.ts';

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

/** Where a lane is drawn: marks into the raster, `put` shows it, then dashes and text by the pen over it. */
export type Surface = { readonly pen: Pen; readonly raster: Raster; readonly put: () => void };

/** What a drawing found: the ends of its value axis (NaN when nothing is there) and whether every tile was there. */
export type LaneReading = { readonly lo: number; readonly hi: number; readonly exact: boolean };

const STRIP_PX = 10;
const PAD_PX = 3;
const OBSERVED_PX = 1.15;
const MODEL_PX = 1.25;
const SCORE_PX = 1.3;
const OVER_ALPHA = 0.55;
/** Narrower holes are a mark without a box. */
const BOX_PX = 6;
const NOTHING: LaneReading = { lo: NaN, hi: NaN, exact: true };

/** Draws the lane, `height` pixels high, over whatever was there. */
export function drawLane(surface: Surface, lane: LaneDraw, height: number, frame: Frame): LaneReading {
  const { pen, raster } = surface;
  pen.setTransform(frame.pixelRatio, 0, 0, frame.pixelRatio, 0, 0);
  pen.font = `12px ${frame.theme.font}`;
  clearRaster(raster, frame.theme.rgba.plot);
  if (lane.kind !== 'system') drawGround(raster, height, frame);
  switch (lane.kind) {
    case 'signal':
      return drawSignal(surface, lane, height, frame);
    case 'covariate':
      return drawCovariate(surface, lane, height, frame);
    case 'system':
      return drawSystem(surface, lane, height, frame);
    case 'part':
      return drawPart(surface, lane, height, frame);
    case 'score':
      return drawScore(surface, lane, height, frame);
    case 'drift':
      return drawDrift(surface, lane, height, frame);
    case 'labels':
      surface.put();
      drawLabels(pen, lane.labels, height, frame);
      return NOTHING;
  }
}

/** Grid lines at the ticks and the bands of the events; bands that would overlap for their least width are joined. */
function drawGround(raster: Raster, height: number, { view, width, theme, ticks, events }: Frame): void {
  for (const { step } of ticks) fillBox(raster, xOf(view, width, step), 0, 1, height, theme.rgba.grid);
  let done = 0;
  for (const { span } of [...eventsInView(events, view)].sort((a, b) => a.span.start - b.span.start)) {
    const [x, wide] = bandOf(view, width, span.start, span.end);
    const from = Math.max(x, done);
    const to = Math.round((x + wide) * raster.ratio) / raster.ratio;
    if (to > from) fillBox(raster, from, 0, to - from, height, theme.rgba['event-band']);
    done = Math.max(done, to);
  }
}

export function eventsInView(events: readonly EventMark[], view: View): readonly EventMark[] {
  return events.filter(({ span }) => span.end > view.from && span.start < view.to);
}

/** Left edge and width of a span of steps in pixels, at least 1.5 wide. */
export function bandOf(view: View, width: number, start: number, end: number): [x: number, wide: number] {
  const x = xOf(view, width, start);
  return [x, Math.max(1.5, xOf(view, width, end) - x)];
}

function drawSignal({ pen, raster, put }: Surface, lane: SignalLane, height: number, frame: Frame): LaneReading {
  const { source, view, width, theme } = frame;
  const read = (track: TrackRef | null): Columns | null =>
    track && lane.leftOut === null ? columnsOf(source, track, view, width) : null;
  const observed = columnsOf(source, lane.observed, view, width);
  const expected = read(lane.expected);
  const residual = read(lane.residual);
  const floor = residual ? height - STRIP_PX - 2 : height;
  const ends = endsOf(lane.scale, expected ? [observed, expected] : [observed]);
  const y = scaleOf(ends.lo, ends.hi, floor - PAD_PX, PAD_PX, lane.scale.log);
  raster.floor = Math.round(floor * raster.ratio);
  if (expected) {
    drawBand(raster, expected, y, halfWidthOf(lane, expected, frame), theme.rgba['model-band']);
    drawLine(raster, expected, y, theme.rgba.model, MODEL_PX);
  }
  const isFlat = ends.hi === ends.lo;
  if (lane.leftOut === null) drawLine(raster, observed, y, theme.rgba.observed, OBSERVED_PX);
  else if (!isFlat) drawLine(raster, observed, y, theme.rgba['ink-4'], 1);
  raster.floor = raster.height;
  if (residual) drawResidualStrip(raster, residual, lane, height, frame);
  drawPending(raster, observed, floor, theme);
  put();
  if (lane.leftOut !== null) sayLeftOut(pen, lane.leftOut, isFlat, floor, frame);
  drawGaps(pen, observed, floor, frame);
  return { ...ends, exact: observed.exact && (expected?.exact ?? true) && (residual?.exact ?? true) };
}

/** What judges the middle of an entry says how wide its band is. */
function halfWidthOf({ band, bands = [] }: SignalLane, columns: Columns, { view, width }: Frame): HalfWidth {
  if (bands.length === 0) return () => band;
  return (i) => {
    const step = stepAt(view, width, (columns.edge[i]! + columns.edge[i + 1]!) / 2);
    return bands.findLast(({ start, end }) => step >= start && step < end)?.band ?? band;
  };
}

function drawResidualStrip(raster: Raster, residual: Columns, lane: SignalLane, height: number, frame: Frame): void {
  const { band } = lane;
  const { theme } = frame;
  const shown = shownRange([residual]);
  const half = STRIP_PX / 2;
  drawResidual(
    raster,
    residual,
    {
      middle: height - half - 1,
      half,
      full: Math.max(2 * band, shown ? Math.max(-shown.lo, shown.hi) : 0),
      band: halfWidthOf(lane, residual, frame),
    },
    { inside: theme.rgba.residual, outside: theme.rgba['residual-out'], line: theme.rgba.line },
  );
}

function sayLeftOut(pen: Pen, why: string, isFlat: boolean, height: number, { width, theme }: Frame): void {
  const middle = height / 2;
  if (isFlat) drawDashed(pen, middle, width, theme.colour['ink-3'], [3, 3]);
  writeOver(pen, why, width - 12 - pen.measureText(why).width, middle, theme.colour['ink-3'], theme.colour.plot);
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
  const text = !gap.whole ? 'missing' : `${gap.perStep ? '' : '≈\u00A0'}${length} missing`;
  if (pen.measureText(text).width + 12 > box.wide || box.height < 24) return;
  const x = box.x + (box.wide - pen.measureText(text).width) / 2;
  writeOver(pen, text, x, box.height / 2, theme.colour['event-text'], theme.colour.plot);
}

/** A quiet bar where no tile has come yet; the lane keeps its height. */
function drawPending(raster: Raster, columns: Columns, height: number, theme: Theme): void {
  for (let i = 0; i < columns.count; i += 1) {
    if (columns.known[i] === 1) continue;
    const first = i;
    while (i + 1 < columns.count && columns.known[i + 1] === 0) i += 1;
    const wide = columns.edge[i + 1]! - columns.edge[first]!;
    if (wide > 8) fillBox(raster, columns.edge[first]!, height / 2 - 7, wide, 14, theme.rgba.raise);
  }
}

function drawCovariate({ pen, raster, put }: Surface, lane: CovariateLane, height: number, frame: Frame): LaneReading {
  const { source, view, width, theme } = frame;
  const columns = columnsOf(source, lane.track, view, width);
  const ends = endsOf(lane.scale, [columns]);
  const y = scaleOf(ends.lo, ends.hi, height - PAD_PX - 1, PAD_PX + 1, lane.scale.log);
  drawSteps(raster, columns, y, theme.rgba.covariate, OBSERVED_PX);
  drawPending(raster, columns, height, theme);
  put();
  drawGaps(pen, columns, height, frame);
  return { ...ends, exact: columns.exact };
}

function drawSystem({ raster, put }: Surface, lane: SystemLane, height: number, frame: Frame): LaneReading {
  const columns = columnsOf(frame.source, lane.track, frame.view, frame.width);
  drawStrip(raster, columns, frame.theme.seq, lane.max, 3, height - 6);
  drawPending(raster, columns, height, frame.theme);
  put();
  return { lo: 0, hi: lane.max, exact: columns.exact };
}

function drawPart({ raster, put }: Surface, lane: PartLane, height: number, frame: Frame): LaneReading {
  const { source, view, width, theme } = frame;
  const columns = columnsOf(source, lane.track, view, width);
  const ends = endsOf(lane.scale, [columns]);
  const y = valueScale(ends, height, lane.scale.log);
  drawArea(raster, columns, y, ends.lo, theme.rgba.grid);
  drawLine(raster, columns, y, theme.rgba.observed, OBSERVED_PX);
  drawPending(raster, columns, height, theme);
  put();
  return { ...ends, exact: columns.exact };
}

function drawScore({ pen, raster, put }: Surface, lane: ScoreLane, height: number, frame: Frame): LaneReading {
  const { source, view, width, theme, threshold, thresholdBefore } = frame;
  const columns = columnsOf(source, lane.track, view, width);
  const ends = scoreEnds(lane.scale, columns, thresholdBefore ?? threshold);
  const y = valueScale(ends, height, lane.scale.log);
  drawArea(raster, columns, y, ends.lo, theme.rgba.grid);
  if (threshold !== null) drawArea(raster, columns, y, threshold, { ...theme.rgba.event, a: OVER_ALPHA });
  drawLine(raster, columns, y, theme.rgba.observed, SCORE_PX);
  drawPending(raster, columns, height, theme);
  put();
  if (thresholdBefore !== null) drawDashed(pen, y(thresholdBefore), width, theme.colour['ink-4'], [2, 4]);
  if (threshold !== null) drawDashed(pen, y(threshold), width, theme.colour.threshold, [5, 3]);
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
function endsOf(scale: LaneScale, columns: readonly Columns[]): { lo: number; hi: number } {
  if (scale.range !== 'view') return scale.range;
  const shown = shownRange(columns);
  if (!shown) return { lo: NaN, hi: NaN };
  if (scale.log) return { lo: Math.max(shown.lo, shown.hi * 1e-6, Number.MIN_VALUE), hi: shown.hi };
  const room = (shown.hi - shown.lo) * 0.04;
  const lo = shown.lo - room;
  return { lo: shown.lo >= 0 ? Math.max(0, lo) : lo, hi: shown.hi + room };
}
