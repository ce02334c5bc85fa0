import { describe, expect, it } from 'vitest';
import { seeded } from '../rng.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import { standardNormal } from '../tensor/noise.ts';
import * as tf from '../tensor/tf.ts';
import { disposeWeights, makeWeights, weightArray } from '../tensor/weights.ts';
import { omniForward } from './omniAnomaly.ts';
import { logNormal } from './omniLatent.ts';

/** A network of one sensor, two states and one latent number: all zeros, so that its biases alone say the posterior. */
function steady(mean: number, spread: number) {
  const shapes = {
    ...{ 'qGru.kernel': [1, 6], 'qGru.recurrent': [2, 6], 'qGru.bias': [6] },
    ...{ 'qDense1.kernel': [2, 2], 'qDense1.bias': [2], 'qDense2.kernel': [2, 2], 'qDense2.bias': [2] },
    ...{ 'qMu.kernel': [3, 1], 'qMu.bias': [1], 'qSigma.kernel': [3, 1], 'qSigma.bias': [1] },
    ...{ 'pGru.kernel': [1, 6], 'pGru.recurrent': [2, 6], 'pGru.bias': [6] },
    ...{ 'pDense1.kernel': [2, 2], 'pDense1.bias': [2], 'pDense2.kernel': [2, 2], 'pDense2.bias': [2] },
    ...{ 'pMu.kernel': [2, 1], 'pMu.bias': [1], 'pSigma.kernel': [2, 1], 'pSigma.bias': [1] },
  };
  const biases: Readonly<Record<string, number>> = { 'qMu.bias': mean, 'qSigma.bias': spread };
  return makeWeights(
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const size = shape.reduce((product, side) => product * side, 1);
        return [name, weightArray(shape, new Float32Array(size).fill(biases[name] ?? 0))];
      }),
    ),
  );
}

describe.each(['cpu', 'wasm'] as const)('the log density of OmniAnomaly’s draws on %s', (backend) => {
  it.each([
    ['an ordinary deviation', 0.5, 2],
    ['a deviation at its floor and a large mean', 50, -20],
  ])('is right with %s', async (_, mean, spread) => {
    await useBackend(backend);
    const weights = steady(mean, spread);
    const W = 12;
    const noise = standardNormal(W, seeded(3));
    const logQ = tf.scoped(() =>
      tf.reshape(omniForward(weights, tf.zeros([1, W, 1]), tf.tensor3d(noise, [1, W, 1]), 0).logQ, [W]),
    );
    const deviation = Math.log1p(Math.exp(spread)) + 1e-4;
    (await logQ.data()).forEach((value, t) => {
      const want = -(noise[t] ** 2) / 2 - Math.log(deviation) - Math.log(2 * Math.PI) / 2;
      expect(value).toBeCloseTo(want, 4);
    });
    logQ.dispose();
    disposeWeights(weights);
  });

  it('is that of the number drawn', async () => {
    await useBackend(backend);
    const got = tf.tidy(() =>
      logNormal(tf.tensor3d([3, 1], [1, 1, 2]), tf.tensor3d([1, 2], [1, 1, 2]), tf.fill([1, 1, 2], 2)),
    );
    // Two numbers, 1 and -1/2 deviations off.
    expect((await got.data())[0]).toBeCloseTo(-0.5 - 0.125 - 2 * Math.log(2) - Math.log(2 * Math.PI), 5);
    got.dispose();
  });
});
