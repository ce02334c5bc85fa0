/**
 * Variable-Temporal Transformer, the parts that its two forms share: features by causal convolutions, attention over
 * variables at each step and over time for each variable, a linear head.
 * Paper: Kang & Kang: "Transformer-based multivariate time series anomaly detection using inter-variable attention
 * mechanism", Knowledge-Based Systems 2024, and its published code.
 * Dimensions: B batch, W window, S sensors, F variables (sensors and covariates), H width, E heads, K width of a head.
 */
import type { ParamTable, Values } from '../params.ts';
import { dense, dropoutBy, dropped, sinusoid } from '../tensor/encoder.ts';
import type { Dropout } from '../tensor/encoder.ts';
import { headMaps, mixHeads } from '../tensor/kernels/heads.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor, Tensor2D, Tensor3D, Tensor4D } from '../tensor/tf.ts';
import { readAll } from '../tensor/weights.ts';
import type { Tensors, Weights } from '../tensor/weights.ts';
import type { Batch, Loss } from '../train.ts';
import { absoluteError, reconstructing, sensorsOf, squaredError, startOf } from './shared/reconstructor.ts';
import type { Dims, Judged, Shapes, ShownWindow } from './shared/reconstructor.ts';
import { reconstructionLoss } from './shared/encoder.ts';
import { dropoutParam, encoderParams, trainingParams, windowParams } from './shared/windowParams.ts';

export const vttParams = {
  ...windowParams,
  window: { ...windowParams.window, default: 50 },
  stride: { ...windowParams.stride, default: 10, help: `${windowParams.stride.help} Published code: 50.` },
  ...encoderParams,
  hidden: {
    ...encoderParams.hidden,
    default: 16,
    step: 1,
    help: 'Numbers that describe one variable at one step. Paper: 128.',
  },
  heads: { ...encoderParams.heads, default: 2 },
  headWidth: {
    kind: 'number',
    default: 8,
    min: 1,
    max: 512,
    step: 1,
    label: 'Width of a head',
    group: 'Network',
    help: 'Published code: as wide as the model (128), for each of 4 heads.',
  },
  ...dropoutParam,
  ...trainingParams,
  batch: { ...trainingParams.batch, default: 16 },
  decay: {
    kind: 'number',
    default: 0.01,
    min: 0,
    max: 1,
    step: 0.01,
    label: 'Weight decay',
    group: 'Training',
    help: 'Of AdamW: each step first shrinks every weight by this times the learning rate.',
  },
} as const satisfies ParamTable;

/** What the published configuration sets. */
export const vttPaper = {
  window: 100,
  stride: 50,
  cover: 1,
  hidden: 128,
  heads: 4,
  layers: 3,
  headWidth: 128,
  epochs: 30,
  batch: 32,
  rate: 1e-4,
  fade: 0.5,
  patience: 5,
} as const;

export type VttSettings = Values<typeof vttParams>;

/** Sizes that the network needs; `inner` is the feed-forward's width, 0 where there is none. */
export type VttSize = Pick<VttSettings, 'hidden' | 'heads' | 'layers' | 'headWidth'>;

/** Kernel and dilation of the three causal convolutions. */
const CONVOLUTIONS = [
  [4, 1],
  [8, 2],
  [16, 3],
] as const;

/**
 * Depthwise causal convolution over time: each variable with its own kernel [k, F], the last tap at the current step,
 * zeros before the window. A sum of shifted slices, because dilated convolutions have no gradient here.
 */
function causalConv(x_BWF: Tensor3D, kernel_KF: Tensor2D, bias: Tensor, dilation: number): Tensor3D {
  const [B, W, F] = x_BWF.shape;
  const [taps] = kernel_KF.shape;
  const parts: Tensor3D[] = [];
  for (let tap = 0; tap < taps; tap++) {
    const shift = (taps - 1 - tap) * dilation;
    if (shift >= W) continue;
    const seen = tf.slice3d(x_BWF, [0, 0, 0], [B, W - shift, F]);
    const part = tf.mul<Tensor3D>(seen, tf.slice2d(kernel_KF, [tap, 0], [1, F]));
    parts.push(
      shift === 0
        ? part
        : tf.pad(part, [
            [0, 0],
            [shift, 0],
            [0, 0],
          ]),
    );
  }
  return tf.add(tf.addN(parts), bias);
}

