/** Drives the Transformer and the Anomaly Transformer with golden files of any sizes, on the backend in use. */
import { defaults } from '../params.ts';
import { batchFirst } from '../tensor/encoder.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor3D } from '../tensor/tf.ts';
import type { Weights } from '../tensor/weights.ts';
import {
  anomalyTransformer,
  association,
  atForward,
  atObjective,
  atScore,
  discrepancies,
} from './anomalyTransformer.ts';
import { checkForward, checkGrads, checkLosses, checkStep, withGolden } from './encoder.testkit.ts';
import { gradientsOf } from './golden.testkit.ts';
import type { Check, Golden } from './golden.testkit.ts';
import { absoluteError, squaredError } from './shared/reconstructor.ts';
import { encode, reconstructionLoss } from './shared/encoder.ts';

async function transformerChecks(golden: Golden, weights: Weights, x: Tensor3D): Promise<Check[]> {
  const { d, h, L, ff, lr } = golden.spec.hyper;
  const size = { hidden: d, heads: h, layers: L, inner: ff };
  const mse = (): Scalar => reconstructionLoss(x, encode(weights, x, size).y_BWS);
  return [
    ...(await checkForward(golden, () => {
      const { y_BWS, layers } = encode(weights, x, size);
      const maps = layers.map(({ map }, n) => [`attention/layers.${n}.S`, batchFirst(map)] as const);
      return { recon: y_BWS, ...Object.fromEntries(maps), score: absoluteError(x, y_BWS) };
    })),
    ...(await checkLosses(golden, () => ({ mse: mse() }))),
    ...(await checkGrads(golden, 'mse', weights, mse)),
    ...(await checkStep(golden, 'adam', weights, { rate: lr }, () => gradientsOf(weights, mse).grads)),
  ];
}

async function anomalyTransformerChecks(golden: Golden, weights: Weights, x: Tensor3D): Promise<Check[]> {
  const { d, h, L, ff, N, k, lr } = golden.spec.hyper;
  const p = { ...defaults(anomalyTransformer.params), window: N, hidden: d, heads: h, layers: L, inner: ff, k };
  const forward = () => atForward(weights, x, p);
  const rec = (): Scalar => reconstructionLoss(x, forward().y_BWS);
  const update = (): Scalar => {
    const { y_BWS, layers } = forward();
    return atObjective(reconstructionLoss(x, y_BWS), layers, k);
  };
  return [
    ...(await checkForward(golden, () => {
      const { y_BWS, layers } = forward();
      const maps = layers.flatMap(({ series, prior, sigma }, n) => [
        [`attention/layers.${n}.series`, batchFirst(series)] as const,
        [`attention/layers.${n}.prior`, batchFirst(prior)] as const,
        [`attention/layers.${n}.sigma`, tf.transpose(tf.squeeze(sigma, [3]), [1, 0, 2])] as const,
      ]);
      const apart = discrepancies(layers);
      return {
        recon: y_BWS,
        ...Object.fromEntries(maps),
        discrepancy: apart,
        score: atScore(tf.sum(apart, 0), squaredError(x, y_BWS), 50),
        scoreAbs: absoluteError(x, y_BWS),
      };
    })),
    ...(await checkLosses(golden, () => {
      const { y_BWS, layers } = forward();
      const [error, assoc] = [reconstructionLoss(x, y_BWS), association(layers, 0, 0)];
      const far = tf.mul(assoc, k);
      return { rec: error, assoc, loss1: tf.sub(error, far), loss2: tf.add(error, far) };
    })),
    ...(await checkGrads(golden, 'rec', weights, rec)),
    ...(await checkGrads(golden, 'assocSeries', weights, () => association(forward().layers, 1, 0))),
    ...(await checkGrads(golden, 'assocPrior', weights, () => association(forward().layers, 0, 1))),
    ...(await checkGrads(golden, 'update', weights, update)),
    ...(await checkStep(golden, 'adam', weights, { rate: lr }, () => gradientsOf(weights, update).grads)),
  ];
}

/** Every quantity of a file of the schema of `transformer.json`. */
export const checkTransformer = (json: unknown): Promise<Check[]> =>
  withGolden(json as Golden, (weights, x) => transformerChecks(json as Golden, weights, x));

/** Every quantity of a file of the schema of `anomaly_transformer.json`. */
export const checkAnomalyTransformer = (json: unknown): Promise<Check[]> =>
  withGolden(json as Golden, (weights, x) => anomalyTransformerChecks(json as Golden, weights, x));
