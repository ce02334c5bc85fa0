/** Drives LSTM-VAE with a golden file of any sizes, on the backend in use. */
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor3D } from '../tensor/tf.ts';
import type { Weights } from '../tensor/weights.ts';
import { checkForward, checkGrads, checkLosses, checkStep, inputOf, withGolden } from './encoder.testkit.ts';
import { gradientsOf } from './golden.testkit.ts';
import type { Check, Golden } from './golden.testkit.ts';
import { decode, drawn, lossTerms, posterior } from './lstmVae.ts';
import { absoluteError } from './shared/reconstructor.ts';

async function checkAll(golden: Golden, weights: Weights, x: Tensor3D, eps: Tensor3D): Promise<Check[]> {
  const { beta, lr } = golden.spec.hyper;
  const kl = (): Scalar => lossTerms(weights, x, x, eps).kl;
  const total = (): Scalar => {
    const terms = lossTerms(weights, x, x, eps);
    return tf.add(terms.fit, tf.mul(terms.kl, beta));
  };
  return [
    ...(await checkForward(golden, () => {
      const q = posterior(weights, x);
      const z = drawn(q, eps);
      const reconMean = decode(weights, q.mu).mean;
      const recon = decode(weights, z).mean;
      return { mu: q.mu, logvar: q.logVar, z, recon, reconMean, score: absoluteError(x, reconMean) };
    })),
    ...(await checkLosses(golden, () => ({ mse: lossTerms(weights, x, x, eps).fit, kl: kl(), total: total() }))),
    ...(await checkGrads(golden, 'total', weights, total)),
    ...(await checkGrads(golden, 'kl', weights, kl)),
    ...(await checkStep(golden, 'adam', weights, { rate: lr }, () => gradientsOf(weights, total).grads)),
  ];
}

/** Every quantity of a file of the schema of `lstm_vae.json`. */
export const checkLstmVae = (json: unknown): Promise<Check[]> => {
  const golden = json as Golden;
  return withGolden(golden, async (weights, x) => {
    const eps = inputOf(golden, 'eps');
    try {
      return await checkAll(golden, weights, x, eps);
    } finally {
      eps.dispose();
    }
  });
};
