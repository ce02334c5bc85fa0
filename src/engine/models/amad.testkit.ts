/** Drives AMAD with a golden file of any sizes, on the backend in use. */
import { defaults } from '../params.ts';
import { batchFirst, embedWindow } from '../tensor/encoder.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor, Tensor3D } from '../tensor/tf.ts';
import type { Weights } from '../tensor/weights.ts';
import {
  amadForward,
  amadScore,
  cadLocal,
  cadMax,
  cadMin,
  cadOf,
  contrastive,
  localObjective,
  reconstruction,
  routedGradients,
} from './amad.ts';
import type { AmadForward, AmadSettings } from './amad.ts';
import { amadParams } from './amadParams.ts';
import { checkForward, checkGrads, checkLosses, checkStep, withGolden } from './encoder.testkit.ts';
import { arraysOf, compare, compareGrads, gradientsOf, group } from './golden.testkit.ts';
import type { Check, Golden } from './golden.testkit.ts';
import { squaredError } from './shared/reconstructor.ts';

function settingsOf({ spec, weights }: Golden): AmadSettings {
  const { d, h, L, N, alpha, tau, lam, lr } = spec.hyper;
  return {
    ...defaults(amadParams),
    window: N,
    hidden: d,
    heads: h,
    layers: L,
    alpha,
    tau,
    lambda: lam,
    rate: lr,
    feedForward: 'layers.0.ff1.kernel' in weights ? 'two' : 'one',
    frequencies: 'layers.0.omegaByStep' in weights ? 'position' : 'head',
  };
}

/** The file has local gradients only where they differ: everywhere else the local update must be the routed one. */
async function checkElsewhere(golden: Golden, local: Readonly<Record<string, Tensor>>): Promise<Check[]> {
  const got = await arraysOf(local);
  const differing = group(golden, 'grads.routedLocal');
  return Object.entries(group(golden, 'grads.routed'))
    .filter(([name]) => !(name in differing))
    .map(([name, want]) => compare(`one backward pass: ${name}`, got[name], want, golden.tolerance.grads));
}

async function checkAll(golden: Golden, weights: Weights, x: Tensor3D): Promise<Check[]> {
  const p = settingsOf(golden);
  const forward = (): AmadForward => amadForward(weights, x, p);
  const rec = ({ y_BWS }: AmadForward): Scalar => reconstruction(x, y_BWS);
  const common = (out: AmadForward): Scalar => tf.add(rec(out), contrastive(out.layers, p));
  const local = (): Scalar => {
    const out = forward();
    return localObjective(weights, out, p, common(out));
  };
  const routed = tf.scoped(() => routedGradients(weights, x, p, common).grads);
  const oneStep = tf.scoped(() => gradientsOf(weights, local).grads);
  try {
    return [
      ...(await checkForward(golden, () => {
        const { y_BWS, layers } = forward();
        const maps = layers.flatMap(({ index, s, a }) => [
          [`attention/layers.${index}.S`, batchFirst(s)] as const,
          [`attention/layers.${index}.A`, batchFirst(a!)] as const,
        ]);
        const cad = cadOf(layers);
        const error = squaredError(x, y_BWS);
        return {
          embed: embedWindow(weights, x),
          recon: y_BWS,
          ...Object.fromEntries(maps),
          cad,
          scoreWeights: tf.softmax(tf.neg(cad)),
          score: amadScore(cad, tf.mul(error, x.shape[2]), 1),
          scoreTemp50: amadScore(cad, error, 50),
        };
      })),
      ...(await checkLosses(golden, () => {
        const out = forward();
        const cadMean = tf.mean<Scalar>(cadOf(out.layers));
        return {
          rec: rec(out),
          cadMean,
          con: contrastive(out.layers, p),
          min: tf.add(common(out), tf.mul(cadMin(weights, out.layers, p), p.lambda)),
          max: tf.sub(common(out), tf.mul(cadMax(out.layers), p.lambda)),
        };
      })),
      ...(await checkGrads(golden, 'rec', weights, () => rec(forward()))),
      ...(await checkGrads(golden, 'con', weights, () => contrastive(forward().layers, p))),
      ...(await checkGrads(golden, 'cadMin', weights, () => cadMin(weights, forward().layers, p))),
      ...(await checkGrads(golden, 'cadMax', weights, () => cadMax(forward().layers))),
      ...(await checkGrads(golden, 'cadMaxLocal', weights, () => cadLocal(weights, forward().layers, p, 0, -1))),
      ...compareGrads(golden, 'routed', await arraysOf(routed)),
      ...compareGrads(golden, 'routedLocal', await arraysOf(oneStep)),
      ...(await checkElsewhere(golden, oneStep)),
      ...(await checkStep(golden, 'adam', weights, { rate: p.rate }, () => routed)),
      ...(await checkStep(golden, 'adamLocal', weights, { rate: p.rate }, () => oneStep)),
    ];
  } finally {
    tf.dispose([routed, oneStep]);
  }
}

/** Every quantity of a file of the schema of `amad.json`. */
export const checkAmad = (json: unknown): Promise<Check[]> => {
  const golden = json as Golden;
  return withGolden(golden, (weights, x) => checkAll(golden, weights, x));
};
