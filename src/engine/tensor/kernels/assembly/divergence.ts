/**
 * Divergence of two distributions by row, with the derivatives by both sides made in the same pass (they need the same
 * logarithms), to be scaled by the gradient of each row later. da or ds 0: that derivative is not wanted.
 */
import { logPositive4 } from './math';
import { fma, loadPart, spread, storePart, sum4 } from './simd';

/** Four terms of Jensen-Shannon; the derivatives go to da and ds. */
// @ts-ignore: decorator
@inline
function js4(a: v128, s: v128, e: v128, da: usize, ds: usize, left: i32): v128 {
  const half = f32x4.splat(0.5);
  const m = f32x4.mul(f32x4.add(a, s), half);
  const ae = f32x4.add(a, e);
  const se = f32x4.add(s, e);
  const inverse = f32x4.div(f32x4.splat(1), f32x4.add(m, e));
  const la = logPositive4(f32x4.mul(ae, inverse));
  const ls = logPositive4(f32x4.mul(se, inverse));
  const own = f32x4.mul(m, inverse);
  if (da) put(da, f32x4.mul(half, f32x4.sub(f32x4.add(la, f32x4.div(a, ae)), own)), left);
  if (ds) put(ds, f32x4.mul(half, f32x4.sub(f32x4.add(ls, f32x4.div(s, se)), own)), left);
  return f32x4.mul(half, fma(a, la, f32x4.mul(s, ls)));
}

/** Four terms of KL(a, s) + KL(s, a) = (a - s)(log a - log s). */
// @ts-ignore: decorator
@inline
function kl4(a: v128, s: v128, e: v128, da: usize, ds: usize, left: i32): v128 {
  const ae = f32x4.add(a, e);
  const se = f32x4.add(s, e);
  const inverse = f32x4.div(f32x4.splat(1), se);
  const log = logPositive4(f32x4.mul(ae, inverse));
  const gap = f32x4.sub(a, s);
  if (da) put(da, f32x4.add(log, f32x4.div(gap, ae)), left);
  if (ds) put(ds, f32x4.neg(fma(gap, inverse, log)), left);
  return f32x4.mul(gap, log);
}

// @ts-ignore: decorator
@inline
function put(at: usize, v: v128, left: i32): void {
  if (left >= 4) v128.store(at, v);
  else storePart(at, v, left);
}

/** value [rows] of a and s [rows, n]; kind 0 is Jensen-Shannon, 1 the symmetric Kullback-Leibler divergence. */
export function divergenceRows(
  kind: i32, rows: i32, n: i32, a: usize, s: usize, value: usize, da: usize, ds: usize, epsilon: f32,
): void {
  const e = f32x4.splat(epsilon);
  for (let r = 0; r < rows; r++) {
    let sum = f32x4.splat(0);
    for (let left = n; left > 0; left -= 4) {
      // Lanes beyond the row hold equal values: they add nothing.
      const av = left >= 4 ? v128.load(a) : loadPart(a, left, 1);
      const sv = left >= 4 ? v128.load(s) : loadPart(s, left, 1);
      sum = f32x4.add(sum, kind == 0 ? js4(av, sv, e, da, ds, left) : kl4(av, sv, e, da, ds, left));
      const bytes: usize = <usize>min(left, 4) << 2;
      a += bytes;
      s += bytes;
      if (da) da += bytes;
      if (ds) ds += bytes;
    }
    store<f32>(value, sum4(sum));
    value += 4;
  }
}

/** to[r, j] = from[r, j] * (weight * by[r]). */
export function scaleRows(rows: i32, n: i32, from: usize, by: usize, weight: f32, to: usize): void {
  const w = f32x4.splat(weight);
  for (let r = 0; r < rows; r++) {
    const f = f32x4.mul(spread(by), w);
    for (let left = n; left > 0; left -= 4) {
      const v = left >= 4 ? v128.load(from) : loadPart(from, left, 0);
      put(to, f32x4.mul(v, f), left);
      const bytes: usize = <usize>min(left, 4) << 2;
      from += bytes;
      to += bytes;
    }
    by += 4;
  }
}