/** The three convolutions, each [B, W, F]. */
export const convolutions = (weights: Tensors, x_BWF: Tensor3D): Tensor3D[] =>
  CONVOLUTIONS.map(([, dilation], n) =>
    causalConv(x_BWF, weights[`conv${n + 1}.kernel`] as Tensor2D, weights[`conv${n + 1}.bias`], dilation),
  );

/** Four features a cell (the value and its convolutions) to [B, W, F, H], plus fixed positions in time. */
function embed(weights: Tensors, x_BWF: Tensor3D): Tensor4D {
  const features = tf.stack([x_BWF, ...convolutions(weights, x_BWF)], -1) as Tensor4D;
  const t = dense(weights, 'value', features);
  const [, W, , H] = t.shape;
  return tf.add(t, tf.reshape(sinusoid(W, H), [W, 1, H]));
}

/** Attention of the rows of [G, R, H] within each group; the map is [E, G, R, R]. */
function attend(weights: Tensors, name: string, x_GRH: Tensor3D, { heads: E, headWidth: K }: VttSize, drop: Dropout) {
  const part = (of: string): Tensor3D => dense(weights, `${name}.${of}`, x_GRH);
  const map = headMaps(part('q'), part('k'), E, K ** -0.5);
  const mixed = mixHeads(dropped(drop, map, 1), part('v'));
  const out = dropped(drop, dense(weights, `${name}.out`, mixed));
  return { out, map };
}

export type Attended = { readonly out: Tensor4D; readonly map: Tensor4D };

/** Over the variables at each step: out [B, W, F, H], map [E, B W, F, F]. */
export function variableAttention(weights: Tensors, name: string, x: Tensor4D, p: VttSize, drop: Dropout): Attended {
  const [B, W, F, H] = x.shape;
  const { out, map } = attend(weights, name, tf.reshape<tf.Rank.R3>(x, [B * W, F, H]), p, drop);
  return { out: tf.reshape<tf.Rank.R4>(out, x.shape), map };
}

/** Over time for each variable: out [B, W, F, H], map [E, B F, W, W]. */
export function temporalAttention(weights: Tensors, name: string, x: Tensor4D, p: VttSize, drop: Dropout): Attended {
  const [B, W, F, H] = x.shape;
  const byVariable = tf.reshape<tf.Rank.R3>(tf.transpose(x, [0, 2, 1, 3]), [B * F, W, H]);
  const { out, map } = attend(weights, name, byVariable, p, drop);
  return { out: tf.transpose(tf.reshape<tf.Rank.R4>(out, [B, F, W, H]), [0, 2, 1, 3]), map };
}

export type BlockMaps = { readonly variable: Tensor4D; readonly temporal: Tensor4D };
export type Block = (
  weights: Tensors,
  name: string,
  h: Tensor4D,
  p: VttSize,
  drop: Dropout,
) => { readonly h: Tensor4D; readonly maps: BlockMaps };

/** Reconstruction of the head's outputs, [B, W, S], and the maps of each block. */
export function vttForward(
  weights: Tensors,
  x_BWF: Tensor3D,
  p: VttSize,
  block: Block,
  drop: Dropout = null,
): { readonly y_BWS: Tensor3D; readonly blocks: readonly BlockMaps[] } {
  const blocks: BlockMaps[] = [];
  let h = dropped(drop, embed(weights, x_BWF));
  for (let n = 0; n < p.layers; n++) {
    const next = block(weights, `blocks.${n}`, h, p, drop);
    blocks.push(next.maps);
    h = next.h;
  }
  const [B, W, F, H] = h.shape;
  return { y_BWS: dense(weights, 'head', tf.reshape<tf.Rank.R3>(h, [B, W, F * H])), blocks };
}

/** One attention's weights; queries, keys and values have no bias. */
export const attentionShapes = (name: string, { hidden: H, heads, headWidth }: VttSize): Shapes => ({
  [`${name}.q.kernel`]: [H, heads * headWidth],
  [`${name}.k.kernel`]: [H, heads * headWidth],
  [`${name}.v.kernel`]: [H, heads * headWidth],
  [`${name}.out.kernel`]: [heads * headWidth, H],
  [`${name}.out.bias`]: [H],
});

export const normShapes = (name: string, H: number): Shapes => ({ [`${name}.gamma`]: [H], [`${name}.beta`]: [H] });

