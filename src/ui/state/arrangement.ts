/** How a person arranged the lanes of one data set: their order and their value axes. Pure. */

/** Range of a value axis: what is in view, one for all sensors of the unit, or fixed ends. */
export type ScaleChoice = 'own' | 'shared' | { readonly lo: number; readonly hi: number };

export type Arrangement = {
  /** Lanes that were moved, with their neighbours, top first. */
  readonly order: readonly string[];
  /** By lane; absent: own. */
  readonly scales: Readonly<Record<string, ScaleChoice>>;
};

export const AS_READ: Arrangement = { order: [], scales: {} };

/** Data sets whose arrangement is kept in this browser. */
const KEPT = 30;

/** The ids as arranged: those with a place by it, the others after them as they were. */
export function ordered(ids: readonly string[], order: readonly string[]): readonly string[] {
  const place = new Map(order.map((id, i) => [id, i]));
  return [...ids].sort((a, b) => (place.get(a) ?? Infinity) - (place.get(b) ?? Infinity) || 0);
}

/** `siblings` with `id` before or after `target`, ahead of the rest of the order; unchanged when either is not one of them. */
export function moved(
  order: readonly string[],
  siblings: readonly string[],
  id: string,
  target: string,
  isAfter: boolean,
): readonly string[] {
  if (id === target || !siblings.includes(id) || !siblings.includes(target)) return order;
  const rest = siblings.filter((other) => other !== id);
  const at = rest.indexOf(target) + (isAfter ? 1 : 0);
  const next = [...rest.slice(0, at), id, ...rest.slice(at)];
  return [...next, ...order.filter((other) => !next.includes(other))];
}

/** One data set's arrangement put among those of the others, the newest last. */
export function kept(
  all: Readonly<Record<string, Arrangement>>,
  dataset: string,
  next: Arrangement,
): Readonly<Record<string, Arrangement>> {
  const others = Object.entries(all).filter(([id]) => id !== dataset);
  return Object.fromEntries([...others.slice(1 - KEPT), [dataset, next]]);
}
