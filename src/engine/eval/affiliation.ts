/**
 * Affiliation precision and recall (Huet, Navarro & Rossi, KDD 2022, doi:10.1145/3534678.3539339), exact integrals.
 *
 * A segment is the interval [start, end) on the line [0, n). Each labelled event owns the zone of points nearer to it than
 * to any other event. Precision asks how near the predictions of the zone are to the event, recall how near the event is to
 * them; both as the chance that a uniform random point of the zone does no better.
 */
import { harmonic } from './counts.ts';
import { segmentsOf } from './prepare.ts';
import type { Span } from '../types.ts';

export type Affiliation = {
  /** Mean over zones that hold a prediction; null when nothing is predicted. */
  readonly precision: number | null;
  /** Mean over all zones; a zone without prediction counts 0. */
  readonly recall: number;
  readonly f1: number | null;
  readonly perEventPrecision: readonly (number | null)[];
  readonly perEventRecall: readonly number[];
  /** Mean distance in steps from predictions to the event; null without prediction in the zone. */
  readonly perEventPrecisionDistance: readonly (number | null)[];
  /** Mean distance in steps from the event to predictions; Infinity without prediction in the zone. */
  readonly perEventRecallDistance: readonly number[];
};

type Mean = { readonly chance: number; readonly distance: number };

/** Integral of a function that is linear between its breakpoints. */
function integrate(from: number, to: number, breaks: readonly number[], f: (x: number) => number): number {
  let sum = 0;
  let x = from;
  for (const b of [...breaks.filter((v) => v > from && v < to).sort((p, q) => p - q), to]) {
    sum += ((b - x) * (f(x) + f(b))) / 2;
    x = b;
  }
  return sum;
}

/** Means over the predicted points of a zone: chance that a random point is at least as far from the event. */
function precisionOf(pieces: readonly Span[], event: Span, zone: Span): Mean {
  const size = zone.end - zone.start;
  const left = event.start - zone.start;
  const right = zone.end - event.end;
  const breaks = [left, right];
  const survival = (d: number) => 1 - (event.end - event.start + Math.min(d, left) + Math.min(d, right)) / size;
  let chance = 0;
  let distance = 0;
  let length = 0;
  const outside = (near: number, far: number) => {
    if (far <= near) return;
    chance += integrate(near, far, breaks, survival);
    distance += (far * far - near * near) / 2;
  };
  for (const { start, end } of pieces) {
    length += end - start;
    chance += Math.max(0, Math.min(end, event.end) - Math.max(start, event.start));
    outside(Math.max(0, event.start - end), event.start - start);
    outside(Math.max(0, start - event.end), end - event.end);
  }
  return { chance: chance / length, distance: distance / length };
}

/** Means over the points of the event: chance that a random point is at least as far as the nearest prediction. */
function recallOf(pieces: readonly Span[], event: Span, zone: Span): Mean {
  const size = zone.end - zone.start;
  let chance = 0;
  let distance = 0;
  /** Points of [from, to) whose nearest predicted point is `to` the side of `point`. */
  const away = (from: number, to: number, point: number) => {
    const a = Math.max(from, event.start);
    const b = Math.min(to, event.end);
    if (b <= a) return;
    const d = (y: number) => Math.abs(y - point);
    const within = (y: number) => Math.min(d(y), y - zone.start) + Math.min(d(y), zone.end - y);
    const breaks = [(point + zone.start) / 2, (point + zone.end) / 2];
    chance += integrate(a, b, breaks, (y) => 1 - within(y) / size);
    distance += integrate(a, b, [], d);
  };
  pieces.forEach(({ start, end }, i) => {
    const previous = i === 0 ? zone.start : (pieces[i - 1].end + start) / 2;
    const next = i + 1 === pieces.length ? zone.end : (end + pieces[i + 1].start) / 2;
    away(previous, start, start);
    chance += Math.max(0, Math.min(end, event.end) - Math.max(start, event.start));
    away(end, next, end);
  });
  const length = event.end - event.start;
  return { chance: chance / length, distance: distance / length };
}

const clip = (spans: readonly Span[], zone: Span): Span[] =>
  spans
    .map(({ start, end }) => ({ start: Math.max(start, zone.start), end: Math.min(end, zone.end) }))
    .filter(({ start, end }) => end > start);

const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** null without labelled events. */
export function affiliation(label_T: ArrayLike<number>, flag_T: ArrayLike<number>): Affiliation | null {
  const events = segmentsOf(label_T);
  const found = segmentsOf(flag_T);
  if (events.length === 0) return null;
  let first = 0;
  const zones = events.map((event, i) => {
    const zone = {
      start: i === 0 ? 0 : (events[i - 1].end + event.start) / 2,
      end: i + 1 === events.length ? label_T.length : (event.end + events[i + 1].start) / 2,
    };
    while (first < found.length && found[first].end <= zone.start) first += 1;
    let last = first;
    while (last < found.length && found[last].start < zone.end) last += 1;
    const pieces = clip(found.slice(first, last), zone);
    if (pieces.length === 0) return null;
    return { precision: precisionOf(pieces, event, zone), recall: recallOf(pieces, event, zone) };
  });
  const perEventPrecision = zones.map((zone) => zone?.precision.chance ?? null);
  const perEventRecall = zones.map((zone) => zone?.recall.chance ?? 0);
  const held = perEventPrecision.filter((value) => value !== null);
  const precision = held.length === 0 ? null : average(held);
  const recall = average(perEventRecall);
  return {
    precision,
    recall,
    f1: precision === null ? null : harmonic(precision, recall),
    perEventPrecision,
    perEventRecall,
    perEventPrecisionDistance: zones.map((zone) => zone?.precision.distance ?? null),
    perEventRecallDistance: zones.map((zone) => zone?.recall.distance ?? Infinity),
  };
}
