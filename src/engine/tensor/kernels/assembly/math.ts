/**
 * Elementary functions on four floats. The polynomials are weighted minimax fits (Lawson's iteration in float64); the
 * greatest error of each function against float64 is asserted in ../kernels.test.ts. NaN in, NaN out.
 */
import { fma, fnma } from './simd';

const LN2_HIGH: f32 = 0.693359375; // 9 bits of ln 2: n * LN2_HIGH is exact
const LN2_LOW: f32 = -2.12194440e-4;

/** e^r - 1 for |r| <= ln(2)/2. */
// @ts-ignore: decorator
@inline
function expm1Small(r: v128): v128 {
  let p = f32x4.splat(0.0013946554390713573);
  p = fma(p, r, f32x4.splat(0.008366644382476807));
  p = fma(p, r, f32x4.splat(0.04166628047823906));
  p = fma(p, r, f32x4.splat(0.16666541993618011));
  p = fma(p, r, f32x4.splat(0.5));
  return fma(f32x4.mul(r, r), p, r);
}

/** 2^n for whole n in [-126, 127]. */
// @ts-ignore: decorator
@inline
function power2(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** e^x over the whole range: 0 below -104, infinity above 88.73, denormals between. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const y = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-105));
  const n = f32x4.nearest(f32x4.mul(y, f32x4.splat(1.44269504)));
  const r = fnma(n, f32x4.splat(LN2_LOW), fnma(n, f32x4.splat(LN2_HIGH), y));
  const whole = i32x4.trunc_sat_f32x4_s(n);
  // Two factors, because 2^128 and 2^-150 are no normal floats.
  const half = i32x4.shr_s(whole, 1);
  const first = power2(half);
  return f32x4.mul(fma(expm1Small(r), first, first), power2(i32x4.sub(whole, half)));
}

/** e^x where -87 <= x <= 88 (clamped): one factor only. */
// @ts-ignore: decorator
@inline
export function expNormal4(x: v128): v128 {
  const y = f32x4.pmax(f32x4.pmin(x, f32x4.splat(88)), f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(y, f32x4.splat(1.44269504)));
  const r = fnma(n, f32x4.splat(LN2_LOW), fnma(n, f32x4.splat(LN2_HIGH), y));
  const scale = power2(i32x4.trunc_sat_f32x4_s(n));
  return fma(expm1Small(r), scale, scale);
}

/** e^x for x <= 88: what would be below the smallest normal float is 0. */
// @ts-ignore: decorator
@inline
export function expFalling4(x: v128): v128 {
  return v128.andnot(expNormal4(x), f32x4.lt(x, f32x4.splat(-87)));
}

/** 1 / (1 + e^-x); 0 below -87. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  const value = f32x4.div(one, f32x4.add(one, expNormal4(f32x4.neg(x))));
  return v128.andnot(value, f32x4.lt(x, f32x4.splat(-87)));
}

/** tanh x = u / (u + 2) with u = e^(2|x|) - 1 found without cancellation. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const y = f32x4.pmin(f32x4.mul(f32x4.abs(x), f32x4.splat(2)), f32x4.splat(20));
  const n = f32x4.nearest(f32x4.mul(y, f32x4.splat(1.44269504)));
  const r = fnma(n, f32x4.splat(LN2_LOW), fnma(n, f32x4.splat(LN2_HIGH), y));
  const scale = power2(i32x4.trunc_sat_f32x4_s(n));
  const u = fma(expm1Small(r), scale, f32x4.sub(scale, f32x4.splat(1)));
  return v128.or(f32x4.div(u, f32x4.add(u, f32x4.splat(2))), sign);
}

/** Natural logarithm of positive normal numbers; NaN stays NaN, infinity does not come out right. */
// @ts-ignore: decorator
@inline
export function logPositive4(x: v128): v128 {
  // Exponent such that the rest lies in [sqrt(1/2), sqrt(2)).
  const whole = i32x4.shr_s(i32x4.sub(x, i32x4.splat(0x3f3504f3)), 23);
  const m = i32x4.sub(x, i32x4.shl(whole, 23));
  const value = logParts(f32x4.sub(m, f32x4.splat(1)), f32x4.convert_i32x4_s(whole));
  return v128.bitselect(value, x, f32x4.eq(x, x));
}

