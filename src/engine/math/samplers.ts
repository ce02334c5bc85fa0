/** Random draws. `rng` is uniform in [0, 1). Shapes below 1 are drawn in log space, where tiny values do not round to 0. */
import { normal } from '../rng.ts';
import { logAddExp } from './special.ts';

/** ln of a Gamma(shape, 1) draw (Marsaglia & Tsang 2000; below 1 by the boost G(a) = G(a + 1)·U^(1/a)). */
function logGammaDraw(shape: number, rng: () => number): number {
  if (shape < 1) return logGammaDraw(shape + 1, rng) + Math.log(1 - rng()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(rng);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - rng()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}

/** Gamma draw in the shape/scale form; any shape > 0. */
export const gammaDraw = (shape: number, scale: number, rng: () => number): number =>
  scale * Math.exp(logGammaDraw(shape, rng));

/** Beta draw from two Gamma draws; any a, b > 0. */
export function betaDraw(a: number, b: number, rng: () => number): number {
  const x = logGammaDraw(a, rng);
  const y = logGammaDraw(b, rng);
  return Math.exp(x - logAddExp(x, y));
}
