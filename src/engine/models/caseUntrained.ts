/**
 * Case 3: the distance of each value from what an untrained network says.
 * Source: Kim, Choi, Choi, Lee, Yoon, "Towards a Rigorous Evaluation of Time-Series Anomaly Detection", AAAI 2022.
 */
import type { ParamTable } from '../params.ts';
import { sizeOf } from '../shape.ts';
import { dense } from '../tensor/encoder.ts';
import { lstm } from '../tensor/lstm.ts';
import { standardNormal } from '../tensor/noise.ts';
import * as tf from '../tensor/tf.ts';
import type { Tensor2D, Tensor3D } from '../tensor/tf.ts';
import { linear, recurrent, recurrentWeights } from './shared/linear.ts';
import { learningDetector } from './shared/stepDetector.ts';

const params = {
  window: {
    kind: 'number',
    default: 240,
    min: 2,
    max: 2048,
    step: 1,
    label: 'Window W',
    unit: 'steps',
    help: 'Steps that the network reads at a time.',
  },
  hidden: {
    kind: 'number',
    default: 64,
    min: 1,
    max: 512,
    step: 1,
    label: 'Hidden size',
    help: 'Width of both layers.',
  },
  deviation: {
    kind: 'number',
    default: 0.02,
    min: 0.001,
    max: 1,
    step: 0.01,
    label: 'Deviation of the weights',
    help: 'Weights are drawn from N(0, σ²) and stay as they are.',
  },
} as const satisfies ParamTable;

export const caseUntrained = learningDetector<typeof params>({
  card: {
    id: 'case-3',
    title: 'Case 3: untrained network',
    summary: 'The distance of each value from the output of a network that learned nothing.',
    paper: { cite: 'Kim, Choi, Choi, Lee & Yoon, AAAI 2022', url: 'https://arxiv.org/abs/2109.05257' },
    deviations: ['Two LSTM layers of 64; N(0, 0.02) is read as a deviation of 0.02.'],
  },
  params,
  presets: { lite: {} },
  title: 'Distance from the output',
  scorer: {
    supervised: () => false,
    cuts: ({ window }) => ({ window, stride: window, judged: window, scoreStride: Math.max(1, window >> 1) }),
    schedule: () => ({ epochs: 0, batch: 1, validation: 0, patience: 0, restoreBest: false }),
    check: () => undefined,
    shapes: ({ hidden }) => ({
      ...recurrent('lstm1', 1, hidden, 4),
      ...recurrent('lstm2', hidden, hidden, 4),
      ...linear('head', hidden, 1),
    }),
    start: (_name, shape, { deviation }, rng) => standardNormal(sizeOf(shape), rng).map((value) => deviation * value),
    losses: () => [],
    judge: (weights, x_BWI) => {
      const h = lstm(lstm(x_BWI, recurrentWeights(weights, 'lstm1')), recurrentWeights(weights, 'lstm2'));
      return tf.abs(tf.squeeze<Tensor2D>(tf.sub<Tensor3D>(x_BWI, dense(weights, 'head', h)), [2]));
    },
    floatsPerWindow: ({ window, hidden }) => window * hidden * 14,
  },
});
