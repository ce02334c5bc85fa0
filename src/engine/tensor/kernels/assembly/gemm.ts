/**
 * Matrix product C = A B on any strides, so that transposed operands, heads of an attention and steps of a sequence
 * need no copy. Columns of B are packed into panels of 8 that the register tiles read in order; rows of A are read in
 * place when they are contiguous and gathered six at a time when they are not.
 */
import { fma, sum4 } from './simd';
import { packed4, packed6, tile1, tile2, tile4, tile6 } from './tiles';

/** Depth and width of the block of B kept packed: 256 KiB, which fits the second-level cache. */
const KC: i32 = 256;
const NC: i32 = 512;
/** Rows of the largest register tile: 12 sums, two columns and one factor fill 15 registers with fused multiply-add. */
// @ts-ignore: decorator
@inline
export const GROUP: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
/** Below this many rows packing B costs more than it saves. */
const FEW_ROWS: i32 = 12;
/** A block of B this small stays in the first-level cache as it is. */
const SMALL_B: i32 = 4096;

/** Bytes of scratch that `gemm` needs: the packed block of B, six packed rows of A, one spare tile. */
export function gemmWorkBytes(): i32 {
  return KC * NC * 4 + KC * 24 + 256;
}

/** Bytes that `packB` writes for a k x n matrix. */
export function packedBytes(k: i32, n: i32): i32 {
  return ((n + 7) >> 3) * k * 32;
}

/** Packs one panel: columns [0, cols) of B, zeros up to 8. */
export function packPanel(k: i32, cols: i32, b: usize, brs: usize, bcs: usize, to: usize): void {
  if (cols == 8 && bcs == 4) {
    for (let p = 0; p < k; p++) {
      v128.store(to, v128.load(b));
      v128.store(to, v128.load(b, 16), 16);
      b += brs;
      to += 32;
    }
    return;
  }
  if (cols == 8 && brs == 4) {
    transposePanel(k, b, bcs, to);
    return;
  }
  for (let p = 0; p < k; p++) {
    let from = b;
    let j = 0;
    for (; j < cols; j++) {
      store<f32>(to + ((<usize>j) << 2), load<f32>(from));
      from += bcs;
    }
    for (; j < 8; j++) store<f32>(to + ((<usize>j) << 2), 0);
    b += brs;
    to += 32;
  }
}

/** Four rows of four floats, transposed into four rows 32 bytes apart. */
// @ts-ignore: decorator
@inline
function transpose4(r0: v128, r1: v128, r2: v128, r3: v128, to: usize): void {
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(t0, t2, 0, 2));
  v128.store(to, v128.shuffle<f64>(t0, t2, 1, 3), 32);
  v128.store(to, v128.shuffle<f64>(t1, t3, 0, 2), 64);
  v128.store(to, v128.shuffle<f64>(t1, t3, 1, 3), 96);
}

/** A full panel whose columns are contiguous in memory (B transposed). */
function transposePanel(k: i32, b: usize, bcs: usize, to: usize): void {
  const b1 = bcs, b2 = bcs * 2, b3 = bcs * 3, b4 = bcs * 4, b5 = bcs * 5, b6 = bcs * 6, b7 = bcs * 7;
  let p = 0;
  for (; p <= k - 4; p += 4) {
    transpose4(v128.load(b), v128.load(b + b1), v128.load(b + b2), v128.load(b + b3), to);
    transpose4(v128.load(b + b4), v128.load(b + b5), v128.load(b + b6), v128.load(b + b7), to + 16);
    b += 16;
    to += 128;
  }
  for (; p < k; p++) {
    let from = b;
    for (let j: usize = 0; j < 32; j += 4) {
      store<f32>(to + j, load<f32>(from));
      from += bcs;
    }
    b += 4;
    to += 32;
  }
}

/** Packs a k x n matrix into panels of 8 columns, each k rows of 8 floats, zeros beyond column n. */
export function packB(k: i32, n: i32, b: usize, brs: usize, bcs: usize, to: usize): void {
  for (let j = 0; j < n; j += 8) {
    packPanel(k, min(8, n - j), b, brs, bcs, to);
    b += bcs << 3;
    to += (<usize>k) << 5;
  }
}

/** Gathers `rows` (6 or 4) rows of A into k groups of as many floats. */
function packRows(rows: i32, k: i32, a: usize, ars: usize, acs: usize, to: usize): void {
  const group: usize = <usize>rows << 2;
  if (ars == 4) {
    for (let p = 0; p < k; p++) {
      v128.store(to, v128.load(a));
      if (rows == 6) store<f64>(to, load<f64>(a, 16), 16);
      a += acs;
      to += group;
    }
    return;
  }
  if (acs == 4) {
    interleave(rows, k, a, a + ars, a + 2 * ars, a + 3 * ars, a + 4 * ars, a + 5 * ars, to);
    return;
  }
  for (let p = 0; p < k; p++) {
    let from = a;
    for (let i: usize = 0; i < group; i += 4) {
      store<f32>(to + i, load<f32>(from));
      from += ars;
    }
    a += acs;
    to += group;
  }
}

