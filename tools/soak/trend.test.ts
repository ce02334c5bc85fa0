import fc from 'fast-check';
import { expect, test } from 'vitest';
import { median, slopePerHour, tau } from './trend.ts';

const at = (values: readonly number[]) => values.map((value, n) => ({ minutes: n * 2, value }));

test('a line has its own slope, whatever single readings do', () => {
  fc.assert(
    fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 20 }), (perReading, wild) => {
      const values = Array.from({ length: 21 }, (_, n) => 1000 + perReading * n);
      values[wild] = 1e6;
      expect(slopePerHour(at(values))).toBeCloseTo(perReading * 30, 6);
    }),
  );
});

test('what stays has no slope and no direction; what only grows has one', () => {
  expect(slopePerHour(at([5, 5, 5, 5]))).toBe(0);
  expect(tau(at([5, 5, 5, 5]))).toBe(0);
  expect(tau(at([1, 2, 3, 9]))).toBe(1);
  expect(tau(at([4, 3, 2]))).toBe(-1);
  expect(slopePerHour(at([7]))).toBeNaN();
  expect(median(at([4, 1, 3, 2]))).toBe(2.5);
});
