/**
 * A 2-D convolution (channels last) and its gradients as products. Each image is copied once into a frame of zeros, so
 * that the values under a row of the kernel are contiguous floats for every output position; these are packed for the
 * register tiles directly, and no matrix of patches is ever stored. The gradient by the input is a convolution itself:
 * for each phase of the stride one over the gradient's image, with the taps of that phase in reverse.
 */
import { GROUP, band, interleave, packPanel } from './gemm';
import { fma, loadPart, storePart, sum4 } from './simd';

/** Floats of a kernel that are multiplied before the sums are stored in between. */
const DEPTH: i32 = 512;
/** Output positions that a filter's gradient takes at a time. */
const POSITIONS: i32 = 384;
/** Bytes of the spare tile, and of a band of sums, at the beginning of the scratch. */
const SPARE: usize = 256;

/** Copies `n` floats. */
// @ts-ignore: decorator
@inline
function copyRun(n: i32, from: usize, to: usize): void {
  const end = from + (<usize>(n & ~3) << 2);
  for (; from < end; from += 16, to += 16) v128.store(to, v128.load(from));
  for (const last = end + (<usize>(n & 3) << 2); from < last; from += 4, to += 4) store<f32>(to, load<f32>(from));
}

// @ts-ignore: decorator
@inline
function zeroRun(n: i32, to: usize): void {
  const end = to + (<usize>(n & ~3) << 2);
  for (; to < end; to += 16) v128.store(to, f32x4.splat(0));
  for (const last = end + (<usize>(n & 3) << 2); to < last; to += 4) store<f32>(to, 0);
}

function addTo(n: i32, from: usize, to: usize): void {
  let j = 0;
  for (; j <= n - 4; j += 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    to += 16;
    from += 16;
  }
  for (; j < n; j++) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4;
    from += 4;
  }
}

/** An image [h, w, c] into a frame [height, width, c] of zeros, `top` rows down and `left` to the right (or cut off). */
function frame(image: usize, h: i32, w: i32, c: i32, top: i32, left: i32, height: i32, width: i32, to: usize): void {
  const before = min(max(left, 0), width);
  const first = max(-left, 0);
  const count = max(min(w - first, width - before), 0);
  const after = width - before - count;
  const row: usize = <usize>(width * c) << 2;
  for (let q = 0; q < height; q++) {
    const y = q - top;
    if (y < 0 || y >= h || count == 0) {
      zeroRun(width * c, to);
    } else {
      zeroRun(before * c, to);
      copyRun(count * c, image + (<usize>((y * w + first) * c) << 2), to + (<usize>(before * c) << 2));
      zeroRun(after * c, to + (<usize>((before + count) * c) << 2));
    }
    to += row;
  }
}

/** Byte offset of output position `p` in a frame. */
// @ts-ignore: decorator
@inline
function placeOf(p: i32, ow: i32, sy: i32, sx: i32, width: i32, c: i32): usize {
  const oy = p / ow;
  return <usize>((oy * sy * width + (p - oy * ow) * sx) * c) << 2;
}

/** One output channel: sums of products of the frame's runs with the filter, one position after the other. */
function convOne(
  at: usize, width: i32, c: i32, oh: i32, ow: i32, kh: i32, kw: i32, sy: i32, sx: i32, dy: i32, dx: i32,
  filter: usize, out: usize, outRow: usize, outColumn: usize,
): void {
  const runs = dx == 1 ? 1 : kw;
  const run = dx == 1 ? kw * c : c;
  const whole: usize = <usize>(run & ~3) << 2;
  const end: usize = <usize>run << 2;
  for (let oy = 0; oy < oh; oy++) {
    for (let ox = 0; ox < ow; ox++) {
      const from = at + (<usize>((oy * sy * width + ox * sx) * c) << 2);
      let f = filter;
      let a = f32x4.splat(0), b = a;
      let rest: f32 = 0;
      for (let i = 0; i < kh; i++) {
        for (let j = 0; j < runs; j++) {
          const x = from + (<usize>((i * dy * width + j * dx) * c) << 2);
          let o: usize = 0;
          for (; o + 16 < whole; o += 32) {
            a = fma(v128.load(x + o), v128.load(f + o), a);
            b = fma(v128.load(x + o, 16), v128.load(f + o, 16), b);
          }
          if (o < whole) {
            a = fma(v128.load(x + o), v128.load(f + o), a);
            o += 16;
          }
          for (; o < end; o += 4) rest += load<f32>(x + o) * load<f32>(f + o);
          f += end;
        }
      }
      store<f32>(out + <usize>oy * outRow + <usize>ox * outColumn, sum4(f32x4.add(a, b)) + rest);
    }
  }
}

