/** Numbers as people read them: three significant digits, no line break inside, p-values as powers of ten. Pure text. */
import { chartWords } from './words.ts';

/** No line breaks at it, neither within a number nor before its unit. */
const GAP = '\u00A0';
const MINUS = '\u2212';
const NONE = '–';

const SUPERSCRIPT: Readonly<Record<string, string>> = {
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
  [MINUS]: '⁻',
  '.': '·',
};

/** A whole number with thin spaces between thousands: 23 694. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const digits = Math.abs(Math.round(value)).toString();
  const grouped = digits.length < 4 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, GAP);
  return (Math.round(value) < 0 ? MINUS : '') + grouped;
}

/**
 * A measured number with `digits` significant digits (three unless told): 0.0831, 187, 23 694, 8.9 × 10⁻⁷. Whole parts
 * are never cut; '–' for NaN.
 */
export function num(value: number, digits = 3): string {
  if (Number.isNaN(value)) return NONE;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : '';
  if (size < 1e-3 || size >= 1e7) {
    const [mantissa, exponent] = size.toExponential(digits - 1).split('e') as [string, string];
    return `${sign}${mantissa} × 10${superscript(Number(exponent).toString().replace('-', MINUS))}`;
  }
  const exponent = Math.floor(Math.log10(Number(size.toPrecision(digits))));
  const decimals = Math.max(0, digits - 1 - exponent);
  return decimals === 0 ? count(value) : `${sign}${size.toFixed(decimals)}`;
}

/** A number with a fixed count of decimals, so that a column of them lines up. */
export function fixed(value: number, decimals: number): string {
  if (Number.isNaN(value)) return NONE;
  const text = Math.abs(value).toFixed(decimals);
  return Number(text) !== 0 && value < 0 ? MINUS + text : text;
}

/** A share from 0 to 1 as percent: 28 %, 4.9 %, 0.45 %. */
export function percent(share: number): string {
  if (Number.isNaN(share)) return NONE;
  const value = share * 100;
  const size = Math.abs(value);
  const text = size >= 9.95 || size === 0 ? fixed(value, 0) : size >= 0.95 ? fixed(value, 1) : fixed(value, 2);
  return `${text}${GAP}%`;
}

/** A probability in parts, for `<sup>`: either plain text or mantissa and power of ten. */
export type PowerText =
  { readonly plain: string } | { readonly plain: null; readonly mantissa: string | null; readonly exponent: string };

/**
 * A probability from its natural log. Above 0.001 in digits, below as a power of ten: 10^−27.7, or with `mantissa`
 * 8.9 × 10^−7. `floorLog` (natural) marks values at the numeric floor with "<".
 */
export function probability(logP: number, mantissa = false): PowerText {
  if (Number.isNaN(logP)) return { plain: NONE };
  const log10 = logP / Math.LN10;
  if (log10 > -2.9999) return { plain: num(Math.exp(logP), 2) };
  if (mantissa) {
    const whole = Math.floor(log10 + 1e-9);
    const lead = 10 ** (log10 - whole);
    const text = lead.toFixed(1);
    return text === '10.0'
      ? { plain: null, mantissa: '1.0', exponent: MINUS + (-whole - 1).toString() }
      : { plain: null, mantissa: text, exponent: MINUS + (-whole).toString() };
  }
  const rounded = Math.abs(log10) >= 99.95 ? log10.toFixed(0) : log10.toFixed(1).replace(/\.0$/, '');
  return { plain: null, mantissa: null, exponent: rounded.replace('-', MINUS) };
}

/** The same in one string, for canvas, aria and titles: 10⁻²⁷·⁷ or 8.9 × 10⁻⁷. */
export function probabilityText(logP: number, mantissa = false): string {
  const p = probability(logP, mantissa);
  if (p.plain !== null) return p.plain;
  const power = `10${superscript(p.exponent)}`;
  return p.mantissa === null ? power : `${p.mantissa} × ${power}`;
}

function superscript(text: string): string {
  return Array.from(text, (c) => SUPERSCRIPT[c] ?? c).join('');
}

/** Bytes in decimal units: 212 MB. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? count(size) : num(size)}${GAP}${units[unit]!}`;
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const;

/**
 * A length of time as people say it: 850 ms, 45 s, 73 min, 6 h 52 min, 16 d 10 h 54 min.
 * @param parts units at most; a length of days with 2 parts says days and hours
 */
export function duration(ms: number, parts = 3): string {
  if (!Number.isFinite(ms)) return NONE;
  const size = Math.abs(ms);
  const { units: names } = chartWords;
  if (size === 0) return `0${names.s}`;
  if (size < 1000) return num(ms) + names.ms;
  if (size < 120_000) return trimmed(ms / 1000, 1) + names.s;
  if (size < 7_200_000) return trimmed(ms / 60_000, size < 600_000 ? 1 : 0) + names.min;
  const first = UNITS.findIndex(([unit]) => size >= unit);
  const units = UNITS.slice(first, Math.min(3, first + parts));
  const least = units[units.length - 1]![0];
  let left = Math.round(size / least) * least;
  const words: string[] = [];
  for (const [unit, name] of units) {
    const whole = Math.floor(left / unit);
    left -= whole * unit;
    if (whole > 0) words.push(count(whole) + names[name]);
  }
  return (ms < 0 ? MINUS : '') + words.join(' ');
}

function trimmed(value: number, decimals: number): string {
  return fixed(value, decimals).replace(/\.0+$/, '');
}
