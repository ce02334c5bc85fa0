/**
 * JSON that loses no number: what JSON has no word for (NaN, infinities, −0) is written as {"$number": "NaN"}. Keys are
 * written in the order in which objects hold them, so the same value gives the same bytes.
 */
import { DEEPEST, nestsTooDeep } from '../data/nesting.ts';
import { RUN_FILE } from './refusals.ts';
import type { Refusals } from './refusals.ts';

const KEY = '$number';
const ODD = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

const odd = (value: number): string | null => {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? null : String(value);
};

/** `value` must be plain: objects, arrays, text, numbers, booleans and null. */
export function jsonBytes(value: unknown): Uint8Array {
  const text = JSON.stringify(
    value,
    (_, part: unknown) => {
      const word = typeof part === 'number' ? odd(part) : null;
      return word === null ? part : { [KEY]: word };
    },
    1,
  );
  return new TextEncoder().encode(`${text}\n`);
}

function revived(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || !(KEY in part)) return part;
  const word = (part as Record<string, unknown>)[KEY];
  return (typeof word === 'string' ? ODD.get(word) : undefined) ?? part;
}

/** Throws EngineError('bad-input', 'bundle-content') for text that is no JSON. */
export function jsonValue(name: string, bytes: Uint8Array, { badContent }: Refusals = RUN_FILE): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badContent(name, 'it is not JSON');
  }
  if (nestsTooDeep(text)) throw badContent(name, `it nests deeper than ${DEEPEST} levels`);
  try {
    return JSON.parse(text, (_, part: unknown) => revived(part));
  } catch {
    throw badContent(name, 'it is not JSON');
  }
}
