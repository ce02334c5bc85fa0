/** The table of ops that kernels.test.ts runs on every backend: each with its reference in stock ops and its inputs. */
import { composedAttentionMap, attentionMap } from './attention.ts';
import { composedDivergence, divergence } from './divergence.ts';
import { geglu } from './geglu.ts';
import { composedGelu, gelu } from './gelu.ts';
import { headMaps, mixHeads } from './heads.ts';
import { composedLayerNorm, layerNorm } from './layerNorm.ts';
import { gru } from '../gru.ts';
import { lstm } from '../lstm.ts';
import * as tf from '../tf.ts';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '../tf.ts';

export type OpCase = {
  readonly op: string;
  /** Shapes of the inputs, in words of the test's name too. */
  readonly shapes: readonly (readonly number[])[];
  readonly run: (...inputs: Tensor[]) => Tensor;
  /** The same in stock ops; runs on the cpu backend. */
  readonly reference: (...inputs: Tensor[]) => Tensor;
  /** From uniform values in [-1, 1) to what the op takes; default: as they are. */
  readonly prepare?: (input: Tensor, index: number) => Tensor;
  /** Greatest deviation of values and gradients, relative to the largest one; default 2e-5. */
  readonly tolerance?: number;
  /** Where the case runs; default everywhere. */
  readonly only?: readonly string[];
  /** False for ops whose gradient jumps (max pooling at ties): no finite differences. */
  readonly smooth?: boolean;
};

/** x with its batch axes repeated to `batch`: products whose batches broadcast, written without broadcasting. */
const repeated = (x: Tensor, batch: readonly number[]): Tensor => {
  const own = [...batch.slice(x.rank - 2).map(() => 1), ...x.shape];
  return tf.tile(
    tf.reshape(x, own),
    own.map((size, axis) => (axis < batch.length ? batch[axis] / size : 1)),
  );
};

const products: OpCase[] = (
  [
    [[5, 7], [7, 9], false, false],
    [[7, 5], [7, 9], true, false],
    [[5, 7], [9, 7], false, true],
    [[7, 5], [9, 7], true, true],
    [[1, 1], [1, 1], false, false],
    [[1, 40], [40, 17], false, false],
    [[13, 300], [300, 11], false, false],
    [[270, 3], [270, 21], true, false],
    [[3, 4, 0], [0, 5], false, false],
    [[0, 4], [4, 3], false, false],
    [[2, 3, 5, 6], [2, 3, 6, 4], false, false],
    [[2, 3, 6, 5], [2, 3, 6, 20], true, false],
    [[4, 5, 6], [1, 6, 2], false, false],
    [[4, 6, 5], [1, 2, 6], true, true],
    [[5, 6], [3, 6, 2], false, false],
    [[30, 33], [33, 520], false, false],
    [[64, 270], [300, 270], false, true],
  ] as const
).map(([a, b, tA, tB]) => ({
  op: `matMul ${tA ? 'T' : 'N'}${tB ? 'T' : 'N'}`,
  shapes: [a, b],
  run: (x, y) => tf.matMul(x, y, tA, tB),
  reference: (x, y) => {
    const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.slice(0, -2), b.slice(0, -2));
    return tf.matMul(repeated(x, batch), repeated(y, batch), tA, tB);
  },
}));

/** Batch axes that widen each other or in part: stock kernels take the wrong matrices there, ours do not. */
const widened: OpCase[] = (
  [
    [[2, 1, 5, 6], [3, 4, 6], [2, 3], false, true],
    [[3, 1, 5, 6], [3, 4, 2, 6], [3, 4], false, true],
    [[3, 4, 6, 5], [3, 1, 6, 2], [3, 4], true, false],
  ] as const
).map(([a, b, batch, tA, tB]) => ({
  op: 'matMul, batches broadcast in part',
  shapes: [a, b],
  run: (x, y) => tf.matMul(x, y, tA, tB),
  reference: (x, y) => tf.matMul(repeated(x, batch), repeated(y, batch), tA, tB),
  only: ['simd', 'relaxed'],
}));

