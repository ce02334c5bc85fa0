/** Which events are the machine having changed, and which are something broken. */
import { percentileSorted, sortedFinite } from '../math/quantile.ts';
import type { Span } from '../types.ts';
import type { Regime } from './detect.ts';

export type EventMark = 'regime' | 'fault';

/** How wide the band of what is usual is, in widths from the 10th to the 90th percentile. */
const BAND = 2.5;

/** Share of an event's steps that must look like the regime. */
const MOSTLY = 0.7;

/** Values of a regime that say what is usual in it: from a while after its start, so that the way there does not count. */
function usual(x_T: Float64Array, { start, end }: Span): { low: number; high: number } | null {
  const from = start + Math.floor((end - start) / 4);
  const sorted = sortedFinite(x_T.subarray(from, end));
  if (sorted.length === 0) return null;
  const [low, high] = [percentileSorted(sorted, 10), percentileSorted(sorted, 90)];
  const reach = ((BAND - 1) / 2) * (high - low);
  return { low: low - reach, high: high + reach };
}

/** Share of the span's steps that lie in the band of what is usual in the regime; 1 where nothing was seen. */
function shareUsual(x_T: Float64Array, span: Span, band: { low: number; high: number }): number {
  let seen = 0;
  let inside = 0;
  for (let t = span.start; t < span.end; t++) {
    if (Number.isNaN(x_T[t])) continue;
    seen++;
    if (x_T[t] >= band.low && x_T[t] <= band.high) inside++;
  }
  return seen === 0 ? 1 : inside / seen;
}

/**
 * `regime` where an event lies in a regime, or on the way into it, one of its `sensors` is among those that changed, and
 * what these read in it is what they read for the rest of the regime; `fault` anywhere else, also inside a regime.
 * `sensors`: those that the event is attributed to.
 */
export function markEvent(
  event: Span & { readonly sensors: readonly number[] },
  regimes: readonly Regime[],
  x_ST: readonly Float64Array[],
): EventMark {
  for (const regime of regimes) {
    const overlap = Math.min(event.end, regime.end) - Math.max(event.start, regime.start);
    if (overlap <= 0 || overlap < (event.end - event.start) / 2) continue;
    const shared = event.sensors.filter((s) => regime.sensors.includes(s));
    if (shared.length === 0) continue;
    const within = { start: Math.max(event.start, regime.start), end: Math.min(event.end, regime.end) };
    const isUsual = (s: number): boolean => {
      const band = usual(x_ST[s], regime);
      return band !== null && shareUsual(x_ST[s], within, band) >= MOSTLY;
    };
    if (shared.every(isUsual)) return 'regime';
  }
  return 'fault';
}
