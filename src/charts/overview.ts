/** Draws the whole series in one strip: score profile, threshold, events, labels of people and of the file. Pure. */
import type { ChartTable } from './chartParts.ts';
import type { ChartClock, View } from './clock.ts';
import { columnsOf, shownRange, xOf } from './columns.ts';
import type { Columns } from './columns.ts';
import type { EventMark, LabelMark } from './lanes.ts';
import type { Surface } from './laneCanvas.ts';
import { drawArea, scaleOf } from './marks.ts';
import type { Scale } from './marks.ts';
import { drawDashed } from './pen.ts';
import { clearRaster, fillBox } from './raster.ts';
import type { Raster } from './raster.ts';
import type { Theme } from './theme.ts';
import type { TileSource } from './tileCache.ts';
import type { TrackRef } from '../workers/protocol.ts';
import { chartWords } from './words.ts';

export type OverviewInput = {
  readonly source: TileSource;
  /** Usually the score; an observed sensor before the first run; null for an empty strip. */
  readonly track: TrackRef | null;
  readonly log: boolean;
  readonly threshold: number | null;
  readonly events: readonly EventMark[];
  readonly labels: readonly LabelMark[];
  /** First step that is judged: training lies to the left of it. Null draws no border. */
  readonly testFrom: number | null;
};

/** Pixels for caps above and label marks below the profile. */
const TOP = 3;
const FOOT = 7;

/** Draws the strip over whatever was there. Returns whether every tile was there. */
export function drawOverview(
  { pen, raster, put }: Surface,
  input: OverviewInput,
  size: { readonly width: number; readonly height: number; readonly theme: Theme },
): boolean {
  const { width, height, theme } = size;
  const view: View = { from: 0, to: Math.max(1, input.source.T) };
  pen.setTransform(raster.ratio, 0, 0, raster.ratio, 0, 0);
  clearRaster(raster, theme.rgba.plot);
  const floor = height - FOOT;
  const columns = input.track ? columnsOf(input.source, input.track, view, width) : null;
  const y = columns ? profileScale(columns, input, floor) : null;
  if (columns && y) drawArea(raster, columns, y.scale, y.lo, theme.rgba.residual);
  if (input.testFrom !== null && input.testFrom > 0 && input.testFrom < input.source.T) {
    fillBox(raster, xOf(view, width, input.testFrom), TOP, 1, height - 2 * TOP, theme.rgba['ink-4']);
  }
  drawEvents(raster, input.events, view, { width, floor, theme });
  drawLabelMarks(raster, input.labels, view, { width, height, theme });
  put();
  if (y && input.threshold !== null) {
    drawDashed(pen, y.scale(input.threshold), width, theme.colour.threshold, [5, 3]);
  }
  return columns?.exact ?? true;
}

function profileScale(columns: Columns, input: OverviewInput, floor: number): { scale: Scale; lo: number } | null {
  const shown = shownRange([columns]);
  if (!shown) return null;
  const hi = Math.max(shown.hi, (input.threshold ?? shown.hi) * 1.1);
  const lo = input.log ? Math.max(shown.lo, hi * 1e-5, Number.MIN_VALUE) : Math.min(shown.lo, hi);
  return { scale: scaleOf(lo, hi, floor - 1, TOP + 5, input.log), lo };
}

function drawEvents(
  raster: Raster,
  events: readonly EventMark[],
  view: View,
  { width, floor, theme }: { readonly width: number; readonly floor: number; readonly theme: Theme },
): void {
  let done = 0;
  for (const { span } of [...events].sort((a, b) => a.span.start - b.span.start)) {
    const x = xOf(view, width, span.start);
    const to = Math.max(x + 2, xOf(view, width, span.end));
    if (to > Math.max(x, done)) {
      const from = Math.max(x, done);
      fillBox(raster, from, TOP, to - from, floor - TOP, theme.rgba['event-band']);
    }
    fillBox(raster, x, TOP, to - x, 3, theme.rgba.event);
    done = Math.max(done, to);
  }
}

/** People's labels stand on the foot as blocks of 3 px; labels of the file are a line above the foot, generated ranges a block on top. */
function drawLabelMarks(
  raster: Raster,
  labels: readonly LabelMark[],
  view: View,
  { width, height, theme }: { readonly width: number; readonly height: number; readonly theme: Theme },
): void {
  const colours = { anomalous: 'event', normal: 'normal', unsure: 'unsure' } as const;
  for (const { origin, span, verdict } of labels) {
    const isFile = origin === 'file';
    const x = xOf(view, width, span.start);
    const wide = Math.max(isFile ? 1.5 : 3, xOf(view, width, span.end) - x);
    if (origin === 'synthetic') fillBox(raster, x, 0, wide, 3, theme.rgba.synthetic);
    else if (isFile) fillBox(raster, x, height - FOOT + 0.5, wide, 1.5, theme.rgba['event-text']);
    else fillBox(raster, x, height - 5, wide, 5, theme.rgba[colours[verdict]]);
  }
}

/** The events of the whole series in numbers. */
export const eventsTable = (events: readonly EventMark[], clock: ChartClock): ChartTable => ({
  caption: chartWords.overviewCaption(events.length),
  columns: chartWords.eventColumns,
  rows: events.map(({ span, number }) => [
    chartWords.eventNumber(number),
    clock.text(span.start),
    clock.text(Math.max(span.start, span.end - 1)),
  ]),
});
