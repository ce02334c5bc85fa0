import { daysInMonth, daysOf, NS_PER_S, type ToUtc } from './zones.ts';

/** How a cell writes a time. All cells of a column must follow one pattern, or the column cannot be trusted. */
export type Pattern = 'iso' | 'slashed' | 'dotted' | 'month-name' | 'compact';

/** Seconds since 1970 and nanoseconds below; `offsetS` is null for a wall-clock time without zone. */
export type WallTime = {
  readonly s: number;
  readonly ns: number;
  readonly offsetS: number | null;
};

const CLOCK = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,18}))?)?\s*([AaPp]\.?[Mm]\.?)?`;
const ZONE = String.raw`(?:\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)(?:\[[\w/+-]+\])?)?`;
const TAIL = String.raw`(?:(?:[T ,]\s*)${CLOCK}${ZONE})?$`;
const DAY_NAME = String.raw`(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?`;

const ISO = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${TAIL}`, 'i');
const PARTS = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})${TAIL}`, 'i');
const DAY_MONTH = new RegExp(String.raw`^${DAY_NAME}(\d{1,2})[ -]([a-z]{3,9})\.?[ ,-]\s*(\d{4}|\d{2})${TAIL}`, 'i');
const MONTH_DAY = new RegExp(String.raw`^${DAY_NAME}([a-z]{3,9})\.? (\d{1,2}),? (\d{4})${TAIL}`, 'i');
const UNIX_DATE = new RegExp(String.raw`^${DAY_NAME}([a-z]{3}) +(\d{1,2}) ${CLOCK}(?: (UTC|GMT))? (\d{4})$`, 'i');
const COMPACT = new RegExp(
  String.raw`^(\d{4})(\d{2})(\d{2})(?:[T_ -]?(\d{2})(\d{2})(\d{2})?(?:[.,](\d{1,18}))?)?${ZONE}$`,
  'i',
);
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Characters of a cell that may be a time: the patterns look at every blank of a longer one again and again. */
const LONGEST = 400;

/** Pattern of a trimmed cell, or null when it is no date. */
export function patternOf(cell: string): Pattern | null {
  if (cell.length > LONGEST) return null;
  if (ISO.test(cell)) return 'iso';
  const parts = PARTS.exec(cell);
  if (parts !== null) return parts[2] === '.' ? 'dotted' : 'slashed';
  if (DAY_MONTH.test(cell) || MONTH_DAY.test(cell) || UNIX_DATE.test(cell)) return 'month-name';
  return COMPACT.test(cell) && compact(cell) !== null ? 'compact' : null;
}

/** The time that a cell means, or null when the cell does not follow the pattern or names no real date. */
export function readTime(cell: string, pattern: Pattern, dayFirst: boolean): WallTime | null {
  if (cell.length > LONGEST) return null;
  if (pattern === 'iso') return iso(cell);
  if (pattern === 'slashed' || pattern === 'dotted') return parts(cell, pattern, dayFirst);
  return pattern === 'month-name' ? monthName(cell) : compact(cell);
}

type Texts = readonly (string | undefined)[];
const exec = (pattern: RegExp, cell: string): Texts | null => pattern.exec(cell);

function iso(cell: string): WallTime | null {
  const m = exec(ISO, cell);
  return m && at(Number(m[1]), Number(m[3]), Number(m[4]), m.slice(5));
}

function parts(cell: string, pattern: Pattern, dayFirst: boolean): WallTime | null {
  const m = exec(PARTS, cell);
  if (m === null || (m[2] === '.') !== (pattern === 'dotted')) return null;
  const [first, second] = [Number(m[1]), Number(m[3])];
  return at(fullYear(m[4]), dayFirst ? second : first, dayFirst ? first : second, m.slice(5));
}

function monthName(cell: string): WallTime | null {
  const unix = exec(UNIX_DATE, cell);
  if (unix !== null) {
    const tail = [...unix.slice(3, 8), unix[8]];
    return at(Number(unix[9]), monthOf(unix[1]), Number(unix[2]), tail);
  }
  const dm = exec(DAY_MONTH, cell);
  if (dm !== null) return at(fullYear(dm[3]), monthOf(dm[2]), Number(dm[1]), dm.slice(4));
  const md = exec(MONTH_DAY, cell);
  return md && at(Number(md[3]), monthOf(md[1]), Number(md[2]), md.slice(4));
}

function compact(cell: string): WallTime | null {
  const m = exec(COMPACT, cell);
  if (m === null) return null;
  return at(Number(m[1]), Number(m[2]), Number(m[3]), [m[4], m[5], m[6], m[7], undefined, m[8]]);
}

const monthOf = (name = ''): number => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;

/** Two-digit years as POSIX reads them: 69 to 99 are of the last century. */
function fullYear(text = ''): number {
  const year = Number(text);
  if (text.length > 2) return year;
  return year < 69 ? 2000 + year : 1900 + year;
}

function at(year: number, month: number, day: number, [hh, mm, ss, fraction, noon, zone]: Texts): WallTime | null {
  if (year < 1678 || year > 2261 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const ofDay = hh === undefined ? 0 : secondOfDay(Number(hh), Number(mm ?? 0), Number(ss ?? 0), noon);
  if (Number.isNaN(ofDay)) return null;
  const ns = fraction === undefined ? 0 : Number(fraction.slice(0, 9).padEnd(9, '0'));
  return { s: daysOf(year, month, day) * 86_400 + ofDay, ns, offsetS: offsetOf(zone) };
}

/** NaN for a time that no clock shows. 60 is a leap second and 24:00 the end of a day, both in ISO 8601. */
function secondOfDay(shown: number, minute: number, second: number, noon: string | undefined): number {
  if (noon !== undefined && (shown < 1 || shown > 12)) return NaN;
  const hour = noon === undefined ? shown : (shown % 12) + (/^p/i.test(noon) ? 12 : 0);
  if (hour > 24 || minute > 59 || second > 60) return NaN;
  return hour === 24 && minute + second > 0 ? NaN : hour * 3600 + minute * 60 + second;
}

function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null;
  if (!/^[+-]/.test(zone)) return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return zone.startsWith('-') ? -seconds : seconds;
}

export function toNs({ s, ns, offsetS }: WallTime, toUtc: ToUtc): bigint {
  return BigInt(offsetS === null ? toUtc(s) : s - offsetS) * NS_PER_S + BigInt(ns);
}

export type EpochUnit = 's' | 'ms' | 'us' | 'ns' | 'days';

const DIGITS: Readonly<Record<Exclude<EpochUnit, 'days'>, number>> = { s: 9, ms: 6, us: 3, ns: 0 };

/** Unit in which `value` is a moment of the years 1973 to 2200; null when it is none. */
export function epochUnit(value: number): Exclude<EpochUnit, 'days'> | null {
  const from = 1e8;
  const to = 7.3e9;
  if (value >= from && value < to) return 's';
  if (value >= from * 1e3 && value < to * 1e3) return 'ms';
  if (value >= from * 1e6 && value < to * 1e6) return 'us';
  return value >= from * 1e9 && value < to * 1e9 ? 'ns' : null;
}

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,3}))?$/i;

/** Exact nanoseconds of a decimal number of units since 1970; null when the cell is no number or out of range. */
export function epochNs(cell: string, unit: EpochUnit): bigint | null {
  if (cell.length > LONGEST) return null;
  if (unit === 'days') return spreadsheetNs(cell);
  const m = DECIMAL.exec(cell);
  if (m === null || (m[2] === '' && m[3] === '')) return null;
  const shift = DIGITS[unit] + Number((m[4] as string | undefined) ?? 0) - m[3].length;
  if (shift > 30) return null;
  const digits = m[2] + m[3];
  const whole = shift >= 0 ? digits + '0'.repeat(shift) : digits.slice(0, Math.max(0, digits.length + shift));
  const ns = BigInt(whole === '' ? 0 : whole) * (m[1] === '-' ? -1n : 1n);
  return ns > -(2n ** 63n) && ns < 2n ** 63n ? ns : null;
}

/** Days since 1899-12-30, as spreadsheets count them, rounded to the second because their fractions are binary. */
function spreadsheetNs(cell: string): bigint | null {
  const days = Number(cell);
  if (cell === '' || !Number.isFinite(days) || Math.abs(days) > 100_000) return null;
  return BigInt(Math.round((days - 25_569) * 86_400)) * NS_PER_S;
}
