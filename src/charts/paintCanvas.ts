/** Draws the three lanes of the studio's canvas: the series, what the anomaly changed, and the painted mask. Pure. */
import type { Span } from '../engine/types.ts';
import type { ChartTable } from './chartParts.ts';
import { num } from './format.ts';
import type { Surface } from './laneCanvas.ts';
import type { Pen } from './pen.ts';
import { CAP, drawRuns, drawSeries, rangeOf, stepX } from './seriesPen.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type PaintInput = {
  readonly T: number;
  readonly real_T: Float32Array | null;
  readonly synthetic_T: Float32Array | null;
  /** The same without an anomaly; null where it is not wanted. */
  readonly plain_T: Float32Array | null;
  readonly runs: readonly Span[];
  /** The run that keys act on. */
  readonly active: number | null;
  /** Length of a run in words: "31 min". */
  readonly lengthOf: (steps: number) => string;
};

type Size = { readonly width: number; readonly height: number; readonly theme: Theme };

/** Dots of generated data. */
export const DOTS = [3, 1.5] as const;
const GRID_LINES = 8;
const PAD = 8;

/** Ends of the value axis: everything that is drawn. */
export const paintRange = ({
  real_T,
  synthetic_T,
  plain_T,
}: PaintInput): { readonly lo: number; readonly hi: number } => rangeOf([real_T, synthetic_T, plain_T]);

function ready({ pen, raster }: Surface, T: number, { width, height, theme }: Size): Pen {
  pen.setTransform(raster.ratio, 0, 0, raster.ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = theme.colour.grid;
  for (let k = 1; k < GRID_LINES; k += 1) pen.fillRect(Math.round(stepX((k * T) / GRID_LINES, T, width)), 0, 1, height);
  return pen;
}

export function drawPaintSeries(surface: Surface, input: PaintInput, size: Size): void {
  const { width, height, theme } = size;
  const pen = ready(surface, input.T, size);
  drawRuns(pen, input.runs, input.T, size);
  const { lo, hi } = paintRange(input);
  const yOf = (value: number): number => height - PAD - ((value - lo) / (hi - lo)) * (height - 2 * PAD - CAP);
  const { colour } = theme;
  if (input.real_T) drawSeries(pen, input.real_T, width, yOf, { colour: colour['ink-3'], width: 1 });
  if (input.plain_T) drawSeries(pen, input.plain_T, width, yOf, { colour: colour.model, width: 1.25 });
  if (input.synthetic_T)
    drawSeries(pen, input.synthetic_T, width, yOf, { colour: colour.synthetic, width: 1.75, dash: DOTS });
}

/** synthetic − real as bars from the middle; those on painted steps are strong. */
export function drawDifference(surface: Surface, input: PaintInput, size: Size): void {
  const { width, height, theme } = size;
  const { T, real_T, synthetic_T } = input;
  const pen = ready(surface, T, size);
  drawRuns(pen, input.runs, T, { ...size, cap: false });
  const middle = Math.round(height / 2);
  pen.fillStyle = theme.colour['line-2'];
  pen.fillRect(0, middle, width, 1);
  if (!real_T || !synthetic_T) return;
  const by_T = synthetic_T.map((value, t) => value - real_T[t]!);
  const most = by_T.reduce((a, b) => Math.max(a, Math.abs(b) || 0), 0);
  if (most === 0) return;
  const isPainted = (t: number): boolean => input.runs.some(({ start, end }) => t >= start && t < end);
  const wide = Math.max(0.75, width / T - 0.5);
  for (let t = 0; t < T; t += 1) {
    const tall = (by_T[t]! / most) * (height / 2 - 3);
    if (!Number.isFinite(tall)) continue;
    pen.fillStyle = isPainted(t) ? theme.colour['residual-out'] : theme.colour.residual;
    pen.fillRect(stepX(t, T, width), tall > 0 ? middle - tall : middle, wide, Math.abs(tall));
  }
}

const BOX = { top: 6, height: 18 } as const;

/** The mask as boxes with their lengths; ends of the window on the foot. */
export function drawMask(surface: Surface, input: PaintInput, size: Size): void {
  const { width, height, theme } = size;
  const { T, runs, active, lengthOf } = input;
  const pen = ready(surface, T, size);
  const { colour } = theme;
  pen.font = `12px ${theme.font}`;
  pen.textBaseline = 'alphabetic';
  const foot = height - 5;
  let free = pen.measureText('0').width + 12;
  const last = lengthOf(T);
  const most = width - pen.measureText(last).width - 12;
  runs.forEach(({ start, end }, n) => {
    const x = stepX(start, T, width);
    const wide = Math.max(2, stepX(end, T, width) - x);
    pen.fillStyle = colour['event-band'];
    pen.fillRect(x, BOX.top, wide, BOX.height);
    pen.fillStyle = colour.event;
    pen.fillRect(x, BOX.top, wide, CAP);
    pen.strokeStyle = n === active ? colour.selection : colour.event;
    pen.lineWidth = n === active ? 1.5 : 1;
    pen.strokeRect(x + 0.5, BOX.top + 0.5, Math.max(1, wide - 1), BOX.height - 1);
    const text = lengthOf(end - start);
    const half = pen.measureText(text).width / 2;
    const at = Math.min(Math.max(x + wide / 2, half + 2), width - half - 2);
    if (at - half < free && n > 0) return;
    pen.fillStyle = colour['event-text'];
    pen.textAlign = 'center';
    pen.fillText(text, at, foot);
    free = Math.max(free, at + half + 8);
  });
  pen.fillStyle = colour['ink-3'];
  const isFree = (from: number, to: number): boolean =>
    runs.every(({ start, end }) => {
      const middle = (stepX(start, T, width) + stepX(end, T, width)) / 2;
      const half = pen.measureText(lengthOf(end - start)).width / 2 + 6;
      return middle + half < from || middle - half > to;
    });
  pen.textAlign = 'left';
  if (isFree(0, 20)) pen.fillText('0', 4, foot);
  pen.textAlign = 'right';
  if (isFree(most, width)) pen.fillText(last, width - 4, foot);
}

/** What is painted on, step by step. */
export function paintTable(
  { T, real_T, synthetic_T, runs }: PaintInput,
  { label }: { readonly label: string },
): ChartTable {
  const value = (values: Float32Array | null, t: number): string => (values ? num(values[t]!) : '');
  const isPainted = (t: number): boolean => runs.some(({ start, end }) => t >= start && t < end);
  return {
    caption: label,
    columns: chartWords.paintColumns,
    rows: Array.from({ length: T }, (_, t) => [
      String(t),
      value(real_T, t),
      value(synthetic_T, t),
      isPainted(t) ? chartWords.painted : '',
    ]),
  };
}