/** Rows of k contiguous floats, from four or six addresses, into k groups of four or six. */
export function interleave(
  rows: i32, k: i32, a: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, to: usize,
): void {
  const group: usize = <usize>rows << 2;
  const six = rows == 6;
  let o: usize = 0;
  const end: usize = <usize>(k & ~3) << 2;
  for (; o < end; o += 16) {
    const r0 = v128.load(a + o), r1 = v128.load(a1 + o), r2 = v128.load(a2 + o), r3 = v128.load(a3 + o);
    const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    const to1 = to + group, to2 = to1 + group, to3 = to2 + group;
    v128.store(to, v128.shuffle<f64>(t0, t2, 0, 2));
    v128.store(to1, v128.shuffle<f64>(t0, t2, 1, 3));
    v128.store(to2, v128.shuffle<f64>(t1, t3, 0, 2));
    v128.store(to3, v128.shuffle<f64>(t1, t3, 1, 3));
    if (six) {
      const r4 = v128.load(a4 + o), r5 = v128.load(a5 + o);
      const u = v128.shuffle<f32>(r4, r5, 0, 4, 1, 5);
      const v = v128.shuffle<f32>(r4, r5, 2, 6, 3, 7);
      v128.store64_lane(to, u, 0, 16);
      v128.store64_lane(to1, u, 1, 16);
      v128.store64_lane(to2, v, 0, 16);
      v128.store64_lane(to3, v, 1, 16);
    }
    to = to3 + group;
  }
  for (const last: usize = <usize>k << 2; o < last; o += 4) {
    store<f32>(to, load<f32>(a + o));
    store<f32>(to, load<f32>(a1 + o), 4);
    store<f32>(to, load<f32>(a2 + o), 8);
    store<f32>(to, load<f32>(a3 + o), 12);
    if (six) {
      store<f32>(to, load<f32>(a4 + o), 16);
      store<f32>(to, load<f32>(a5 + o), 20);
    }
    to += group;
  }
}

/** Adds (or stores, or stores plus bias) the first `rows` x `cols` values of a spare tile to C. */
function mergeTile(tile: usize, rows: i32, cols: i32, c: usize, ldc: usize, start: i32, bias: usize): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const at = (<usize>j) << 2;
      let v = load<f32>(tile + at);
      if (start == 1) v += load<f32>(c + at);
      else if (start == 2) v += load<f32>(bias + at);
      store<f32>(c + at, v);
    }
    tile += 32;
    c += ldc;
  }
}

/** One band of `rows` (6, 4, 2 or 1) rows against every panel. */
export function band(
  packed: bool, rows: i32, n: i32, k: i32, a: usize, ars: usize, acs: usize,
  b: usize, panel: usize, brs: usize, tail: usize,
  c: usize, ldc: usize, start: i32, bias: usize, spare: usize,
): void {
  for (let j = 0; j < n; j += 8) {
    const cols = n - j;
    const full = cols >= 8;
    const from = full ? b : tail;
    const step: usize = full ? brs : 32;
    const into = full ? c : spare;
    const ld = full ? ldc : 32;
    const how = full ? start : 0;
    if (packed && rows == 6) packed6(k, a, from, step, into, ld, how, bias);
    else if (packed) packed4(k, a, from, step, into, ld, how, bias);
    else if (rows == 6) tile6(k, a, ars, acs, from, step, into, ld, how, bias);
    else if (rows == 4) tile4(k, a, ars, acs, from, step, into, ld, how, bias);
    else if (rows == 2) tile2(k, a, ars, acs, from, step, into, ld, how, bias);
    else tile1(k, a, acs, from, step, into, how, bias);
    if (!full) mergeTile(spare, rows, cols, c, ldc, start, bias);
    b += panel;
    c += 32;
    bias += 32;
  }
}

/**
 * C (m x n) from A (m x k) and panels of B: full panels `panel` bytes apart with rows `brs` bytes apart, a last partial
 * panel packed at `tail`. `work` holds six packed rows of A and one spare tile (k*24 + 256 bytes).
 */
