import { expect, it } from 'vitest';
import { retired } from './retire.ts';

const strangeIn = (T: number, from: number, to: number) =>
  Float64Array.from({ length: T }, (_, t) => (t >= from && t < to ? 50 : 0.7));

it('a sensor that is strange for good leaves after half the steps, and comes back once it is ordinary again', () => {
  const gone = retired(strangeIn(1000, 300, 700), 100);
  expect(gone.indexOf(1)).toBe(350);
  expect(gone.lastIndexOf(1)).toBe(748);
  expect(gone.subarray(350, 749).every((one) => one === 1)).toBe(true);
});

it('an event of half the steps retires nothing', () => {
  expect(retired(strangeIn(1000, 300, 350), 100).includes(1)).toBe(false);
  expect(retired(strangeIn(1000, 0, 1000).fill(NaN, 0, 900), 300).includes(1)).toBe(false);
});
