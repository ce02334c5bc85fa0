/**
 * M2AD's forecaster: stacked LSTMs read a window of sensors and covariates and forecast the sensors of the next step.
 * Paper: Alnegheimish, He, Reimherr, Chandrayan, Pradhan, D'Angelo: "M2AD: Multi-Sensor Multi-System Anomaly Detection
 * through Global Scoring and Calibrated Thresholding", AISTATS 2025, PMLR 258. Its scoring is the head of the same name.
 * Dimensions: B batch, W window, S sensors, C covariates, F = S + C, H hidden, G = 4H gates.
 */
import { EngineError } from '../errors.ts';
import { defineDetector } from '../model.ts';
import type { Fitted, Run, WeightArray } from '../model.ts';
import type { ParamTable, Values } from '../params.ts';
import { sizeOf } from '../shape.ts';
import { torchUniform } from '../tensor/init.ts';
import { lstm, lstmLast } from '../tensor/lstm.ts';
import { dropoutFor } from '../tensor/noise.ts';
import type { Noise } from '../tensor/noise.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor2D, Tensor3D } from '../tensor/tf.ts';
import { checkWeights, disposeWeights, makeWeights, readWeights, startWeights } from '../tensor/weights.ts';
import type { Tensors, WeightArrays, Weights } from '../tensor/weights.ts';
import { descend } from '../train.ts';
import type { Batch, History } from '../train.ts';
import type { Expectation, Windows } from '../types.ts';
import { checkWindows, gather, inOrder, restore } from '../window.ts';
import { linear, recurrent, recurrentWeights } from './shared/linear.ts';
import type { Shapes } from './shared/reconstructor.ts';

const params = {
  window: {
    kind: 'number',
    default: 50,
    min: 2,
    max: 1000,
    step: 1,
    label: 'Window',
    unit: 'steps',
    group: 'Windows',
    help: 'How far back the forecast looks. Paper: 100.',
  },
  stride: {
    kind: 'number',
    default: 5,
    min: 1,
    max: 100,
    step: 1,
    label: 'Training stride',
    unit: 'steps',
    group: 'Windows',
    help: 'Distance between training windows; every step is scored in any case. Paper: 1.',
  },
  codeOffset: {
    kind: 'switch',
    default: false,
    label: 'Forecast two steps ahead',
    group: 'Windows',
    help: 'The published code skips one step between window and target; the paper forecasts the next step.',
  },
  scaling: {
    kind: 'choice',
    default: 'minmax01',
    options: [
      { value: 'minmax01', label: '0 to 1' },
      { value: 'minmax11', label: '−1 to 1' },
      { value: 'zscore', label: 'Mean 0, deviation 1' },
    ],
    label: 'Scaling',
    group: 'Windows',
    help: 'Range of each column over the training steps. Paper: 0 to 1; −1 to 1 for its industrial data and its rivals.',
  },
  refitTest: {
    kind: 'switch',
    default: false,
    label: 'Scale judged steps by their own range',
    group: 'Windows',
    help:
      'As the published code does. It leaks the judged part into its own scale and hides drift: ' +
      'for comparison with published figures only.',
  },
  layers: {
    kind: 'number',
    default: 1,
    min: 1,
    max: 4,
    step: 1,
    label: 'LSTM layers',
    group: 'Network',
    help: 'Paper: 3.',
  },
  hidden: {
    kind: 'number',
    default: 32,
    min: 2,
    max: 512,
    step: 1,
    label: 'Hidden size',
    group: 'Network',
    help: 'Width of every LSTM layer. Paper: 80.',
  },
  dropout: {
    kind: 'number',
    default: 0.2,
    min: 0,
    max: 0.9,
    step: 0.05,
    label: 'Dropout',
    group: 'Network',
    help: 'Between the layers below the top two, so it acts from three layers on. Paper: 0.2.',
  },
  epochs: {
    kind: 'number',
    default: 20,
    min: 1,
    max: 1000,
    step: 1,
    label: 'Epochs',
    group: 'Training',
    help: 'At most this many passes over the training windows. Paper: 35.',
  },
  batch: {
    kind: 'number',
    default: 64,
    min: 1,
    max: 4096,
    step: 1,
    label: 'Batch',
    unit: 'windows',
    group: 'Training',
    help: 'Windows per update. Paper: 32.',
  },
  rate: {
    kind: 'number',
    default: 1e-3,
    min: 1e-6,
    max: 1,
    step: 1e-4,
    log: true,
    label: 'Learning rate',
    group: 'Training',
    help: 'Of Adam.',
  },
  validation: {
    kind: 'number',
    default: 0.2,
    min: 0,
    max: 0.5,
    step: 0.05,
    label: 'Validation share',
    group: 'Training',
    help: 'Share of the training windows, the last ones, kept to judge the learning.',
  },
  patience: {
    kind: 'number',
    default: 10,
    min: 0,
    max: 1000,
    step: 1,
    label: 'Patience',
    unit: 'epochs',
    group: 'Training',
    help: 'Stop after this many epochs without a better validation loss; 0 never stops early.',
  },
  restoreBest: {
    kind: 'switch',
    default: true,
    label: 'Keep the best weights',
    group: 'Training',
    help: 'Put back the weights of the best validation loss; the published code keeps the last ones.',
  },
} as const satisfies ParamTable;

