/** The text field over the events table: "severity ≥ 10 pump" is a condition and a word. */
import type { EventRow } from '../../workers/protocol.ts';

/** Milliseconds of the units that a length may be given in; without one it counts steps. */
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const FIELDS = {
  severity: (row: EventRow) => row.severity,
  length: (row: EventRow) => row.end - row.start,
  score: (row: EventRow) => row.score,
  p: (row: EventRow) => Math.exp(row.logP),
} as const;

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '≤': (a, b) => a <= b,
  '=': (a, b) => a === b,
  '≥': (a, b) => a >= b,
  '>': (a, b) => a > b,
};

const CONDITION =
  /\b(severity|length|score|p)\s*(<=|>=|[<>=≤≥])\s*([-+]?\d*\.?\d+(?:e[-+]?\d+)?)(?:\s*(ms|s|min|h|d)\b)?/gi;

/**
 * A test for rows. Words look into what `textOf` gives, without case; conditions and words must all hold. `msOf` says
 * how long a row lasts, for lengths given with a unit; NaN where steps have no time, so that no such condition holds.
 */
export function eventFilter(
  text: string,
  textOf: (row: EventRow) => string,
  msOf: (row: EventRow) => number,
): (row: EventRow) => boolean {
  const conditions: ((row: EventRow) => boolean)[] = [];
  const rest = text.replace(CONDITION, (_whole, field: string, sign: string, value: string, unit?: string) => {
    const read = FIELDS[field.toLowerCase() as keyof typeof FIELDS];
    const compare = COMPARE[sign.replace('<=', '≤').replace('>=', '≥')];
    const unitMs = field.toLowerCase() === 'length' ? UNIT_MS[unit?.toLowerCase() ?? ''] : undefined;
    if (compare && unitMs !== undefined) conditions.push((row) => compare(msOf(row), Number(value) * unitMs));
    else if (compare) conditions.push((row) => compare(read(row), Number(value)));
    return ' ';
  });
  const words = rest
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  return (row) => {
    if (!conditions.every((holds) => holds(row))) return false;
    const haystack = textOf(row).toLowerCase();
    return words.every((word) => haystack.includes(word));
  };
}
