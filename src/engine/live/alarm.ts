/** Alarms with hysteresis: what turns one on is more than what keeps it on. */
import type { Score, Span } from '../types.ts';
import type { AlarmSettings } from './alarmParams.ts';

export type Alarm = {
  /** From 1, in the order in which they come on. */
  readonly number: number;
  /** Step at which it came on. */
  readonly on: number;
  /** Step at which it went off; null while it is on. */
  readonly off: number | null;
  /** Highest score so far, and the step of it. */
  readonly score: number;
  readonly peak: number;
  /** Sensors by their part in the score up to the peak, the largest first. */
  readonly sensors: readonly number[];
};

/** Sensors named with an alarm. */
const NAMED = 3;

/** The threshold below which an alarm wears off: this share of the way from 0 up to a positive one. */
export const lowerThreshold = (threshold: number, low: number): number => threshold - (1 - low) * Math.abs(threshold);

function leading({ nlp_TS, weight_S, S }: Score, t: number): number[] {
  const part = (s: number): number => {
    const value = nlp_TS[t * S + s] * weight_S[s];
    return Number.isNaN(value) ? 0 : value;
  };
  return Array.from({ length: S }, (_, s) => s)
    .filter((s) => part(s) > 0)
    .sort((a, b) => part(b) - part(a))
    .slice(0, NAMED);
}

/** An alarm that came on, went off or has a new peak. */
export type AlarmChange = { readonly kind: 'on' | 'off' | 'peak'; readonly alarm: Alarm };

export type Alarms = {
  /** Steps in order, each once. Steps without a score change nothing: they neither raise an alarm nor end one. */
  readonly take: (steps: Span & { readonly score: Score }) => readonly AlarmChange[];
  /** What is on, or null. */
  readonly current: () => Alarm | null;
  /** Other settings from the next step on. */
  readonly set: (settings: AlarmSettings, threshold: number) => void;
};

/**
 * On when `on` of the last `of` steps are over the threshold; off after `off` steps in a row at or below the lower one.
 * After that it begins anew: steps from before count no more. So an alarm lasts `off` steps at least, and as many steps as
 * turn one on lie between two.
 */
export function createAlarms(first: AlarmSettings, limit: number): Alarms {
  let settings = first;
  let threshold = limit;
  let current: Alarm | null = null;
  let count = 0;
  /** Steps over the threshold among the last `of` ones with a score, oldest first. */
  let over: number[] = [];
  let seen = 0;
  let below = 0;

  function raise(t: number, score: Score, at: number): AlarmChange | null {
    const { on, of } = settings;
    seen++;
    if (score.score_T[at] > threshold) over.push(seen);
    over = over.filter((n) => n > seen - of);
    if (over.length < Math.min(on, of)) return null;
    count++;
    over = [];
    below = 0;
    current = { number: count, on: t, off: null, score: score.score_T[at], peak: t, sensors: leading(score, at) };
    return { kind: 'on', alarm: current };
  }

  function hold(alarm: Alarm, t: number, score: Score, at: number): AlarmChange | null {
    const value = score.score_T[at];
    below = value <= lowerThreshold(threshold, settings.low) ? below + 1 : 0;
    if (below >= settings.off) {
      current = null;
      return { kind: 'off', alarm: { ...alarm, off: t } };
    }
    if (value <= alarm.score) return null;
    current = { ...alarm, score: value, peak: t, sensors: leading(score, at) };
    return { kind: 'peak', alarm: current };
  }

  return {
    take({ start, end, score }) {
      const changes: AlarmChange[] = [];
      for (let t = start; t < end; t++) {
        const at = t - start;
        if (Number.isNaN(score.score_T[at])) continue;
        const change = current === null ? raise(t, score, at) : hold(current, t, score, at);
        if (change) changes.push(change);
      }
      return changes;
    },
    current: () => current,
    set(next, value) {
      settings = next;
      threshold = value;
    },
  };
}
