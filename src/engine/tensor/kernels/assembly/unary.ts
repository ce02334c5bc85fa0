/** Elementary functions over n floats at `from`, written to `to` (which may be the same place). */
import { erf4, exp4, expNormal4, log4, sigmoid4, tanh4 } from './math';
import { fma, loadPart, storePart } from './simd';

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

/** x Phi(x), Phi the standard normal distribution function (exact GELU). */
export function geluAll(n: i32, from: usize, to: usize): void {
  for (let left = n; left > 0; left -= 4) {
    const x = left >= 4 ? v128.load(from) : loadPart(from, left, 0);
    const y = f32x4.mul(x, normal4(x));
    if (left >= 4) v128.store(to, y);
    else storePart(to, y, left);
    from += 16;
    to += 16;
  }
}

/** dy (Phi(x) + x phi(x)). */
export function geluGradAll(n: i32, x: usize, dy: usize, dx: usize): void {
  for (let left = n; left > 0; left -= 4) {
    const v = left >= 4 ? v128.load(x) : loadPart(x, left, 0);
    const d = left >= 4 ? v128.load(dy) : loadPart(dy, left, 0);
    const y = f32x4.mul(d, geluSlope4(v, normal4(v)));
    if (left >= 4) v128.store(dx, y);
    else storePart(dx, y, left);
    x += 16;
    dy += 16;
    dx += 16;
  }
}

/** y = u gelu(g) for rows of 2n floats, u before g. */
export function gegluRows(rows: i32, n: i32, x: usize, y: usize): void {
  const half: usize = <usize>n << 2;
  for (let r = 0; r < rows; r++) {
    for (let left = n; left > 0; left -= 4) {
      const g = left >= 4 ? v128.load(x + half) : loadPart(x + half, left, 0);
      const u = left >= 4 ? v128.load(x) : loadPart(x, left, 0);
      const v = f32x4.mul(f32x4.mul(u, g), normal4(g));
      const step: usize = <usize>min(left, 4) << 2;
      if (left >= 4) v128.store(y, v);
      else storePart(y, v, left);
      x += step;
      y += step;
    }
    x += half;
  }
}

/** Gradient of `gegluRows`: dx = [dy gelu(g), dy u gelu'(g)]. */
export function gegluGradRows(rows: i32, n: i32, x: usize, dy: usize, dx: usize): void {
  const half: usize = <usize>n << 2;
  for (let r = 0; r < rows; r++) {
    for (let left = n; left > 0; left -= 4) {
      const g = left >= 4 ? v128.load(x + half) : loadPart(x + half, left, 0);
      const u = left >= 4 ? v128.load(x) : loadPart(x, left, 0);
      const d = left >= 4 ? v128.load(dy) : loadPart(dy, left, 0);
      const normal = normal4(g);
      const du = f32x4.mul(d, f32x4.mul(g, normal));
      const dg = f32x4.mul(f32x4.mul(d, u), geluSlope4(g, normal));
      const step: usize = <usize>min(left, 4) << 2;
      if (left >= 4) {
        v128.store(dx, du);
        v128.store(dx + half, dg);
      } else {
        storePart(dx, du, left);
        storePart(dx + half, dg, left);
      }
      x += step;
      dy += step;
      dx += step;
    }
    x += half;
    dx += half;
  }
}

/** Phi(x) + x phi(x), given Phi(x). */
// @ts-ignore: decorator
@inline
function geluSlope4(x: v128, normal: v128): v128 {
  const density = f32x4.mul(expNormal4(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))), f32x4.splat(0.3989422804));
  return fma(x, density, normal);
}

// @ts-ignore: decorator
@inline
function normal4(x: v128): v128 {
  const half = f32x4.splat(0.5);
  return fma(erf4(f32x4.mul(x, f32x4.splat(0.7071067812))), half, half);
}

export function copyAll(n: i32, from: usize, to: usize): void {
  memory.copy(to, from, <usize>n << 2);
}
