/**
 * The views of a window that AMSL's self-supervision compares: the window itself and six transformations of it. Draws
 * depend on the window's own values and a seed alone, so that a window has the same views in every epoch, every batch
 * and at inference; its error is then a function of the window.
 * Dimensions: R views, B windows, W steps, F channels.
 */
import { savitzkyGolayWeights } from '../math/savitzkyGolay.ts';
import { seeded } from '../rng.ts';
import { standardNormal } from '../tensor/noise.ts';

export const VIEWS = ['raw', 'noise', 'negate', 'reverse', 'permute', 'scale', 'smooth'] as const;
export type View = (typeof VIEWS)[number];

export const VIEW_TITLES: Readonly<Record<View, string>> = {
  raw: 'As it is',
  noise: 'With noise',
  negate: 'Negated',
  reverse: 'Reversed',
  permute: 'Permuted',
  scale: 'Scaled',
  smooth: 'Smoothed',
};

/** What goes first where fewer views are wanted (paper, section 4.10). */
const POOREST: readonly View[] = ['noise', 'scale', 'permute', 'reverse'];

/** The views in use, `raw` first; without self-supervision it is alone. */
export function viewsUsed({ ssl, views }: { readonly ssl: boolean; readonly views: number }): readonly View[] {
  if (!ssl) return ['raw'];
  const gone = POOREST.slice(0, VIEWS.length - views);
  return VIEWS.filter((view) => !gone.includes(view));
}

export type ViewSettings = {
  /** Signal to noise ratio, dB. */
  readonly noise: number;
  readonly blocks: number;
  readonly seed: number;
};

/** Factors of which the scaled view has one, as in the published code. */
const FACTORS = [0.5, 0.8, 1.5, 2];
/** Steps and order of the smoothing polynomial. */
const SMOOTH = { width: 11, order: 2 };

type Window = { readonly x_WF: Float32Array; readonly W: number; readonly F: number };

/** FNV-1a over the bits of the window. */
function hash(x_WF: Float32Array, seed: number): number {
  const bits = new Uint32Array(x_WF.buffer, x_WF.byteOffset, x_WF.length);
  let h = (0x811c9dc5 ^ seed) | 0;
  for (const word of bits) h = Math.imul(h ^ word, 0x01000193) ^ (h >>> 15);
  return h;
}

/** White noise in each channel, its power in the ratio to the channel's own. */
function noisy({ x_WF, W, F }: Window, decibel: number, rng: () => number): Float32Array {
  const noise = standardNormal(W * F, rng);
  const ratio = 10 ** (-decibel / 10);
  for (let f = 0; f < F; f++) {
    let power = 0;
    for (let i = f; i < W * F; i += F) power += x_WF[i] * x_WF[i];
    const deviation = Math.sqrt((power / W) * ratio);
    for (let i = f; i < W * F; i += F) noise[i] = x_WF[i] + deviation * noise[i];
  }
  return noise;
}

/** Source step of each step: the window in `blocks` blocks, shuffled. */
function shuffledSteps(W: number, blocks: number, rng: () => number): Int32Array {
  const order = Array.from({ length: blocks }, (_, n) => n);
  for (let i = blocks - 1; i > 0; i--) {
    const j = Math.floor(rng() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  const edge = (n: number): number => Math.floor((n * W) / blocks);
  const from_W = new Int32Array(W);
  let at = 0;
  for (const n of order) for (let t = edge(n); t < edge(n + 1); t++) from_W[at++] = t;
  return from_W;
}

const reversedSteps = (W: number): Int32Array => Int32Array.from({ length: W }, (_, t) => W - 1 - t);

function reordered({ x_WF, W, F }: Window, from_W: Int32Array): Float32Array {
  const out = new Float32Array(W * F);
  for (let t = 0; t < W; t++) out.set(x_WF.subarray(from_W[t] * F, (from_W[t] + 1) * F), t * F);
  return out;
}

const tapsOf = new Map<number, readonly Float64Array[]>();

/** Weights of the smoothing for each step of a window of `width`: the polynomial's ends are read off where it ends. */
function taps(width: number): readonly Float64Array[] {
  const known = tapsOf.get(width);
  if (known) return known;
  const half = (width - 1) / 2;
  const order = Math.min(SMOOTH.order, width - 1);
  const made = Array.from({ length: width }, (_, i) => savitzkyGolayWeights(width, order, 0, 1, i - half));
  tapsOf.set(width, made);
  return made;
}

/** Savitzky-Golay by channel; windows shorter than the filter take the longest odd one that fits. */
function smoothed({ x_WF, W, F }: Window): Float32Array {
  const width = Math.min(SMOOTH.width, W - ((W + 1) % 2));
  const half = (width - 1) / 2;
  const byOffset = taps(width);
  const out = new Float32Array(W * F);
  for (let t = 0; t < W; t++) {
    const start = Math.max(0, Math.min(W - width, t - half));
    const weights = byOffset[t - start];
    for (let k = 0; k < width; k++)
      for (let f = 0; f < F; f++) out[t * F + f] += weights[k] * x_WF[(start + k) * F + f];
  }
  return out;
}

type Made = { readonly x_WF: Float32Array; readonly from_W: Int32Array | null };

/** All six from one stream of draws, so that leaving one out changes no other. */
function makers(window: Window, p: ViewSettings): Readonly<Record<View, () => Made>> {
  const stream = seeded(hash(window.x_WF, p.seed));
  const [noiseSeed, orderSeed, factorDraw] = [stream(), stream(), stream()];
  const rng = (draw: number) => seeded(Math.floor(draw * 2 ** 32) | 0);
  const same = (x_WF: Float32Array): Made => ({ x_WF, from_W: null });
  const moved = (from_W: Int32Array): Made => ({ x_WF: reordered(window, from_W), from_W });
  const { x_WF, W } = window;
  return {
    raw: () => same(x_WF),
    noise: () => same(noisy(window, p.noise, rng(noiseSeed))),
    negate: () => same(x_WF.map((x) => -x)),
    reverse: () => moved(reversedSteps(W)),
    permute: () => moved(shuffledSteps(W, Math.min(W, p.blocks), rng(orderSeed))),
    scale: () => same(x_WF.map((x) => x * FACTORS[Math.floor(factorDraw * FACTORS.length)])),
    smooth: () => same(smoothed(window)),
  };
}

/** Views [R, B, W, F] of windows [B, W, F], and where each of their steps comes from, [R, B, W]. */
export type ViewBatch = { readonly x_RBWF: Float32Array; readonly from_RBW: Int32Array };

export function viewBatch(
  x_BWF: Float32Array,
  [B, W, F]: readonly [number, number, number],
  used: readonly View[],
  p: ViewSettings,
): ViewBatch {
  const x_RBWF = new Float32Array(used.length * B * W * F);
  const from_RBW = new Int32Array(used.length * B * W);
  for (let b = 0; b < B; b++) {
    const make = makers({ x_WF: x_BWF.subarray(b * W * F, (b + 1) * W * F), W, F }, p);
    used.forEach((view, r) => {
      const { x_WF, from_W } = make[view]();
      x_RBWF.set(x_WF, (r * B + b) * W * F);
      for (let t = 0; t < W; t++) from_RBW[(r * B + b) * W + t] = from_W === null ? t : from_W[t];
    });
  }
  return { x_RBWF, from_RBW };
}
