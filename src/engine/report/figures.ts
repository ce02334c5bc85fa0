/** Numbers and times as a report prints them. */
import { stampOf } from '../exports.ts';
import type { Clock, Span } from '../types.ts';
import { h } from './html.ts';
import type { Html } from './html.ts';
import type { Speech } from './speech.ts';

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
export function moment(clock: Clock, step: number, { say }: Speech): string {
  const stamp = stampOf(clock, step);
  return stamp === null ? say('step {}', whole(step)) : stamp.replace('T', ' ').replace(/Z$/, '');
}

/** Units of time with their length in seconds; their spaces do not break. */
const UNITS: readonly (readonly [string, number])[] = [
  ['{}\u00a0d', 86_400],
  ['{}\u00a0h', 3600],
  ['{}\u00a0min', 60],
  ['{}\u00a0s', 1],
];

/** Seconds in their two largest units. */
export function lasting(seconds: number, { say }: Speech): string {
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  if (first < 0 || first === UNITS.length - 1) return say('{}\u00a0s', three(seconds));
  const [[name, size], next] = [UNITS[first], UNITS[first + 1]];
  const rest = Math.floor((seconds % size) / next[1]);
  return `${say(name, Math.floor(seconds / size))}${rest > 0 ? ` ${say(next[0], rest)}` : ''}`;
}

/** How long a range lasts: from its first step to behind its last on a regular clock, else in steps. */
export function length(clock: Clock, { start, end }: Span, speech: Speech): string {
  if (clock.kind === 'regular') return lasting((Number(clock.stepNs) * (end - start)) / 1e9, speech);
  return speech.say(end - start === 1 ? '{} step' : '{} steps', whole(end - start));
}
