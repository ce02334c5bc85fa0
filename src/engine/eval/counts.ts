/** Precision, recall and F1 of flagged steps, from counts. Each is 0 where its denominator is 0. */
export type Counts = { readonly tp: number; readonly fp: number; readonly fn: number };
export type Prf = { readonly precision: number; readonly recall: number; readonly f1: number };

export const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** F1 = 2·tp / (2·tp + fp + fn): one division, so equal fractions give equal numbers. */
export const f1Of = (tp: number, fp: number, fn: number): number => ratio(2 * tp, 2 * tp + fp + fn);

/** F-beta = (1 + b²)·tp / ((1 + b²)·tp + b²·fn + fp). beta below 1 prefers precision. */
export function fBeta({ tp, fp, fn }: Counts, beta: number): number {
  const b = beta * beta;
  return ratio((1 + b) * tp, (1 + b) * tp + b * fn + fp);
}

export const prf = ({ tp, fp, fn }: Counts): Prf => ({
  precision: ratio(tp, tp + fp),
  recall: ratio(tp, tp + fn),
  f1: f1Of(tp, fp, fn),
});

/** Harmonic mean; 0 when both are 0. */
export const harmonic = (a: number, b: number): number => ratio(2 * a * b, a + b);

/** Area under points (x, y) by the trapezoid rule; x in the given order. */
export function trapezoid(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
  return area;
}
