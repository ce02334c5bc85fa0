/**
 * Root of an increasing function by Newton's method inside a shrinking bracket, for quantiles in log space.
 * @param f value and slope at u; the value may be ±∞, the slope is then ignored.
 * @param start first guess; low, high bounds of the root.
 */
export function increasingRoot(
  f: (u: number) => { value: number; slope: number },
  start: number,
  low: number,
  high: number,
): number {
  let u = Math.min(Math.max(start, low), high);
  for (let i = 0; i < 200; i++) {
    const { value, slope } = f(u);
    if (value === 0) return u;
    if (value > 0) high = u;
    else low = u;
    let next = u - value / slope;
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (Math.abs(next - u) <= 1e-15 * Math.max(1, Math.abs(u))) return next;
    u = next;
  }
  return u;
}