function shapesWith(p: VttSize, { S, C }: Dims, block: Shapes): Record<string, readonly number[]> {
  const F = S + C;
  const convs: [string, readonly number[]][] = CONVOLUTIONS.flatMap(([k], n) => [
    [`conv${n + 1}.kernel`, [k, F]],
    [`conv${n + 1}.bias`, [F]],
  ]);
  const blocks = Array.from({ length: p.layers }, (_, n) =>
    Object.entries(block).map(([name, shape]) => [`blocks.${n}.${name}`, shape] as const),
  );
  return {
    ...Object.fromEntries(convs),
    'value.kernel': [1 + CONVOLUTIONS.length, p.hidden],
    'value.bias': [p.hidden],
    ...Object.fromEntries(blocks.flat()),
    'head.kernel': [F * p.hidden, S],
    'head.bias': [S],
  };
}

/** As PyTorch starts; a bias shares the fan in of its kernel. */
function start(
  name: string,
  shape: readonly number[],
  _p: VttSettings,
  rng: () => number,
  shapes: Shapes,
): Float32Array {
  if (/norm\.(gamma|beta)$/.test(name)) return startOf(name, shape, 1, rng);
  const [fanIn] = shapes[name.replace(/bias$/, 'kernel')];
  return startOf(name, shape, fanIn, rng);
}

/** Everything of a detector but its card: `block` is what distinguishes the two forms, `blockShapes` its weights. */
export function vttDetector(
  block: Block,
  blockShapes: (p: VttSettings) => Shapes,
  innerWidth: (p: VttSettings) => number,
) {
  type P = VttSettings;
  const shapes = (p: P, dims: Dims): Shapes => shapesWith(p, dims, blockShapes(p));

  function losses(weights: Weights, p: P, { S }: Dims): Loss[] {
    const value = ({ x_BWF, training, rng }: Batch): Scalar => {
      const { y_BWS } = vttForward(weights, x_BWF, p, block, training ? dropoutBy(p.dropout, rng) : null);
      return reconstructionLoss(sensorsOf(x_BWF, S), y_BWS);
    };
    const optimiser = { rate: p.rate, decay: p.decay };
    return [{ name: 'reconstruction', moves: Object.keys(weights), value, separable: true, optimiser }];
  }

  function judge(weights: Tensors, x_BWF: Tensor3D, p: P, { S }: Dims): Judged {
    const { y_BWS } = vttForward(weights, x_BWF, p, block);
    const x_BWS = sensorsOf(x_BWF, S);
    return {
      y_BWS,
      parts: [
        { name: 'reconstruction', title: 'Squared error', value_BW: squaredError(x_BWS, y_BWS) },
        { name: 'score', title: 'Mean absolute error', value_BW: absoluteError(x_BWS, y_BWS) },
      ],
    };
  }

  /** Maps over variables are the mean over the window's steps, maps over time the mean over the variables. */
  async function show(weights: Tensors, x_BWF: Tensor3D, p: P): Promise<ShownWindow> {
    const held = tf.scoped(() =>
      vttForward(weights, x_BWF, p, block).blocks.flatMap(({ variable, temporal }) => [
        tf.mean<Tensor3D>(variable, 1),
        tf.mean<Tensor3D>(temporal, 1),
      ]),
    );
    const values = await readAll(held).finally(() => tf.dispose(held));
    const maps = values.map((value_HRC, n) => {
      const over = n % 2 === 0 ? 'channels' : 'steps';
      const [name, title] = n % 2 === 0 ? ['variable', 'Between variables'] : ['temporal', 'Over time'];
      const size = over === 'channels' ? x_BWF.shape[2] : p.window;
      return { name, title, layer: Math.floor(n / 2), axis: over, heads: p.heads, size, value_HRC } as const;
    });
    return { maps, divergences: [], frequencies: [], mixing: null };
  }

  const floatsPerWindow = (p: P, { S, C }: Dims): number => {
    const F = S + C;
    const cell = 8 * p.hidden + 4 * p.heads * p.headWidth + 3 * innerWidth(p);
    return p.window * F * (cell + 2 * p.heads * (p.window + F));
  };
  return reconstructing<P>({
    check: () => undefined,
    shapes,
    start,
    losses,
    judge,
    show,
    floatsPerWindow,
  });
}
