/** Passes over the rows of a matrix: softmax, layer norm, and their gradients. Rows are n floats, one after another. */
import { expFalling4 } from './math';
import { fma, fnma, loadPart, max4, spread, storePart, sum4 } from './simd';

/** y = softmax(scale * x) by row; y may be x. */
export function softmaxRows(rows: i32, n: i32, x: usize, y: usize, scale: f32): void {
  const row: usize = <usize>n << 2;
  const whole: usize = <usize>(n & ~3) << 2;
  const rest = n & 3;
  const s = f32x4.splat(scale);
  for (let r = 0; r < rows; r++) {
    // A NaN may get lost here; the sum below brings it back.
    let top = f32x4.splat(-Infinity);
    for (let j: usize = 0; j < whole; j += 16) top = f32x4.pmax(top, f32x4.mul(v128.load(x + j), s));
    let last = f32x4.splat(-Infinity);
    if (rest) {
      last = f32x4.mul(loadPart(x + whole, rest, 0), s);
      const keep = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(rest));
      last = v128.bitselect(last, f32x4.splat(-Infinity), keep);
      top = f32x4.pmax(top, last);
    }
    const m = f32x4.splat(max4(top));
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < whole; j += 16) {
      const e = expFalling4(f32x4.sub(f32x4.mul(v128.load(x + j), s), m));
      sum = f32x4.add(sum, e);
      v128.store(y + j, e);
    }
    if (rest) {
      last = expFalling4(f32x4.sub(last, m));
      sum = f32x4.add(sum, last);
    }
    const inverse = f32x4.splat(<f32>1 / sum4(sum));
    for (let j: usize = 0; j < whole; j += 16) v128.store(y + j, f32x4.mul(v128.load(y + j), inverse));
    if (rest) storePart(y + whole, f32x4.mul(last, inverse), rest);
    x += row;
    y += row;
  }
}

/** dx = scale * y * (dy - sum(y * dy)) by row; dx may be dy. */
export function softmaxRowsGrad(rows: i32, n: i32, y: usize, dy: usize, dx: usize, scale: f32): void {
  const row: usize = <usize>n << 2;
  const whole: usize = <usize>(n & ~3) << 2;
  const rest = n & 3;
  const s = f32x4.splat(scale);
  for (let r = 0; r < rows; r++) {
    let dot = f32x4.splat(0);
    for (let j: usize = 0; j < whole; j += 16) dot = fma(v128.load(y + j), v128.load(dy + j), dot);
    if (rest) dot = fma(loadPart(y + whole, rest, 0), loadPart(dy + whole, rest, 0), dot);
    const d = f32x4.splat(sum4(dot));
    for (let j: usize = 0; j < whole; j += 16) {
      v128.store(dx + j, f32x4.mul(f32x4.mul(v128.load(y + j), s), f32x4.sub(v128.load(dy + j), d)));
    }
    if (rest) {
      const v = f32x4.sub(loadPart(dy + whole, rest, 0), d);
      storePart(dx + whole, f32x4.mul(f32x4.mul(loadPart(y + whole, rest, 0), s), v), rest);
    }
    y += row;
    dy += row;
    dx += row;
  }
}

