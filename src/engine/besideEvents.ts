/** Two runs of one series, A and B, event by event: what B mends and what it breaks, against each other and the labels. */
import { compareEvents } from './compare.ts';
import type { Change } from './compare.ts';
import type { Span } from './types.ts';

export type Verdict = 'fixed' | 'broken' | 'unchanged';

/** One thing to look at, in order of time. */
export type BesideRow<E extends Span = Span> = Span & {
  /** A labelled range, an event that meets none (a false alarm), or an event where nothing is labelled at all. */
  readonly of: 'label' | 'false-alarm' | 'event';
  /** null where there are no labels to say so. */
  readonly verdict: Verdict | null;
  /** The event of each run that meets it most; null where it has none. */
  readonly a: E | null;
  readonly b: E | null;
  readonly change: Change['kind'] | null;
};

const shared = (a: Span, b: Span): number => Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));

const met = (span: Span, others: readonly Span[]): boolean => others.some((other) => shared(span, other) > 0);

function most<E extends Span>(span: Span, events: readonly E[]): E | null {
  let best: E | null = null;
  for (const event of events) if (shared(event, span) > (best === null ? 0 : shared(best, span))) best = event;
  return best;
}

/** A labelled range that B finds and A does not is fixed; the other way round it is broken. */
function labelRow<E extends Span>(span: Span, before: readonly E[], after: readonly E[]): BesideRow<E> {
  const a = most(span, before);
  const b = most(span, after);
  const verdict = (a === null) === (b === null) ? 'unchanged' : b === null ? 'broken' : 'fixed';
  return { start: span.start, end: span.end, of: 'label', verdict, a, b, change: null };
}

const FALSE_ALARM: Readonly<Record<Change['kind'], Verdict>> = {
  vanished: 'fixed',
  appeared: 'broken',
  moved: 'unchanged',
  stayed: 'unchanged',
};

function eventRow<E extends Span>(change: Change<E>, labelled: boolean): BesideRow<E> {
  const a = change.kind === 'appeared' ? null : change.before;
  const b = change.kind === 'vanished' ? null : change.after;
  const { start, end } = change.kind === 'vanished' ? change.before : change.after;
  return {
    ...{ start, end, a, b, change: change.kind },
    of: labelled ? 'false-alarm' : 'event',
    verdict: labelled ? FALSE_ALARM[change.kind] : null,
  };
}

/**
 * Rows for the judged part. With labels: one for each labelled range and one for each event that meets no label. Without:
 * one for each event. `labels` are those that reach into `test`, in order.
 */
export function besideRows<E extends Span>(
  before: readonly E[],
  after: readonly E[],
  labels: readonly Span[] | null,
  test: Span,
): BesideRow<E>[] {
  const truth = labels?.filter((label) => shared(label, test) > 0) ?? [];
  const rows = compareEvents(before, after)
    .filter((change) => {
      const sides = [
        ...(change.kind === 'appeared' ? [] : [change.before]),
        ...(change.kind === 'vanished' ? [] : [change.after]),
      ];
      return !sides.some((side) => met(side, truth));
    })
    .map((change) => eventRow(change, labels !== null));
  return [...truth.map((label) => labelRow(label, before, after)), ...rows].sort((p, q) => p.start - q.start);
}