/**
 * Convolution of one frame [., width, c] with a filter of n channels packed in panels of 8 (see `packB`), or, for n = 1,
 * as kh*kw*c floats. Output position (oy, ox) goes to out + oy * outRow + ox * outColumn, n floats.
 */
function convFrame(
  at: usize, width: i32, c: i32, oh: i32, ow: i32, n: i32, kh: i32, kw: i32, sy: i32, sx: i32, dy: i32, dx: i32,
  filter: usize, out: usize, outRow: usize, outColumn: usize, work: usize,
): void {
  if (n == 1) {
    convOne(at, width, c, oh, ow, kh, kw, sy, sx, dy, dx, filter, out, outRow, outColumn);
    return;
  }
  const total = oh * ow;
  const runs = dx == 1 ? 1 : kw;
  const run = dx == 1 ? kw * c : c;
  const depth = kh * kw * c;
  const panel: usize = <usize>depth << 5;
  const rowBytes: usize = <usize>n << 2;
  const dense = outColumn == rowBytes && outRow == rowBytes * <usize>ow;
  const sums = work + SPARE;
  const packed = sums + rowBytes * <usize>GROUP + 64;
  const several = max(1, DEPTH / (run * runs));
  for (let i0 = 0; i0 < kh; i0 += several) {
    const i1 = min(kh, i0 + several);
    const k = (i1 - i0) * run * runs;
    const first: usize = <usize>(i0 * run * runs) << 5;
    const tail = filter + <usize>(n >> 3) * panel + first;
    const start = i0 > 0 ? 1 : 0;
    for (let p = 0; p < total; p += GROUP) {
      const rows = min(GROUP, total - p);
      const last = total - 1;
      const a0 = at + placeOf(p, ow, sy, sx, width, c);
      const a1 = at + placeOf(min(p + 1, last), ow, sy, sx, width, c);
      const a2 = at + placeOf(min(p + 2, last), ow, sy, sx, width, c);
      const a3 = at + placeOf(min(p + 3, last), ow, sy, sx, width, c);
      const a4 = GROUP == 6 ? at + placeOf(min(p + 4, last), ow, sy, sx, width, c) : a3;
      const a5 = GROUP == 6 ? at + placeOf(min(p + 5, last), ow, sy, sx, width, c) : a3;
      let to = packed;
      for (let i = i0; i < i1; i++) {
        for (let j = 0; j < runs; j++) {
          const o: usize = <usize>((i * dy * width + j * dx) * c) << 2;
          interleave(GROUP, run, a0 + o, a1 + o, a2 + o, a3 + o, a4 + o, a5 + o, to);
          to += <usize>(run * GROUP) << 2;
        }
      }
      if (dense && rows == GROUP) {
        const into = out + <usize>p * rowBytes;
        band(true, GROUP, n, k, packed, 0, 0, filter + first, panel, 32, tail, into, rowBytes, start, 0, work);
        continue;
      }
      band(true, GROUP, n, k, packed, 0, 0, filter + first, panel, 32, tail, sums, rowBytes, 0, 0, work);
      for (let r = 0; r < rows; r++) {
        const oy = (p + r) / ow;
        const into = out + <usize>oy * outRow + <usize>(p + r - oy * ow) * outColumn;
        if (start) addTo(n, sums + <usize>r * rowBytes, into);
        else copyRun(n, sums + <usize>r * rowBytes, into);
      }
    }
  }
}

