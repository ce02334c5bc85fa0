/** GEGLU on WebGPU: one dispatch forward, one backward, without cutting rows. Reference: composedGeglu in ../geglu.ts. */
import type { GegluBackward, GegluForward } from '../geglu.ts';
import { GELU } from './gelu.ts';
import { dispatch, gpuTensor } from './gpu.ts';
import { elementwise } from './wgsl.ts';

/** The value of result `i` lies at `left(i)`, its gate `width` further on. */
const functions = `${GELU}
fn left(i: u32) -> u32 { return i + (i / u.width) * u.width; }`;

export const gegluKernel = elementwise('geglu', ['y'], ['x'], 'x[left(i)] * value(x[left(i) + u.width])', {
  uniforms: { width: 'u32' },
  functions,
});

/** Over dx: each value of a row belongs to the left half or to the right one. */
export const gegluGradKernel = elementwise('gegluGrad', ['dx'], ['x', 'dy'], 'slopeAt(i)', {
  uniforms: { width: 'u32' },
  functions: `${GELU}
fn slopeAt(i: u32) -> f32 {
  let row = i / (2u * u.width);
  let column = i % (2u * u.width);
  if (column < u.width) { return dy[row * u.width + column] * value(x[i + u.width]); }
  return dy[row * u.width + column - u.width] * x[i - u.width] * slope(x[i]);
}`,
});

const widthOf = (shape: readonly number[]): number => (shape.at(-1) ?? 0) / 2;

export const gegluForward: GegluForward = (x) => {
  const width = widthOf(x.shape);
  const y = gpuTensor([...x.shape.slice(0, -1), width]);
  dispatch(gegluKernel, Math.ceil(y.size / gegluKernel.threads), [y], [x], [y.size, width]);
  return y;
};

export const gegluBackward: GegluBackward = (dy, x) => {
  const dx = gpuTensor(x.shape);
  const groups = Math.ceil(x.size / gegluGradKernel.threads);
  dispatch(gegluGradKernel, groups, [dx], [x, dy], [x.size, widthOf(x.shape)]);
  return dx;
};
