/** Mean and spread, in two passes, so that a large offset costs no digits. NaN for empty input. */

type Numbers = Float64Array | Float32Array | readonly number[];

export function mean(values: Numbers): number {
  if (values.length === 0) return NaN;
  let sum = 0;
  for (const value of values) sum += value;
  const rough = sum / values.length;
  let rest = 0;
  for (const value of values) rest += value - rough;
  return rough + rest / values.length;
}

/** Population variance (divisor n); `ddof` 1 for the sample variance, NaN where n ≤ ddof. */
export function variance(values: Numbers, ddof = 0): number {
  const n = values.length;
  if (n <= ddof || n === 0) return NaN;
  const centre = mean(values);
  let squares = 0;
  let rest = 0;
  for (const value of values) {
    const d = value - centre;
    squares += d * d;
    rest += d;
  }
  return Math.max(0, squares - (rest * rest) / n) / (n - ddof);
}
