/**
 * Steps as time and time as text, for the three kinds of clock: stamped or regular (dates in the data's own zone) and
 * numbered (elapsed time when the step is known, plain step numbers when not). Pure, but for Intl's zone tables.
 */
import type { WireClock } from '../workers/protocol.ts';
import { count, duration } from './format.ts';
import { dateText, flagText, spanTicks, stepTicks } from './ticks.ts';
import { chartWords } from './words.ts';
import { instantOf, offsetMs } from './zone.ts';

const TYPED = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/** Milliseconds of a typed time as if it were UTC; NaN where it is none, such as the 30th of February. */
function wallMs(text: string): number {
  const [year, month, day, ...clock] = (TYPED.exec(text.trim()) ?? [])
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  const [hour = 0, minute = 0, second = 0] = clock;
  const at = new Date(Date.UTC(year ?? NaN, (month ?? NaN) - 1, day, hour, minute, second));
  const read = [at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  return [month, day, hour, minute, second].every((part, n) => part === read[n]) ? at.getTime() : NaN;
}

const datesOf = (zone: string, timeOf: (step: number) => number, stepOf: (ms: number) => number): Dates => ({
  textOf: (step) => {
    const ms = Math.round(timeOf(step));
    const text = new Date(ms + offsetMs(zone, ms)).toISOString().slice(0, 19).replace('T', ' ');
    return text.replace(/:00$/, '');
  },
  stepOf: (text) => {
    const wall = wallMs(text);
    return Number.isNaN(wall) ? NaN : Math.round(stepOf(instantOf(zone, wall)));
  },
});

/** A position on the steps axis, in fractional steps. Step t covers [t, t + 1). */
export type View = { readonly from: number; readonly to: number };

/** `step` is where the line is drawn (fractional); `strong` marks a change of day (or month, or year). */
export type Tick = { readonly step: number; readonly text: string; readonly strong: boolean };

export type ChartClock = {
  readonly T: number;
  /** Ticks on round times, at least `minGapPx` apart. */
  readonly ticks: (view: View, widthPx: number, minGapPx?: number) => readonly Tick[];
  /** Short, for the flag at the cross-hair: "d12 01:35", "12 Mar 01:35", "step 17 375". */
  readonly flag: (step: number) => string;
  /** Whole, for sentences and titles: "12 Mar 2024 01:35:00". */
  readonly text: (step: number) => string;
  /**
   * How long a number of steps takes, from step `from` on where steps are irregular: "73 min", or "412 steps"; in at
   * most `parts` units of time.
   */
  readonly length: (steps: number, from?: number, parts?: number) => string;
  /** Said once beside the axis: "UTC", "Europe/Berlin", "elapsed", "steps". */
  readonly zone: string;
  /** Steps by date, where they have one. */
  readonly dates: Dates | null;
};

/** Wall-clock times of the data's own zone, as a person types them: "2024-03-12 01:35" or with ":05" behind it. */
export type Dates = {
  readonly textOf: (step: number) => string;
  /** The nearest step; NaN for a text that is no time. */
  readonly stepOf: (text: string) => number;
};

/**
 * A clock for the charts.
 * @param clock the asset's clock
 * @param T steps of the series
 * @param indexStepMs length of one step of an `index` clock, when known
 */
export function chartClock(clock: WireClock, T: number, indexStepMs: number | null = null): ChartClock {
  switch (clock.kind) {
    case 'index':
      return indexStepMs === null ? numberedClock(T) : elapsedClock(T, indexStepMs);
    case 'regular': {
      const startMs = Number(clock.startNs) / 1e6;
      const stepMs = Number(clock.stepNs) / 1e6;
      const timeOf = (step: number) => startMs + step * stepMs;
      return datedClock(T, clock.zone, stepMs, timeOf, (ms) => (ms - startMs) / stepMs);
    }
    case 'stamps':
      return stampedClock(clock.ns_T, clock.zone);
  }
}

function numberedClock(T: number): ChartClock {
  const flag = (step: number): string => chartWords.step(count(Math.floor(step)));
  return {
    T,
    zone: chartWords.stepsZone,
    ticks: (view, widthPx, minGapPx = 72) => stepTicks(view, widthPx, minGapPx),
    flag,
    text: flag,
    length: (steps) => chartWords.steps(count(steps), Math.round(steps) === 1),
    dates: null,
  };
}

function elapsedClock(T: number, stepMs: number): ChartClock {
  const timeOf = (step: number): number => step * stepMs;
  const flag = (step: number): string => flagText('elapsed', timeOf(Math.floor(step)), stepMs);
  return {
    T,
    zone: chartWords.elapsedZone,
    ticks: (view, widthPx, minGapPx = 84) =>
      spanTicks({ zone: 'elapsed', timeOf, stepOf: (ms) => ms / stepMs, stepMs }, view, widthPx, minGapPx),
    flag,
    text: flag,
    length: (steps, _from, parts) => duration(steps * stepMs, parts),
    dates: null,
  };
}

function datedClock(
  T: number,
  zone: string,
  stepMs: number,
  timeOf: (step: number) => number,
  stepOf: (ms: number) => number,
): ChartClock {
  return {
    T,
    zone,
    ticks: (view, widthPx, minGapPx = 84) => spanTicks({ zone, timeOf, stepOf, stepMs }, view, widthPx, minGapPx),
    flag: (step) => flagText(zone, timeOf(Math.floor(step)), stepMs),
    text: (step) => dateText(zone, timeOf(Math.floor(step)), stepMs),
    length: (steps, from = 0, parts) => duration(timeOf(from + steps) - timeOf(from), parts),
    dates: datesOf(zone, timeOf, stepOf),
  };
}

/** An irregular clock: steps stay evenly spaced on screen, so round times fall at uneven places. */
function stampedClock(ns_T: BigInt64Array, zone: string): ChartClock {
  const T = ns_T.length;
  const first = T > 0 ? ns_T[0]! : 0n;
  const originMs = Number(first) / 1e6;
  const sinceMs = (t: number): number => Number(ns_T[t]! - first) / 1e6;
  const stepMs = T > 1 ? sinceMs(T - 1) / (T - 1) : 1000;
  const timeOf = (step: number): number => {
    if (T === 0) return 0;
    const t = Math.floor(step);
    if (t < 0) return originMs + step * stepMs;
    if (t >= T - 1) return originMs + sinceMs(T - 1) + (step - (T - 1)) * stepMs;
    const here = sinceMs(t);
    return originMs + here + (step - t) * (sinceMs(t + 1) - here);
  };
  const stepOf = (ms: number): number => {
    const wanted = ms - originMs;
    let low = 0;
    let high = T - 1;
    if (T < 2 || wanted <= 0) return wanted / stepMs;
    if (wanted >= sinceMs(high)) return high + (wanted - sinceMs(high)) / stepMs;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (sinceMs(middle) <= wanted) low = middle;
      else high = middle;
    }
    const here = sinceMs(low);
    return low + (wanted - here) / (sinceMs(high) - here || 1);
  };
  return datedClock(T, zone, stepMs, timeOf, stepOf);
}
