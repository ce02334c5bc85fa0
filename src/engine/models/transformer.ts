/**
 * The plain Transformer encoder as a reconstructor: every step of a window is rebuilt from all of its steps; what cannot
 * be rebuilt is strange. Backbone of the active-learning framework and the floor for all other attention models.
 * Paper: Vaswani et al., "Attention Is All You Need", NeurIPS 2017; sizes as in the Time-Series-Library.
 * Dimensions: B batch, W window, S sensors, F inputs, H width, E heads, K = H / E; maps are [E, B, W, W].
 */
import { defineDetector } from '../model.ts';
import type { ParamTable, Values } from '../params.ts';
import { batchFirst, dropoutBy } from '../tensor/encoder.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor3D } from '../tensor/tf.ts';
import { readAll } from '../tensor/weights.ts';
import type { Tensors, Weights } from '../tensor/weights.ts';
import type { Batch, Loss } from '../train.ts';
import { encode, encoderFloats, encoderShapes, encoderStart, reconstructionLoss } from './shared/encoder.ts';
import { absoluteError, checkHeads, reconstructing, sensorsOf, squaredError } from './shared/reconstructor.ts';
import type { Dims, Judged, ShownWindow } from './shared/reconstructor.ts';
import { dropoutParam, encoderParams, innerParam, trainingParams, windowParams } from './shared/windowParams.ts';

const params = {
  ...windowParams,
  ...encoderParams,
  ...innerParam,
  ...dropoutParam,
  ...trainingParams,
} as const satisfies ParamTable;

export type TransformerSettings = Values<typeof params>;
type P = TransformerSettings;

function losses(weights: Weights, p: P, { S }: Dims): Loss[] {
  const value = ({ x_BWF, training, rng }: Batch): Scalar => {
    const { y_BWS } = encode(weights, x_BWF, p, training ? dropoutBy(p.dropout, rng) : null);
    return reconstructionLoss(sensorsOf(x_BWF, S), y_BWS);
  };
  return [{ name: 'reconstruction', moves: Object.keys(weights), value, separable: true, optimiser: { rate: p.rate } }];
}

function judge(weights: Tensors, x_BWF: Tensor3D, p: P, { S }: Dims): Judged {
  const { y_BWS } = encode(weights, x_BWF, p);
  const x_BWS = sensorsOf(x_BWF, S);
  return {
    y_BWS,
    parts: [
      { name: 'reconstruction', title: 'Squared error', value_BW: squaredError(x_BWS, y_BWS) },
      { name: 'score', title: 'Mean absolute error', value_BW: absoluteError(x_BWS, y_BWS) },
    ],
  };
}

async function show(weights: Tensors, x_BWF: Tensor3D, p: P): Promise<ShownWindow> {
  const held = tf.scoped(() => encode(weights, x_BWF, p).layers.map(({ map }) => batchFirst(map)));
  const values = await readAll(held).finally(() => tf.dispose(held));
  return {
    maps: values.map((value_HRC, layer) => ({
      ...{ name: 'S', title: 'Self-attention', layer, axis: 'steps', heads: p.heads, size: p.window, value_HRC },
    })),
    divergences: [],
    frequencies: [],
    mixing: null,
  };
}

export const transformer = defineDetector({
  card: {
    id: 'transformer',
    title: 'Transformer',
    summary:
      'Reconstructs every step of a window from all of its steps by self-attention; what it cannot rebuild is strange.',
    paper: { cite: 'Vaswani et al., NeurIPS 2017', url: 'https://arxiv.org/abs/1706.03762' },
    deviations: [
      'An encoder only, with a linear head that reconstructs its input; layer norm after each residual and once at the end, GELU, no mask: the settings of the Time-Series-Library (preset "paper").',
      'The embedding is a circular convolution over three steps plus fixed positions.',
      'Covariates are read, but only sensors are reconstructed.',
      'A step covered by several windows gets the mean of their reconstructions (setting "Windows over a step").',
      'Default preset "lite": width 64, 4 heads, 2 layers.',
    ],
  },
  params,
  presets: {
    lite: {},
    paper: { stride: 1, cover: 1, hidden: 128, heads: 8, layers: 3, inner: 128, batch: 128, rate: 1e-4, fade: 0.5 },
  },
  scale: () => 'zscore',
  ...reconstructing<P>({
    check: checkHeads,
    shapes: encoderShapes,
    start: encoderStart,
    losses,
    judge,
    show,
    floatsPerWindow: (p) => encoderFloats(p, 1),
  }),
});
