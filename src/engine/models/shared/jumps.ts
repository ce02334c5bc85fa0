/** |x_t − x_(t−1)|, with 0 at the first step, which has nothing before it. */
export function jumps(x_T: Float32Array): Float32Array {
  return x_T.map((x, t) => (t === 0 ? 0 : Math.abs(x - x_T[t - 1])));
}
