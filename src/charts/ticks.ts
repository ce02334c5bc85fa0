/** Round times on an axis of steps, and the text of a time at the precision that the step length asks for. */
import type { Tick, View } from './clock.ts';
import { count, fixed } from './format.ts';
import { dayStart, offsetMs, wallOf } from './zone.ts';
import { chartWords } from './words.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 'elapsed' is counted from the first step, in days of 24 hours; anything else is an IANA zone. */
export type ZoneName = string;

/** The two directions between step and time of an axis; `stepMs` is the mean step. */
export type TimeAxis = {
  readonly zone: ZoneName;
  readonly timeOf: (step: number) => number;
  readonly stepOf: (ms: number) => number;
  readonly stepMs: number;
};

const WITHIN_DAY = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((s) => s * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((m) => m * MINUTE),
  ...[1, 2, 3, 6, 12].map((h) => h * HOUR),
];
/** Intervals from the roundest down. */
const ROUND = [DAY, ...[...WITHIN_DAY].reverse()];
const DAYS = [1, 2, 5, 7, 14];
const MONTH_COUNTS = [1, 2, 3, 6];

const pad = (value: number): string => value.toString().padStart(2, '0');

/** Ticks at round step numbers (1, 2, 5 times a power of ten). */
export function stepTicks(view: View, widthPx: number, minGapPx: number): Tick[] {
  const least = ((view.to - view.from) / Math.max(1, widthPx)) * minGapPx;
  if (!(least > 0) || !Number.isFinite(least)) return [];
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  const every = Math.max(1, [1, 2, 5, 10].map((k) => k * power).find((k) => k >= least) ?? 10 * power);
  const ticks: Tick[] = [];
  for (let step = Math.ceil(view.from / every) * every; step < view.to; step += every) {
    ticks.push({ step, text: count(step), strong: false });
  }
  return ticks;
}

/** Ticks at round times of the axis' zone. */
export function spanTicks(axis: TimeAxis, view: View, widthPx: number, minGapPx: number): Tick[] {
  const from = axis.timeOf(view.from);
  const to = axis.timeOf(view.to);
  const least = ((to - from) / Math.max(1, widthPx)) * minGapPx;
  if (!(least > 0) || !Number.isFinite(least)) return [];
  const times = roundTimes(axis.zone, from, to, least);
  const minSteps = ((view.to - view.from) / Math.max(1, widthPx)) * minGapPx * 0.98;
  const kept = spread(
    axis.zone,
    times.at.map((ms) => ({ ms, step: axis.stepOf(ms) })).filter(({ step }) => step >= view.from && step < view.to),
    minSteps,
  );
  return kept.map(({ ms, step }, i) => ({ step, ...tickText(axis.zone, ms, kept[i - 1]?.ms ?? null, times.grain) }));
}

type Place = { readonly ms: number; readonly step: number };

/** Where an irregular clock crowds its times, the rounder one stays. */
function spread(zone: ZoneName, places: readonly Place[], minSteps: number): Place[] {
  const roundness = ({ ms }: Place): number => {
    const local = Math.round(ms + (zone === 'elapsed' ? 0 : offsetMs(zone, ms)));
    return ROUND.findIndex((every) => local % every === 0);
  };
  const isCrowded = places.some(({ step }, i) => i > 0 && step - places[i - 1]!.step < minSteps);
  if (!isCrowded) return [...places];
  const ranked = places.map((place) => ({ place, rank: roundness(place) })).sort((a, b) => a.rank - b.rank);
  const kept: Place[] = [];
  for (const { place } of ranked) {
    if (kept.every(({ step }) => Math.abs(step - place.step) >= minSteps)) kept.push(place);
  }
  return kept.sort((a, b) => a.step - b.step);
}

type Grain = 'within-day' | 'day' | 'month' | 'year';

function roundTimes(zone: ZoneName, from: number, to: number, least: number): { at: number[]; grain: Grain } {
  const within = WITHIN_DAY.find((ms) => ms >= least);
  if (within !== undefined) return { at: evenTimes(zone, from, to, within), grain: 'within-day' };
  if (zone === 'elapsed') {
    const days = niceCount(least / DAY, [1, 2, 5, 7, 14, 28, 50, 100, 200, 500, 1000]);
    return { at: evenTimes(zone, from, to, days * DAY), grain: 'day' };
  }
  const days = DAYS.find((d) => d * DAY >= least);
  if (days !== undefined) return { at: dayTimes(zone, from, to, days), grain: 'day' };
  const months = MONTH_COUNTS.find((m) => m * 30 * DAY >= least);
  if (months !== undefined) return { at: monthTimes(zone, from, to, months), grain: 'month' };
  const years = niceCount(least / (365 * DAY), [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]);
  return { at: monthTimes(zone, from, to, years * 12), grain: 'year' };
}

function niceCount(least: number, choices: readonly number[]): number {
  return choices.find((c) => c >= least) ?? Math.ceil(least);
}

