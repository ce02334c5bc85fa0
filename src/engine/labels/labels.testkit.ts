/** Labels for tests. */
import * as fc from 'fast-check';
import type { Label, Scope, Verdict } from './types.ts';

export const aLabel = (given: Partial<Label> = {}): Label => ({
  id: 'a',
  span: { start: 0, end: 10 },
  verdict: 'anomalous',
  scope: { kind: 'all' },
  author: 'Ada',
  layer: 'Ada',
  madeAtMs: 1_700_000_000_000,
  note: '',
  origin: 'lane',
  ...given,
});

export const verdicts = fc.constantFrom<Verdict>('anomalous', 'normal', 'unsure');

/** Spans within [0, T), of one step and more. */
export const spansWithin = (T: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: T - 1 }), fc.integer({ min: 1, max: T }))
    .map(([start, length]) => ({ start, end: Math.min(T, start + length) }));

export const scopesOver = (sensors: readonly string[], systems: readonly string[]): fc.Arbitrary<Scope> =>
  fc.oneof(
    fc.constant<Scope>({ kind: 'all' }),
    fc.constantFrom(...systems).map((system): Scope => ({ kind: 'system', system })),
    fc.subarray([...sensors], { minLength: 1 }).map((chosen): Scope => ({ kind: 'sensors', sensors: chosen })),
  );
