/**
 * Register tiles of the matrix product: 6, 4, 2 or 1 rows by 8 columns, accumulated over k in registers.
 * The 6x8 tile fills the 16 vector registers of x86-64 when the multiply-add is one instruction.
 * Arguments (addresses and byte strides): element (i, p) of the left matrix is at a + i*ars + p*acs, the 8 columns of
 * row p of the right one at b + p*brs; the tile starts from `start` (0 zero, 1 what c holds, 2 the 8 floats at bias).
 */
import { fma, spread } from './simd';

// @ts-ignore: decorator
@inline
function begin(start: i32, c: usize, bias: usize): v128 {
  if (start == 0) return f32x4.splat(0);
  return v128.load(start == 1 ? c : bias);
}

export function tile6(k: i32, a: usize, ars: usize, acs: usize, b: usize, brs: usize, c: usize, ldc: usize, start: i32, bias: usize): void {
  const c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc, c4 = c3 + ldc, c5 = c4 + ldc;
  let x00 = begin(start, c, bias), x01 = begin(start, c + 16, bias + 16);
  let x10 = begin(start, c1, bias), x11 = begin(start, c1 + 16, bias + 16);
  let x20 = begin(start, c2, bias), x21 = begin(start, c2 + 16, bias + 16);
  let x30 = begin(start, c3, bias), x31 = begin(start, c3 + 16, bias + 16);
  let x40 = begin(start, c4, bias), x41 = begin(start, c4 + 16, bias + 16);
  let x50 = begin(start, c5, bias), x51 = begin(start, c5 + 16, bias + 16);
  let a1 = a + ars, a2 = a1 + ars, a3 = a2 + ars, a4 = a3 + ars, a5 = a4 + ars;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let s = spread(a);
    x00 = fma(s, b0, x00); x01 = fma(s, b1, x01);
    s = spread(a1);
    x10 = fma(s, b0, x10); x11 = fma(s, b1, x11);
    s = spread(a2);
    x20 = fma(s, b0, x20); x21 = fma(s, b1, x21);
    s = spread(a3);
    x30 = fma(s, b0, x30); x31 = fma(s, b1, x31);
    s = spread(a4);
    x40 = fma(s, b0, x40); x41 = fma(s, b1, x41);
    s = spread(a5);
    x50 = fma(s, b0, x50); x51 = fma(s, b1, x51);
    a += acs; a1 += acs; a2 += acs; a3 += acs; a4 += acs; a5 += acs;
    b += brs;
  }
  v128.store(c, x00); v128.store(c, x01, 16);
  v128.store(c1, x10); v128.store(c1, x11, 16);
  v128.store(c2, x20); v128.store(c2, x21, 16);
  v128.store(c3, x30); v128.store(c3, x31, 16);
  v128.store(c4, x40); v128.store(c4, x41, 16);
  v128.store(c5, x50); v128.store(c5, x51, 16);
}

export function tile4(k: i32, a: usize, ars: usize, acs: usize, b: usize, brs: usize, c: usize, ldc: usize, start: i32, bias: usize): void {
  const c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
  let x00 = begin(start, c, bias), x01 = begin(start, c + 16, bias + 16);
  let x10 = begin(start, c1, bias), x11 = begin(start, c1 + 16, bias + 16);
  let x20 = begin(start, c2, bias), x21 = begin(start, c2 + 16, bias + 16);
  let x30 = begin(start, c3, bias), x31 = begin(start, c3 + 16, bias + 16);
  let a1 = a + ars, a2 = a1 + ars, a3 = a2 + ars;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let s = spread(a);
    x00 = fma(s, b0, x00); x01 = fma(s, b1, x01);
    s = spread(a1);
    x10 = fma(s, b0, x10); x11 = fma(s, b1, x11);
    s = spread(a2);
    x20 = fma(s, b0, x20); x21 = fma(s, b1, x21);
    s = spread(a3);
    x30 = fma(s, b0, x30); x31 = fma(s, b1, x31);
    a += acs; a1 += acs; a2 += acs; a3 += acs;
    b += brs;
  }
  v128.store(c, x00); v128.store(c, x01, 16);
  v128.store(c1, x10); v128.store(c1, x11, 16);
  v128.store(c2, x20); v128.store(c2, x21, 16);
  v128.store(c3, x30); v128.store(c3, x31, 16);
}

export function tile2(k: i32, a: usize, ars: usize, acs: usize, b: usize, brs: usize, c: usize, ldc: usize, start: i32, bias: usize): void {
  const c1 = c + ldc;
  let x00 = begin(start, c, bias), x01 = begin(start, c + 16, bias + 16);
  let x10 = begin(start, c1, bias), x11 = begin(start, c1 + 16, bias + 16);
  let a1 = a + ars;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let s = spread(a);
    x00 = fma(s, b0, x00); x01 = fma(s, b1, x01);
    s = spread(a1);
    x10 = fma(s, b0, x10); x11 = fma(s, b1, x11);
    a += acs; a1 += acs;
    b += brs;
  }
  v128.store(c, x00); v128.store(c, x01, 16);
  v128.store(c1, x10); v128.store(c1, x11, 16);
}

