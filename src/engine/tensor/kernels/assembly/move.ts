/** Moving blocks of memory between strided places, and sums over one run of axes. */
import { sumRows } from './lstm';
import { loadPart, storePart, sum4 } from './simd';

/** Copies `bytes` (a multiple of 4) without the cost of a call to the engine's bulk copy where they are few. */
// @ts-ignore: decorator
@inline
function copyRun(from: usize, to: usize, bytes: usize): void {
  if (bytes > 512) {
    memory.copy(to, from, bytes);
    return;
  }
  const end = from + (bytes & ~15);
  while (from < end) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
  const last = end + (bytes & 15);
  while (from < last) {
    store<f32>(to, load<f32>(from));
    from += 4;
    to += 4;
  }
}

/** n0 x n1 x n2 runs of `bytes`, each axis with its byte stride on both sides. */
export function copyBlocks(
  n0: i32, n1: i32, n2: i32, bytes: usize,
  from: usize, f0: usize, f1: usize, f2: usize, to: usize, t0: usize, t1: usize, t2: usize,
): void {
  for (let i = 0; i < n0; i++) {
    let fi = from;
    let ti = to;
    for (let j = 0; j < n1; j++) {
      let fj = fi;
      let tj = ti;
      for (let k = 0; k < n2; k++) {
        copyRun(fj, tj, bytes);
        fj += f2;
        tj += t2;
      }
      fi += f1;
      ti += t1;
    }
    from += f0;
    to += t0;
  }
}

export function fillAll(n: i32, value: f32, to: usize): void {
  const v = f32x4.splat(value);
  for (let left = n; left > 0; left -= 4) {
    if (left >= 4) v128.store(to, v);
    else storePart(to, v, left);
    to += 16;
  }
}

/** Sum of n floats: short pieces in float32, the pieces in float64. */
function sumRun(n: i32, from: usize): f32 {
  let total: f64 = 0;
  let left = n;
  while (left > 0) {
    let a = f32x4.splat(0), b = a, c = a, d = a;
    const end = max(left - 1024, 0);
    for (; left - 16 >= end; left -= 16) {
      a = f32x4.add(a, v128.load(from));
      b = f32x4.add(b, v128.load(from, 16));
      c = f32x4.add(c, v128.load(from, 32));
      d = f32x4.add(d, v128.load(from, 48));
      from += 64;
    }
    for (; left > end; left -= 4) {
      if (left >= 4) a = f32x4.add(a, v128.load(from));
      else a = f32x4.add(a, loadPart(from, left, 0));
      from += 16;
    }
    total += <f64>sum4(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  }
  return <f32>total;
}

/** to [outer, inner] = scale * sum over the middle of from [outer, middle, inner]. */
export function sumMiddle(outer: i32, middle: i32, inner: i32, from: usize, to: usize, scale: f32): void {
  const row: usize = <usize>inner << 2;
  const block: usize = <usize>middle * row;
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      store<f32>(to, sumRun(middle, from) * scale);
    } else {
      sumRows(middle, inner, from, row, to);
      if (scale != 1) {
        for (let j: usize = 0; j < row; j += 4) store<f32>(to + j, load<f32>(to + j) * scale);
      }
    }
    from += block;
    to += row;
  }
}
