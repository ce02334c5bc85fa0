/** Draws two runs' scores over one range: the former dashed-grey under the later, thresholds, marks of changed events. Pure. */
import type { Span } from '../engine/types.ts';
import type { ChartTable } from './chartParts.ts';
import type { ChartClock, View } from './clock.ts';
import { columnsOf, shownRange, xOf } from './columns.ts';
import type { Columns } from './columns.ts';
import type { Surface } from './laneCanvas.ts';
import { drawLine, scaleOf } from './marks.ts';
import { drawDashed } from './pen.ts';
import { clearRaster, fillBox } from './raster.ts';
import type { Theme } from './theme.ts';
import type { TileSource } from './tileCache.ts';
import { chartWords } from './words.ts';

export type PairSide = { readonly source: TileSource; readonly threshold: number };

export type ScorePairInput = {
  readonly before: PairSide;
  readonly after: PairSide;
  /** Ranges that the file calls anomalous. */
  readonly ranges: readonly Span[];
  readonly vanished: readonly Span[];
  readonly appeared: readonly Span[];
  readonly view: View;
};

const SCORE = { of: 'score' } as const;
/** Room for the marks above the scores. */
const TOP = 12;
const MARK = 8;
/** From this ratio of the largest to the smallest value the axis is logarithmic. */
const LOG_FROM = 20;

/** Draws over whatever was there. Returns whether every tile was there. */
export function drawScorePair(
  { pen, raster, put }: Surface,
  { before, after, ranges, vanished, appeared, view }: ScorePairInput,
  { width, height, theme }: { readonly width: number; readonly height: number; readonly theme: Theme },
): boolean {
  pen.setTransform(raster.ratio, 0, 0, raster.ratio, 0, 0);
  clearRaster(raster, theme.rgba.plot);
  const sides: readonly [PairSide, Columns][] = [before, after].map((side) => [
    side,
    columnsOf(side.source, SCORE, view, width),
  ]);
  const shown = shownRange(sides.map(([, columns]) => columns));
  for (const { start, end } of ranges) {
    const x = xOf(view, width, start);
    fillBox(raster, x, 0, Math.max(1.5, xOf(view, width, end) - x), height, theme.rgba['event-band']);
  }
  const ends = shown ?? { lo: 0, hi: 1 };
  const hi = Math.max(ends.hi, before.threshold, after.threshold) * 1.05;
  const isLog = ends.hi > 0 && hi / Math.max(ends.lo, hi * 1e-6) > LOG_FROM;
  const lo = isLog ? Math.max(ends.lo, hi * 1e-4) : Math.min(ends.lo, before.threshold, after.threshold);
  const y = scaleOf(lo, hi, height - 3, TOP, isLog);
  const colours = [theme.rgba['ink-4'], theme.rgba.observed];
  sides.forEach(([, columns], n) => drawLine(raster, columns, y, colours[n]!, n === 0 ? 1 : 1.15));
  put();
  drawDashed(pen, y(before.threshold), width, theme.colour['ink-4'], [2, 4]);
  drawDashed(pen, y(after.threshold), width, theme.colour.threshold, [5, 3]);
  // Vanished: an empty box struck through. Appeared: a full one.
  pen.lineWidth = 1.3;
  pen.strokeStyle = theme.colour.ink;
  for (const { start } of vanished) {
    const x = Math.round(xOf(view, width, start)) - MARK / 2;
    pen.strokeRect(x + 0.5, 1.5, MARK - 1, MARK - 1);
    pen.beginPath();
    pen.moveTo(x + 0.5, MARK + 0.5);
    pen.lineTo(x + MARK - 0.5, 1.5);
    pen.stroke();
  }
  pen.fillStyle = theme.colour.event;
  for (const { start } of appeared) pen.fillRect(Math.round(xOf(view, width, start)) - MARK / 2, 1, MARK, MARK);
  return sides.every(([, columns]) => columns.exact);
}

/** What appeared and what vanished between the two, with first and last step. */
export function pairTable(
  caption: string,
  vanished: readonly Span[],
  appeared: readonly Span[],
  clock: ChartClock,
): ChartTable {
  const rows = (kind: string, spans: readonly Span[]): string[][] =>
    spans.map(({ start, end }) => [kind, clock.text(start), clock.text(Math.max(start, end - 1))]);
  const { vanished: gone, appeared: come, columns } = chartWords.pair;
  return { caption, columns, rows: [...rows(gone, vanished), ...rows(come, appeared)] };
}
