/** Drives the feedback losses on the Transformer with a golden file of any sizes, on the backend in use. */
import { checkForward, checkGrads, checkLosses, withGolden } from '../models/encoder.testkit.ts';
import { arraysOf, compare, compareLoss, compareStep, gradientsOf } from '../models/golden.testkit.ts';
import type { Check, Golden } from '../models/golden.testkit.ts';
import { encode } from '../models/shared/encoder.ts';
import { absoluteError } from '../models/shared/reconstructor.ts';
import { adam } from '../tensor/adam.ts';
import { globalNorm } from '../tensor/clip.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor3D } from '../tensor/tf.ts';
import { disposeWeights, makeWeights, readWeights } from '../tensor/weights.ts';
import type { Weights } from '../tensor/weights.ts';
import { hiddenError, hideSteps, phaseLoss, phaseStep, phaseSum, stepsOf } from './minimax.ts';
import type { LabelledBatch, Phase, Reconstruct } from './minimax.ts';

type Setting = {
  readonly golden: Golden;
  readonly batch: LabelledBatch;
  readonly by: (weights: Weights) => Reconstruct;
};

const lossBy =
  ({ by, batch }: Setting, weights: Weights, phase: Phase) =>
  (): Scalar =>
    phaseLoss(phase, hiddenError(by(weights), batch), batch);

/** Both losses at the present weights, under the names that the file gives this moment. */
const lossesNow = (setting: Setting, weights: Weights, moment: string): Promise<Check[]> =>
  checkLosses(setting.golden, () => ({
    [`normal${moment}`]: lossBy(setting, weights, 'min')(),
    [`anomaly${moment}`]: lossBy(setting, weights, 'max')(),
  }));

async function normOf(setting: Setting, weights: Weights, phase: Phase): Promise<Check> {
  const norm = tf.tidy(() => globalNorm(gradientsOf(weights, lossBy(setting, weights, phase)).grads));
  const [got] = await norm.data();
  norm.dispose();
  const want = (setting.golden.expected['gradNorm'] as Readonly<Partial<Record<string, number>>> | undefined)?.[phase];
  return compare(`gradNorm.${phase}`, [got], want, setting.golden.tolerance.grads);
}

/** Min step, then max step with the same optimiser; the gradient of the second is that of the moved weights. */
async function checkPhases(setting: Setting, weights: Weights): Promise<Check[]> {
  const { golden, batch, by } = setting;
  const { lr, clip } = golden.spec.hyper;
  const moved = makeWeights(await readWeights(weights));
  const optimiser = adam(moved, { rate: lr });
  const checks: Check[] = [];
  for (const phase of ['min', 'max'] as const) {
    checks.push(...(await checkGrads(golden, phase, moved, lossBy(setting, moved, phase))));
    checks.push(await normOf(setting, moved, phase));
    const value = phaseStep(phase, moved, Object.keys(moved), by(moved), batch, { optimiser, longest: clip });
    // A phase that no masked step is of has no loss to speak of, and moves nothing.
    const loss = value === null ? 0 : (await value.data())[0];
    value?.dispose();
    checks.push(compareLoss(golden, phase === 'min' ? 'normal' : 'anomalyAfterMin', loss));
    checks.push(...compareStep(golden, phase === 'min' ? 'adamMin' : 'adam', await arraysOf(moved)));
    checks.push(...(await lossesNow(setting, moved, phase === 'min' ? 'AfterMin' : 'AfterMax')));
  }
  optimiser.dispose();
  disposeWeights(moved);
  return checks;
}

/** Where a phase has no step, a file need not hold its losses and norms. */
const isAbout = ({ golden, batch }: Setting): ((check: Check) => boolean) => {
  const empty = (['min', 'max'] as const).filter((phase) => !stepsOf(phase, batch).includes(1));
  const missing = empty.flatMap((phase) => {
    const loss = phase === 'min' ? 'normal' : 'anomaly';
    const norm = golden.expected['gradNorm'] as Readonly<Record<string, number>> | undefined;
    const names = Object.keys((golden.expected['loss'] ?? {}) as object);
    return [
      ...['', 'Sum', 'AfterMin', 'AfterMax'].map((at) => `${loss}${at}`).filter((name) => !names.includes(name)),
      ...(norm?.[phase] === undefined ? [`gradNorm.${phase}`] : []),
    ];
  });
  return ({ name }) => !missing.includes(name.replace(/^loss\./, ''));
};

async function checkAll(setting: Setting, weights: Weights, x: Tensor3D): Promise<Check[]> {
  const { golden, batch, by } = setting;
  const all = [
    ...(await checkForward(golden, () => {
      const maskedInput = hideSteps(x, batch.mask_BW);
      const score = absoluteError(x, by(weights)(x));
      return {
        maskedInput,
        recon: by(weights)(maskedInput),
        msePerStep: hiddenError(by(weights), batch),
        score,
        windowScore: tf.mean(score, 1),
      };
    })),
    ...(await lossesNow(setting, weights, '')),
    ...(await checkLosses(golden, () => {
      const error_BW = hiddenError(by(weights), batch);
      return { normalSum: phaseSum('min', error_BW, batch), anomalySum: phaseSum('max', error_BW, batch) };
    })),
    ...(await checkGrads(golden, 'maxAtStart', weights, lossBy(setting, weights, 'max'))),
    ...(await checkPhases(setting, weights)),
  ];
  return all.filter(isAbout(setting));
}

/** Every quantity of a file of the schema of `active_transformer.json`. */
export const checkActiveTransformer = (json: unknown): Promise<Check[]> => {
  const golden = json as Golden;
  const { d, h, L, ff } = golden.spec.hyper;
  const size = { hidden: d, heads: h, layers: L, inner: ff };
  const steps = (name: string): Float32Array => Float32Array.from(golden.inputs[name].data);
  return withGolden(golden, (weights, x) => {
    const batch = { x_BWF: x, mask_BW: steps('mask'), label_BW: steps('labels') };
    return checkAll({ golden, batch, by: (own) => (input) => encode(own, input, size).y_BWS }, weights, x);
  });
};
