/** One Adam update of n floats: value, m and v in place (Kingma & Ba 2015; decay as Loshchilov & Hutter 2019). */
import { fma, get, put } from './simd';

/**
 * rate is already divided by 1 - beta1^t, `root` is 1 / (1 - beta2^t), keep = 1 - rate * decay.
 * grad 0: a gradient of zeros.
 */
export function adam(
  n: i32, value: usize, grad: usize, m: usize, v: usize,
  rate: f32, beta1: f32, beta2: f32, rest1: f32, rest2: f32, root: f32, epsilon: f32, keep: f32,
): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2);
  const r1 = f32x4.splat(rest1), r2 = f32x4.splat(rest2);
  const lr = f32x4.splat(rate), c = f32x4.splat(root), e = f32x4.splat(epsilon), k = f32x4.splat(keep);
  const zero = f32x4.splat(0);
  for (let left = n; left > 0; left -= 4) {
    let g = zero;
    if (grad) {
      g = get(grad, left);
      grad += 16;
    }
    const mean = fma(g, r1, f32x4.mul(get(m, left), b1));
    const square = fma(f32x4.mul(g, g), r2, f32x4.mul(get(v, left), b2));
    const below = f32x4.add(f32x4.sqrt(f32x4.mul(square, c)), e);
    put(m, mean, left);
    put(v, square, left);
    put(value, f32x4.sub(f32x4.mul(get(value, left), k), f32x4.div(f32x4.mul(mean, lr), below)), left);
    value += 16;
    m += 16;
    v += 16;
  }
}
