/** Wall-clock arithmetic in an IANA zone, with daylight saving, from Intl alone. Times are milliseconds since 1970 UTC. */

/** Wall-clock fields; `month` from 1. */
export type Wall = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
};

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    calendar: 'gregory',
    hourCycle: 'h23',
    ...parts,
    second: 'numeric',
    era: 'short',
  });
  formatters.set(zone, made);
  return made;
}

/** Milliseconds that wall clocks of the zone are ahead of UTC at this instant. RangeError for an unknown zone. */
export function offsetMs(zone: string, utcMs: number): number {
  if (zone === 'UTC' || zone === '') return 0;
  const whole = Math.floor(utcMs / 1000) * 1000;
  const field: Record<string, string> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(whole)) field[type] = value;
  const year = field['era']?.startsWith('B') ? 1 - Number(field['year']) : Number(field['year']);
  const wall = utcOf(year, Number(field['month']), Number(field['day']));
  const clock = Number(field['hour']) * 3_600_000 + Number(field['minute']) * 60_000 + Number(field['second']) * 1000;
  return wall + clock - whole;
}

/** Wall-clock fields of an instant. */
export function wallOf(zone: string, utcMs: number): Wall {
  const local = new Date(Math.floor(utcMs) + offsetMs(zone, utcMs));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    ms: utcMs - Math.floor(utcMs / 1000) * 1000,
  };
}

/** The first instant of a local day (the clock may start later than 00:00 where the zone skips midnight). */
export const dayStart = (zone: string, year: number, month: number, day: number): number =>
  instantOf(zone, utcOf(year, month, day));

/**
 * The first instant at which wall clocks of the zone show `wall`, which is given as if it were UTC; where they skip it,
 * the one as long after the gap as it lies after the gap's beginning.
 */
export function instantOf(zone: string, wall: number): number {
  const early = wall - offsetMs(zone, wall - 86_400_000);
  const late = wall - offsetMs(zone, wall + 86_400_000);
  for (const guess of [Math.min(early, late), Math.max(early, late)]) {
    if (guess + offsetMs(zone, guess) === wall) return guess;
  }
  return Math.max(early, late);
}

function utcOf(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}
