/** Small helpers that every kernel shares. */

/** a * b + c: one instruction with one rounding in the relaxed build, two instructions in the plain one. */
// @ts-ignore: decorator
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c - a * b. */
// @ts-ignore: decorator
@inline
export function fnma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

/** Four copies of the float at an address. */
// @ts-ignore: decorator
@inline
export function spread(at: usize, offset: usize = 0): v128 {
  return v128.load_splat<f32>(at + offset);
}

/** Sum of the four lanes. */
// @ts-ignore: decorator
@inline
export function sum4(v: v128): f32 {
  const pairs = f32x4.add(v, i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** Largest of the four lanes (NaN if any lane is NaN). */
// @ts-ignore: decorator
@inline
export function max4(v: v128): f32 {
  return max<f32>(
    max<f32>(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max<f32>(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** The first `n` floats (0 < n < 4) at an address; the other lanes hold `rest`. */
export function loadPart(at: usize, n: i32, rest: f32): v128 {
  let v = f32x4.splat(rest);
  v = f32x4.replace_lane(v, 0, load<f32>(at));
  if (n > 1) v = f32x4.replace_lane(v, 1, load<f32>(at, 4));
  if (n > 2) v = f32x4.replace_lane(v, 2, load<f32>(at, 8));
  return v;
}

/** Stores the first `n` lanes (0 < n < 4). */
export function storePart(at: usize, v: v128, n: i32): void {
  store<f32>(at, f32x4.extract_lane(v, 0));
  if (n > 1) store<f32>(at, f32x4.extract_lane(v, 1), 4);
  if (n > 2) store<f32>(at, f32x4.extract_lane(v, 2), 8);
}

/** The next four floats, or the `left` that are left, zeros behind them. */
// @ts-ignore: decorator
@inline
export function get(at: usize, left: i32): v128 {
  return left >= 4 ? v128.load(at) : loadPart(at, left, 0);
}

/** Stores four lanes, or the `left` that are left. */
// @ts-ignore: decorator
@inline
export function put(at: usize, v: v128, left: i32): void {
  if (left >= 4) v128.store(at, v);
  else storePart(at, v, left);
}