const dense = (activation: 'linear' | 'relu' | 'sigmoid' | 'elu' | 'relu6' | 'leakyrelu', bias: number[]): OpCase => ({
  op: `fused matMul ${activation}`,
  shapes: [[6, 5], [5, 11], bias],
  run: (a, b, c) => tf.fused.matMul({ a, b, bias: c, activation, leakyreluAlpha: 0.1 }),
  reference: (a, b, c) => {
    const sum = tf.add(tf.matMul(a, b), c);
    const after = {
      linear: sum,
      relu: tf.relu(sum),
      relu6: tf.relu6(sum),
      sigmoid: tf.sigmoid(sum),
      elu: tf.elu(sum),
      leakyrelu: tf.leakyRelu(sum, 0.1),
    };
    return after[activation];
  },
  smooth: activation === 'linear' || activation === 'sigmoid',
});

const lstmWeights = (k: Tensor, r: Tensor, b: Tensor) => ({
  kernel_FG: k as Tensor2D,
  recurrent_HG: r as Tensor2D,
  bias_G: b as Tensor1D,
});

/** The plain cell, one step after the other, without any trick. */
function lstmSteps(x_BWF: Tensor, k: Tensor, r: Tensor, bias: Tensor): Tensor {
  const [B, W, F] = x_BWF.shape;
  const H = r.shape[0];
  let h: Tensor = tf.zeros([B, H]);
  let c: Tensor = tf.zeros([B, H]);
  const states: Tensor[] = [];
  for (let t = 0; t < W; t++) {
    const x = tf.reshape(tf.slice(x_BWF, [0, t, 0], [B, 1, F]), [B, F]);
    const z = tf.add(tf.add(tf.matMul(x, k), tf.matMul(h, r)), bias);
    const [i, f, g, o] = tf.split(z, 4, 1);
    c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    h = tf.mul(tf.sigmoid(o), tf.tanh(c));
    states.push(h);
  }
  return tf.stack(states, 1);
}

const sequence = (B: number, W: number, F: number, H: number): OpCase => ({
  op: 'lstm',
  shapes: [[B, W, F], [F, 4 * H], [H, 4 * H], [4 * H]],
  run: (x, k, r, b) => lstm(x as Tensor3D, lstmWeights(k, r, b)),
  reference: lstmSteps,
});

/** The plain GRU cell, one step after the other. */
function gruSteps(x_BWF: Tensor, k: Tensor, r: Tensor, bias: Tensor): Tensor {
  const [B, W, F] = x_BWF.shape;
  const H = r.shape[0];
  const [Rz, Rr, Rc] = tf.split(r, 3, 1);
  let h: Tensor = tf.zeros([B, H]);
  const states: Tensor[] = [];
  for (let t = 0; t < W; t++) {
    const x = tf.reshape(tf.slice(x_BWF, [0, t, 0], [B, 1, F]), [B, F]);
    const [xz, xr, xc] = tf.split(tf.add(tf.matMul(x, k), bias), 3, 1);
    const z = tf.sigmoid(tf.add(xz, tf.matMul(h, Rz)));
    const reset = tf.sigmoid(tf.add(xr, tf.matMul(h, Rr)));
    const c = tf.tanh(tf.add(xc, tf.matMul(tf.mul(reset, h), Rc)));
    h = tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), c));
    states.push(h);
  }
  return tf.stack(states, 1);
}

const gruSequence = (B: number, W: number, F: number, H: number): OpCase => ({
  op: 'gru',
  shapes: [[B, W, F], [F, 3 * H], [H, 3 * H], [3 * H]],
  run: (x, k, r, b) =>
    gru(x as Tensor3D, { kernel_FG: k as Tensor2D, recurrent_HG: r as Tensor2D, bias_G: b as Tensor1D }),
  reference: gruSteps,
});

/** Rows that are distributions. */
const distribution = (x: Tensor): Tensor => tf.softmax(tf.mul(x, 2));

const compared = (kind: 'js' | 'kl', shape: number[], epsilon: number): OpCase => ({
  op: `divergence ${kind}`,
  shapes: [shape, shape],
  prepare: distribution,
  run: (a, s) => divergence(a, s, { kind, epsilon }),
  reference: (a, s) => composedDivergence(kind, a, s, epsilon),
});

