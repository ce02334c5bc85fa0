/** Drives OmniAnomaly with a golden file of any sizes, on the backend in use. */
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor3D } from '../tensor/tf.ts';
import type { Weights } from '../tensor/weights.ts';
import { checkForward, checkGrads, checkLosses, checkStep, inputOf, withGolden } from './encoder.testkit.ts';
import { arraysOf, compare, gradientsOf } from './golden.testkit.ts';
import type { Check, Golden } from './golden.testkit.ts';
import { clipEach, evidenceBound, omniForward } from './omniAnomaly.ts';
import { absoluteError } from './shared/reconstructor.ts';

/** The published code's bound on each gradient, which the file's text fixes. */
const LONGEST = 10;

async function checkNorms(golden: Golden, weights: Weights, loss: () => Scalar): Promise<Check[]> {
  const norms = tf.scoped(() => {
    const { grads } = gradientsOf(weights, loss);
    return Object.fromEntries(Object.entries(grads).map(([name, grad]) => [name, tf.norm(grad)]));
  });
  const got = await arraysOf(norms);
  tf.dispose(norms);
  const want = golden.expected['gradNorms'] as Readonly<Record<string, number>>;
  return Object.entries(want).map(([name, value]) =>
    compare(`gradNorms.${name}`, got[name] ?? [], value, golden.tolerance.grads),
  );
}

async function checkAll(golden: Golden, weights: Weights, x: Tensor3D, eps: Tensor3D): Promise<Check[]> {
  const { flows, lr } = golden.spec.hyper;
  const negElbo = (): Scalar => tf.neg(tf.mean<Scalar>(evidenceBound(omniForward(weights, x, eps, flows))));
  return [
    ...(await checkForward(golden, () => {
      const out = omniForward(weights, x, eps, flows);
      const [B, W] = out.logPx.shape;
      const { mean: reconMean } = omniForward(weights, x, tf.zerosLike(eps), flows);
      return {
        qMu: out.mu,
        qSigma: out.sigma,
        z0: out.z0,
        z: out.z,
        logQ: out.logQ,
        logPz: out.logPz,
        xMean: out.mean,
        xStd: out.deviation,
        logPx: out.logPx,
        elbo: evidenceBound(out),
        lastPointScore: tf.neg(tf.slice2d(out.logPx, [0, W - 1], [B, 1])),
        reconMean,
        score: absoluteError(x, reconMean),
      };
    })),
    ...(await checkLosses(golden, () => ({ negElbo: negElbo() }))),
    ...(await checkGrads(golden, 'negElbo', weights, negElbo)),
    ...(await checkNorms(golden, weights, negElbo)),
    ...(await checkStep(golden, 'adam', weights, { rate: lr }, () =>
      clipEach(gradientsOf(weights, negElbo).grads, LONGEST),
    )),
  ];
}

/** Every quantity of a file of the schema of `omni_anomaly.json`. */
export const checkOmniAnomaly = (json: unknown): Promise<Check[]> => {
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
