/** Drives the networks of C-GATS with a golden file of any sizes, on the backend in use. */
import { checkForward, checkGrads, checkLosses, checkStep } from '../models/encoder.testkit.ts';
import { gradientsOf, weightsOf } from '../models/golden.testkit.ts';
import type { Check, Golden } from '../models/golden.testkit.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor2D } from '../tensor/tf.ts';
import { disposeWeights } from '../tensor/weights.ts';
import type { Weights } from '../tensor/weights.ts';
import { decodeAnomalous, decodeNormal, drawn, encode, occluded, stage1, stage2 } from './cgatsNetwork.ts';

type Inputs = Readonly<Record<string, Tensor2D>>;

const inputsOf = (golden: Golden): Inputs =>
  Object.fromEntries(
    Object.entries(golden.inputs).map(([name, { shape, data }]) => [
      name,
      tf.tensor2d([...data], shape as [number, number], 'float32'),
    ]),
  );

async function checkAll(golden: Golden, weights: Weights, given: Inputs): Promise<Check[]> {
  const { normal, anomalous, labelsNormal, labelsAnomalous, epsStage1, epsStage2 } = given;
  const rate = golden.spec.hyper['lr'];
  const latent = (): Tensor2D => drawn(encode(weights, occluded(anomalous, labelsAnomalous)), epsStage2);
  const z2 = tf.tidy(latent);
  const first = (): Scalar => {
    const { nll, kl } = stage1(weights, normal, labelsNormal, epsStage1);
    return tf.add(nll, kl);
  };
  const second = (): Scalar => stage2(weights, anomalous, labelsAnomalous, z2);
  const part = (loss: () => Scalar, name: RegExp): (() => Record<string, tf.Tensor>) => {
    return () => {
      const { grads } = gradientsOf(weights, loss);
      return Object.fromEntries(Object.entries(grads).filter(([key]) => name.test(key)));
    };
  };
  try {
    return [
      ...(await checkForward(golden, () => {
        const q = encode(weights, occluded(normal, labelsNormal));
        const z = drawn(q, epsStage1);
        const q2 = encode(weights, occluded(anomalous, labelsAnomalous));
        return {
          occludedNormal: occluded(normal, labelsNormal),
          mu: q.mu,
          logvar: q.logVar,
          z,
          reconNormal: decodeNormal(weights, z, normal.shape[1]),
          occludedAnomalous: occluded(anomalous, labelsAnomalous),
          mu2: q2.mu,
          logvar2: q2.logVar,
          z2: latent(),
          generated: decodeAnomalous(weights, z2, labelsAnomalous),
        };
      })),
      ...(await checkLosses(golden, () => {
        const { nll, kl } = stage1(weights, normal, labelsNormal, epsStage1);
        return { nll, kl, stage1: tf.add(nll, kl), stage2: second() };
      })),
      ...(await checkGrads(golden, 'stage1', weights, first)),
      ...(await checkGrads(golden, 'stage2', weights, second)),
      ...(await checkStep(golden, 'adamStage1', weights, { rate }, part(first, /^(encoder|psi)\./))),
      ...(await checkStep(golden, 'adamStage2', weights, { rate }, part(second, /^phi\./))),
    ];
  } finally {
    z2.dispose();
  }
}

/** Every quantity of a file of the schema of `cgats.json`. */
export async function checkCgats(json: unknown): Promise<Check[]> {
  const golden = json as Golden;
  const weights = weightsOf(golden);
  const given = inputsOf(golden);
  try {
    return await checkAll(golden, weights, given);
  } finally {
    disposeWeights(weights);
    tf.dispose(given);
  }
}
