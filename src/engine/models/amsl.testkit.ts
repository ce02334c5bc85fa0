/** Drives AMSL with a golden file of any sizes, on the backend in use. */
import { resolve } from '../params.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor, Tensor4D } from '../tensor/tf.ts';
import type { Weights } from '../tensor/weights.ts';
import {
  amslForward,
  classificationLoss,
  fusionWeights,
  reconstructionLoss,
  sparsityLoss,
  windowErrors,
} from './amslNet.ts';
import type { AmslForward, Read } from './amslNet.ts';
import { amslParams } from './amslParams.ts';
import type { AmslSettings } from './amslParams.ts';
import { checkForward, checkGrads, checkLosses, checkStep } from './encoder.testkit.ts';
import { gradientsOf, weightsOf } from './golden.testkit.ts';
import type { Check, Golden } from './golden.testkit.ts';

function settingsOf(golden: Golden): AmslSettings {
  const { T, R, f1, f2, C, cls, lambda1, lambda2 } = golden.spec.hyper;
  const words = golden.spec.hyper as unknown as { readonly score: string; readonly sparsity: string };
  const sizes = { window: T, filters1: f1, filters: f2, items: C, classifier: cls, lambda1, lambda2 };
  // The files have two views as well, and decoders of their own widths: the forward pass takes both from the weights.
  return { ...resolve(amslParams, { addressing: words.score, entropy: words.sparsity }), ...sizes, views: R };
}

/** The file has the batch first, the engine the views. */
const viewsFirst = (golden: Golden): Tensor4D => {
  const { data, shape } = golden.inputs['x'];
  const [B, R, T, D] = shape;
  return tf.transpose(tf.tensor4d([...data], [B, R, T, D], 'float32'), [1, 0, 2, 3]);
};

const batchFirst = (x: Tensor): Tensor => {
  const rest = Array.from({ length: x.shape.length - 2 }, (_, n) => n + 2);
  return tf.transpose(x, [1, 0, ...rest]);
};

function quantities(weights: Weights, x: Tensor4D, p: AmslSettings): Record<string, Tensor> {
  const forward = amslForward(weights, x, p);
  const [R, B] = x.shape;
  const probabilities = tf.softmax(forward.logits!);
  const addressing = (reads: readonly (Read | null)[]): Tensor =>
    batchFirst(
      tf.stack(reads.map((read) => tf.reshape(read!.weights, [B, read!.weights.shape[0] / B, read!.weights.shape[1]]))),
    );
  return {
    encoding: batchFirst(forward.code),
    classProbabilities: batchFirst(tf.reshape(probabilities, [R, B, R])),
    memoryWeightsLocal: addressing(forward.local),
    memoryWeightsGlobal: addressing(forward.global),
    fused: batchFirst(tf.stack(forward.fused.map((one) => one!))),
    alpha: forward.alpha!,
    alphaR07: fusionWeights(weights, 0.7),
    recon: batchFirst(tf.stack([...forward.rebuilt])),
    windowError: windowErrors(x, forward, x.shape[3]),
  };
}

async function checkAll(golden: Golden, weights: Weights, x: Tensor4D): Promise<Check[]> {
  const p = settingsOf(golden);
  const S = x.shape[3];
  const forward = (): AmslForward => amslForward(weights, x, p);
  const mse = (): Scalar => reconstructionLoss(x, forward(), S);
  const ce = (): Scalar => classificationLoss(forward().logits!);
  const sparsitySumOverC = (): Scalar => sparsityLoss(forward(), 'sum');
  const sparsityMeanOverC = (): Scalar => sparsityLoss(forward(), 'mean');
  const total = (): Scalar => {
    const all = forward();
    const classification = tf.mul<Scalar>(classificationLoss(all.logits!), p.lambda1);
    const sparsity = tf.mul<Scalar>(sparsityLoss(all, p.entropy), p.lambda2);
    return tf.addN([reconstructionLoss(x, all, S), classification, sparsity]);
  };
  const rate = golden.spec.hyper['lr'];
  return [
    ...(await checkForward(golden, () => quantities(weights, x, p))),
    ...(await checkLosses(golden, () => ({
      mse: mse(),
      ce: ce(),
      sparsitySumOverC: sparsitySumOverC(),
      sparsityMeanOverC: sparsityMeanOverC(),
      total: total(),
    }))),
    ...(await checkGrads(golden, 'total', weights, total)),
    ...(await checkGrads(golden, 'mse', weights, mse)),
    ...(await checkGrads(golden, 'ce', weights, ce)),
    ...(await checkGrads(golden, 'sparsitySumOverC', weights, sparsitySumOverC)),
    ...(await checkStep(golden, 'adam', weights, { rate }, () => gradientsOf(weights, total).grads)),
  ];
}

/** Every quantity of a file of the schema of `amsl.json`. */
export async function checkAmsl(json: unknown): Promise<Check[]> {
  const golden = json as Golden;
  const weights = weightsOf(golden);
  const x = tf.tidy(() => viewsFirst(golden));
  try {
    return await checkAll(golden, weights, x);
  } finally {
    tf.dispose([Object.values(weights), x]);
  }
}
