/** Events of two runs over the same series: which appeared, vanished, moved or stayed. */
import type { Span } from './types.ts';

export type Change<E extends Span = Span> =
  | { readonly kind: 'appeared'; readonly after: E }
  | { readonly kind: 'vanished'; readonly before: E }
  | { readonly kind: 'moved' | 'stayed'; readonly before: E; readonly after: E };

/** From this share of common steps among all steps of two events on, the event stayed where it was. */
const SAME = 0.8;

const common = (a: Span, b: Span): number => Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));

/** Intersection over union, 0 to 1. */
export const likeness = (a: Span, b: Span): number => {
  const shared = common(a, b);
  return shared / (a.end - a.start + b.end - b.start - shared);
};

/** The one of `others` with the most steps in common; null where none has any. */
function partner<E extends Span>(event: Span, others: readonly E[]): E | null {
  let best: E | null = null;
  for (const other of others) if (common(event, other) > (best === null ? 0 : common(event, best))) best = other;
  return best;
}

const pair = <E extends Span>(before: E, after: E): Change<E> => ({
  kind: likeness(before, after) >= SAME ? 'stayed' : 'moved',
  before,
  after,
});

const startOf = (change: Change): number => (change.kind === 'vanished' ? change.before : change.after).start;

/**
 * Every event of `before` and `after` in at least one change, in order of time. An event counts as appeared or vanished
 * only when no step of it belongs to any event of the other run; a part of a split or merged event has moved.
 */
export function compareEvents<E extends Span>(before: readonly E[], after: readonly E[]): Change<E>[] {
  const met = new Set<E>();
  const changes = after.map((event): Change<E> => {
    const was = partner(event, before);
    if (was === null) return { kind: 'appeared', after: event };
    met.add(was);
    return pair(was, event);
  });
  const left = before
    .filter((event) => !met.has(event))
    .map((event): Change<E> => {
      const became = partner(event, after);
      return became === null ? { kind: 'vanished', before: event } : pair(event, became);
    });
  return [...changes, ...left].sort((a, b) => startOf(a) - startOf(b));
}

/** How many changes there are of each kind. */
export function countChanges(changes: readonly Change[]): Readonly<Record<Change['kind'], number>> {
  const count = { appeared: 0, vanished: 0, moved: 0, stayed: 0 };
  for (const { kind } of changes) count[kind]++;
  return count;
}
