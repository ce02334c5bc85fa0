/**
 * Divergence of two maps by row on WebGPU: value and the wanted derivatives in one dispatch, a workgroup a row; each
 * gradient is one more. Reference: composedDivergence in ../divergence.ts. Two logarithms a pair where the reference
 * takes three, because ln x - ln y = ln(x / y).
 */
import { zeros } from '../../tf.ts';
import type { DivergenceForward, DivergenceKind, ScaleRows } from '../divergence.ts';
import { dispatch, gpuTensor } from './gpu.ts';
import { elementwise, reduction, specialised } from './wgsl.ts';
import type { Kernel } from './wgsl.ts';

/** Sets `part`, the summand, and `slopeA`, `slopeS`, its derivatives by p and q: one value of a and one of s. */
const TERMS: Readonly<Record<DivergenceKind, string>> = {
  js: `
    let m = 0.5 * (p + q);
    let lnP = log((p + e) / (m + e));
    let lnQ = log((q + e) / (m + e));
    let part = 0.5 * (p * lnP + q * lnQ);
    let slopeA = 0.5 * (lnP + p / (p + e) - m / (m + e));
    let slopeS = 0.5 * (lnQ + q / (q + e) - m / (m + e));`,
  kl: `
    let gap = log((p + e) / (q + e));
    let part = (p - q) * gap;
    let slopeA = gap + (p - q) / (p + e);
    let slopeS = -gap - (p - q) / (q + e);`,
};

type Wants = 'none' | 'a' | 's' | 'both';

export const divergenceKernel = specialised((key: `${DivergenceKind} ${Wants}`): Kernel => {
  const [kind, wants] = key.split(' ') as [DivergenceKind, Wants];
  const da = wants === 'a' || wants === 'both';
  const ds = wants === 's' || wants === 'both';
  return {
    name: `divergence ${key}`,
    writes: ['value', ...(da ? ['da'] : []), ...(ds ? ['ds'] : [])],
    reads: ['a', 's'],
    uniforms: { columns: 'u32', epsilon: 'f32' },
    threads: 64,
    code: `
${reduction('total', 'f32', 64)}
fn run(row: u32, thread: u32) {
  let e = u.epsilon;
  var sum = 0.0;
  for (var j = thread; j < u.columns; j += THREADS) {
    let i = row * u.columns + j;
    let p = a[i];
    let q = s[i];${TERMS[kind]}
    sum += part;
    ${da ? 'da[i] = slopeA;' : ''}
    ${ds ? 'ds[i] = slopeS;' : ''}
  }
  let whole = total(sum, thread);
  if (thread == 0u) { value[row] = whole; }
}`,
  };
});

export const scaleRowsKernel = elementwise(
  'scaleRows',
  ['out'],
  ['derivative', 'dy'],
  'derivative[i] * (u.weight * dy[i / u.columns])',
  { uniforms: { columns: 'u32', weight: 'f32' } },
);

export const divergenceForward: DivergenceForward = (kind, a, s, epsilon, wantDa, wantDs) => {
  const columns = a.shape.at(-1) ?? 0;
  const da = wantDa ? gpuTensor(a.shape) : null;
  const ds = wantDs ? gpuTensor(a.shape) : null;
  const shape = a.shape.slice(0, -1);
  if (a.size === 0) return { value: zeros(shape), da, ds };
  const value = gpuTensor(shape);
  const kernel = divergenceKernel(`${kind} ${wantDa ? (wantDs ? 'both' : 'a') : wantDs ? 's' : 'none'}`);
  const writes = [value, da, ds].filter((tensor) => tensor !== null);
  dispatch(kernel, value.size, writes, [a, s], [columns, epsilon]);
  return { value, da, ds };
};

export const scaleRows: ScaleRows = (derivative, dy, weight) => {
  const out = gpuTensor(derivative.shape);
  const groups = Math.ceil(out.size / scaleRowsKernel.threads);
  dispatch(scaleRowsKernel, groups, [out], [derivative, dy], [out.size, derivative.shape.at(-1)!, weight]);
  return out;
};
