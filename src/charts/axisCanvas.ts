/** Draws the time axis: ticks with their texts, the caps of events and the numbers of those that have room. Pure. */
import { bandOf, eventsInView } from './laneCanvas.ts';
import type { ChartClock, Tick, View } from './clock.ts';
import { xOf } from './columns.ts';
import type { EventMark } from './lanes.ts';
import type { Pen } from './pen.ts';
import type { Theme } from './theme.ts';

export const AXIS_PX = 24;

/** With more events than this in view the times come first, and numbers only where room is left. */
const CROWD = 12;

export type AxisInput = {
  readonly view: View;
  readonly width: number;
  readonly pixelRatio: number;
  readonly theme: Theme;
  readonly clock: ChartClock;
  readonly ticks: readonly Tick[];
  readonly events: readonly EventMark[];
  /** Pixels [from, to] that the value flag covers: no text is drawn there. */
  readonly covered: readonly [from: number, to: number] | null;
};

export function drawAxis(pen: Pen, input: AxisInput): void {
  const { view, width, pixelRatio, theme } = input;
  pen.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  pen.clearRect(0, 0, width, AXIS_PX);
  pen.font = `12px ${theme.font}`;
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  const taken: [number, number][] = input.covered ? [[input.covered[0], input.covered[1]]] : [];
  const shown = [...eventsInView(input.events, view)].sort((a, b) => a.number - b.number);
  const isCrowded = shown.length > CROWD;
  drawCaps(pen, input, shown);
  if (!isCrowded) drawEventNumbers(pen, input, shown, taken);
  drawTicks(pen, input, taken);
  if (isCrowded) drawEventNumbers(pen, input, shown, taken);
}

function drawTicks(pen: Pen, { view, width, theme, ticks }: AxisInput, taken: [number, number][]): void {
  for (const { step, text, strong } of ticks) {
    const x = Math.round(xOf(view, width, step));
    pen.fillStyle = theme.colour.line;
    pen.fillRect(x, 0, 1, AXIS_PX);
    const end = x + 4 + pen.measureText(text).width;
    if (end > width || overlaps(taken, x + 2, end + 4)) continue;
    pen.fillStyle = strong ? theme.colour['ink-2'] : theme.colour['ink-3'];
    pen.fillText(text, x + 5, AXIS_PX / 2);
    taken.push([x, end]);
  }
}

function drawCaps(pen: Pen, { view, width, theme }: AxisInput, shown: readonly EventMark[]): void {
  pen.fillStyle = theme.colour.event;
  for (const { span } of shown) {
    const [x, wide] = bandOf(view, width, span.start, span.end);
    pen.fillRect(x, AXIS_PX - 3, wide, 3);
  }
}

function drawEventNumbers(
  pen: Pen,
  { view, width, theme }: AxisInput,
  shown: readonly EventMark[],
  taken: [number, number][],
): void {
  pen.fillStyle = theme.colour['event-text'];
  pen.font = `600 12px ${theme.font}`;
  for (const { span, number } of shown.filter((event) => event.number > 0)) {
    const text = `#${number}`;
    const [x] = bandOf(view, width, span.start, span.end);
    const at = Math.max(2, x);
    const end = at + pen.measureText(text).width;
    if (end > width || overlaps(taken, at - 4, end + 4)) continue;
    taken.push([at, end]);
    pen.fillText(text, at, AXIS_PX / 2 - 1);
  }
  pen.font = `12px ${theme.font}`;
}

function overlaps(taken: readonly (readonly [number, number])[], from: number, to: number): boolean {
  return taken.some(([a, b]) => from < b && to > a);
}
