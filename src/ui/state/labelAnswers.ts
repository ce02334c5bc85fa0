/** Answers to queries and points painted inside a window, as pure functions on labels and spans. */
import type { Change, Label, Scope, Verdict } from '../../engine/labels/types.ts';
import type { Span } from '../../engine/types.ts';

/** What every label of one person at one moment has in common. */
export type Said = Pick<Label, 'author' | 'layer' | 'madeAtMs' | 'origin' | 'note' | 'scope'>;

/** Labels of an answer carry its query's id, so that answering again replaces them. */
const partOf = (queryId: string, author: string, n: number): string => `query ${queryId} ${author} ${n}`;
const isPartOf = (id: string, queryId: string, author: string): boolean => id.startsWith(`query ${queryId} ${author} `);

/** The parts of `window` that no span covers. Spans are ascending and disjoint. */
export function restOf(window: Span, spans: readonly Span[]): Span[] {
  const rest: Span[] = [];
  let from = window.start;
  for (const { start, end } of spans) {
    if (start > from) rest.push({ start: from, end: start });
    from = Math.max(from, end);
  }
  if (from < window.end) rest.push({ start: from, end: window.end });
  return rest;
}

/**
 * What an answer writes. Anomalous with painted points: those are anomalous and the rest of the window is normal; with
 * none painted the whole window is. All of it is about the sensors of `said.scope`: of the others nothing is said. Earlier
 * answers of the same person to the same query are replaced.
 */
export function answerChanges(
  query: { readonly id: string; readonly span: Span },
  verdict: Verdict,
  painted: readonly Span[],
  said: Said,
  labels: readonly Label[],
): Change[] {
  const { id, span } = query;
  const isPainted = verdict === 'anomalous' && painted.length > 0;
  const parts: { readonly span: Span; readonly verdict: Verdict }[] = isPainted
    ? [
        ...painted.map((part) => ({ span: part, verdict })),
        ...restOf(span, painted).map((part) => ({ span: part, verdict: 'normal' as const })),
      ]
    : [{ span, verdict }];
  const added = parts
    .sort((a, b) => a.span.start - b.span.start)
    .map((part, n): Label => ({ id: partOf(id, said.author, n), ...part, ...said }));
  const ids = new Set(added.map((label) => label.id));
  const removed = labels.filter((label) => isPartOf(label.id, id, said.author) && !ids.has(label.id));
  return [
    ...removed.map((label): Change => ({ kind: 'remove', id: label.id })),
    ...added.map((label): Change => ({ kind: 'put', label })),
  ];
}

export type Answer = { readonly verdict: Verdict; readonly painted: readonly Span[]; readonly scope: Scope };

/** The answer that a person gave to a query, read from the labels; null before it. */
export function answerOf(
  query: { readonly id: string; readonly span: Span },
  author: string,
  labels: readonly Label[],
): Answer | null {
  const parts = labels.filter(({ id }) => isPartOf(id, query.id, author));
  const [first] = parts;
  if (!first) return null;
  const anomalous = parts.filter((label) => label.verdict === 'anomalous').map(({ span }) => span);
  if (anomalous.length === 0) return { verdict: first.verdict, painted: [], scope: first.scope };
  return { verdict: 'anomalous', painted: parts.length === 1 ? [] : anomalous, scope: first.scope };
}

/** `spans` with `added` painted too, joined where they touch, inside `window`. */
export function painted(window: Span, spans: readonly Span[], added: Span): Span[] {
  const start = Math.max(window.start, added.start);
  const end = Math.min(window.end, added.end);
  if (end <= start) return [...spans];
  const joined: Span[] = [];
  for (const span of [...spans, { start, end }].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last && span.start <= last.end)
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else joined.push(span);
  }
  return joined;
}

/** `spans` without `cut`. */
export const erased = (spans: readonly Span[], cut: Span): Span[] =>
  spans.flatMap((span) =>
    [
      { start: span.start, end: Math.min(span.end, cut.start) },
      { start: Math.max(span.start, cut.end), end: span.end },
    ].filter(({ start, end }) => end > start),
  );

/** One end of one painted span. */
export type Edge = { readonly index: number; readonly side: 'start' | 'end' };

/** The edge after this one, from left to right and round again. */
export function edgeAfter({ index, side }: Edge, count: number): Edge {
  if (side === 'start') return { index: Math.min(index, count - 1), side: 'end' };
  return { index: (index + 1) % Math.max(1, count), side: 'start' };
}

/**
 * Moves one edge by whole steps. It stops at the window, at its own other edge (one step stays) and at its neighbours.
 * With nothing painted, the first nudge paints one step in the middle of the window.
 */
export function nudged(window: Span, spans: readonly Span[], { index, side }: Edge, by: number): Span[] {
  const span = spans[index];
  if (!span) {
    const middle = Math.floor((window.start + window.end) / 2);
    return spans.length > 0 ? [...spans] : [{ start: middle, end: middle + 1 }];
  }
  const least = spans[index - 1]?.end ?? window.start;
  const most = spans[index + 1]?.start ?? window.end;
  const moved =
    side === 'start'
      ? { start: Math.min(Math.max(least, span.start + by), span.end - 1), end: span.end }
      : { start: span.start, end: Math.max(Math.min(most, span.end + by), span.start + 1) };
  return spans.map((other, n) => (n === index ? moved : other));
}

export const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, { start, end }) => sum + end - start, 0);
