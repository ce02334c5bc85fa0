/** Attention maps of many heads, one head at a time so that its map stays in the cache between product and softmax. */
import { gemm } from './gemm';
import { softmaxRows, softmaxRowsGrad } from './rows';

/** map [count, n, m] = softmax(scale * q k^T) with q [count, n, d] and k [count, m, d]. */
export function attentionMaps(
  count: i32, n: i32, m: i32, d: i32, q: usize, k: usize, map: usize, scale: f32, work: usize,
): void {
  const inner: usize = <usize>d << 2;
  const wide: usize = <usize>m << 2;
  for (let i = 0; i < count; i++) {
    gemm(n, m, d, q, inner, 4, k, 4, inner, map, wide, 0, 0, work);
    softmaxRows(n, m, map, map, scale);
    q += <usize>n * inner;
    k += <usize>m * inner;
    map += <usize>n * wide;
  }
}

/** Gradients of `attentionMaps` from dMap. `scores` is scratch for one head, n*m floats. dq or dk 0: not wanted. */
export function attentionMapsGrad(
  count: i32, n: i32, m: i32, d: i32, q: usize, k: usize, map: usize, dMap: usize,
  dq: usize, dk: usize, scale: f32, scores: usize, work: usize,
): void {
  const inner: usize = <usize>d << 2;
  const wide: usize = <usize>m << 2;
  for (let i = 0; i < count; i++) {
    softmaxRowsGrad(n, m, map, dMap, scores, scale);
    if (dq) {
      gemm(n, d, m, scores, wide, 4, k, inner, 4, dq, inner, 0, 0, work);
      dq += <usize>n * inner;
    }
    if (dk) {
      gemm(m, d, n, scores, 4, wide, q, inner, 4, dk, inner, 0, 0, work);
      dk += <usize>m * inner;
    }
    q += <usize>n * inner;
    k += <usize>m * inner;
    map += <usize>n * wide;
    dMap += <usize>n * wide;
  }
}
