/**
 * GRU over a whole sequence, batch-major: x [B, W, F], states [B, W, H], gates [B, W, 3H] in the order update, reset,
 * candidate. As in lstm.ts the input's part of all steps is one product; each step adds two recurrent products in place,
 * one for both gates and, as the reset gate acts before the product, one for the candidate.
 */
import { gemm, gemmPacked, packB } from './gemm';
import { sumRows } from './lstm';
import { sigmoid4, tanh4 } from './math';
import { fma, fnma, get, put } from './simd';

/** Sums to the gates z and r of one row, and r h for the candidate's product; `before` 0 means a state of zeros. */
function gatesRow(units: i32, gates: usize, before: usize, kept: usize): void {
  const h: usize = <usize>units << 2;
  for (let left = units; left > 0; left -= 4) {
    const r = sigmoid4(get(gates + h, left));
    put(gates, sigmoid4(get(gates, left)), left);
    put(gates + h, r, left);
    if (before) {
      put(kept, f32x4.mul(r, get(before, left)), left);
      before += 16;
    }
    gates += 16;
    kept += 16;
  }
}

/** The candidate of one row and its new state c + z (h - c). */
function stateRow(units: i32, gates: usize, before: usize, hidden: usize): void {
  const h: usize = <usize>units << 2;
  for (let left = units; left > 0; left -= 4) {
    const c = tanh4(get(gates + 2 * h, left));
    const old = before ? get(before, left) : f32x4.splat(0);
    put(gates + 2 * h, c, left);
    put(hidden, fma(get(gates, left), f32x4.sub(old, c), c), left);
    gates += 16;
    if (before) before += 16;
    hidden += 16;
  }
}

/**
 * All hidden states, and the gates after their activations. kernel [F, 3H], recurrent [H, 3H], bias [3H]; scratch:
 * `kept` [B, H], `packed` packedBytes(H, 2H), `packedToo` packedBytes(H, H).
 */
export function gruForward(
  batch: i32, steps: i32, features: i32, units: i32,
  x: usize, kernel: usize, recurrent: usize, bias: usize,
  hidden: usize, gates: usize, kept: usize, packed: usize, packedToo: usize, work: usize,
): void {
  const h: usize = <usize>units << 2;
  const g: usize = 3 * h;
  const f: usize = <usize>features << 2;
  const rowH: usize = <usize>steps * h;
  const rowG: usize = <usize>steps * g;
  gemm(batch * steps, 3 * units, features, x, f, 4, kernel, g, 4, gates, g, 2, bias, work);
  packB(units, 2 * units, recurrent, g, 4, packed);
  packB(units, units, recurrent + 2 * h, g, 4, packedToo);
  for (let t: usize = 0; t < <usize>steps; t++) {
    const state = hidden + t * h;
    const own = gates + t * g;
    if (t > 0) gemmPacked(batch, 2 * units, units, state - h, rowH, 4, packed, own, rowG, 1, 0, work);
    for (let b: usize = 0; b < <usize>batch; b++) {
      gatesRow(units, own + b * rowG, t > 0 ? state - h + b * rowH : 0, kept + b * h);
    }
    if (t > 0) gemmPacked(batch, units, units, kept, h, 4, packedToo, own + 2 * h, rowG, 1, 0, work);
    for (let b: usize = 0; b < <usize>batch; b++) {
      stateRow(units, own + b * rowG, t > 0 ? state - h + b * rowH : 0, state + b * rowH);
    }
  }
}

/** First half of a step back for one row: gradients of the sums of z and c, and what goes straight to the old state. */
function outerRow(units: i32, gates: usize, before: usize, dh: usize, dNext: usize, dSums: usize): void {
  const h: usize = <usize>units << 2;
  const one = f32x4.splat(1);
  for (let left = units; left > 0; left -= 4) {
    const z = get(gates, left);
    const c = get(gates + 2 * h, left);
    const old = before ? get(before, left) : f32x4.splat(0);
    const d = f32x4.add(get(dh, left), get(dNext, left));
    const rest = f32x4.sub(one, z);
    put(dSums, f32x4.mul(f32x4.mul(d, f32x4.sub(old, c)), f32x4.mul(z, rest)), left);
    put(dSums + 2 * h, f32x4.mul(f32x4.mul(d, rest), fnma(c, c, one)), left);
    put(dNext, f32x4.mul(d, z), left);
    gates += 16;
    if (before) before += 16;
    dh += 16;
    dNext += 16;
    dSums += 16;
  }
}

