/** Draws the whole series in one strip: score profile, threshold, events, labels of people and of the file. Pure. */
import type { View } from './clock.ts';
import { columnsOf, shownRange, xOf } from './columns.ts';
import type { EventMark, LabelMark } from './lanes.ts';
import { drawArea, drawDashed, scaleOf } from './marks.ts';
import type { Pen } from './marks.ts';
import type { Theme } from './theme.ts';
import type { TileSource } from './tileCache.ts';
import type { TrackRef } from '../workers/protocol.ts';

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

/** Clears the canvas and draws the strip. Returns whether every tile was there. */
export function drawOverview(
  pen: Pen,
  input: OverviewInput,
  size: { readonly width: number; readonly height: number; readonly pixelRatio: number; readonly theme: Theme },
): boolean {
  const { width, height, pixelRatio, theme } = size;
  const view: View = { from: 0, to: Math.max(1, input.source.T) };
  pen.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  pen.clearRect(0, 0, width, height);
  const floor = height - FOOT;
  const exact = drawProfile(pen, input, view, { width, floor, theme });
  if (input.testFrom !== null && input.testFrom > 0 && input.testFrom < input.source.T) {
    pen.fillStyle = theme.colour['ink-4'];
    pen.fillRect(Math.round(xOf(view, width, input.testFrom)), TOP, 1, height - 2 * TOP);
  }
  drawEvents(pen, input.events, view, { width, floor, theme });
  drawLabelMarks(pen, input.labels, view, { width, height, theme });
  return exact;
}

function drawProfile(
  pen: Pen,
  input: OverviewInput,
  view: View,
  { width, floor, theme }: { readonly width: number; readonly floor: number; readonly theme: Theme },
): boolean {
  if (!input.track) return true;
  const columns = columnsOf(input.source, input.track, view, width);
  const shown = shownRange([columns]);
  if (!shown) return columns.exact;
  const hi = Math.max(shown.hi, (input.threshold ?? shown.hi) * 1.1);
  const lo = input.log ? Math.max(shown.lo, hi * 1e-5, Number.MIN_VALUE) : Math.min(shown.lo, hi);
  const y = scaleOf(lo, hi, floor - 1, TOP + 5, input.log);
  drawArea(pen, columns, y, lo, theme.colour.residual);
  if (input.threshold !== null) drawDashed(pen, y(input.threshold), width, theme.colour.threshold, [5, 3]);
  return columns.exact;
}

function drawEvents(
  pen: Pen,
  events: readonly EventMark[],
  view: View,
  { width, floor, theme }: { readonly width: number; readonly floor: number; readonly theme: Theme },
): void {
  for (const [colour, height] of [
    ['event-band', floor - TOP],
    ['event', 3],
  ] as const) {
    pen.fillStyle = theme.colour[colour];
    pen.beginPath();
    for (const { span } of events) {
      const x = xOf(view, width, span.start);
      pen.rect(x, TOP, Math.max(2, xOf(view, width, span.end) - x), height);
    }
    pen.fill();
  }
}

/** People's labels stand on the foot as blocks of 3 px; labels of the file are a line of 2 px below the profile. */
function drawLabelMarks(
  pen: Pen,
  labels: readonly LabelMark[],
  view: View,
  { width, height, theme }: { readonly width: number; readonly height: number; readonly theme: Theme },
): void {
  const colours = { anomalous: 'event', normal: 'normal', unsure: 'unsure' } as const;
  for (const origin of ['file', 'person'] as const) {
    for (const label of labels) {
      if (label.origin !== origin) continue;
      const x = xOf(view, width, label.span.start);
      const wide = Math.max(origin === 'file' ? 1.5 : 3, xOf(view, width, label.span.end) - x);
      pen.fillStyle = origin === 'file' ? theme.colour['event-text'] : theme.colour[colours[label.verdict]];
      if (origin === 'file') pen.fillRect(x, height - FOOT + 1, wide, 1.5);
      else pen.fillRect(x, height - 5, wide, 5);
    }
  }
}