/** Multiples of an interval on the wall clock; an hour that daylight saving repeats has its ticks twice. */
function evenTimes(zone: ZoneName, from: number, to: number, every: number): number[] {
  const ahead = (ms: number): number => (zone === 'elapsed' ? 0 : offsetMs(zone, ms));
  const next = (ms: number, offset: number): number => Math.ceil((ms + offset) / every) * every - offset;
  const times: number[] = [];
  let ms = next(from, ahead(from));
  while (ms < to && times.length < 2000) {
    const settled = next(ms, ahead(ms));
    if (settled < to) times.push(settled);
    ms = next(settled + every / 2, ahead(settled + every / 2));
    if (ms <= settled) ms = settled + every;
  }
  return times;
}

function dayTimes(zone: ZoneName, from: number, to: number, days: number): number[] {
  const start = wallOf(zone, from);
  const times: number[] = [];
  for (let i = 0; times.length < 2000; i += 1) {
    const ms = dayStart(zone, start.year, start.month, start.day + i);
    if (ms >= to) break;
    const local = ms + offsetMs(zone, ms);
    if (ms >= from && Math.round(local / DAY) % days === 0) times.push(ms);
  }
  return times;
}

function monthTimes(zone: ZoneName, from: number, to: number, months: number): number[] {
  const start = wallOf(zone, from);
  const first = Math.floor((start.year * 12 + start.month - 1) / months) * months;
  const times: number[] = [];
  for (let m = first; times.length < 2000; m += months) {
    const ms = dayStart(zone, Math.floor(m / 12), (m % 12) + 1, 1);
    if (ms >= to) break;
    if (ms >= from) times.push(ms);
  }
  return times;
}

/** The first tick and each change of day say the day as well. */
function tickText(zone: ZoneName, ms: number, before: number | null, grain: Grain): { text: string; strong: boolean } {
  return zone === 'elapsed' ? elapsedText(ms, before, grain) : datedText(zone, ms, before, grain);
}

function elapsedText(ms: number, before: number | null, grain: Grain): { text: string; strong: boolean } {
  const day = Math.floor(ms / DAY);
  if (grain === 'day') return { text: chartWords.dayNumber(day), strong: false };
  const strong = before === null || Math.floor(before / DAY) !== day;
  const clock = clockText(ms - day * DAY, finest(ms));
  return { text: strong ? `${chartWords.dayNumber(day)} ${clock}` : clock, strong };
}

function datedText(zone: string, ms: number, before: number | null, grain: Grain): { text: string; strong: boolean } {
  const now = wallOf(zone, ms);
  const then = before === null ? null : wallOf(zone, before);
  const newYear = then?.year !== now.year;
  const newDay = newYear || then.month !== now.month || then.day !== now.day;
  switch (grain) {
    case 'year':
      return { text: chartWords.year(now), strong: false };
    case 'month':
      return { text: newYear ? chartWords.monthOfYear(now) : chartWords.month(now), strong: newYear };
    case 'day':
      return { text: newYear ? chartWords.date(now) : chartWords.day(now), strong: newYear };
    case 'within-day': {
      const clock = clockText(sinceMidnight(now), finest(ms));
      return { text: newDay ? `${chartWords.day(now)} ${clock}` : clock, strong: newDay };
    }
  }
}

function sinceMidnight(wall: { hour: number; minute: number; second: number; ms: number }): number {
  return wall.hour * HOUR + wall.minute * MINUTE + wall.second * SECOND + wall.ms;
}

/** Precision that a round time needs. */
function finest(ms: number): number {
  if (Math.round(ms) % MINUTE === 0) return MINUTE;
  return Math.round(ms) % SECOND === 0 ? SECOND : 1;
}

/** hh:mm, with seconds and milliseconds where the step is that fine. */
function clockText(ofDayMs: number, precisionMs: number): string {
  const hours = Math.floor(ofDayMs / HOUR);
  const minutes = Math.floor((ofDayMs % HOUR) / MINUTE);
  const seconds = (ofDayMs % MINUTE) / SECOND;
  const text = `${pad(hours)}:${pad(minutes)}`;
  if (precisionMs >= MINUTE) return text;
  if (precisionMs >= SECOND) return `${text}:${pad(Math.floor(seconds))}`;
  return `${text}:${fixed(Math.floor(seconds * 1000 + 1e-6) / 1000, 3).padStart(6, '0')}`;
}

/** Precision of a clock with this step: whole-minute steps need no seconds. */
function precisionOf(stepMs: number): number {
  if (stepMs >= MINUTE && Math.round(stepMs) % MINUTE === 0) return MINUTE;
  return stepMs >= SECOND ? SECOND : 1;
}

/** Short text of an instant: "d12 01:35" or "12 Mar 01:35". */
export function flagText(zone: ZoneName, ms: number, stepMs: number): string {
  const precision = precisionOf(stepMs);
  if (zone === 'elapsed') {
    const day = Math.floor(ms / DAY);
    return `${chartWords.dayNumber(day)} ${clockText(ms - day * DAY, precision)}`;
  }
  const wall = wallOf(zone, ms);
  return `${chartWords.day(wall)} ${clockText(sinceMidnight(wall), precision)}`;
}

/** Whole text of an instant: "12 Mar 2024 01:35". */
export function dateText(zone: ZoneName, ms: number, stepMs: number): string {
  const wall = wallOf(zone, ms);
  const clock = clockText(sinceMidnight(wall), precisionOf(stepMs));
  return `${chartWords.date(wall)} ${clock}`;
}