const maps = (B: number, H: number, N: number, M: number, K: number): OpCase => ({
  op: 'attentionMap',
  shapes: [
    [B, H, N, K],
    [B, H, M, K],
  ],
  run: (q, k) => attentionMap(q as Tensor4D, k as Tensor4D, 1.3),
  reference: (q, k) => composedAttentionMap(q as Tensor4D, k as Tensor4D, 1.3),
});

/** Heads side by side in the rows, against heads brought to the front. */
const sideBySide = (G: number, R: number, E: number, K: number): OpCase[] => {
  const front = (x: Tensor): Tensor => tf.transpose(tf.reshape(x, [G, R, E, K]), [2, 0, 1, 3]);
  return [
    {
      op: 'headMaps',
      shapes: [
        [G, R, E * K],
        [G, R, E * K],
      ],
      run: (q, k) => headMaps(q as Tensor3D, k as Tensor3D, E, 0.7),
      reference: (q, k) => composedAttentionMap(front(q) as Tensor4D, front(k) as Tensor4D, 0.7),
    },
    {
      op: 'mixHeads',
      shapes: [
        [E, G, R, R],
        [G, R, E * K],
      ],
      run: (map, v) => mixHeads(map as Tensor4D, v as Tensor3D),
      reference: (map, v) => tf.reshape(tf.transpose(tf.matMul(map, front(v)), [1, 2, 0, 3]), [G, R, E * K]),
    },
  ];
};

const gated = (shape: number[]): OpCase => ({
  op: 'geglu',
  shapes: [shape],
  run: geglu,
  reference: (x) => {
    const [value, gate] = tf.split(x, 2, -1);
    return tf.mul(value, composedGelu(gate));
  },
});

const normed = (shape: number[]): OpCase => ({
  op: 'layerNorm',
  shapes: [shape, shape.slice(-1), shape.slice(-1)],
  run: (x, g, b) => layerNorm(x, g as Tensor1D, b as Tensor1D),
  reference: (x, g, b) => composedLayerNorm(x, g as Tensor1D, b as Tensor1D, 1e-5),
});

const unary = (op: string, fn: (x: Tensor) => Tensor, prepare?: (x: Tensor) => Tensor): OpCase[] =>
  [[1], [3, 5], [0], [2, 0, 3], [64]].map((shape) => ({
    op,
    shapes: [shape],
    run: fn,
    reference: fn,
    ...(prepare === undefined ? {} : { prepare }),
  }));

type Quad = [number, number, number, number];
type Pad = 'same' | 'valid' | number;

const conv = (x: Quad, filter: Quad, strides: number | [number, number], pad: Pad): OpCase => ({
  op: `conv2d stride ${strides.toString()} ${pad}`,
  shapes: [x, filter],
  run: (a, f) => tf.conv2d(a as Tensor4D, f as Tensor4D, strides, pad),
  reference: (a, f) => tf.conv2d(a as Tensor4D, f as Tensor4D, strides, pad),
});

const up = (x: Quad, filter: Quad, out: Quad, strides: number): OpCase => ({
  op: `conv2dTranspose stride ${strides}`,
  shapes: [x, filter],
  run: (a, f) => tf.conv2dTranspose(a as Tensor4D, f as Tensor4D, out, strides, 'same'),
  reference: (a, f) => tf.conv2dTranspose(a as Tensor4D, f as Tensor4D, out, strides, 'same'),
});

const pool = (x: Quad, size: number, strides: number, pad: Pad): OpCase => ({
  op: `maxPool ${size} stride ${strides} ${pad}`,
  shapes: [x],
  run: (a) => tf.maxPool(a as Tensor4D, size, strides, pad),
  reference: (a) => tf.maxPool(a as Tensor4D, size, strides, pad),
  smooth: false,
});

const gathered = (x: number[], indices: number[]): OpCase => ({
  op: 'gather',
  shapes: [x],
  run: (a) => tf.gather(a, tf.tensor1d(indices, 'int32')),
  reference: (a) => tf.gather(a, tf.tensor1d(indices, 'int32')),
});

