/** Interpolation through knots with rising x. */

/** Index i of the stretch [x_i, x_{i+1}] that holds `at`, the outermost one outside the knots. */
function stretch(x_K: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = x_K.length - 1;
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (x_K[mid] <= at) low = mid;
    else high = mid;
  }
  return low;
}

/** Straight lines between knots, the end values outside. */
export function linear(x_K: ArrayLike<number>, y_K: ArrayLike<number>, at: number): number {
  const last = x_K.length - 1;
  if (at <= x_K[0]) return y_K[0];
  if (at >= x_K[last]) return y_K[last];
  const i = stretch(x_K, at);
  return y_K[i] + ((at - x_K[i]) / (x_K[i + 1] - x_K[i])) * (y_K[i + 1] - y_K[i]);
}

/** Slope at an end knot from the two nearest stretches: three-point formula, kept monotone. */
function endSlope(h0: number, h1: number, d0: number, d1: number): number {
  const slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1);
  if (Math.sign(slope) !== Math.sign(d0)) return 0;
  return Math.sign(d0) !== Math.sign(d1) && Math.abs(slope) > 3 * Math.abs(d0) ? 3 * d0 : slope;
}

/** Slopes at the knots that keep the curve monotone between them (Fritsch & Butland's weighted harmonic mean). */
export function pchipSlopes(x_K: ArrayLike<number>, y_K: ArrayLike<number>): Float64Array {
  const K = x_K.length;
  const slope_K = new Float64Array(K);
  if (K < 2) return slope_K;
  const h = Array.from({ length: K - 1 }, (_, i) => x_K[i + 1] - x_K[i]);
  const d = h.map((width, i) => (y_K[i + 1] - y_K[i]) / width);
  if (K === 2) return slope_K.fill(d[0]);
  for (let i = 1; i < K - 1; i++) {
    if (d[i - 1] * d[i] <= 0) continue;
    const w1 = 2 * h[i] + h[i - 1];
    const w2 = h[i] + 2 * h[i - 1];
    slope_K[i] = (w1 + w2) / (w1 / d[i - 1] + w2 / d[i]);
  }
  slope_K[0] = endSlope(h[0], h[1], d[0], d[1]);
  slope_K[K - 1] = endSlope(h[K - 2], h[K - 3], d[K - 2], d[K - 3]);
  return slope_K;
}

/** Monotone cubic (PCHIP) through the knots; outside them the end cubics go on. */
export function pchip(x_K: ArrayLike<number>, y_K: ArrayLike<number>): (at: number) => number {
  const slope_K = pchipSlopes(x_K, y_K);
  if (x_K.length === 1) return () => y_K[0];
  return (at) => {
    const i = stretch(x_K, at);
    const h = x_K[i + 1] - x_K[i];
    const s = (at - x_K[i]) / h;
    const rise = (y_K[i + 1] - y_K[i]) / h;
    const c = (3 * rise - 2 * slope_K[i] - slope_K[i + 1]) * h;
    const b = (slope_K[i] + slope_K[i + 1] - 2 * rise) * h;
    return y_K[i] + s * (slope_K[i] * h + s * (c + s * b));
  };
}
