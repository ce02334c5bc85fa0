/**
 * Gradients of a 2-D convolution (channels last) as products with patches: a block of output positions at a time is
 * unfolded into rows of kernelHeight * kernelWidth * channels floats. Also the gradient of max pooling.
 */
import { gemm } from './gemm';

/** Positions unfolded at a time. */
const BLOCK: i32 = 192;

/** Bytes of scratch for the patches. */
export function patchBytes(kh: i32, kw: i32, channels: i32): i32 {
  return BLOCK * kh * kw * channels * 4;
}

/** Copies (add = false) the patch of one output position out of an image, or adds a patch back into it. */
// @ts-ignore: decorator
@inline
function movePatch(
  add: bool, image: usize, h: i32, w: i32, c: i32, y0: i32, x0: i32, kh: i32, kw: i32, dy: i32, dx: i32, patch: usize,
): void {
  const pixel: usize = <usize>c << 2;
  for (let i = 0; i < kh; i++) {
    const y = y0 + i * dy;
    const inside = y >= 0 && y < h;
    for (let j = 0; j < kw; j++) {
      const x = x0 + j * dx;
      if (inside && x >= 0 && x < w) {
        const at = image + (<usize>y * <usize>w + <usize>x) * pixel;
        if (add) addTo(c, patch, at);
        else copyPixel(c, at, patch);
      } else if (!add) {
        memory.fill(patch, 0, pixel);
      }
      patch += pixel;
    }
  }
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

function copyPixel(n: i32, from: usize, to: usize): void {
  let j = 0;
  for (; j <= n - 4; j += 4) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  }
  for (; j < n; j++) {
    store<f32>(to, load<f32>(from));
    to += 4;
    from += 4;
  }
}

/** Moves the patches of output positions [first, first + count) of a batch of images. */
function movePatches(
  add: bool, first: i32, count: i32, image: usize, h: i32, w: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32, patches: usize,
): void {
  const area = oh * ow;
  const row: usize = <usize>(kh * kw * c) << 2;
  for (let p = first; p < first + count; p++) {
    const b = p / area;
    const rest = p - b * area;
    const oy = rest / ow;
    const ox = rest - oy * ow;
    const base = image + ((<usize>b * <usize>h * <usize>w * <usize>c) << 2);
    movePatch(add, base, h, w, c, oy * sy - top, ox * sx - left, kh, kw, dy, dx, patches);
    patches += row;
  }
}

/** out [batch, oh, ow, f] from x [batch, h, w, c] and the filter [kh, kw, c, f]. */
export function convForward(
  batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, f: i32, kh: i32, kw: i32,
  sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32, x: usize, filter: usize, result: usize, patches: usize, work: usize,
): void {
  const total = batch * oh * ow;
  const m = kh * kw * c;
  const out: usize = <usize>f << 2;
  for (let first = 0; first < total; first += BLOCK) {
    const count = min(BLOCK, total - first);
    movePatches(false, first, count, x, h, w, c, oh, ow, kh, kw, sy, sx, dy, dx, top, left, patches);
    gemm(count, f, m, patches, <usize>m << 2, 4, filter, out, 4, result + <usize>first * out, out, 0, 0, work);
  }
}

/** dFilter [kh, kw, c, f] from x [batch, h, w, c] and dOut [batch, oh, ow, f]. */
export function convFilterGrad(
  batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, f: i32, kh: i32, kw: i32,
  sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32, x: usize, dOut: usize, dFilter: usize, patches: usize, work: usize,
): void {
  const total = batch * oh * ow;
  const m = kh * kw * c;
  const out: usize = <usize>f << 2;
  memory.fill(dFilter, 0, <usize>m * out);
  for (let first = 0; first < total; first += BLOCK) {
    const count = min(BLOCK, total - first);
    movePatches(false, first, count, x, h, w, c, oh, ow, kh, kw, sy, sx, dy, dx, top, left, patches);
    gemm(m, f, count, patches, 4, <usize>m << 2, dOut + <usize>first * out, out, 4, dFilter, out, 1, 0, work);
  }
}

/** dx [batch, h, w, c] from dOut [batch, oh, ow, f] and the filter [kh, kw, c, f]. */
export function convInputGrad(
  batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, f: i32, kh: i32, kw: i32,
  sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32, dOut: usize, filter: usize, dIn: usize, patches: usize, work: usize,
): void {
  const total = batch * oh * ow;
  const m = kh * kw * c;
  const out: usize = <usize>f << 2;
  const row: usize = <usize>m << 2;
  memory.fill(dIn, 0, (<usize>batch * <usize>h * <usize>w * <usize>c) << 2);
  for (let first = 0; first < total; first += BLOCK) {
    const count = min(BLOCK, total - first);
    gemm(count, m, f, dOut + <usize>first * out, out, 4, filter, 4, out, patches, row, 0, 0, work);
    movePatches(true, first, count, dIn, h, w, c, oh, ow, kh, kw, sy, sx, dy, dx, top, left, patches);
  }
}

/** Gives each output's gradient to the first largest input of its window. */
export function maxPoolGrad(
  batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, kh: i32, kw: i32,
  sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32, x: usize, dOut: usize, dIn: usize,
): void {
  memory.fill(dIn, 0, (<usize>batch * <usize>h * <usize>w * <usize>c) << 2);
  const image: usize = (<usize>h * <usize>w * <usize>c) << 2;
  for (let b = 0; b < batch; b++) {
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        for (let k = 0; k < c; k++) {
          let best: f32 = -Infinity;
          let where: usize = usize.MAX_VALUE;
          for (let i = 0; i < kh; i++) {
            const y = oy * sy - top + i * dy;
            if (y < 0 || y >= h) continue;
            for (let j = 0; j < kw; j++) {
              const xx = ox * sx - left + j * dx;
              if (xx < 0 || xx >= w) continue;
              const at: usize = (((<usize>y * <usize>w + <usize>xx) * <usize>c) + <usize>k) << 2;
              const v = load<f32>(x + at);
              if (v > best || where == usize.MAX_VALUE) {
                best = v;
                where = at;
              }
            }
          }
          if (where != usize.MAX_VALUE) store<f32>(dIn + where, load<f32>(dIn + where) + load<f32>(dOut));
          dOut += 4;
        }
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
