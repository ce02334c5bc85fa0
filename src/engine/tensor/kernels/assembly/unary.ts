/** Elementary functions over n floats at `from`, written to `to` (which may be the same place). */
import { erf4, exp4, log4, sigmoid4, tanh4 } from './math';
import { loadPart, storePart } from './simd';

export function expAll(n: i32, from: usize, to: usize): void {
  const end = from + (<usize>(n & ~3) << 2);
  for (; from < end; from += 16, to += 16) v128.store(to, exp4(v128.load(from)));
  if (n & 3) storePart(to, exp4(loadPart(from, n & 3, 0)), n & 3);
}

export function logAll(n: i32, from: usize, to: usize): void {
  const end = from + (<usize>(n & ~3) << 2);
  for (; from < end; from += 16, to += 16) v128.store(to, log4(v128.load(from)));
  if (n & 3) storePart(to, log4(loadPart(from, n & 3, 1)), n & 3);
}

export function tanhAll(n: i32, from: usize, to: usize): void {
  const end = from + (<usize>(n & ~3) << 2);
  for (; from < end; from += 16, to += 16) v128.store(to, tanh4(v128.load(from)));
  if (n & 3) storePart(to, tanh4(loadPart(from, n & 3, 0)), n & 3);
}

export function sigmoidAll(n: i32, from: usize, to: usize): void {
  const end = from + (<usize>(n & ~3) << 2);
  for (; from < end; from += 16, to += 16) v128.store(to, sigmoid4(v128.load(from)));
  if (n & 3) storePart(to, sigmoid4(loadPart(from, n & 3, 0)), n & 3);
}

export function erfAll(n: i32, from: usize, to: usize): void {
  const end = from + (<usize>(n & ~3) << 2);
  for (; from < end; from += 16, to += 16) v128.store(to, erf4(v128.load(from)));
  if (n & 3) storePart(to, erf4(loadPart(from, n & 3, 0)), n & 3);
}