/** y = (x - mean) / sqrt(variance + epsilon) * gamma + beta by row; `stats` takes mean and 1/sqrt(...) of each row. */
export function layerNorm(
  rows: i32, n: i32, x: usize, gamma: usize, beta: usize, y: usize, stats: usize, epsilon: f32,
): void {
  const row: usize = <usize>n << 2;
  const whole: usize = <usize>(n & ~3) << 2;
  const rest = n & 3;
  for (let r = 0; r < rows; r++) {
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < whole; j += 16) sum = f32x4.add(sum, v128.load(x + j));
    if (rest) sum = f32x4.add(sum, loadPart(x + whole, rest, 0));
    const mean = sum4(sum) / <f32>n;
    const m = f32x4.splat(mean);
    let squares = f32x4.splat(0);
    for (let j: usize = 0; j < whole; j += 16) {
      const d = f32x4.sub(v128.load(x + j), m);
      squares = fma(d, d, squares);
    }
    if (rest) {
      const d = f32x4.sub(loadPart(x + whole, rest, mean), m);
      squares = fma(d, d, squares);
    }
    const inverse = <f32>1 / sqrt<f32>(sum4(squares) / <f32>n + epsilon);
    const v = f32x4.splat(inverse);
    for (let j: usize = 0; j < whole; j += 16) {
      const hat = f32x4.mul(f32x4.sub(v128.load(x + j), m), v);
      v128.store(y + j, fma(hat, v128.load(gamma + j), v128.load(beta + j)));
    }
    if (rest) {
      const hat = f32x4.mul(f32x4.sub(loadPart(x + whole, rest, mean), m), v);
      storePart(y + whole, fma(hat, loadPart(gamma + whole, rest, 0), loadPart(beta + whole, rest, 0)), rest);
    }
    store<f32>(stats, mean);
    store<f32>(stats, inverse, 4);
    stats += 8;
    x += row;
    y += row;
  }
}

/** Gradients of `layerNorm`; dGamma and dBeta are overwritten with the sums over rows. dx may be dy. */
export function layerNormGrad(
  rows: i32, n: i32, x: usize, gamma: usize, stats: usize, dy: usize, dx: usize, dGamma: usize, dBeta: usize,
): void {
  const row: usize = <usize>n << 2;
  const whole: usize = <usize>(n & ~3) << 2;
  const rest = n & 3;
  memory.fill(dGamma, 0, row);
  memory.fill(dBeta, 0, row);
  for (let r = 0; r < rows; r++) {
    const m = spread(stats);
    const v = spread(stats, 4);
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    for (let j: usize = 0; j < whole; j += 16) {
      const d = v128.load(dy + j);
      const hat = f32x4.mul(f32x4.sub(v128.load(x + j), m), v);
      const g = f32x4.mul(d, v128.load(gamma + j));
      a = f32x4.add(a, g);
      b = fma(g, hat, b);
      v128.store(dGamma + j, fma(d, hat, v128.load(dGamma + j)));
      v128.store(dBeta + j, f32x4.add(d, v128.load(dBeta + j)));
    }
    if (rest) {
      const d = loadPart(dy + whole, rest, 0);
      const hat = f32x4.mul(f32x4.sub(loadPart(x + whole, rest, 0), m), v);
      const g = f32x4.mul(d, loadPart(gamma + whole, rest, 0));
      a = f32x4.add(a, g);
      b = fma(g, hat, b);
      storePart(dGamma + whole, fma(d, hat, loadPart(dGamma + whole, rest, 0)), rest);
      storePart(dBeta + whole, f32x4.add(d, loadPart(dBeta + whole, rest, 0)), rest);
    }
    const share = <f32>1 / <f32>n;
    const meanG = f32x4.splat(sum4(a) * share);
    const meanGHat = f32x4.splat(sum4(b) * share);
    for (let j: usize = 0; j < whole; j += 16) {
      const hat = f32x4.mul(f32x4.sub(v128.load(x + j), m), v);
      const g = f32x4.mul(v128.load(dy + j), v128.load(gamma + j));
      v128.store(dx + j, f32x4.mul(v, fnma(hat, meanGHat, f32x4.sub(g, meanG))));
    }
    if (rest) {
      const hat = f32x4.mul(f32x4.sub(loadPart(x + whole, rest, 0), m), v);
      const g = f32x4.mul(loadPart(dy + whole, rest, 0), loadPart(gamma + whole, rest, 0));
      storePart(dx + whole, f32x4.mul(v, fnma(hat, meanGHat, f32x4.sub(g, meanG))), rest);
    }
    stats += 8;
    x += row;
    dy += row;
    dx += row;
  }
}
