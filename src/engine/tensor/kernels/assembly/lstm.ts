/**
 * LSTM over a whole sequence, batch-major: x [B, W, F], states [B, W, H], gates [B, W, 4H] in the order input, forget,
 * cell, output. The input projection of all steps is one product; each step then adds its recurrent product in place
 * (strides pick step t out of every row of the batch) and turns the sums into gates.
 */
import { gemm, gemmPacked, packB } from './gemm';
import { sigmoid4, tanh4 } from './math';
import { fma, fnma, get, put } from './simd';

/** Sums to gates, cell and hidden state, for one row; `cellBefore` 0 means a cell of zeros. */
function forwardRow(units: i32, gates: usize, cellBefore: usize, cell: usize, hidden: usize): void {
  const h: usize = <usize>units << 2;
  for (let left = units; left > 0; left -= 4) {
    const i = sigmoid4(get(gates, left));
    const f = sigmoid4(get(gates + h, left));
    const g = tanh4(get(gates + 2 * h, left));
    const o = sigmoid4(get(gates + 3 * h, left));
    let c = f32x4.mul(i, g);
    if (cellBefore) {
      c = fma(f, get(cellBefore, left), c);
      cellBefore += 16;
    }
    put(gates, i, left);
    put(gates + h, f, left);
    put(gates + 2 * h, g, left);
    put(gates + 3 * h, o, left);
    put(cell, c, left);
    put(hidden, f32x4.mul(o, tanh4(c)), left);
    gates += 16;
    cell += 16;
    hidden += 16;
  }
}

/**
 * All hidden states, the gates after their activations and the cells. `packed`: packedBytes(H, 4H) of scratch.
 * recurrent [H, 4H], kernel [F, 4H], bias [4H].
 */
export function lstmForward(
  batch: i32, steps: i32, features: i32, units: i32,
  x: usize, kernel: usize, recurrent: usize, bias: usize,
  hidden: usize, gates: usize, cells: usize, packed: usize, work: usize,
): void {
  const h: usize = <usize>units << 2;
  const g: usize = h << 2;
  const f: usize = <usize>features << 2;
  gemm(batch * steps, units << 2, features, x, f, 4, kernel, g, 4, gates, g, 2, bias, work);
  packB(units, units << 2, recurrent, g, 4, packed);
  const rowH: usize = <usize>steps * h;
  const rowG: usize = <usize>steps * g;
  for (let t: usize = 0; t < <usize>steps; t++) {
    const at = t * h;
    if (t > 0) {
      gemmPacked(batch, units << 2, units, hidden + at - h, rowH, 4, packed, gates + t * g, rowG, 1, 0, work);
    }
    for (let b: usize = 0; b < <usize>batch; b++) {
      const here = b * rowH + at;
      forwardRow(units, gates + b * rowG + t * g, t > 0 ? cells + here - h : 0, cells + here, hidden + here);
    }
  }
}

/**
 * The last hidden state only, for inference: the sums of one step at a time, nothing kept. `sums` [B, 4H], `cell`
 * [B, H] and `hidden` [B, H] (the result) are updated in place.
 */
export function lstmLast(
  batch: i32, steps: i32, features: i32, units: i32,
  x: usize, kernel: usize, recurrent: usize, bias: usize,
  hidden: usize, sums: usize, cell: usize, packed: usize, packedKernel: usize, work: usize,
): void {
  const h: usize = <usize>units << 2;
  const g: usize = h << 2;
  const f: usize = <usize>features << 2;
  packB(units, units << 2, recurrent, g, 4, packed);
  packB(features, units << 2, kernel, g, 4, packedKernel);
  for (let t: usize = 0; t < <usize>steps; t++) {
    gemmPacked(batch, units << 2, features, x + t * f, <usize>steps * f, 4, packedKernel, sums, g, 2, bias, work);
    if (t > 0) gemmPacked(batch, units << 2, units, hidden, h, 4, packed, sums, g, 1, 0, work);
    for (let b: usize = 0; b < <usize>batch; b++) {
      forwardRow(units, sums + b * g, t > 0 ? cell + b * h : 0, cell + b * h, hidden + b * h);
    }
  }
}

/**
 * Gradients of the sums of one row, written to `dSums`; `dCell` carries the cell's gradient from step t+1 to step t.
 * dh is the sum of what comes from above and from the next step (`dNext`).
 */