type P = Values<typeof params>;
type Dims = { readonly S: number; readonly C: number };

const layer = (weights: Tensors, n: number) => recurrentWeights(weights, `lstm${n}`);

/** Multiplies hidden states by an inverted dropout mask; `n` is the layer they come from, 1 the lowest. */
export type Drop = (h_BWH: Tensor3D, n: number) => Tensor3D;

/**
 * Hidden states of layers 1 to `layers`, each [B, W, H]. Dropout lies between layers 1..layers-1, as the code builds
 * the lower layers as one stack with dropout inside and puts the last layer on top of it.
 */
export function hiddenStates(weights: Tensors, x_BWF: Tensor3D, layers: number, drop: Drop | null): Tensor3D[] {
  const hidden: Tensor3D[] = [];
  let input = x_BWF;
  for (let n = 1; n <= layers; n++) {
    const h_BWH = lstm(input, layer(weights, n), { wantDx: n > 1 });
    hidden.push(h_BWH);
    input = drop !== null && n <= layers - 2 ? drop(h_BWH, n) : h_BWH;
  }
  return hidden;
}

const head = (weights: Tensors, h_BH: Tensor2D): Tensor2D =>
  tf.add(tf.matMul(h_BH, weights['head.kernel'] as Tensor2D), weights['head.bias']);

/** The forecast [B, S], with its gradient. */
export function forecast(weights: Tensors, x_BWF: Tensor3D, layers: number, drop: Drop | null): Tensor2D {
  const [B, W] = x_BWF.shape;
  const top = hiddenStates(weights, x_BWF, layers, drop)[layers - 1];
  return head(weights, tf.reshape(tf.slice3d(top, [0, W - 1, 0], [B, 1, top.shape[2]]), [B, top.shape[2]]));
}

/** The same forecast without a gradient and without the states of the top layer. */
function forecastFast(weights: Tensors, x_BWF: Tensor3D, layers: number): Tensor2D {
  const below = hiddenStates(weights, x_BWF, layers - 1, null);
  return head(weights, lstmLast(below.at(-1) ?? x_BWF, layer(weights, layers)));
}

/**
 * Forecasts of every step of the rows from the steps before it, [B, W, S]: at step t what was said of it `horizon` steps
 * earlier. The first `horizon` steps, of which nothing was said, are as they are.
 */
function forecastEach(weights: Tensors, x_BWF: Tensor3D, layers: number, horizon: number, S: number): Tensor3D {
  const [B, W] = x_BWF.shape;
  const top = hiddenStates(weights, x_BWF, layers, null)[layers - 1];
  const H = top.shape[2];
  const said = tf.reshape<tf.Rank.R2>(tf.slice3d(top, [0, 0, 0], [B, W - horizon, H]), [B * (W - horizon), H]);
  const y_BWS = tf.reshape<tf.Rank.R3>(head(weights, said), [B, W - horizon, S]);
  return tf.concat([tf.slice3d(x_BWF, [0, 0, 0], [B, horizon, S]), y_BWS], 1);
}

/** Mean squared error over batch and sensors. */
export const forecastLoss = (y_BS: Tensor2D, forecast_BS: Tensor2D): Scalar =>
  tf.mean(tf.square(tf.sub(y_BS, forecast_BS)));

const shapesOf = (p: P, { S, C }: Dims): Shapes => {
  const layers = Array.from({ length: p.layers }, (_, n) =>
    recurrent(`lstm${n + 1}`, n === 0 ? S + C : p.hidden, p.hidden, 4),
  );
  return Object.assign({}, ...layers, linear('head', p.hidden, S)) as Shapes;
};

/** As the published PyTorch code starts: everything U(±1/√H); its two biases a gate are one here, their sum. */
function freshWeights(p: P, dims: Dims, rng: () => number): WeightArrays {
  const draw = (size: number): Float32Array => torchUniform(size, p.hidden, rng);
  return startWeights(shapesOf(p, dims), (name, shape) => {
    const values = draw(sizeOf(shape));
    if (!/^lstm\d+\.bias$/.test(name)) return values;
    const second = draw(values.length);
    return values.map((value, i) => value + second[i]);
  });
}

const dropBy =
  (rate: number, noise: Noise): Drop =>
  (h_BWH) =>
    tf.mul(h_BWH, dropoutFor(h_BWH, rate, noise));

/** About 64 MB of gates a scoring batch: large batches are quicker, but memory is shared with the page. */
const scoringBatch = (W: number, H: number): number => Math.max(32, Math.min(1024, Math.floor(4e6 / (W * H))));

