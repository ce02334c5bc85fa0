/**
 * GELU on WebGPU: one dispatch forward, one backward.
 * Reference: composedGelu in ../gelu.ts. erf after Abramowitz & Stegun 7.1.26, within 1.5e-7 of the true value.
 */
import type { GeluBackward, GeluForward } from '../gelu.ts';
import { dispatch, gpuTensor } from './gpu.ts';
import { elementwise } from './wgsl.ts';

/** WGSL `value(x)` and its derivative `slope(x)`. exp(-x^2 / 2) serves both erf(x / sqrt 2) and the density. */
export const GELU = `
fn phi(x: f32, bell: f32) -> f32 {
  let a = abs(x) * ${Math.SQRT1_2};
  let t = 1.0 / (1.0 + 0.3275911 * a);
  let tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * bell;
  return select(1.0 - 0.5 * tail, 0.5 * tail, x < 0.0);
}
fn value(x: f32) -> f32 { return x * phi(x, exp(-0.5 * x * x)); }
fn slope(x: f32) -> f32 {
  let bell = exp(-0.5 * x * x);
  return phi(x, bell) + ${1 / Math.sqrt(2 * Math.PI)} * x * bell;
}`;

export const geluKernel = elementwise('gelu', ['y'], ['x'], 'value(x[i])', { functions: GELU });
export const geluGradKernel = elementwise('geluGrad', ['dx'], ['x', 'dy'], 'dy[i] * slope(x[i])', { functions: GELU });

export const geluForward: GeluForward = (x) => {
  const y = gpuTensor(x.shape);
  dispatch(geluKernel, Math.ceil(x.size / geluKernel.threads), [y], [x], [x.size]);
  return y;
};

export const geluBackward: GeluBackward = (dy, x) => {
  const dx = gpuTensor(x.shape);
  dispatch(geluGradKernel, Math.ceil(x.size / geluGradKernel.threads), [dx], [x, dy], [x.size]);
  return dx;
};
