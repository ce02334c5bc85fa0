import { describe, expect, it } from 'vitest';
import type { Run } from './model.ts';
import { seeded } from './rng.ts';
import { memoryNow } from './tensor/backend.ts';
import { useBackend } from './tensor/node.testkit.ts';
import * as tf from './tensor/tf.ts';
import type { Scalar } from './tensor/tf.ts';
import { disposeWeights, makeWeights, readWeights, weightArray } from './tensor/weights.ts';
import { descend, splitWindows } from './train.ts';
import type { Batch, Descent } from './train.ts';
import type { Windows } from './types.ts';
import { inOrder } from './window.ts';

const run = (): Run => ({ rng: seeded(1), checkpoint: () => Promise.resolve(), progress: () => undefined });

/** One sensor, window 1; `levels` gives the value of each step, and the step itself is the target. */
const windowsOf = (levels: readonly number[]): Windows => ({
  x_TF: Float32Array.from(levels),
  seen_TS: new Uint8Array(levels.length).fill(1),
  T: levels.length,
  S: 1,
  C: 0,
  start_N: inOrder(levels.length),
  W: 1,
  horizon: 0,
});

const level = (start: number) => makeWeights({ a: weightArray([1], Float32Array.of(start)) });

function descent(weights: Descent['weights'], windows: Windows, more: Partial<Descent> = {}): Descent {
  const value = ({ y_BS }: Batch): Scalar => tf.mean(tf.square(tf.sub(y_BS, weights['a'])));
  const loss = { name: 'mse', moves: ['a'], value, optimiser: { rate: 0.1 } };
  return {
    windows,
    weights,
    losses: [loss],
    epochs: 60,
    batch: 4,
    validation: 0.25,
    patience: 0,
    restoreBest: true,
    ...more,
  };
}

describe('descend', () => {
  // Training pulls the weight from 0 to 2; the validation windows (the last two) lie at 1.
  const torn = windowsOf([2, 2, 2, 2, 2, 2, 1, 1]);

  it('stops after `patience` worse epochs and puts the best weights back', async () => {
    await useBackend('cpu');
    const before = memoryNow().tensors;
    const weights = level(0);
    const history = await descend(descent(weights, torn, { patience: 3 }), run());
    const losses = history.map((epoch) => epoch['mse (validation)']);
    const best = losses.indexOf(Math.min(...losses));
    expect(history.length).toBe(best + 1 + 3);
    const [a] = (await readWeights(weights))['a'].data;
    expect((a - 1) ** 2).toBeCloseTo(losses[best], 6);
    disposeWeights(weights);
    expect(memoryNow().tensors).toBe(before);
  });

  it('keeps the last weights where told, and runs all epochs without patience', async () => {
    await useBackend('cpu');
    const weights = level(0);
    const history = await descend(descent(weights, torn, { restoreBest: false }), run());
    expect(history.length).toBe(60);
    expect((await readWeights(weights))['a'].data[0]).toBeCloseTo(2, 1);
    disposeWeights(weights);
  });

  it('has no validation loss where no window is kept for it', async () => {
    await useBackend('cpu');
    const weights = level(0);
    const history = await descend(descent(weights, torn, { validation: 0, epochs: 1 }), run());
    expect(Object.keys(history[0])).toEqual(['mse']);
    disposeWeights(weights);
  });

  it('moves each weight by its own loss only, and follows the schedule', async () => {
    await useBackend('cpu');
    const weights = makeWeights({ a: weightArray([1], Float32Array.of(0)), b: weightArray([1], Float32Array.of(0)) });
    const pull = (name: string, other: string, to: number, rate: number) => ({
      name,
      moves: [name],
      // Each loss depends on both weights, but may move one.
      value: (): Scalar => tf.add(tf.sum(tf.square(tf.sub(weights[name], to))), tf.sum(tf.abs(weights[other]))),
      optimiser: { rate },
    });
    const losses = [pull('a', 'b', 5, 0.1), pull('b', 'a', -5, 0.01)];
    await descend(
      {
        ...descent(weights, torn),
        losses,
        epochs: 2,
        validation: 0,
        batch: 8,
        rateFactor: (epoch) => (epoch === 0 ? 1 : 0),
      },
      run(),
    );
    // One batch an epoch; Adam's first step is the rate itself, the second epoch's rate is 0.
    const { a, b } = await readWeights(weights);
    expect(a.data[0]).toBeCloseTo(0.1, 5);
    expect(b.data[0]).toBeCloseTo(-0.01, 5);
    disposeWeights(weights);
  });

  it('weights the losses of unequal batches by their windows', async () => {
    await useBackend('cpu');
    const weights = level(0);
    const { losses } = descent(weights, torn);
    const still = losses.map((loss) => ({ ...loss, optimiser: { rate: 1e-9 } }));
    const history = await descend(
      descent(weights, windowsOf([3, 0, 0, 0, 0]), { losses: still, validation: 0, epochs: 1 }),
      run(),
    );
    expect(history[0]['mse']).toBeCloseTo(9 / 5, 5);
    disposeWeights(weights);
  });

  it('disposes the weights on any throw', async () => {
    await useBackend('cpu');
    const before = memoryNow().tensors;
    const wrong = { epoch: 1, weights: {}, optimiser: {}, best: null, badEpochs: 0, history: [] };
    await expect(descend(descent(level(0), torn), run(), { from: wrong })).rejects.toMatchObject({
      kind: 'bad-weights',
    });
    await expect(descend(descent(level(0), torn, { validation: 1 }), run())).rejects.toMatchObject({
      kind: 'no-windows',
    });
    expect(memoryNow().tensors).toBe(before);
  });
});

it('keeps the last windows for validation', () => {
  const { learn_N, judge_N } = splitWindows(10, 0.2);
  expect([...learn_N]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect([...judge_N]).toEqual([8, 9]);
});
