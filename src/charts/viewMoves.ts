/** Moves of the view: pan, zoom, fit. Pure; every result stays inside the series and no narrower than a few steps. */
import type { View } from './clock.ts';

/** Narrowest view in steps. */
export const MIN_STEPS = 8;

/** Keeps the width where possible and the ends inside [0, T]. */
export function clampView(view: View, T: number): View {
  const width = Math.min(Math.max(view.to - view.from, Math.min(MIN_STEPS, T)), Math.max(1, T));
  const from = Math.min(Math.max(0, view.from), Math.max(0, T - width));
  return { from, to: from + width };
}

/** Shifts by a number of steps. */
export function panBy(view: View, steps: number, T: number): View {
  return clampView({ from: view.from + steps, to: view.to + steps }, T);
}

/** Widens (factor > 1) or narrows around a step that stays where it is. */
export function zoomBy(view: View, factor: number, around: number, T: number): View {
  const least = Math.min(MIN_STEPS, T);
  const width = Math.min(Math.max((view.to - view.from) * factor, least), Math.max(1, T));
  const part = (around - view.from) / (view.to - view.from);
  const from = around - part * width;
  return clampView({ from, to: from + width }, T);
}

/** The view that shows a span with a margin of `margin` times its length on both sides. */
export function fitSpan(span: { readonly start: number; readonly end: number }, T: number, margin = 1.5): View {
  const length = Math.max(span.end - span.start, MIN_STEPS / 2);
  return clampView({ from: span.start - margin * length, to: span.end + margin * length }, T);
}

export function sameView(a: View, b: View): boolean {
  return a.from === b.from && a.to === b.to;
}