const moved = (op: string, shapes: number[][], fn: (...x: Tensor[]) => Tensor): OpCase => ({
  op,
  shapes,
  run: fn,
  reference: fn,
});

const moves: OpCase[] = [
  moved('slice', [[5]], (x) => tf.slice(x, [2], [2])),
  moved('slice', [[4, 5, 6]], (x) => tf.slice(x, [1, 0, 2], [2, -1, 3])),
  moved('slice', [[2, 3, 2, 4, 3]], (x) => tf.slice(x, [0, 1, 1, 1, 0], [2, 2, 1, 2, 2])),
  moved('slice', [[2, 3, 2, 4, 2, 3]], (x) => tf.slice(x, [1, 1, 1, 1, 0, 1], [1, 2, 1, 2, 2, 2])),
  moved('slice', [[3, 4]], (x) => tf.slice(x, [1, 1], [0, 2])),
  moved('slice', [[3, 300]], (x) => tf.slice(x, [1, 1], [2, 298])),
  moved('split', [[3, 7, 4]], (x) => tf.mul(tf.split(x, [2, 1, 4], 1)[2], 3)),
  moved('split', [[3, 8]], (x) => tf.add(tf.split(x, 4, -1)[0], tf.split(x, 4, -1)[3])),
  moved(
    'concat',
    [
      [2, 3],
      [2, 5],
    ],
    (x, y) => tf.concat([x, y], 1),
  ),
  moved(
    'concat',
    [
      [2, 3, 4],
      [1, 3, 4],
      [4, 3, 4],
    ],
    (...x) => tf.concat(x, 0),
  ),
  moved(
    'concat',
    [
      [2, 0, 4],
      [2, 3, 4],
    ],
    (x, y) => tf.concat([x, y], -2),
  ),
  moved('transpose', [[4, 7]], (x) => tf.transpose(x)),
  moved('transpose', [[2, 3, 4, 5]], (x) => tf.transpose(x, [2, 0, 1, 3])),
  moved('transpose', [[2, 3, 4, 5, 2]], (x) => tf.transpose(x, [4, 2, 3, 1, 0])),
  moved('transpose', [[3, 0, 4]], (x) => tf.transpose(x, [2, 0, 1])),
  moved('transpose', [[3, 1, 4]], (x) => tf.transpose(x, [1, 0, 2])),
  moved('pad', [[3, 4]], (x) =>
    tf.pad(
      x,
      [
        [1, 2],
        [0, 3],
      ],
      1.5,
    ),
  ),
  moved('pad', [[2, 3, 4]], (x) =>
    tf.pad(x, [
      [0, 0],
      [2, 0],
      [0, 0],
    ]),
  ),
];

const added = moved(
  'addN of 30',
  Array.from({ length: 30 }, () => [2, 3]),
  (...x) => tf.addN(x),
);

const sums: OpCase[] = (
  [
    [[5], undefined, false],
    [[3, 37], -1, false],
    [[3, 2100], 1, true],
    [[300, 6], 0, false],
    [[2, 5, 7], 1, false],
    [[2, 5, 7], [0, 1], true],
    [[2, 5, 7], [0, 2], false],
    [[2, 3, 1, 4, 5], [2, 3], false],
    [[1, 1], undefined, false],
    [[3, 4], [], false],
    [[0, 4], 0, false],
  ] as [number[], number | number[] | undefined, boolean][]
).flatMap(([shape, axis, keep]) =>
  ([tf.sum, tf.mean] as const)
    .filter((op) => op === tf.sum || !shape.includes(0))
    .map((op) => moved(`${op === tf.sum ? 'sum' : 'mean'} over ${String(axis)}`, [shape], (x) => op(x, axis, keep))),
);

/** Clones share data: writing through one must never show in the other. */
const cloned = moved('identity', [[3, 4]], (x) => tf.add(tf.clone(x), tf.mul(x, 2)));

