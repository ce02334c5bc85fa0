import { EngineError } from '../errors.ts';

export const NS_PER_S = 1_000_000_000n;

/** Days since 1970-01-01 of a date in the proleptic Gregorian calendar (Hinnant, "chrono-compatible date algorithms"). */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

export function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Turns wall-clock seconds (seconds since 1970 as if the wall showed UTC) into UTC seconds. */
export type ToUtc = (wallS: number) => number;

/**
 * Reader of wall-clock times in an IANA zone with its summer time. Times are fed in file order: of the two readings of
 * a repeated hour the first is taken until time would run back, then the second. Times that the wall clock skips are
 * read with the offset before the change.
 */
export function zoneReader(zone: string): ToUtc {
  if (zone === 'UTC' || zone === 'Etc/UTC') return (wallS) => wallS;
  const offsetAt = offsets(zone);
  let before = -Infinity;
  return (wallS) => {
    const early = wallS - offsetAt(wallS - 86_400);
    const late = wallS - offsetAt(wallS + 86_400);
    const fits = [...new Set([early, late])].filter((utc) => utc + offsetAt(utc) === wallS).sort((a, b) => a - b);
    const utc = fits.find((candidate) => candidate > before) ?? fits.at(0) ?? early;
    before = utc;
    return utc;
  };
}

/** What the wall clock of a zone shows at a UTC second, as `ToUtc` takes it. */
export function wallReader(zone: string): (utcS: number) => number {
  if (zone === 'UTC' || zone === 'Etc/UTC') return (utcS) => utcS;
  const offsetAt = offsets(zone);
  return (utcS) => utcS + offsetAt(utcS);
}

/** Offset in seconds of a zone at a UTC second; cached by quarter of an hour, the finest step of any offset change. */
function offsets(zone: string): (utcS: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
  } catch {
    const cure = 'Choose a zone by its IANA name, such as UTC or Europe/Berlin.';
    throw new EngineError('bad-input', 'unknown-zone', `There is no time zone called "${zone}".`, cure);
  }
  const cache = new Map<number, number>();
  return (utcS) => {
    const quarter = Math.floor(utcS / 900);
    const known = cache.get(quarter);
    if (known !== undefined) return known;
    const field = new Map(format.formatToParts(quarter * 900_000).map((part) => [part.type, Number(part.value)]));
    const get = (type: Intl.DateTimeFormatPartTypes): number => field.get(type) ?? 0;
    const wall = daysOf(get('year'), get('month'), get('day')) * 86_400 + get('hour') * 3600 + get('minute') * 60;
    const offset = wall + get('second') - quarter * 900;
    cache.set(quarter, offset);
    return offset;
  };
}
