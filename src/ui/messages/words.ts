import { count, num } from '../../charts/format.ts';

/** A count with its noun: "1 event", "12 events". */
export const many = (n: number, one: string, more = `${one}s`) => `${count(n)} ${n === 1 ? one : more}`;

/** Ends of a range as one would write them: 1 000, 0.5, 1 × 10⁻⁶. */
export const plain = (n: number) => (Number.isInteger(n) ? count(n) : Math.abs(n) < 1e-3 ? num(n, 1) : String(n));