export function tile1(k: i32, a: usize, acs: usize, b: usize, brs: usize, c: usize, start: i32, bias: usize): void {
  let x0 = begin(start, c, bias), x1 = begin(start, c + 16, bias + 16);
  let y0 = f32x4.splat(0), y1 = y0;
  let p = 0;
  for (; p < k - 1; p += 2) {
    let s = spread(a);
    x0 = fma(s, v128.load(b), x0); x1 = fma(s, v128.load(b, 16), x1);
    a += acs; b += brs;
    s = spread(a);
    y0 = fma(s, v128.load(b), y0); y1 = fma(s, v128.load(b, 16), y1);
    a += acs; b += brs;
  }
  if (p < k) {
    const s = spread(a);
    x0 = fma(s, v128.load(b), x0); x1 = fma(s, v128.load(b, 16), x1);
  }
  v128.store(c, f32x4.add(x0, y0)); v128.store(c, f32x4.add(x1, y1), 16);
}

export function packed6(k: i32, a: usize, b: usize, brs: usize, c: usize, ldc: usize, start: i32, bias: usize): void {
  const c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc, c4 = c3 + ldc, c5 = c4 + ldc;
  let x00 = begin(start, c, bias), x01 = begin(start, c + 16, bias + 16);
  let x10 = begin(start, c1, bias), x11 = begin(start, c1 + 16, bias + 16);
  let x20 = begin(start, c2, bias), x21 = begin(start, c2 + 16, bias + 16);
  let x30 = begin(start, c3, bias), x31 = begin(start, c3 + 16, bias + 16);
  let x40 = begin(start, c4, bias), x41 = begin(start, c4 + 16, bias + 16);
  let x50 = begin(start, c5, bias), x51 = begin(start, c5 + 16, bias + 16);
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let s = v128.load_splat<f32>(a);
    x00 = fma(s, b0, x00); x01 = fma(s, b1, x01);
    s = v128.load_splat<f32>(a, 4);
    x10 = fma(s, b0, x10); x11 = fma(s, b1, x11);
    s = v128.load_splat<f32>(a, 8);
    x20 = fma(s, b0, x20); x21 = fma(s, b1, x21);
    s = v128.load_splat<f32>(a, 12);
    x30 = fma(s, b0, x30); x31 = fma(s, b1, x31);
    s = v128.load_splat<f32>(a, 16);
    x40 = fma(s, b0, x40); x41 = fma(s, b1, x41);
    s = v128.load_splat<f32>(a, 20);
    x50 = fma(s, b0, x50); x51 = fma(s, b1, x51);
    a += 24;
    b += brs;
  }
  v128.store(c, x00); v128.store(c, x01, 16);
  v128.store(c1, x10); v128.store(c1, x11, 16);
  v128.store(c2, x20); v128.store(c2, x21, 16);
  v128.store(c3, x30); v128.store(c3, x31, 16);
  v128.store(c4, x40); v128.store(c4, x41, 16);
  v128.store(c5, x50); v128.store(c5, x51, 16);
}

export function packed4(k: i32, a: usize, b: usize, brs: usize, c: usize, ldc: usize, start: i32, bias: usize): void {
  const c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
  let x00 = begin(start, c, bias), x01 = begin(start, c + 16, bias + 16);
  let x10 = begin(start, c1, bias), x11 = begin(start, c1 + 16, bias + 16);
  let x20 = begin(start, c2, bias), x21 = begin(start, c2 + 16, bias + 16);
  let x30 = begin(start, c3, bias), x31 = begin(start, c3 + 16, bias + 16);
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let s = v128.load_splat<f32>(a);
    x00 = fma(s, b0, x00); x01 = fma(s, b1, x01);
    s = v128.load_splat<f32>(a, 4);
    x10 = fma(s, b0, x10); x11 = fma(s, b1, x11);
    s = v128.load_splat<f32>(a, 8);
    x20 = fma(s, b0, x20); x21 = fma(s, b1, x21);
    s = v128.load_splat<f32>(a, 12);
    x30 = fma(s, b0, x30); x31 = fma(s, b1, x31);
    a += 16;
    b += brs;
  }
  v128.store(c, x00); v128.store(c, x01, 16);
  v128.store(c1, x10); v128.store(c1, x11, 16);
  v128.store(c2, x20); v128.store(c2, x21, 16);
  v128.store(c3, x30); v128.store(c3, x31, 16);
}