/** The filter [kh, kw, c, f] as `convFrame` takes it. */
function packForward(taps: i32, c: i32, f: i32, filter: usize, to: usize): void {
  const depth = taps * c;
  if (f == 1) {
    copyRun(depth, filter, to);
    return;
  }
  for (let j = 0; j < f; j += 8) {
    packPanel(depth, min(8, f - j), filter + (<usize>j << 2), <usize>f << 2, 4, to);
    to += <usize>depth << 5;
  }
}

/** The taps i = iFrom + t iStep of the filter, last first, with the channels' roles changed: [ty, tx, f, c]. */
function packBackward(
  kw: i32, c: i32, f: i32, iFrom: i32, iStep: i32, ty: i32, jFrom: i32, jStep: i32, tx: i32, filter: usize, to: usize,
): void {
  const panel: usize = <usize>(ty * tx * f) << 5;
  const row: usize = <usize>f << 2;
  for (let t = 0; t < ty; t++) {
    for (let u = 0; u < tx; u++) {
      const i = iFrom + (ty - 1 - t) * iStep;
      const j = jFrom + (tx - 1 - u) * jStep;
      const from = filter + <usize>((i * kw + j) * c) * row;
      const place: usize = <usize>((t * tx + u) * f);
      if (c == 1) {
        copyRun(f, from, to + (place << 2));
        continue;
      }
      for (let q = 0; q < c; q += 8) {
        packPanel(f, min(8, c - q), from + <usize>q * row, 4, row, to + <usize>(q >> 3) * panel + (place << 5));
      }
    }
  }
}

/** out [batch, oh, ow, f] from x [batch, h, w, c] and the filter [kh, kw, c, f]. */
export function convForward(
  batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, f: i32, kh: i32, kw: i32,
  sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32,
  x: usize, filter: usize, result: usize, framed: usize, packed: usize, work: usize,
): void {
  const height = (oh - 1) * sy + (kh - 1) * dy + 1;
  const width = (ow - 1) * sx + (kw - 1) * dx + 1;
  const column: usize = <usize>f << 2;
  packForward(kh * kw, c, f, filter, packed);
  for (let b = 0; b < batch; b++) {
    frame(x, h, w, c, top, left, height, width, framed);
    convFrame(framed, width, c, oh, ow, f, kh, kw, sy, sx, dy, dx, packed, result, column * <usize>ow, column, work);
    x += <usize>(h * w * c) << 2;
    result += column * <usize>(oh * ow);
  }
}

/** dx [batch, h, w, c] from dOut [batch, oh, ow, f] and the filter [kh, kw, c, f]. */
export function convInputGrad(
  batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, f: i32, kh: i32, kw: i32,
  sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32,
  dOut: usize, filter: usize, dIn: usize, framed: usize, packed: usize, work: usize,
): void {
  const column: usize = <usize>c << 2;
  for (let py = 0; py < min(sy, h); py++) {
    // Rows py, py + sy, ... of dx see the taps iFrom, iFrom + sy, ...
    const iFrom = (py + top) % sy;
    const ty = (kh - iFrom + sy - 1) / sy;
    const rows = (h - py + sy - 1) / sy;
    const down = (ty - 1) * dy - (py + top - iFrom) / sy;
    for (let px = 0; px < min(sx, w); px++) {
      const jFrom = (px + left) % sx;
      const tx = (kw - jFrom + sx - 1) / sx;
      const columns = (w - px + sx - 1) / sx;
      const right = (tx - 1) * dx - (px + left - jFrom) / sx;
      const to = dIn + <usize>(py * w + px) * column;
      packBackward(kw, c, f, iFrom, sy, ty, jFrom, sx, tx, filter, packed);
      const height = rows + (ty - 1) * dy;
      const width = columns + (tx - 1) * dx;
      for (let b = 0; b < batch; b++) {
        if (ty <= 0 || tx <= 0) {
          clearPlaces(rows, columns, c, to + <usize>(b * h * w) * column, <usize>(w * sy) * column, <usize>sx * column);
          continue;
        }
        frame(dOut + (<usize>(b * oh * ow * f) << 2), oh, ow, f, down, right, height, width, framed);
        convFrame(
          framed, width, f, rows, columns, c, ty, tx, 1, 1, dy, dx, packed,
          to + <usize>(b * h * w) * column, <usize>(w * sy) * column, <usize>sx * column, work,
        );
      }
    }
  }
}

