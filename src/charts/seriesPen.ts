/** The marks of one window of a sensor: bands with caps where it is anomalous, and lines. Pure. */
import type { Span } from '../engine/types.ts';
import type { Pen } from './pen.ts';
import type { Theme } from './theme.ts';

/** Smallest and largest finite value; 0 to 1 where there is none, half a unit around a single one. */
export function rangeOf(series: readonly (ArrayLike<number> | null)[]): { readonly lo: number; readonly hi: number } {
  let lo = Infinity;
  let hi = -Infinity;
  for (const x_T of series) {
    for (let t = 0; t < (x_T?.length ?? 0); t += 1) {
      const value = x_T![t]!;
      if (!Number.isFinite(value)) continue;
      if (value < lo) lo = value;
      if (value > hi) hi = value;
    }
  }
  if (lo > hi) return { lo: 0, hi: 1 };
  return lo === hi ? { lo: lo - 0.5, hi: hi + 0.5 } : { lo, hi };
}

/** Where a step begins on a plot of `width` pixels. */
export const stepX = (step: number, T: number, width: number): number => (step / Math.max(1, T)) * width;

export const CAP = 3;

/** A band over the whole height with a cap on top, for each run. */
export function drawRuns(
  pen: Pen,
  runs: readonly Span[],
  T: number,
  { width, height, theme, cap = true }: { width: number; height: number; theme: Theme; cap?: boolean },
): void {
  for (const { start, end } of runs) {
    const x = stepX(start, T, width);
    const wide = Math.max(2, stepX(end, T, width) - x);
    pen.fillStyle = theme.colour['event-band'];
    pen.fillRect(x, 0, wide, height);
    if (!cap) continue;
    pen.fillStyle = theme.colour.event;
    pen.fillRect(x, 0, wide, CAP);
  }
}

export type LineLook = { readonly colour: string; readonly width: number; readonly dash?: readonly number[] };

/** A line through the middles of the steps; a missing value breaks it. */
export function drawSeries(
  pen: Pen,
  x_T: ArrayLike<number>,
  width: number,
  yOf: (value: number) => number,
  look: LineLook,
): void {
  pen.strokeStyle = look.colour;
  pen.lineWidth = look.width;
  pen.setLineDash([...(look.dash ?? [])]);
  pen.beginPath();
  let isDown = false;
  for (let t = 0; t < x_T.length; t += 1) {
    const value = x_T[t]!;
    if (!Number.isFinite(value)) {
      isDown = false;
      continue;
    }
    const x = stepX(t + 0.5, x_T.length, width);
    if (isDown) pen.lineTo(x, yOf(value));
    else pen.moveTo(x, yOf(value));
    isDown = true;
  }
  pen.stroke();
  pen.setLineDash([]);
}
