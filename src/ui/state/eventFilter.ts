/** The text field over the events table: "severity ≥ 10 pump" is a condition and a word. */
import type { EventRow } from '../../workers/protocol.ts';

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

const CONDITION = /\b(severity|length|score|p)\s*(<=|>=|[<>=≤≥])\s*([-+]?\d*\.?\d+(?:e[-+]?\d+)?)/gi;

/** A test for rows. Words look into what `textOf` gives, without case; conditions and words must all hold. */
export function eventFilter(text: string, textOf: (row: EventRow) => string): (row: EventRow) => boolean {
  const conditions: ((row: EventRow) => boolean)[] = [];
  const rest = text.replace(CONDITION, (_whole, field: string, sign: string, value: string) => {
    const read = FIELDS[field.toLowerCase() as keyof typeof FIELDS];
    const compare = COMPARE[sign.replace('<=', '≤').replace('>=', '≥')];
    if (compare) conditions.push((row) => compare(read(row), Number(value)));
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
