/**
 * Divergence of two distributions a and s by row, over the last axis, in nats, with epsilon inside every logarithm:
 *   js  1/2 sum a (ln(a+e) - ln(m+e)) + 1/2 sum s (ln(s+e) - ln(m+e)), m = (a+s)/2 (Jensen-Shannon, at most ln 2)
 *   kl  sum (a - s)(ln(a+e) - ln(s+e)) (symmetric Kullback-Leibler: KL(a,s) + KL(s,a))
 * The value and the derivatives by both sides need the same logarithms, so one pass makes all three; the gradient then
 * only scales the derivatives kept by the gradient of each row.
 */
import { fusedFor } from '../fused.ts';
import { add, customGrad, log, mul, scalar, sub, sum, tidy, util, zerosLike } from '../tf.ts';
import type { Rank, Tensor } from '../tf.ts';
import { currentHeap } from './heap.ts';

export type DivergenceKind = 'js' | 'kl';

/** da or ds is null where it was not wanted. */
export type DivergenceForward = (
  kind: DivergenceKind,
  a: Tensor,
  s: Tensor,
  epsilon: number,
  wantDa: boolean,
  wantDs: boolean,
) => { readonly value: Tensor; readonly da: Tensor | null; readonly ds: Tensor | null };

/** derivative * (weight * dy) with dy of one axis less. */
export type ScaleRows = (derivative: Tensor, dy: Tensor, weight: number) => Tensor;

declare module '../fused.ts' {
  interface FusedOps {
    divergenceForward: DivergenceForward;
    scaleRows: ScaleRows;
  }
}

/** The definition, in stock ops with their own gradients. */
export const composedDivergence = (kind: DivergenceKind, a: Tensor, s: Tensor, epsilon: number): Tensor =>
  tidy(() => {
    const ln = (x: Tensor): Tensor => log(add(x, scalar(epsilon)));
    const lnA = ln(a);
    const lnS = ln(s);
    if (kind === 'kl') return sum(mul(sub(a, s), sub(lnA, lnS)), -1);
    const lnM = ln(mul(add(a, s), scalar(0.5)));
    return mul(add(sum(mul(a, sub(lnA, lnM)), -1), sum(mul(s, sub(lnS, lnM)), -1)), scalar(0.5));
  });

export const divergenceForward: DivergenceForward = (kind, a, s, epsilon, wantDa, wantDs) => {
  const heap = currentHeap();
  const columns = a.shape.at(-1) ?? 0;
  const value = heap.tensor<Rank>(a.shape.slice(0, -1));
  const da = wantDa ? heap.tensor<Rank>(a.shape) : null;
  const ds = wantDs ? heap.tensor<Rank>(a.shape) : null;
  heap.run['divergenceRows'](
    ...[kind === 'js' ? 0 : 1, value.size, columns, heap.at(a), heap.at(s), heap.at(value)],
    ...[da === null ? 0 : heap.at(da), ds === null ? 0 : heap.at(ds), epsilon],
  );
  return { value, da, ds };
};

export const scaleRows: ScaleRows = (derivative, dy, weight) => {
  const heap = currentHeap();
  const out = heap.tensor<Rank>(derivative.shape);
  heap.run['scaleRows'](dy.size, derivative.shape.at(-1)!, heap.at(derivative), heap.at(dy), weight, heap.at(out));
  return out;
};

export type DivergenceOptions = {
  readonly kind?: DivergenceKind;
  /** Inside every logarithm; at least 1e-30. */
  readonly epsilon?: number;
  /**
   * Factors on the gradients into a and into s; 0 stops that gradient and saves its work. Not changing the value, they
   * make a two-sided game in one pass: [1, -1] lets a step down where s steps up.
   */
  readonly gradients?: readonly [a: number, s: number];
};

/** The same values; the gradient is multiplied by `factor` on its way back. */
const weighted = (x: Tensor, factor: number): Tensor =>
  customGrad((input) => ({
    value: (input as Tensor).clone(),
    gradFunc: (dy: Tensor) => (factor === 0 ? zerosLike(dy) : mul(dy, scalar(factor))),
  }))(x);

/** Divergence of a and s [..., M] by row: [...]. */
export function divergence(a: Tensor, s: Tensor, options: DivergenceOptions = {}): Tensor {
  const { kind = 'js', epsilon = 1e-12, gradients: factors = [1, 1] } = options;
  util.assertShapesMatch(a.shape, s.shape, 'divergence: ');
  util.assert(epsilon >= 1e-30, () => `divergence: epsilon must be at least 1e-30, got ${epsilon}`);
  const forward = fusedFor('divergenceForward');
  const scale = fusedFor('scaleRows');
  if (forward === null || scale === null)
    return composedDivergence(kind, weighted(a, factors[0]), weighted(s, factors[1]), epsilon);
  const run = customGrad((...args) => {
    const save = args[2] as unknown as (tensors: Tensor[]) => void;
    const { value, da, ds } = forward(kind, a, s, epsilon, factors[0] !== 0, factors[1] !== 0);
    save([da, ds].filter((d) => d !== null));
    const gradFunc = (dy: Tensor, kept: Tensor[]): Tensor[] => {
      const rest = [...kept];
      return factors.map((f) => (f === 0 ? zerosLike(a) : scale(rest.shift()!, dy, f)));
    };
    return { value, gradFunc };
  });
  return run(a, s);
}
