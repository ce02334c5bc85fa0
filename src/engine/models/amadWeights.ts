/** AMAD's weights by name, and how each of them starts. Dimensions: W window, S sensors, C covariates, H width, E heads. */
import { EngineError } from '../errors.ts';
import type { Values } from '../params.ts';
import type { amadParams } from './amadParams.ts';
import { checkHeads, startOf } from './shared/reconstructor.ts';
import type { Dims, Shapes } from './shared/reconstructor.ts';

type P = Values<typeof amadParams>;

function layerShapes(p: P): Record<string, readonly number[]> {
  const { hidden: H, heads: E } = p;
  const K = H / E;
  const mask = {
    maskQ: [E, K, K],
    maskK: [E, K, K],
    ...(p.frequencies === 'head' ? { omega: [E] } : { omegaByStep: [E, p.window] }),
  };
  const ff =
    p.feedForward === 'one'
      ? { 'ff.kernel': [H, H], 'ff.bias': [H] }
      : { 'ff1.kernel': [H, H], 'ff1.bias': [H], 'ff2.kernel': [H, H], 'ff2.bias': [H] };
  return {
    'q.kernel': [H, H],
    'k.kernel': [H, H],
    'v.kernel': [H, H],
    'out.kernel': [H, H],
    'out.bias': [H],
    ...(p.autoMask ? mask : {}),
    'norm1.gamma': [H],
    'norm1.beta': [H],
    ...ff,
    'norm2.gamma': [H],
    'norm2.beta': [H],
  };
}

export function amadShapes(p: P, { S, C }: Dims): Shapes {
  const H = p.hidden;
  const layers = Array.from({ length: p.layers }, (_, l) =>
    Object.entries(layerShapes(p)).map(([name, shape]) => [`layers.${l}.${name}`, shape] as const),
  );
  return {
    'embed.kernel': [3, S + C, H],
    ...Object.fromEntries(layers.flat()),
    'norm.gamma': [H],
    'norm.beta': [H],
    'head.kernel': [H, S],
    'head.bias': [S],
  };
}

/** First ω of head e: spread evenly by logarithm from one turn a window to a quarter turn a step. */
function firstOmega(e: number, { heads, window }: P): number {
  const [low, high] = [(2 * Math.PI) / window, Math.PI / 2];
  return heads === 1 ? Math.sqrt(low * high) : low * (high / low) ** (e / (heads - 1));
}

/** AutoMask's projections start as the identity, ω spread over the frequencies a window can hold. */
export function amadStart(name: string, shape: readonly number[], p: P, rng: () => number): Float32Array {
  if (/\.mask[QK]$/.test(name)) {
    const [E, K] = shape;
    return Float32Array.from({ length: E * K * K }, (_, i) => (Math.floor(i / K) % K === i % K ? 1 : 0));
  }
  if (name.endsWith('.omega')) return Float32Array.from({ length: p.heads }, (_, e) => firstOmega(e, p));
  if (name.endsWith('.omegaByStep')) {
    const W = p.window;
    const squares = (W * (W + 1) * (2 * W + 1)) / 6;
    // The shortest row whose product with the positions 1..W is the same first ω.
    return Float32Array.from(
      { length: p.heads * W },
      (_, i) => (firstOmega(Math.floor(i / W), p) * ((i % W) + 1)) / squares,
    );
  }
  return startOf(name, shape, name === 'embed.kernel' ? 3 * shape[1] : name === 'head.bias' ? p.hidden : shape[0], rng);
}

/** Throws EngineError('bad-input', 'bad-heads') for heads without pairs of columns. */
export function checkAmad(p: P): void {
  checkHeads(p);
  if (p.autoMask && (p.hidden / p.heads) % 2 === 1)
    throw new EngineError(
      'bad-input',
      'bad-heads',
      `AutoMask turns pairs of columns, and a head of width ${p.hidden / p.heads} has no pairs`,
      `Set the width to ${2 * p.hidden} or use fewer heads.`,
    );
}
