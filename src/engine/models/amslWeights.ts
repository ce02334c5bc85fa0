/**
 * AMSL's weights by name, and how each of them starts: as Keras does, memories U(±1/√C). Dimensions: W window, F channels
 * (sensors, then covariates), R views, C items of a memory, Z width of a code.
 */
import { sizeOf } from '../shape.ts';
import { uniform } from '../tensor/init.ts';
import type { AmslSettings } from './amslParams.ts';
import { viewsUsed } from './amslViews.ts';
import type { Dims, Shapes } from './shared/reconstructor.ts';

type P = AmslSettings;

/** Sides are padded to multiples of this, because two poolings halve them. */
const POOLED = 4;

export const paddedTo = (side: number): number => Math.ceil(side / POOLED) * POOLED;

export const classifies = ({ ssl, sslLoss }: P): boolean => ssl && sslLoss;
export const hasGlobal = ({ memory }: P): boolean => memory === 'both' || memory === 'global';
export const hasLocal = ({ memory }: P): boolean => memory === 'both' || memory === 'local';
export const fuses = ({ memory, fusion }: P): boolean => memory === 'both' && fusion === 'adaptive';

const kernel = (name: string, from: number, to: number): Shapes => ({
  [`${name}.kernel`]: [4, 4, from, to],
  [`${name}.bias`]: [to],
});

/** Kernels of transposed convolutions are [4, 4, out, in]. */
const transposed = (name: string, from: number, to: number): Shapes => ({
  [`${name}.kernel`]: [4, 4, to, from],
  [`${name}.bias`]: [to],
});

const dense = (name: string, from: number, to: number): Shapes => ({
  [`${name}.kernel`]: [from, to],
  [`${name}.bias`]: [to],
});

const each = (count: number, of: (n: number) => Shapes): Shapes =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => Object.entries(of(n))).flat());

function decoderShapes(i: number, p: P): Shapes {
  const name = `decoders.${i}`;
  const read = p.memory === 'off' ? p.filters : 2 * p.filters;
  return {
    ...transposed(`${name}.deconv1`, read, p.decoder),
    ...transposed(`${name}.deconv2`, p.decoder, p.decoder / 2),
    ...transposed(`${name}.deconv3`, p.decoder / 2, p.decoder / 4),
    ...transposed(`${name}.deconv4`, p.decoder / 4, 1),
  };
}

function fusionShapes(R: number): Shapes {
  return {
    'fusion.dense.kernel': [1, 2 * R],
    'fusion.dense.bias': [2 * R],
    'fusion.gamma': [2 * R],
    'fusion.beta': [2 * R],
  };
}

/** Everything that training moves. */
export function learnedShapes(p: P, { S, C }: Dims): Shapes {
  const R = viewsUsed(p).length;
  const positions = (paddedTo(p.window) / POOLED) * (paddedTo(S + C) / POOLED);
  const Z = p.filters;
  return {
    ...kernel('enc1', 1, p.filters1),
    ...kernel('enc2', p.filters1, Z),
    ...(classifies(p)
      ? {
          ...kernel('cls.conv', Z, 1),
          ...dense('cls.dense1', positions, p.classifier),
          ...dense('cls.dense2', p.classifier, R),
        }
      : {}),
    ...(hasGlobal(p) ? { 'memory.global': [p.items, Z] } : {}),
    ...(hasLocal(p) ? each(R, (i) => ({ [`memory.local.${i}`]: [p.items, Z] })) : {}),
    ...(fuses(p) ? fusionShapes(R) : {}),
    ...each(R, (i) => decoderShapes(i, p)),
  };
}

/** Range of each view in training: [R, F], or [R, W·F] by step and channel. Not moved by training. */
export function rangeShapes(p: P, { S, C }: Dims): Shapes {
  const R = viewsUsed(p).length;
  const size = p.normalise === 'cell' ? p.window * (S + C) : S + C;
  return { 'views.low': [R, size], 'views.width': [R, size] };
}

export const amslShapes = (p: P, dims: Dims): Shapes => ({ ...learnedShapes(p, dims), ...rangeShapes(p, dims) });

/**
 * Number of parameters as the paper's table 7 counts them: with the running mean and variance of the fusion's batch
 * normalisation, which rest at 0 and 1 and so need no weights here.
 */
export function parameterCount(p: P, dims: Dims): number {
  const shapes = learnedShapes(p, dims);
  const resting = fuses(p) ? 2 * sizeOf(shapes['fusion.gamma']) : 0;
  return Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), resting);
}

export function amslStart(name: string, shape: readonly number[], p: P, rng: () => number): Float32Array {
  const size = sizeOf(shape);
  if (name.startsWith('memory.')) return uniform(size, 1 / Math.sqrt(p.items), rng);
  if (name === 'fusion.gamma' || name === 'views.width') return new Float32Array(size).fill(1);
  if (!name.endsWith('.kernel')) return new Float32Array(size);
  const [from, to] = shape.slice(-2);
  const area = size / (from * to);
  return uniform(size, Math.sqrt(6 / (area * (from + to))), rng);
}
