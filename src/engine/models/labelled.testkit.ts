/** Drives the networks that learn from labels with golden files of any sizes, on the backend in use. */
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor2D, Tensor3D } from '../tensor/tf.ts';
import { disposeWeights } from '../tensor/weights.ts';
import type { Weights } from '../tensor/weights.ts';
import { checkForward, checkGrads, checkLosses, checkStep } from './encoder.testkit.ts';
import { arraysOf, compare, gradientsOf, group, weightsOf } from './golden.testkit.ts';
import type { Check, Golden } from './golden.testkit.ts';
import { angular, embedBoth, euclidean, logitOf, probability, tcn } from './ncadNetwork.ts';
import { unet } from './robustTadNetwork.ts';
import { crossEntropy } from './shared/crossEntropy.ts';
import { srCnnLogits } from './srCnnNetwork.ts';

async function withFile(
  json: unknown,
  checks: (golden: Golden, weights: Weights, x: tf.Tensor, labels: tf.Tensor) => Promise<Check[]>,
): Promise<Check[]> {
  const golden = json as Golden;
  const weights = weightsOf(golden);
  const given = ['x', 'labels'].map((name) => {
    const { shape, data } = golden.inputs[name];
    return tf.tensor([...data], [...shape], 'float32');
  });
  try {
    return await checks(golden, weights, given[0], given[1]);
  } finally {
    disposeWeights(weights);
    tf.dispose(given);
  }
}

const meanLoss = (logit: Tensor2D, labels: tf.Tensor, weight = 1): Scalar =>
  tf.mean(crossEntropy<tf.Tensor>(logit, labels, weight));

/** Every quantity of a file of the schema of `robusttad_unet.json`. */
export const checkRobustTad = (json: unknown): Promise<Check[]> =>
  withFile(json, async (golden, weights, given, labels) => {
    const x = given as Tensor3D;
    const ones = golden.inputs['labels'].data.reduce((sum, label) => sum + label, 0);
    const positiveWeight = Math.min((labels.size - ones) / ones, 20);
    const loss = (): Scalar => meanLoss(unet(weights, x).logit_BT, labels, positiveWeight);
    return [
      ...(await checkForward(golden, () => {
        const { bottleneck, logit_BT } = unet(weights, x);
        return { bottleneck, logits: logit_BT, score: tf.sigmoid(logit_BT) };
      })),
      compare('posWeight', [positiveWeight], golden.expected['posWeight'], golden.tolerance.loss),
      ...(await checkLosses(golden, () => ({ bce: loss() }))),
      ...(await checkGrads(golden, 'bce', weights, loss)),
      ...(await checkStep(
        golden,
        'adam',
        weights,
        { rate: golden.spec.hyper['lr'] },
        () => gradientsOf(weights, loss).grads,
      )),
    ];
  });

/** Every quantity of a file of the schema of `srcnn.json`. */
export const checkSrCnn = (json: unknown): Promise<Check[]> =>
  withFile(json, async (golden, weights, given, labels) => {
    const x = given as Tensor2D;
    const { posWeight, lr } = golden.spec.hyper;
    const loss = (): Scalar => tf.sum(crossEntropy<tf.Tensor>(srCnnLogits(weights, x), labels, posWeight));
    const moved = tf.tidy(() => {
      const { grads } = gradientsOf(weights, loss);
      return Object.fromEntries(
        Object.entries(weights).map(([name, weight]) => [name, tf.sub(weight, tf.mul(grads[name], tf.scalar(lr)))]),
      );
    });
    const after = await arraysOf(moved);
    tf.dispose(moved);
    return [
      ...(await checkForward(golden, () => {
        const logits = srCnnLogits(weights, x);
        return { logits, score: tf.sigmoid(logits) };
      })),
      ...(await checkLosses(golden, () => ({ bceSum: loss() }))),
      ...(await checkGrads(golden, 'bceSum', weights, loss)),
      ...Object.entries(group(golden, 'sgd')).map(([name, want]) =>
        compare(`sgd.${name}`, after[name], want, golden.tolerance.grads),
      ),
    ];
  });

/** Every quantity of a file of the schema of `ncad.json`. */
export const checkNcad = (json: unknown): Promise<Check[]> =>
  withFile(json, async (golden, weights, given, labels) => {
    const x = given as Tensor3D;
    const { pool, s } = golden.spec.hyper;
    const both = () => embedBoth(weights, x, pool, s);
    const loss = (): Scalar => tf.mean(crossEntropy<tf.Tensor>(logitOf(euclidean(...both())), labels));
    return [
      ...(await checkForward(golden, () => {
        const [full, context] = both();
        const distance = euclidean(full, context);
        return {
          tcn: tcn(weights, x),
          embeddingFull: full,
          embeddingContext: context,
          distance,
          probability: probability(distance),
          logit: logitOf(distance),
          cosineDistance: angular(full, context),
        };
      })),
      ...(await checkLosses(golden, () => ({ bce: loss() }))),
      ...(await checkGrads(golden, 'bce', weights, loss)),
    ];
  });
