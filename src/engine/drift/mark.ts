/** Which events are the machine having changed, and which are something broken. */
import { percentileSorted, sortedFinite } from '../math/quantile.ts';
import type { Column, Contribution, Span } from '../types.ts';
import type { Regime } from './detect.ts';

export type EventMark = 'regime' | 'fault';

/** How wide the band of what is usual is, in widths from the 10th to the 90th percentile. */
const BAND = 2.5;

/** Share of an event's steps that must look like the regime. */
const MOSTLY = 0.7;

/** Values of a regime that say what is usual in it: from a while after its start, so that the way there does not count. */
function usual(x_T: Column, { start, end }: Span): { low: number; high: number } | null {
  const from = start + Math.floor((end - start) / 4);
  const sorted = sortedFinite(x_T.subarray(from, end));
  if (sorted.length === 0) return null;
  const [low, high] = [percentileSorted(sorted, 10), percentileSorted(sorted, 90)];
  const reach = ((BAND - 1) / 2) * (high - low);
  return { low: low - reach, high: high + reach };
}

/** Share of the span's steps that lie in the band of what is usual in the regime; 1 where nothing was seen. */
function shareUsual(x_T: Column, span: Span, band: { low: number; high: number }): number {
  let seen = 0;
  let inside = 0;
  for (let t = span.start; t < span.end; t++) {
    if (Number.isNaN(x_T[t])) continue;
    seen++;
    if (x_T[t] >= band.low && x_T[t] <= band.high) inside++;
  }
  return seen === 0 ? 1 : inside / seen;
}

/** Why an event is marked as it is. `regime` is its number in the list of regimes. */
export type EventReason =
  | { readonly is: 'usual-in-regime'; readonly regime: number; readonly sensors: readonly number[] }
  | { readonly is: 'no-regime' }
  | { readonly is: 'other-sensors'; readonly regime: number }
  /** One of the sensors that changed reads otherwise than in the rest of the regime; `share` of its steps are like it. */
  | { readonly is: 'unlike-regime'; readonly regime: number; readonly sensor: number; readonly share: number };

export type JudgedEvent = { readonly mark: EventMark; readonly reason: EventReason };

const overlapOf = (a: Span, b: Span): number => Math.min(a.end, b.end) - Math.max(a.start, b.start);

/** What one regime says of an event; null where the event does not lie in it for at least half of its steps. */
function judgedBy(
  event: Span & { readonly sensors: readonly number[] },
  regime: Regime,
  number: number,
  x_ST: readonly Column[],
): JudgedEvent | null {
  const overlap = overlapOf(event, regime);
  if (overlap <= 0 || overlap < (event.end - event.start) / 2) return null;
  const shared = event.sensors.filter((s) => regime.sensors.includes(s));
  if (shared.length === 0) return { mark: 'fault', reason: { is: 'other-sensors', regime: number } };
  const within = { start: Math.max(event.start, regime.start), end: Math.min(event.end, regime.end) };
  for (const sensor of shared) {
    const band = usual(x_ST[sensor], regime);
    const share = band === null ? 0 : shareUsual(x_ST[sensor], within, band);
    if (share < MOSTLY) return { mark: 'fault', reason: { is: 'unlike-regime', regime: number, sensor, share } };
  }
  return { mark: 'regime', reason: { is: 'usual-in-regime', regime: number, sensors: shared } };
}

/**
 * `regime` where an event lies in a regime, or on the way into it, one of its `sensors` is among those that changed, and
 * what these read in it is what they read for the rest of the regime; `fault` anywhere else, also inside a regime.
 * `sensors`: those that the event is attributed to.
 */
export function judgeEvent(
  event: Span & { readonly sensors: readonly number[] },
  regimes: readonly Regime[],
  x_ST: readonly Column[],
): JudgedEvent {
  const all = regimes.flatMap((regime, number) => judgedBy(event, regime, number, x_ST) ?? []);
  return all.find(({ mark }) => mark === 'regime') ?? all.at(0) ?? { mark: 'fault', reason: { is: 'no-regime' } };
}

/** The mark alone. */
export const markEvent = (...given: Parameters<typeof judgeEvent>): EventMark => judgeEvent(...given).mark;

/** Sensors that carry an event: those with more than half of the largest share. `shares`: the largest first. */
export const leadingSensors = (shares: readonly Contribution[]): number[] =>
  shares.filter(({ share }) => share > shares[0].share / 2).map(({ sensor }) => sensor);
