import { count, num } from '../../charts/format.ts';

/** A count with its noun: "1 event", "12 events". */
export const many = (n: number, one: string, more = `${one}s`) => `${count(n)} ${n === 1 ? one : more}`;

/** Ends of a range: whole numbers as they are, others to three digits. */
export const plain = (n: number) => (Number.isInteger(n) ? count(n) : num(n));