export const cases: readonly OpCase[] = [
  ...products,
  ...moves,
  ...sums,
  added,
  cloned,
  ...widened,
  dense('linear', [11]),
  dense('relu', [11]),
  dense('sigmoid', [11]),
  dense('elu', [11]),
  dense('relu6', [11]),
  dense('leakyrelu', [11]),
  sequence(3, 5, 4, 6),
  sequence(1, 1, 1, 1),
  sequence(7, 9, 3, 5),
  sequence(2, 4, 9, 33),
  gruSequence(3, 5, 4, 6),
  gruSequence(1, 1, 1, 1),
  gruSequence(7, 9, 3, 5),
  gruSequence(2, 4, 9, 33),
  sequence(1, 2, 1, 257),
  // A stock slice of nothing throws on cpu.
  { ...sequence(0, 3, 2, 2), only: ['simd', 'relaxed', 'webgpu'] },
  compared('js', [2, 3, 7], 1e-12),
  compared('js', [1], 1e-12),
  compared('js', [5, 16], 1e-4),
  compared('kl', [2, 3, 7], 1e-4),
  compared('kl', [4, 33], 1e-12),
  compared('js', [3, 130], 1e-12),
  compared('kl', [0, 5], 1e-4),
  maps(2, 3, 5, 5, 4),
  maps(1, 1, 1, 1, 1),
  maps(1, 2, 9, 6, 3),
  maps(2, 1, 7, 130, 5),
  maps(1, 0, 3, 4, 2),
  ...sideBySide(2, 5, 3, 4),
  ...sideBySide(1, 1, 1, 1),
  ...sideBySide(3, 9, 2, 33),
  ...sideBySide(2, 26, 2, 64),
  ...sideBySide(0, 3, 2, 4),
  gated([2]),
  gated([3, 10]),
  gated([2, 3, 16]),
  gated([0, 4]),
  gated([7, 130]),
  normed([4, 7]),
  normed([2, 3, 16]),
  normed([1, 5]),
  normed([3, 4]),
  normed([50, 130]),
  normed([0, 3]),
  ...unary('exp', tf.exp),
  ...unary('log', tf.log, (x) => tf.add(tf.abs(x), 0.1)),
  ...unary('tanh', tf.tanh),
  ...unary('sigmoid', tf.sigmoid),
  ...unary('erf', tf.erf),
  ...unary('gelu', gelu),
  moved('gelu', [[700]], gelu),
  { op: 'gelu reference', shapes: [[9]], run: gelu, reference: composedGelu },
  ...[[3], [4, 6], [2, 3, 5], [2, 33]].map((shape) => ({
    op: 'softmax',
    shapes: [shape],
    run: (x: Tensor) => tf.softmax(x),
    reference: (x: Tensor) => tf.softmax(x),
  })),
  conv([2, 5, 6, 3], [3, 3, 3, 4], 1, 'same'),
  conv([1, 7, 5, 1], [4, 4, 1, 5], 1, 'same'),
  conv([2, 8, 6, 2], [3, 2, 2, 3], 2, 'valid'),
  conv([1, 4, 4, 2], [1, 1, 2, 7], 1, 1),
  conv([2, 9, 7, 5], [4, 4, 5, 9], 1, 'same'),
  conv([1, 9, 8, 3], [3, 5, 3, 1], [2, 1], 'same'),
  conv([1, 7, 8, 3], [2, 2, 3, 10], 3, 'valid'),
  conv([1, 1, 1, 1], [1, 1, 1, 1], 1, 'valid'),
  conv([0, 4, 4, 2], [3, 3, 2, 3], 1, 'same'),
  conv([1, 5, 6, 40], [4, 4, 40, 17], 1, 'same'),
  up([2, 3, 4, 2], [4, 4, 3, 2], [2, 6, 8, 3], 2),
  up([1, 4, 3, 5], [4, 4, 1, 5], [1, 4, 3, 1], 1),
  up([1, 5, 4, 3], [3, 3, 9, 3], [1, 9, 7, 9], 2),
  pool([2, 5, 6, 3], 2, 2, 'same'),
  pool([1, 6, 6, 2], 3, 2, 'valid'),
  pool([2, 7, 5, 9], 3, 2, 'same'),
  pool([1, 4, 6, 8], 2, 2, 'same'),
  pool([1, 5, 5, 4], 3, 1, 'same'),
  gathered([5, 3], [0, 4, 4, 1]),
  gathered([3, 2, 5], [2, 2]),
];
