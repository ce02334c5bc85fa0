/** Drives USAD with a golden file of any sizes, on the backend in use. */
import { adam } from '../tensor/adam.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor3D } from '../tensor/tf.ts';
import { disposeWeights, makeWeights, readWeights } from '../tensor/weights.ts';
import type { Weights } from '../tensor/weights.ts';
import { gradientsOf as gradientsBy } from '../tensor/gradients.ts';
import { checkForward, checkGrads, checkLosses, withGolden } from './encoder.testkit.ts';
import { arraysOf, compareGrads, compareLoss, compareStep } from './golden.testkit.ts';
import type { Check, Golden } from './golden.testkit.ts';
import { absoluteError, squaredError } from './shared/reconstructor.ts';
import { firstLoss, movedBy, secondLoss, usadForward, usadScore } from './usad.ts';

/** Both updates of one iteration, each with an optimiser of its own; the second starts from the weights of the first. */
async function checkIteration(golden: Golden, weights: Weights, x: Tensor3D): Promise<Check[]> {
  const { epoch, lr } = golden.spec.hyper;
  const moved = makeWeights(await readWeights(weights));
  const update = (decoder: string, loss: () => Scalar) => {
    const names = movedBy(Object.keys(moved), decoder);
    const optimiser = adam(Object.fromEntries(names.map((name) => [name, moved[name]])), { rate: lr });
    const { value, grads } = gradientsBy(moved, names, loss);
    optimiser.step(grads);
    optimiser.dispose();
    return { names, value, grads };
  };
  const one = update('decoder1', () => firstLoss(x, usadForward(moved, x), epoch));
  const afterOne = await arraysOf(Object.fromEntries(one.names.map((name) => [name, moved[name]])));
  const two = update('decoder2', () => secondLoss(x, usadForward(moved, x), epoch));
  const [value, grads, after] = [await two.value.data(), await arraysOf(two.grads), await arraysOf(moved)];
  tf.dispose([one.value, one.grads, two.value, two.grads]);
  disposeWeights(moved);
  return [
    ...compareStep(golden, 'adamStep1', afterOne),
    compareLoss(golden, 'loss2AfterStep1', value[0]),
    ...compareGrads(golden, 'loss2AfterStep1', grads),
    ...compareStep(golden, 'adam', after),
  ];
}

async function checkAll(golden: Golden, weights: Weights, x: Tensor3D): Promise<Check[]> {
  const { epoch } = golden.spec.hyper;
  const loss1 = (): Scalar => firstLoss(x, usadForward(weights, x), epoch);
  const loss2 = (): Scalar => secondLoss(x, usadForward(weights, x), epoch);
  return [
    ...(await checkForward(golden, () => {
      const { latent_BZ, first, second, both } = usadForward(weights, x);
      const score_BW = usadScore(squaredError(x, first), squaredError(x, both), 0.5);
      return {
        latent: latent_BZ,
        recon1: first,
        recon2: second,
        recon21: both,
        windowScore: tf.mean(score_BW, 1),
        score: absoluteError(x, first),
      };
    })),
    ...(await checkLosses(golden, () => ({ loss1: loss1(), loss2: loss2() }))),
    ...(await checkGrads(golden, 'loss1', weights, loss1)),
    ...(await checkGrads(golden, 'loss2', weights, loss2)),
    ...(await checkIteration(golden, weights, x)),
  ];
}

/** Every quantity of a file of the schema of `usad.json`. */
export const checkUsad = (json: unknown): Promise<Check[]> =>
  withGolden(json as Golden, (weights, x) => checkAll(json as Golden, weights, x));