/** log(2^e (1 + f)). */
// @ts-ignore: decorator
@inline
function logParts(f: v128, e: v128): v128 {
  let p = f32x4.splat(0.06920727342367172);
  p = fma(p, f, f32x4.splat(-0.11798831820487976));
  p = fma(p, f, f32x4.splat(0.11875393241643906));
  p = fma(p, f, f32x4.splat(-0.12383077293634415));
  p = fma(p, f, f32x4.splat(0.14218194782733917));
  p = fma(p, f, f32x4.splat(-0.16669303178787231));
  p = fma(p, f, f32x4.splat(0.20002248883247375));
  p = fma(p, f, f32x4.splat(-0.24999986588954926));
  p = fma(p, f, f32x4.splat(0.3333331048488617));
  const f2 = f32x4.mul(f, f);
  let tail = f32x4.mul(f32x4.mul(f, f2), p);
  tail = fma(e, f32x4.splat(LN2_LOW), tail);
  tail = fma(f2, f32x4.splat(-0.5), tail);
  return fma(e, f32x4.splat(LN2_HIGH), f32x4.add(f, tail));
}

/** Natural logarithm: NaN below 0, -infinity at 0. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const tiny = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, tiny);
  const whole = i32x4.shr_s(i32x4.sub(scaled, i32x4.splat(0x3f3504f3)), 23);
  const m = i32x4.sub(scaled, i32x4.shl(whole, 23));
  const e = f32x4.sub(f32x4.convert_i32x4_s(whole), v128.and(f32x4.splat(23), tiny));
  const value = logParts(f32x4.sub(m, f32x4.splat(1)), e);
  // Infinity and NaN come out as they went in; zero and below have their own answers.
  const usual = v128.bitselect(value, x, f32x4.lt(x, f32x4.splat(Infinity)));
  const zero = f32x4.eq(x, f32x4.splat(0));
  const low = v128.bitselect(f32x4.splat(-Infinity), f32x4.splat(NaN), zero);
  return v128.bitselect(usual, v128.bitselect(x, low, f32x4.ne(x, x)), f32x4.gt(x, f32x4.splat(0)));
}

/** erf x: an odd polynomial below 1, 1 - e^q(|x|) above, q a fit of log erfc. */
// @ts-ignore: decorator
@inline
export function erf4(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const a = f32x4.abs(x);
  const u = f32x4.mul(x, x);
  let p = f32x4.splat(7.853860734030604e-5);
  p = fma(p, u, f32x4.splat(-0.0008010193705558777));
  p = fma(p, u, f32x4.splat(0.005188327748328447));
  p = fma(p, u, f32x4.splat(-0.026853810995817184));
  p = fma(p, u, f32x4.splat(0.1128358542919159));
  p = fma(p, u, f32x4.splat(-0.3761262595653534));
  p = fma(p, u, f32x4.splat(0.12837916712));
  const near = fma(x, p, x);
  const y = f32x4.pmin(a, f32x4.splat(4));
  let q = f32x4.splat(-2.1686762920580804e-5);
  q = fma(q, y, f32x4.splat(0.00044133528717793524));
  q = fma(q, y, f32x4.splat(-0.004204556345939636));
  q = fma(q, y, f32x4.splat(0.025208240374922752));
  q = fma(q, y, f32x4.splat(-0.1084185540676117));
  q = fma(q, y, f32x4.splat(-0.6332198977470398));
  q = fma(q, y, f32x4.splat(-1.1295783519744873));
  q = fma(q, y, f32x4.splat(0.0001880370546132326));
  const far = v128.or(f32x4.sub(f32x4.splat(1), expNormal4(q)), sign);
  return v128.bitselect(near, far, f32x4.lt(a, f32x4.splat(1)));
}
