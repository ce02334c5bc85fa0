/**
 * Savitzky-Golay filter: a polynomial fitted to each centred window; at the ends the polynomial of the first and last
 * window is read off (scipy's mode "interp"). The least squares are solved by ml-matrix; the ml-savitzky-golay package
 * has no such ends, it only pads.
 */
import { Matrix, QrDecomposition } from 'ml-matrix';
import { EngineError } from '../errors.ts';

const factorialRatio = (p: number, deriv: number): number => {
  let product = 1;
  for (let i = 0; i < deriv; i++) product *= p - i;
  return product;
};

/**
 * Weights that give the `deriv`-th derivative, at offset `at` from the window's middle, of the polynomial fitted to the
 * window's values. Offsets are in samples, `delta` is the distance between samples.
 */
export function savitzkyGolayWeights(width: number, order: number, deriv = 0, delta = 1, at = 0): Float64Array {
  if (!Number.isInteger(width) || width % 2 === 0 || width < 1 || order >= width || order < 0) {
    throw new EngineError(
      'bad-input',
      'bad-filter',
      `a Savitzky-Golay window of ${String(width)} cannot carry a polynomial of order ${String(order)}`,
      'Use an odd window longer than the order.',
    );
  }
  const half = (width - 1) / 2;
  // Offsets are scaled to −1 … 1: powers of large offsets would spoil the least squares.
  const unit = Math.max(1, half);
  const design = Matrix.zeros(width, order + 1);
  for (let i = 0; i < width; i++) for (let p = 0; p <= order; p++) design.set(i, p, ((i - half) / unit) ** p);
  const pseudo = new QrDecomposition(design).solve(Matrix.eye(width, width));
  return Float64Array.from({ length: width }, (_, i) => {
    let sum = 0;
    for (let p = deriv; p <= order; p++) {
      sum += pseudo.get(p, i) * factorialRatio(p, deriv) * (at / unit) ** (p - deriv);
    }
    return sum / (unit * delta) ** deriv;
  });
}

/** Filtered values (or their derivative), as many as given; at least `width` values are needed. */
export function savitzkyGolay(
  x_T: ArrayLike<number>,
  width: number,
  order: number,
  deriv = 0,
  delta = 1,
): Float64Array {
  const T = x_T.length;
  const middle = savitzkyGolayWeights(width, order, deriv, delta);
  if (T < width) {
    throw new EngineError(
      'bad-input',
      'too-short',
      `${String(T)} values are fewer than the Savitzky-Golay window of ${String(width)}`,
      'Use a shorter window.',
    );
  }
  const half = (width - 1) / 2;
  const apply = (weights: Float64Array, start: number): number => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += weights[i] * x_T[start + i];
    return sum;
  };
  const out_T = new Float64Array(T);
  for (let t = half; t < T - half; t++) out_T[t] = apply(middle, t - half);
  for (let i = 0; i < half; i++) {
    out_T[i] = apply(savitzkyGolayWeights(width, order, deriv, delta, i - half), 0);
    out_T[T - 1 - i] = apply(savitzkyGolayWeights(width, order, deriv, delta, half - i), T - width);
  }
  return out_T;
}