function backwardRow(
  units: i32, gates: usize, cellBefore: usize, cell: usize, dh: usize, dNext: usize, dCell: usize, dSums: usize,
): void {
  const h: usize = <usize>units << 2;
  const one = f32x4.splat(1);
  for (let left = units; left > 0; left -= 4) {
    const i = get(gates, left);
    const f = get(gates + h, left);
    const g = get(gates + 2 * h, left);
    const o = get(gates + 3 * h, left);
    const th = tanh4(get(cell, left));
    const d = f32x4.add(get(dh, left), get(dNext, left));
    const dc = fma(f32x4.mul(d, o), fnma(th, th, one), get(dCell, left));
    const before = cellBefore ? get(cellBefore, left) : f32x4.splat(0);
    put(dSums, f32x4.mul(f32x4.mul(dc, g), f32x4.mul(i, f32x4.sub(one, i))), left);
    put(dSums + h, f32x4.mul(f32x4.mul(dc, before), f32x4.mul(f, f32x4.sub(one, f))), left);
    put(dSums + 2 * h, f32x4.mul(f32x4.mul(dc, i), fnma(g, g, one)), left);
    put(dSums + 3 * h, f32x4.mul(f32x4.mul(d, th), f32x4.mul(o, f32x4.sub(one, o))), left);
    put(dCell, f32x4.mul(dc, f), left);
    gates += 16;
    if (cellBefore) cellBefore += 16;
    cell += 16;
    dh += 16;
    dNext += 16;
    dCell += 16;
    dSums += 16;
  }
}

/** Adds the columns of an m x n matrix into n floats at `to` (overwritten). */
export function sumRows(m: i32, n: i32, from: usize, ld: usize, to: usize): void {
  memory.fill(to, 0, <usize>n << 2);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j += 4) {
      const at: usize = <usize>j << 2;
      const left = n - j;
      put(to + at, f32x4.add(get(to + at, left), get(from + at, left)), left);
    }
    from += ld;
  }
}

/**
 * Gradients of everything from dh [B, W, H]. `dSums` [B, W, 4H], `dNext` and `dCell` [B, H] are scratch, `packed` is
 * packedBytes(4H, H). dx = 0 leaves the input's gradient out.
 */
export function lstmBackward(
  batch: i32, steps: i32, features: i32, units: i32,
  x: usize, kernel: usize, recurrent: usize, hidden: usize, gates: usize, cells: usize, dh: usize,
  dx: usize, dKernel: usize, dRecurrent: usize, dBias: usize,
  dSums: usize, dNext: usize, dCell: usize, packed: usize, work: usize,
): void {
  const h: usize = <usize>units << 2;
  const g: usize = h << 2;
  const f: usize = <usize>features << 2;
  const n = units << 2;
  const rowH: usize = <usize>steps * h;
  const rowG: usize = <usize>steps * g;
  packB(n, units, recurrent, 4, g, packed);
  memory.fill(dNext, 0, <usize>batch * h);
  memory.fill(dCell, 0, <usize>batch * h);
  for (let s = steps - 1; s >= 0; s--) {
    const t = <usize>s;
    for (let b: usize = 0; b < <usize>batch; b++) {
      const here = b * rowH + t * h;
      const there = b * rowG + t * g;
      backwardRow(
        units, gates + there, t > 0 ? cells + here - h : 0, cells + here,
        dh + here, dNext + b * h, dCell + b * h, dSums + there,
      );
    }
    if (t > 0) gemmPacked(batch, units, n, dSums + t * g, rowG, 4, packed, dNext, h, 0, 0, work);
  }
  const rows = batch * steps;
  if (dx) gemm(rows, features, n, dSums, g, 4, kernel, 4, g, dx, f, 0, 0, work);
  gemm(features, n, rows, x, 4, f, dSums, g, 4, dKernel, g, 0, 0, work);
  // Each sequence alone: its first step has no state before it.
  memory.fill(dRecurrent, 0, h * <usize>n);
  for (let b: usize = 0; b < <usize>batch; b++) {
    gemm(units, n, steps - 1, hidden + b * rowH, 4, h, dSums + b * rowG + g, g, 4, dRecurrent, g, 1, 0, work);
  }
  sumRows(rows, n, dSums, g, dBias);
}