/** Zeros where no tap of the kernel reaches: strides wider than the kernel. */
function clearPlaces(rows: i32, columns: i32, c: i32, to: usize, row: usize, column: usize): void {
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) zeroRun(c, to + <usize>y * row + <usize>x * column);
  }
}

/** GROUP floats from each of k places into k groups, the transpose of what `interleave` does. */
function gatherPlaces(k: i32, at: usize, places: usize, to: usize): void {
  for (let p = 0; p < k; p++) {
    const from = at + load<u32>(places);
    v128.store(to, v128.load(from));
    if (GROUP == 6) v128.store64_lane(to, v128.load64_zero(from, 16), 0, 16);
    to += <usize>GROUP << 2;
    places += 4;
  }
}

/** One output channel: adds the frame's runs, weighted by the gradient of their position, to dFilter. */
function filterGradOne(
  count: i32, at: usize, places: usize, run: i32, dOut: usize, dFilter: usize,
): void {
  const whole: usize = <usize>(run & ~3) << 2;
  const end: usize = <usize>run << 2;
  for (let p = 0; p < count; p++) {
    const from = at + load<u32>(places);
    const d = v128.load_splat<f32>(dOut);
    let o: usize = 0;
    for (; o < whole; o += 16) v128.store(dFilter + o, fma(d, v128.load(from + o), v128.load(dFilter + o)));
    for (; o < end; o += 4) store<f32>(dFilter + o, load<f32>(dFilter + o) + load<f32>(dOut) * load<f32>(from + o));
    places += 4;
    dOut += 4;
  }
}

/** Output positions that `convFilterGrad` packs at a time. */
export function positionsAtOnce(): i32 {
  return POSITIONS;
}

/** Bytes of scratch for sums of n channels, where a row of the kernel has `run` floats. */
export function convWorkBytes(n: i32, run: i32): i32 {
  return <i32>SPARE + 4 * GROUP * (n + max(max(DEPTH, POSITIONS), run)) + 128;
}

/** dFilter [kh, kw, c, f] from x [batch, h, w, c] and dOut [batch, oh, ow, f]. `places`: oh*ow addresses. */
export function convFilterGrad(
  batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, f: i32, kh: i32, kw: i32,
  sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32,
  x: usize, dOut: usize, dFilter: usize, framed: usize, packed: usize, places: usize, work: usize,
): void {
  const height = (oh - 1) * sy + (kh - 1) * dy + 1;
  const width = (ow - 1) * sx + (kw - 1) * dx + 1;
  const runs = dx == 1 ? 1 : kw;
  const run = dx == 1 ? kw * c : c;
  const row: usize = <usize>f << 2;
  const sums = work + SPARE;
  const group = sums + row * <usize>GROUP + 64;
  memory.fill(dFilter, 0, <usize>(kh * kw * c) * row);
  for (let p = 0; p < oh * ow; p++) store<u32>(places + (<usize>p << 2), <u32>placeOf(p, ow, sy, sx, width, c));
  for (let b = 0; b < batch; b++) {
    frame(x, h, w, c, top, left, height, width, framed);
    for (let first = 0; first < oh * ow; first += POSITIONS) {
      const count = min(POSITIONS, oh * ow - first);
      const from = dOut + <usize>first * row;
      const own = places + (<usize>first << 2);
      const panel: usize = <usize>count << 5;
      const tail = packed + <usize>(f >> 3) * panel;
      if (f > 1) {
        for (let j = 0; j < f; j += 8) {
          packPanel(count, min(8, f - j), from + (<usize>j << 2), row, 4, packed + <usize>(j >> 3) * panel);
        }
      }
      let to = dFilter;
      for (let i = 0; i < kh; i++) {
        for (let j = 0; j < runs; j++) {
          const at = framed + (<usize>((i * dy * width + j * dx) * c) << 2);
          if (f == 1) {
            filterGradOne(count, at, own, run, from, to);
            to += <usize>run << 2;
            continue;
          }
          for (let m = 0; m < run; m += GROUP) {
            const rows = min(GROUP, run - m);
            gatherPlaces(count, at + (<usize>m << 2), own, group);
            if (rows == GROUP) {
              band(true, GROUP, f, count, group, 0, 0, packed, panel, 32, tail, to, row, 1, 0, work);
            } else {
              band(true, GROUP, f, count, group, 0, 0, packed, panel, 32, tail, sums, row, 0, 0, work);
              addTo(rows * f, sums, to);
            }
            to += <usize>rows * row;
          }
        }
      }
    }
    x += <usize>(h * w * c) << 2;
    dOut += <usize>(oh * ow) * row;
  }
}

