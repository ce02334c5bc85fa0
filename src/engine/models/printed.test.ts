/** Sizes of the published networks, and small vectors of formulas that were worked out by hand in double precision. */
import { beforeAll, describe, expect, it } from 'vitest';
import { quietRun } from '../detect/testData.testkit.ts';
import { resolve } from '../params.ts';
import type { AnyValues } from '../params.ts';
import { sizeOf } from '../shape.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import * as tf from '../tensor/tf.ts';
import { detectors } from './index.ts';
import { divergence } from './lstmVae.ts';
import { logitOf, ncadShapes, probability } from './ncadNetwork.ts';
import { logPrior, planarFlows } from './omniLatent.ts';
import type { Shapes } from './shared/reconstructor.ts';
import { srCnnShapes } from './srCnnNetwork.ts';
import { firstLoss, secondLoss } from './usad.ts';
import { convolutions } from './vtt.ts';

beforeAll(() => useBackend('wasm', true));

const countOf = (shapes: Shapes): number => Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);

/** Weights of a detector with S sensors. One epoch on few rows makes them: none of these counts asks how many rows. */
async function parameters(id: string, given: AnyValues, S: number): Promise<number> {
  const detector = detectors.get(id)!;
  const few = { epochs: 1, batch: 2, stride: 100, validation: 0, patience: 0 };
  const p = resolve(detector.params, { ...detector.presets['paper'], ...given, ...few });
  const { W, horizon } = detector.windowing(p);
  const T = W + horizon;
  const x_TF = Float32Array.from({ length: T * S }, (_, i) => 0.5 + 0.4 * Math.sin(i));
  const windows = { x_TF, seen_TS: new Uint8Array(T * S).fill(1), T, S, C: 0, W, horizon, start_N: Int32Array.of(0) };
  const fitted = await detector.fit(windows, p, quietRun());
  const weights = await fitted.snapshot();
  fitted.dispose();
  return Object.values(weights).reduce((sum, { data }) => sum + data.length, 0);
}

describe('the published networks have as many parameters as their code', () => {
  it.each([
    ['vtt-sat', 25, 2_250_656],
    ['vtt-pat', 25, 1_754_528],
    ['vtt-sat', 51, 2_504_416],
    ['vtt-pat', 51, 2_008_288],
    // Without the layer norm of each layer that the published code never uses: 3 · 2 · 512 of 4,801,585.
    ['anomaly-transformer', 25, 4_801_585 - 3072],
  ])('%s with %i sensors: %i', async (id, S, count) => {
    expect(await parameters(id, { window: 4 }, S)).toBe(count);
  });

  it('usad with 51 sensors: 1,256,871', async () => {
    expect(await parameters('usad', { window: 12 }, 51)).toBe(1_256_871);
  });

  it('sr-cnn with windows of 240 and 128', () => {
    expect(countOf(srCnnShapes(240))).toBe(865_920);
    expect(countOf(srCnnShapes(128))).toBe(246_784);
  });

  it('ncad has a skip only where widths differ', () => {
    const network = { kernel: 3, layers: 1, channels: 4, pool: 5, embedding: 6 };
    expect(Object.keys(ncadShapes(1, network)).filter((name) => name.includes('skip'))).toHaveLength(2);
    expect(Object.keys(ncadShapes(4, network)).filter((name) => name.includes('skip'))).toEqual([]);
  });
});

/** Values of tensors, in order. */
const values = (make: () => tf.Tensor[]): number[] => tf.tidy(() => make().flatMap((one) => [...one.dataSync()]));

const near = (got: readonly number[], want: readonly number[]): void => {
  expect(got).toHaveLength(want.length);
  got.forEach((value, i) => expect(value).toBeCloseTo(want[i], 5));
};

describe('formulas at small vectors', () => {
  it('divergence of a posterior from N(0, I)', () => {
    const q = () => ({ mu: tf.tensor3d([[[0.5, -1]]]), logVar: tf.tensor3d([[[0.2, -0.3]]]) });
    near(
      values(() => [divergence({}, q())]),
      [0.6561104894],
    );
  });

  it('losses of USAD in round 3', () => {
    const level = (square: number) => tf.fill<tf.Rank.R3>([1, 2, 2], Math.sqrt(square));
    const forward = () => ({
      latent_BZ: tf.zeros<tf.Rank.R2>([1, 1]),
      first: level(0.5),
      both: level(0.8),
      second: level(0.4),
    });
    const x = () => tf.zeros<tf.Rank.R3>([1, 2, 2]);
    near(
      values(() => [firstLoss(x(), forward(), 3), secondLoss(x(), forward(), 3), secondLoss(x(), forward(), 1)]),
      [0.7, -0.4, 0.4],
    );
  });

  it('prior and a planar flow of OmniAnomaly', () => {
    near(
      values(() => [logPrior(tf.tensor3d([[[0.5], [-0.2], [1]]]))]),
      [-1.3280121235, -1.4175838991, -1.5967711788],
    );
    near(
      values(() => {
        const weights = {
          'flows.0.u': tf.tensor1d([0.3, -0.2]),
          'flows.0.w': tf.tensor1d([1, 0.5]),
          'flows.0.b': tf.tensor1d([0.1]),
        };
        const { z, logDet } = planarFlows(weights, 1, tf.tensor3d([[[0.4, -0.6]]]));
        return [z, logDet];
      }),
      [0.3957586, -0.6712021, -0.2156680912],
    );
  });

  it('logits of NCAD, and the largest probability of two points of a sphere', () => {
    near(
      values(() => [
        logitOf(tf.tensor1d([0.5, 1, 2])),
        tf.sigmoid(logitOf(tf.tensor1d([0.5]))),
        probability(tf.tensor1d([0.5, 2])),
      ]),
      [-0.4327521296, 0.5413248546, 1.8545865421, 1 - Math.exp(-0.5), 1 - Math.exp(-0.5), 0.8646647168],
    );
  });

  it('a causal convolution of VTT, also in windows shorter than its reach', () => {
    const kernel = (taps: number, last: readonly number[]) =>
      tf.tensor2d([...new Array<number>(taps - last.length).fill(0), ...last], [taps, 1]);
    const weights = () => ({
      ...{
        'conv1.kernel': kernel(4, [1]),
        'conv2.kernel': kernel(8, [0.5, -1, 2]),
        'conv3.kernel': kernel(16, [1, 0]),
      },
      ...{ 'conv1.bias': tf.zeros([1]), 'conv2.bias': tf.zeros([1]), 'conv3.bias': tf.ones([1]) },
    });
    near(
      values(() => convolutions(weights(), tf.tensor3d([1, 2, 3, 4, 5], [1, 5, 1]))),
      [1, 2, 3, 4, 5, 2, 4, 5, 6, 7.5, 1, 1, 1, 2, 3],
    );
  });
});