async function expect(weights: Weights, p: P, dims: Dims, windows: Windows, run: Run): Promise<Expectation> {
  const { T, S, C, W, horizon, start_N } = windows;
  checkWindows(windows);
  const want = { ...dims, ...windowing(p) };
  if (S !== want.S || C !== want.C || W !== want.W || horizon !== want.horizon)
    throw new EngineError(
      'bug',
      'bad-shape',
      `this detector was fitted for S=${want.S}, C=${want.C}, W=${want.W}, horizon ${want.horizon}; ` +
        `got S=${S}, C=${C}, W=${W}, horizon ${horizon}`,
    );
  const y_TS = new Float32Array(T * S).fill(NaN);
  const order = inOrder(start_N.length);
  const size = run.scored ?? scoringBatch(W, p.hidden);
  for (let from = 0; from < order.length; from += size) {
    await run.checkpoint();
    const to = Math.min(order.length, from + size);
    const y_BS = tf.tidy(() =>
      forecastFast(weights, tf.tensor3d(gather(windows, order, from, to), [to - from, W, S + C]), p.layers),
    );
    const values = await y_BS.data<'float32'>().finally(() => y_BS.dispose());
    restore(windows, order, from, to, values);
    for (let b = from; b < to; b++)
      y_TS.set(values.subarray((b - from) * S, (b - from + 1) * S), (start_N[b] + W - 1 + horizon) * S);
    run.progress({ kind: 'scoring', done: to, of: order.length });
  }
  return { T, S, y_TS, parts: [] };
}

function fitted(weights: Weights, p: P, dims: Dims, history: History): Fitted {
  const { horizon } = windowing(p);
  return {
    expect: (windows, run) => expect(weights, p, dims, windows, run),
    snapshot: () => readWeights(weights),
    history,
    rebuilds: {
      weights,
      // Hidden steps are forecast from as much of the past as in scoring.
      lead: p.window + horizon - 1,
      reconstruct: (x_BWF) => forecastEach(weights, x_BWF, p.layers, horizon, dims.S),
    },
    dispose: () => disposeWeights(weights),
  };
}

const windowing = (p: P) => ({ W: p.window, horizon: p.codeOffset ? 2 : 1, stride: p.stride, scoreStride: 1 });

export const m2ad = defineDetector({
  card: {
    id: 'm2ad',
    title: 'M2AD forecaster',
    summary:
      'A recurrent network forecasts the next step of every sensor from a window of sensors and covariates. ' +
      'What it cannot forecast is strange.',
    paper: {
      cite: 'Alnegheimish et al., AISTATS 2025',
      url: 'https://proceedings.mlr.press/v258/',
    },
    deviations: [
      'A window is W steps; as printed, the paper’s has one more.',
      'One bias a gate instead of two (the same function; it starts as the sum of two draws).',
      'The weights of the best validation loss are kept; the published code keeps the last (switch "Keep the best weights").',
      'The target is the next step, as the paper writes; the published code skips one (preset "code").',
      'Covariates are scaled like sensors; the published code feeds them raw.',
      'Filling and scaling are learned on the training part only; the published code fits the scale on the test part again (switch "Scale judged steps by their own range", off in every preset: it leaks).',
      'Gaps are filled by lines, or as chosen for each sensor; the published code fills in the mean.',
      'Default preset "lite": one layer of 32, window 50, stride 5; about as good as the paper size at a fraction of the cost.',
    ],
  },
  params,
  presets: {
    lite: {},
    paper: { window: 100, stride: 1, layers: 3, hidden: 80, dropout: 0.2, epochs: 35, batch: 32, rate: 1e-3 },
    code: {
      window: 100,
      stride: 1,
      layers: 3,
      hidden: 80,
      dropout: 0.2,
      epochs: 35,
      batch: 32,
      rate: 1e-3,
      codeOffset: true,
      restoreBest: false,
    },
  },
  scale: (p) => p.scaling as 'minmax01' | 'minmax11' | 'zscore',
  refitsScale: (p) => p.refitTest,
  windowing,
  teaches: true,
  epochs: (p) => p.epochs,
  async fit(train, p, run, options) {
    checkWindows(train);
    const dims = { S: train.S, C: train.C };
    const weights = makeWeights(freshWeights(p, dims, run.rng));
    const value = ({ x_BWF, y_BS, training, rng }: Batch): Scalar =>
      forecastLoss(y_BS, forecast(weights, x_BWF, p.layers, training && p.dropout > 0 ? dropBy(p.dropout, rng) : null));
    const loss = { name: 'mse', moves: Object.keys(weights), value, separable: true, optimiser: { rate: p.rate } };
    const history = await descend({ windows: train, weights, losses: [loss], ...p }, run, options);
    return fitted(weights, p, dims, history);
  },
  restore(weights: Readonly<Record<string, WeightArray>>, p, dims) {
    checkWeights(weights, shapesOf(p, dims));
    const own = Object.keys(shapesOf(p, dims)).map((name) => [name, weights[name]] as const);
    return fitted(makeWeights(Object.fromEntries(own)), p, dims, []);
  },
});