/** Gives each output's gradient to the first largest input of its window, four channels at a time. */
export function maxPoolGrad(
  batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, kh: i32, kw: i32,
  sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32, x: usize, dOut: usize, dIn: usize,
): void {
  const pixel: usize = <usize>c << 2;
  const image: usize = <usize>(h * w) * pixel;
  memory.fill(dIn, 0, <usize>batch * image);
  for (let b = 0; b < batch; b++) {
    for (let oy = 0; oy < oh; oy++) {
      // The part of the window that lies inside the image.
      const y0 = oy * sy - top;
      const i0 = y0 < 0 ? (dy - 1 - y0) / dy : 0;
      const i1 = min(kh, (h - y0 + dy - 1) / dy);
      for (let ox = 0; ox < ow; ox++) {
        const x0 = ox * sx - left;
        const j0 = x0 < 0 ? (dx - 1 - x0) / dx : 0;
        const j1 = min(kw, (w - x0 + dx - 1) / dx);
        for (let rest = c; rest > 0; rest -= 4) {
          const at: usize = <usize>(c - rest) << 2;
          let best = f32x4.splat(0);
          let which = i32x4.splat(-1);
          for (let i = i0; i < i1; i++) {
            for (let j = j0; j < j1; j++) {
              const place = x + <usize>((y0 + i * dy) * w + x0 + j * dx) * pixel + at;
              const v = rest >= 4 ? v128.load(place) : loadPart(place, rest, 0);
              const better = v128.or(f32x4.gt(v, best), i32x4.lt_s(which, i32x4.splat(0)));
              best = v128.bitselect(v, best, better);
              which = v128.bitselect(i32x4.splat(i * kw + j), which, better);
            }
          }
          const d = rest >= 4 ? v128.load(dOut + at) : loadPart(dOut + at, rest, 0);
          for (let i = i0; i < i1; i++) {
            for (let j = j0; j < j1; j++) {
              const place = dIn + <usize>((y0 + i * dy) * w + x0 + j * dx) * pixel + at;
              const own = v128.and(d, i32x4.eq(which, i32x4.splat(i * kw + j)));
              if (rest >= 4) v128.store(place, f32x4.add(v128.load(place), own));
              else storePart(place, f32x4.add(loadPart(place, rest, 0), own), rest);
            }
          }
        }
        dOut += pixel;
      }
    }
    x += image;
    dIn += image;
  }
}

/** to[id[r]] += from[r] for rows of n floats; ids outside [0, segments) are left out. `to` is overwritten. */
export function segmentSum(rows: i32, n: i32, segments: i32, ids: usize, from: usize, to: usize): void {
  const row: usize = <usize>n << 2;
  memory.fill(to, 0, <usize>segments * row);
  for (let r = 0; r < rows; r++) {
    const id = load<i32>(ids + (<usize>r << 2));
    if (id >= 0 && id < segments) addTo(n, from, to + <usize>id * row);
    from += row;
  }
}
