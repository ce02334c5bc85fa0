/** What confirming a range as the new normal would do, read off the state: nothing here asks the worker. */
import { chartClock } from '../../charts/clock.ts';
import type { Span } from '../../engine/types.ts';
import type { DriftKind, DriftView, JudgedEvent, RunEvents } from '../../workers/protocol.ts';
import { en } from '../messages/en.ts';
import { shownEvents } from './resultsSlice.ts';
import { currentAsset } from './select.ts';
import type { AppState } from './store.ts';
import { valueOf } from './types.ts';

/** A proposed regime by its number, or the range that was drawn in the lanes. */
export type NormalPick = number | 'drawn';

export type NormalForm = {
  /** Of a regime: its first half, so that the rest is judged by what did not calibrate it, or all of it. */
  readonly part: 'half' | 'all';
  readonly retrain: boolean;
  /** What is judged by it: the range itself, or all that follows its start; null: as is usual for the pick. */
  readonly onwards: boolean | null;
};

export type NormalRange = {
  readonly confirmed: Span;
  readonly learned: Span;
  readonly applies: Span;
  /** Events of something broken, which are not learned from. */
  readonly dropped: readonly Span[];
  readonly kind: DriftKind | null;
  /** `learned` in words. */
  readonly words: string;
  /** Whether "this range" and "from here on" differ. */
  readonly hasEnd: boolean;
  readonly onwards: boolean;
};

/** Marks of events, with the events that they were made for. */
export type Marks = { readonly events: RunEvents; readonly judged: readonly JudgedEvent[] };

/** Drift of the run in view; null while it is not known. */
export function shownDrift({ driftView, current }: Pick<AppState, 'driftView' | 'current'>): DriftView | null {
  const view = valueOf(driftView);
  return view !== null && view.runId === valueOf(current)?.id ? view : null;
}

/** What is said of the event with this number, where it is known for the events on screen. */
export function markOf(state: AppState, number: number): JudgedEvent | null {
  const events = shownEvents(state);
  if (state.marks === null || state.marks.events !== events) return null;
  const at = events.events.findIndex((row) => row.number === number);
  return state.marks.judged[at] ?? null;
}

/** An event is left out of what is learned where it is short beside it: a long one is the change itself. */
const SHORT = 0.25;

function droppedIn({ marks }: AppState, learned: Span): readonly Span[] {
  const padding = marks?.events.settings.mergeGap ?? 0;
  return (marks?.events.events ?? []).flatMap(({ start, end }, n) => {
    const isInside = start >= learned.start && end <= learned.end;
    const isShort = end - start < SHORT * (learned.end - learned.start);
    if (marks?.judged[n]?.mark !== 'fault' || !isInside || !isShort) return [];
    return [{ start: Math.max(learned.start, start - padding), end: Math.min(learned.end, end + padding) }];
  });
}

/** Steps that the first half of a regime has at least, where it is as long: a change is known after as many. */
const learnedOf = ({ start, end }: Span, { part }: NormalForm, stay: number): Span =>
  part === 'all' ? { start, end } : { start, end: Math.min(end, start + Math.max(stay, (end - start) >> 1)) };

/** The range under `pick` as the form has it; null where there is none, or no run. */
export function normalRange(state: AppState): NormalRange | null {
  const { normalPick: pick, normalForm: form, brush } = state;
  const view = shownDrift(state);
  const asset = currentAsset(state);
  if (pick === null || !asset || state.current.is !== 'ready') return null;
  const regime = typeof pick === 'number' ? view?.measured.regimes[pick] : undefined;
  const span = pick === 'drawn' ? brush : regime;
  if (!span) return null;
  const confirmed = { start: Math.max(0, span.start), end: Math.min(asset.T, span.end) };
  const learned = regime && view ? learnedOf(confirmed, form, view.settings.stay) : confirmed;
  const onwards = form.onwards ?? pick === 'drawn';
  const clock = chartClock(asset.clock, asset.T);
  return {
    confirmed,
    learned,
    applies: { start: confirmed.start, end: onwards ? asset.T : confirmed.end },
    dropped: droppedIn(state, learned),
    kind: regime?.kind ?? null,
    words: en.drift.range(clock.flag(learned.start), clock.flag(learned.end - 1)),
    hasEnd: confirmed.end < asset.T,
    onwards,
  };
}
