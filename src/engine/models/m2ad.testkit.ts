/** Drives M2AD's forecaster with a golden file of any sizes, on the backend in use. */
import { adam } from '../tensor/adam.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor, Tensor2D, Tensor3D } from '../tensor/tf.ts';
import { disposeWeights } from '../tensor/weights.ts';
import type { Weights } from '../tensor/weights.ts';
import {
  arraysOf,
  compareForward,
  compareGrads,
  compareLoss,
  compareStep,
  gradientsOf,
  group,
  weightsOf,
} from './golden.testkit.ts';
import type { Check, Golden } from './golden.testkit.ts';
import { forecast, forecastLoss, hiddenStates } from './m2ad.ts';
import type { Drop } from './m2ad.ts';

const tensorOf = (golden: Golden, name: string): Tensor =>
  tf.tensor([...golden.inputs[name].data], [...golden.inputs[name].shape], 'float32');

async function checkForward(
  golden: Golden,
  weights: Weights,
  x: Tensor3D,
  drop: Drop,
  layers: number,
): Promise<Check[]> {
  const out = tf.tidy(() => ({
    ...Object.fromEntries(hiddenStates(weights, x, layers, null).map((h, n) => [`hidden${n + 1}`, h])),
    prediction: forecast(weights, x, layers, null),
    predictionDropout: forecast(weights, x, layers, drop),
  }));
  const got = await arraysOf(out);
  tf.dispose(out);
  return Object.entries(got).map(([name, values]) => compareForward(golden, name, values));
}

async function checkGradients(golden: Golden, name: string, weights: Weights, loss: () => Scalar): Promise<Check[]> {
  const { value, grads } = gradientsOf(weights, loss);
  const got = await arraysOf({ value, ...grads });
  tf.dispose([value, grads]);
  return [compareLoss(golden, name, got['value'][0]), ...compareGrads(golden, name, got)];
}

async function checkSteps(golden: Golden, weights: Weights, loss: () => Scalar): Promise<Check[]> {
  const optimiser = adam(weights, { rate: golden.spec.hyper['lr'] });
  const checks: Check[] = [];
  for (const step of ['adam', 'adamStep2'].filter((name) => Object.keys(group(golden, name)).length > 0)) {
    tf.tidy(() => optimiser.step(gradientsOf(weights, loss).grads));
    checks.push(...compareStep(golden, step, await arraysOf(weights)));
    if (step === 'adam') {
      const after = tf.tidy(loss);
      checks.push(compareLoss(golden, 'mseAfterOneStep', (await after.data())[0]));
      after.dispose();
    }
  }
  optimiser.dispose();
  return checks;
}

/** Every quantity of a file of the schema of `m2ad_lstm.json`: forward, given dropout mask, gradients, optimiser steps. */
export async function checkM2adLstm(json: unknown): Promise<Check[]> {
  const golden = json as Golden;
  const layers = Object.keys(golden.weights).filter((name) => /^lstm\d+\.kernel$/.test(name)).length;
  const weights = weightsOf(golden);
  const x = tensorOf(golden, 'x') as Tensor3D;
  const y = tensorOf(golden, 'y') as Tensor2D;
  // The mask is 0/1; the file's text fixes the rate at 0.2.
  const mask = tf.tidy(() => tf.div(tensorOf(golden, 'dropoutMask'), 1 - (golden.spec.hyper['dropout'] ?? 0.2)));
  const drop: Drop = (h) => tf.mul(h, mask);
  const mse = (): Scalar => forecastLoss(y, forecast(weights, x, layers, null));
  try {
    return [
      ...(await checkForward(golden, weights, x, drop, layers)),
      ...(await checkGradients(golden, 'mse', weights, mse)),
      ...(await checkGradients(golden, 'mseDropout', weights, () =>
        forecastLoss(y, forecast(weights, x, layers, drop)),
      )),
      ...(await checkSteps(golden, weights, mse)),
    ];
  } finally {
    disposeWeights(weights);
    tf.dispose([x, y, mask]);
  }
}