/** Second half: through the reset gate; `dKept` is the gradient of r h, and r h itself goes to `kept`. */
function innerRow(units: i32, gates: usize, before: usize, dKept: usize, dNext: usize, dSums: usize, kept: usize): void {
  const h: usize = <usize>units << 2;
  const one = f32x4.splat(1);
  for (let left = units; left > 0; left -= 4) {
    const r = get(gates + h, left);
    const old = before ? get(before, left) : f32x4.splat(0);
    const d = get(dKept, left);
    const through = f32x4.mul(r, old);
    put(dSums + h, f32x4.mul(f32x4.mul(d, through), f32x4.sub(one, r)), left);
    put(dNext, fma(d, r, get(dNext, left)), left);
    put(kept, through, left);
    gates += 16;
    if (before) before += 16;
    dKept += 16;
    dNext += 16;
    dSums += 16;
    kept += 16;
  }
}

/**
 * Gradients of everything from dh [B, W, H]; dx = 0 leaves the input's out. Scratch: `dSums` [B, W, 3H], `kept`
 * [B, W, H], `dNext` and `dKept` [B, H], `packed` packedBytes(2H, H), `packedToo` packedBytes(H, H).
 */
export function gruBackward(
  batch: i32, steps: i32, features: i32, units: i32,
  x: usize, kernel: usize, recurrent: usize, hidden: usize, gates: usize, dh: usize,
  dx: usize, dKernel: usize, dRecurrent: usize, dBias: usize,
  dSums: usize, kept: usize, dNext: usize, dKept: usize, packed: usize, packedToo: usize, work: usize,
): void {
  const h: usize = <usize>units << 2;
  const g: usize = 3 * h;
  const f: usize = <usize>features << 2;
  const rowH: usize = <usize>steps * h;
  const rowG: usize = <usize>steps * g;
  packB(2 * units, units, recurrent, 4, g, packed);
  packB(units, units, recurrent + 2 * h, 4, g, packedToo);
  memory.fill(dNext, 0, <usize>batch * h);
  for (let s = steps - 1; s >= 0; s--) {
    const t = <usize>s;
    const state = hidden + t * h;
    for (let b: usize = 0; b < <usize>batch; b++) {
      const there = b * rowG + t * g;
      const before = t > 0 ? state - h + b * rowH : 0;
      outerRow(units, gates + there, before, dh + b * rowH + t * h, dNext + b * h, dSums + there);
    }
    gemmPacked(batch, units, units, dSums + t * g + 2 * h, rowG, 4, packedToo, dKept, h, 0, 0, work);
    for (let b: usize = 0; b < <usize>batch; b++) {
      const there = b * rowG + t * g;
      const before = t > 0 ? state - h + b * rowH : 0;
      const to = kept + b * rowH + t * h;
      innerRow(units, gates + there, before, dKept + b * h, dNext + b * h, dSums + there, to);
    }
    if (t > 0) gemmPacked(batch, units, 2 * units, dSums + t * g, rowG, 4, packed, dNext, h, 1, 0, work);
  }
  const rows = batch * steps;
  if (dx) gemm(rows, features, 3 * units, dSums, g, 4, kernel, 4, g, dx, f, 0, 0, work);
  gemm(features, 3 * units, rows, x, 4, f, dSums, g, 4, dKernel, g, 0, 0, work);
  memory.fill(dRecurrent, 0, g * <usize>units);
  // Each sequence alone: its first step has no state before it.
  for (let b: usize = 0; b < <usize>batch; b++) {
    gemm(units, 2 * units, steps - 1, hidden + b * rowH, 4, h, dSums + b * rowG + g, g, 4, dRecurrent, g, 1, 0, work);
  }
  gemm(units, units, rows, kept, 4, h, dSums + 2 * h, g, 4, dRecurrent + 2 * h, g, 0, 0, work);
  sumRows(rows, 3 * units, dSums, g, dBias);
}