export function gemmPanels(
  m: i32, n: i32, k: i32, a: usize, ars: usize, acs: usize,
  b: usize, panel: usize, brs: usize, tail: usize,
  c: usize, ldc: usize, start: i32, bias: usize, work: usize,
): void {
  const spare = work;
  const packed = work + 256;
  const several = n > 16;
  for (let i = 0; i < m; ) {
    const left = m - i;
    const rows = (ASC_FEATURE_RELAXED_SIMD && left >= 6) ? 6 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    if (several && rows >= 4) {
      packRows(rows, k, a, ars, acs, packed);
      band(true, rows, n, k, packed, 0, 0, b, panel, brs, tail, c, ldc, start, bias, spare);
    } else {
      band(false, rows, n, k, a, ars, acs, b, panel, brs, tail, c, ldc, start, bias, spare);
    }
    i += rows;
    a += (<usize>rows) * ars;
    c += (<usize>rows) * ldc;
  }
}

/** C from A and a B packed whole by `packB`. */
export function gemmPacked(
  m: i32, n: i32, k: i32, a: usize, ars: usize, acs: usize, packed: usize,
  c: usize, ldc: usize, start: i32, bias: usize, work: usize,
): void {
  const panel: usize = (<usize>k) << 5;
  gemmPanels(m, n, k, a, ars, acs, packed, panel, 32, packed + <usize>(n >> 3) * panel, c, ldc, start, bias, work);
}

/** C := 0, or what it held, or the bias: what is left of a product over nothing. */
function startOnly(m: i32, n: i32, c: usize, ldc: usize, start: i32, bias: usize): void {
  if (start == 1) return;
  for (let i = 0; i < m; i++) {
    if (start == 2) memory.copy(c, bias, (<usize>n) << 2);
    else memory.fill(c, 0, (<usize>n) << 2);
    c += ldc;
  }
}

/**
 * C (m x n, rows ldc bytes apart) = A (m x k) B (k x n), elements at a + i*ars + p*acs and b + p*brs + j*bcs (bytes).
 * start: 0 overwrites C, 1 adds to it, 2 adds the n floats at `bias` to every row. `work`: gemmWorkBytes().
 */
export function gemm(
  m: i32, n: i32, k: i32, a: usize, ars: usize, acs: usize, b: usize, brs: usize, bcs: usize,
  c: usize, ldc: usize, start: i32, bias: usize, work: usize,
): void {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    startOnly(m, n, c, ldc, start, bias);
    return;
  }
  const block = work + 256 + KC * 24;
  // Rows that lie apart by a power of two would fight for the same few cache lines.
  const inPlace = bcs == 4 && (m <= FEW_ROWS || (k * n <= SMALL_B && brs == <usize>n << 2));
  for (let j = 0; j < n; j += NC) {
    const nc = min(NC, n - j);
    for (let p = 0; p < k; ) {
      const left = k - p;
      const kc = left <= KC ? left : left < 2 * KC ? (left + 1) >> 1 : KC;
      const from = b + <usize>p * brs + <usize>j * bcs;
      const cols = <usize>j << 2;
      const how = p > 0 ? 1 : start;
      const left_ = a + <usize>p * acs;
      if (inPlace) {
        const full = nc & ~7;
        if (full < nc) packPanel(kc, nc - full, from + (<usize>full << 2), brs, 4, block);
        gemmPanels(m, nc, kc, left_, ars, acs, from, 32, brs, block, c + cols, ldc, how, bias + cols, work);
      } else {
        packB(kc, nc, from, brs, bcs, block);
        gemmPacked(m, nc, kc, left_, ars, acs, block, c + cols, ldc, how, bias + cols, work);
      }
      p += kc;
    }
  }
}

/** Multiply-adds in registers only, 12 independent sums: what the core can do at most. Returns their total. */
export function peak(rounds: i32): f32 {
  let x0 = f32x4.splat(0), x1 = x0, x2 = x0, x3 = x0, x4 = x0, x5 = x0;
  let y0 = x0, y1 = x0, y2 = x0, y3 = x0, y4 = x0, y5 = x0;
  const a = f32x4.splat(1e-9), b = f32x4.splat(1e-9);
  for (let i = 0; i < rounds; i++) {
    x0 = fma(a, b, x0); x1 = fma(a, b, x1); x2 = fma(a, b, x2); x3 = fma(a, b, x3); x4 = fma(a, b, x4); x5 = fma(a, b, x5);
    y0 = fma(a, b, y0); y1 = fma(a, b, y1); y2 = fma(a, b, y2); y3 = fma(a, b, y3); y4 = fma(a, b, y4); y5 = fma(a, b, y5);
  }
  const s = f32x4.add(f32x4.add(f32x4.add(x0, x1), f32x4.add(x2, x3)), f32x4.add(x4, x5));
  const t = f32x4.add(f32x4.add(f32x4.add(y0, y1), f32x4.add(y2, y3)), f32x4.add(y4, y5));
  return sum4(f32x4.add(s, t));
}
