/** From a score and a threshold to events: runs of flagged steps, padded, merged, filtered. */
import type { Event, Span } from '../types.ts';
import { flagsOver } from './peaks.ts';

export type EventRules = {
  /** Steps added on both sides of each run before merging. */
  readonly padding: number;
  /** Padded runs that touch, or have fewer unflagged steps than this between them, become one event. */
  readonly mergeGap: number;
  /** Events with fewer flagged steps are dropped. */
  readonly minLength: number;
  /** Nominal share of false alarms; severity counts from here. */
  readonly significance: number;
  /** One alarm an excursion: least distance of flagged steps, see `flagsOver`; every step over the threshold without it. */
  readonly spacing?: number;
};

export type FoundEvents = {
  /** In order of time, disjoint, inside the span. */
  readonly events: readonly Event[];
  /** Share of the span's steps that are flagged. */
  readonly flaggedShare: number;
  /** Share of the span's steps inside events. */
  readonly paddedShare: number;
};

/**
 * Severity 0 to 100 of a tail probability, as 100·(1 − 10^(−(x − a)/8)) with x = −log10 p and a = −log10 of the
 * significance: 0 at the threshold, 90 eight decades below it. 0 where ln p is unknown.
 */
export function severityOf(logP: number, significance: number): number {
  const beyond = Math.log10(significance) - logP / Math.LN10;
  if (Number.isNaN(beyond)) return 0;
  return Math.min(100, Math.max(0, 100 * (1 - 10 ** (-beyond / 8))));
}

const shareOf = (steps: number, span: Span): number => (span.end > span.start ? steps / (span.end - span.start) : 0);

/** Share of the span's steps that are flagged. */
export const flaggedShareOf = (score_T: Float64Array, threshold: number, span: Span, spacing = 0): number =>
  shareOf(
    flagsOver(score_T, threshold, span, spacing).reduce((n, flag) => n + flag, 0),
    span,
  );

/** Runs of flagged steps, widened by the padding, clamped to the span and merged. `flag_N` begins where the span does. */
function paddedRuns(flag_N: Uint8Array, rules: EventRules, span: Span): Span[] {
  const runs: { start: number; end: number }[] = [];
  const near = Math.max(1, rules.mergeGap);
  let t = span.start;
  while (t < span.end) {
    if (flag_N[t - span.start] === 0) {
      t++;
      continue;
    }
    const from = t;
    while (t < span.end && flag_N[t - span.start] === 1) t++;
    const start = Math.max(span.start, from - rules.padding);
    const end = Math.min(span.end, t + rules.padding);
    const last = runs.at(-1);
    if (last !== undefined && start - last.end < near) last.end = Math.max(last.end, end);
    else runs.push({ start, end });
  }
  return runs;
}

/** Events of a score within a span (the test part): steps over the threshold, or their peaks where the rules say so. */
export function findEvents(
  { score_T, logP_T }: { readonly score_T: Float64Array; readonly logP_T: Float64Array },
  threshold: number,
  rules: EventRules,
  span: Span,
): FoundEvents {
  const flag_N = flagsOver(score_T, threshold, span, rules.spacing);
  const events: Event[] = [];
  for (const run of paddedRuns(flag_N, rules, span)) {
    let peak = -1;
    let flagged = 0;
    for (let t = run.start; t < run.end; t++) {
      if (flag_N[t - span.start] === 0) continue;
      flagged++;
      if (peak < 0 || score_T[t] > score_T[peak]) peak = t;
    }
    if (flagged < rules.minLength) continue;
    const logP = logP_T[peak];
    events.push({ ...run, flagged, peak, score: score_T[peak], logP, severity: severityOf(logP, rules.significance) });
  }
  const covered = events.reduce((sum, event) => sum + event.end - event.start, 0);
  const flags = flag_N.reduce((sum, flag) => sum + flag, 0);
  return { events, flaggedShare: shareOf(flags, span), paddedShare: shareOf(covered, span) };
}

/** Events from the most to the least severe; of equal ones the more improbable, then the higher, then the earlier. */
export function bySeverity(events: readonly Event[]): Event[] {
  const lower = (a: number, b: number) => (Number.isNaN(a) || Number.isNaN(b) ? 0 : a - b);
  return [...events].sort(
    (a, b) => b.severity - a.severity || lower(a.logP, b.logP) || lower(b.score, a.score) || a.start - b.start,
  );
}
