/** Numbers and times as a report prints them. */
import { stampOf } from '../exports.ts';
import type { Clock, Span } from '../types.ts';
import { h } from './html.ts';
import type { Html } from './html.ts';

export const NONE = '–';

/** Three significant digits; '–' for a missing value. */
export function three(value: number | null): string {
  if (value === null || Number.isNaN(value)) return NONE;
  return String(Number(value.toPrecision(3))).replaceAll('-', '\u2212');
}

export const whole = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** A share from 0 to 1 in per cent. */
export const percent = (share: number): string => (Number.isNaN(share) ? NONE : `${three(100 * share)}\u00a0%`);

/** A probability from its natural log: 0.012, or 10 to a power. */
export function probability(logP: number): Html | string {
  if (Number.isNaN(logP)) return NONE;
  const log10 = logP / Math.LN10;
  return log10 > -3
    ? three(Math.exp(logP))
    : h('span', {}, '10', h('sup', {}, log10.toFixed(1).replace('-', '\u2212')));
}

/** Text in which powers are written as 10^13, with them raised. */
export const raised = (text: string): (Html | string)[] =>
  text
    .split(/(10\^[\d.\u2212-]*\d)/)
    .map((part) =>
      /^10\^./.test(part) ? h('span', {}, '10', h('sup', {}, part.slice(3).replace('-', '\u2212'))) : part,
    );

/** A step's time to the second where the clock has one, else its number. */
export function moment(clock: Clock, step: number): string {
  const stamp = stampOf(clock, step);
  return stamp === null ? `step ${whole(step)}` : stamp.replace('T', ' ').replace(/Z$/, '');
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];

/** Seconds in their two largest units. */
export function lasting(seconds: number): string {
  if (seconds < 1) return `${three(seconds)}\u00a0s`;
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  const [[name, size], next] = [UNITS[first], UNITS.at(first + 1)];
  if (next === undefined || first === UNITS.length - 1) return `${three(seconds)}\u00a0${name}`;
  const rest = Math.floor((seconds % size) / next[1]);
  return `${Math.floor(seconds / size)}\u00a0${name}${rest > 0 ? ` ${rest}\u00a0${next[0]}` : ''}`;
}

/** How long a range lasts: from its first step to behind its last on a regular clock, else in steps. */
export function length(clock: Clock, { start, end }: Span): string {
  const steps = `${whole(end - start)} ${end - start === 1 ? 'step' : 'steps'}`;
  return clock.kind === 'regular' ? lasting((Number(clock.stepNs) * (end - start)) / 1e9) : steps;
}
