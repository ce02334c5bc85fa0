/** Where a card stands beside what it speaks of. All in CSS pixels of the window. */
export type Box = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
export type Size = { readonly width: number; readonly height: number };

/** Between card and target, and between card and the edge of the window. */
export const GAP = 12;

const held = (value: number, most: number): number => Math.max(GAP, Math.min(value, most - GAP));

/**
 * The corner of the card: below the target, else above, right or left of it, whichever has room first; where none has
 * (or there is no target), in the lower right corner of the window. It never leaves the window.
 */
export function placeBeside(
  target: Box | null,
  card: Size,
  window: Size,
): { readonly left: number; readonly top: number } {
  const corner = { left: window.width - card.width - GAP, top: window.height - card.height - GAP };
  if (!target) return corner;
  const right = target.left + target.width;
  const bottom = target.top + target.height;
  const left = held(target.left, window.width - card.width);
  const top = held(target.top, window.height - card.height);
  if (bottom + GAP + card.height + GAP <= window.height) return { left, top: bottom + GAP };
  if (target.top - GAP - card.height >= GAP) return { left, top: target.top - GAP - card.height };
  if (right + GAP + card.width + GAP <= window.width) return { left: right + GAP, top };
  if (target.left - GAP - card.width >= GAP) return { left: target.left - GAP - card.width, top };
  return corner;
}
