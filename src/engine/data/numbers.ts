/** How numbers are written in a file. */
export type NumberStyle = { readonly decimal: '.' | ',' };

const NULL_WORDS = new Set(
  [
    '',
    'nan',
    'null',
    'none',
    'nil',
    'na',
    'n/a',
    '#n/a',
    'n.a.',
    '-',
    '--',
    '?',
    'missing',
    'nat',
    '<na>',
    '#null!',
  ].concat(['1.#qnan', '-nan', 'undefined', '#value!', '#div/0!']),
);
const INFINITE = /^[+-]?(inf|infinity|1\.#inf)$/i;
// What may be left out is left out with its sign: were the point alone optional, digits could be cut up in many ways.
const PLAIN = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const COMMA = /^[+-]?(\d+(,\d*)?|,\d+)(e[+-]?\d+)?$/i;
const GROUPED = { '.': /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/, ',': /^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/ } as const;
const SPACED = /^[+-]?\d{1,3}([ \u00a0\u202f']\d{3})+([.,]\d+)?$/;
const LEADING_ZERO = /^[+-]?0\d+$/;

export const isNull = (cell: string): boolean => NULL_WORDS.has(cell.toLowerCase());

/**
 * The number that a trimmed cell means: NaN when it is no number; ±Infinity for words such as "inf" and for numbers
 * that overflow. A whole number with leading zeros ("0007") is an identifier, not a number.
 */
export function toNumber(cell: string, { decimal }: NumberStyle): number {
  if (decimal === '.' && PLAIN.test(cell)) return LEADING_ZERO.test(cell) ? NaN : Number(cell);
  if (decimal === ',' && COMMA.test(cell)) return LEADING_ZERO.test(cell) ? NaN : Number(cell.replace(',', '.'));
  if (INFINITE.test(cell)) return cell.startsWith('-') ? -Infinity : Infinity;
  if (GROUPED[decimal].test(cell)) return Number(cell.replaceAll(decimal === '.' ? ',' : '.', '').replace(',', '.'));
  if (SPACED.test(cell)) return Number(cell.replace(/[ \u00a0\u202f']/g, '').replace(',', '.'));
  return NaN;
}

/** A cell with a decimal comma, and not a group of thousands as in "1,234". */
export const hasDecimalComma = (cell: string): boolean =>
  /^[+-]?\d{1,3}(\.\d{3})*,\d+$/.test(cell) || /^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(cell);

/** Empty text, null word or number. */
export const isNumeric = (cell: string, style: NumberStyle): boolean => !Number.isNaN(toNumber(cell, style));

const TRUE = new Set(['true', 'yes', 'on', 't', 'y']);
const FALSE = new Set(['false', 'no', 'off', 'f', 'n']);

/** 1, 0, or NaN when the word is no truth value. */
export function toBoolean(cell: string): number {
  const word = cell.toLowerCase();
  if (TRUE.has(word)) return 1;
  return FALSE.has(word) ? 0 : NaN;
}
