/**
 * Attention of many heads, one head at a time so that its map stays in the cache between product and softmax. Maps are
 * [heads, groups, n, m]. Queries, keys and values are [heads, groups, rows, d], or, where `inside`, [groups, rows,
 * heads * d] as a dense layer leaves them: the strides pick a head out of every row, and nothing is transposed. The heads
 * of a group follow one another, so that its rows come from memory once.
 */
import { gemm } from './gemm';
import { softmaxRows, softmaxRowsGrad } from './rows';

/** Bytes from one row of a head to the next. */
// @ts-ignore: decorator
@inline
function rowStep(inside: bool, heads: i32, d: i32): usize {
  return <usize>(inside ? heads * d : d) << 2;
}

/** Byte offset of one head of one group. */
// @ts-ignore: decorator
@inline
function headAt(inside: bool, heads: i32, groups: i32, rows: i32, d: i32, e: i32, g: i32): usize {
  const place: usize = inside ? <usize>(g * rows * heads + e) : <usize>((e * groups + g) * rows);
  return (place * <usize>d) << 2;
}

/** map = softmax(scale * q k^T). */
export function attentionMaps(
  inside: bool, heads: i32, groups: i32, n: i32, m: i32, d: i32, q: usize, k: usize, map: usize, scale: f32, work: usize,
): void {
  const step = rowStep(inside, heads, d);
  const wide: usize = <usize>m << 2;
  for (let g = 0; g < groups; g++) {
    for (let e = 0; e < heads; e++) {
      const own: usize = (<usize>(e * groups + g) * <usize>n) * wide;
      const from = q + headAt(inside, heads, groups, n, d, e, g);
      gemm(n, m, d, from, step, 4, k + headAt(inside, heads, groups, m, d, e, g), 4, step, map + own, wide, 0, 0, work);
      softmaxRows(n, m, map + own, map + own, scale);
    }
  }
}

/** Gradients of `attentionMaps` from dMap. `scores` is scratch for one head, n*m floats. dq or dk 0: not wanted. */
export function attentionMapsGrad(
  inside: bool, heads: i32, groups: i32, n: i32, m: i32, d: i32, q: usize, k: usize, map: usize, dMap: usize,
  dq: usize, dk: usize, scale: f32, scores: usize, work: usize,
): void {
  const step = rowStep(inside, heads, d);
  const wide: usize = <usize>m << 2;
  for (let g = 0; g < groups; g++) {
    for (let e = 0; e < heads; e++) {
      const own: usize = (<usize>(e * groups + g) * <usize>n) * wide;
      const query = headAt(inside, heads, groups, n, d, e, g);
      const key = headAt(inside, heads, groups, m, d, e, g);
      softmaxRowsGrad(n, m, map + own, dMap + own, scores, scale);
      if (dq) gemm(n, d, m, scores, wide, 4, k + key, step, 4, dq + query, step, 0, 0, work);
      if (dk) gemm(m, d, n, scores, 4, wide, q + query, step, 4, dk + key, step, 0, 0, work);
    }
  }
}

/** out = map v, with v and out `inside`. */
export function mixHeads(
  heads: i32, groups: i32, n: i32, m: i32, d: i32, map: usize, v: usize, out: usize, work: usize,
): void {
  const step = rowStep(true, heads, d);
  const wide: usize = <usize>m << 2;
  for (let g = 0; g < groups; g++) {
    for (let e = 0; e < heads; e++) {
      const own: usize = (<usize>(e * groups + g) * <usize>n) * wide;
      const value = v + headAt(true, heads, groups, m, d, e, g);
      const to = out + headAt(true, heads, groups, n, d, e, g);
      gemm(n, d, m, map + own, wide, 4, value, step, 4, to, step, 0, 0, work);
    }
  }
}

/** Gradients of `mixHeads` from dOut. */
export function mixHeadsGrad(
  heads: i32, groups: i32, n: i32, m: i32, d: i32, map: usize, v: usize, dOut: usize, dMap: usize, dv: usize, work: usize,
): void {
  const step = rowStep(true, heads, d);
  const wide: usize = <usize>m << 2;
  for (let g = 0; g < groups; g++) {
    for (let e = 0; e < heads; e++) {
      const own: usize = (<usize>(e * groups + g) * <usize>n) * wide;
      const value = headAt(true, heads, groups, m, d, e, g);
      const from = dOut + headAt(true, heads, groups, n, d, e, g);
      gemm(n, m, d, from, step, 4, v + value, 4, step, dMap + own, wide, 0, 0, work);
      gemm(m, d, n, map + own, 4, wide, from, step, 4, dv + value, step, 0, 0, work);
    }
  }
}
