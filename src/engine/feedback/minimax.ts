/**
 * Masked minimax feedback: labelled windows are rebuilt with some of their steps hidden; the model learns to rebuild
 * hidden normal steps better (min) and hidden anomalous ones worse (max).
 * Source: the active-learning framework for reconstruction models, eq. 2 and 3, with sums divided by the number of
 * steps they run over. Dimensions: B batch, W window, F = S sensors + C covariates.
 */
import { shuffle } from '../rng.ts';
import type { Adam } from '../tensor/adam.ts';
import { clipTogether } from '../tensor/clip.ts';
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor, Tensor2D, Tensor3D } from '../tensor/tf.ts';
import type { Weights } from '../tensor/weights.ts';
import { gradientsOf } from '../tensor/gradients.ts';

/** Labelled windows; mask and labels are one number a step: 1 hidden, 1 anomalous. */
export type LabelledBatch = {
  readonly x_BWF: Tensor3D;
  readonly mask_BW: Float32Array;
  readonly label_BW: Float32Array;
  /** What stands in hidden steps, by column; 0 when left out, the mean of a standardised column. */
  readonly fill_F?: Float32Array;
  /** 1 at the steps that the losses look at; the hidden ones when left out, as in the paper. */
  readonly judged_BW?: Float32Array;
};

/** Rebuilds windows [B, W, F] as sensors [B, W, S], with gradients. */
export type Reconstruct = (x_BWF: Tensor3D) => Tensor3D;

export type Phase = 'min' | 'max';

/** `count` different numbers below `of`, ascending. */
const chosen = (count: number, of: number, rng: () => number): Int32Array =>
  shuffle(
    Int32Array.from({ length: of }, (_, i) => i),
    rng,
  )
    .slice(0, count)
    .sort();

/**
 * A mask of one window: exactly `round(ratio · W)` steps are 1, in separate runs whose mean length is as near to
 * `meanRun` as whole runs allow. `ratio` in [0, 1].
 */
export function maskRuns(W: number, ratio: number, meanRun: number, rng: () => number): Float32Array {
  const hidden = Math.round(ratio * W);
  const shown = W - hidden;
  const mask_W = new Float32Array(W);
  if (hidden === 0) return mask_W;
  const runs = Math.min(hidden, shown + 1, Math.max(1, Math.round(hidden / meanRun)));
  // Borders between runs inside the hidden steps, and places of the runs between the shown ones: no two alike.
  const ends = [...chosen(runs - 1, hidden - 1, rng)].map((cut) => cut + 1).concat(hidden);
  const places = chosen(runs, shown + 1, rng);
  let from = 0;
  ends.forEach((end, n) => {
    mask_W.fill(1, places[n] + from, places[n] + end);
    from = end;
  });
  return mask_W;
}

/** Windows whose masked steps hold `fill_F` in every channel, 0 when left out. */
export function hideSteps(x_BWF: Tensor3D, mask_BW: Float32Array, fill_F?: Float32Array): Tensor3D {
  const [B, W, F] = x_BWF.shape;
  const keeps = tf.tensor3d(
    mask_BW.map((m) => 1 - m),
    [B, W, 1],
  );
  const rest = tf.mul<Tensor3D>(x_BWF, keeps);
  if (fill_F === undefined) return rest;
  return tf.add(rest, tf.mul(tf.tensor3d(mask_BW, [B, W, 1]), tf.tensor3d(fill_F, [1, 1, F])));
}

/** 1 at the judged steps that a phase works on: normal ones for `min`, anomalous ones for `max`. */
export const stepsOf = (phase: Phase, { mask_BW, label_BW, judged_BW = mask_BW }: LabelledBatch): Float32Array =>
  judged_BW.map((m, i) => m * (phase === 'max' ? label_BW[i] : 1 - label_BW[i]));

const total = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

/** Squared error by step, mean over sensors [B, W], of windows rebuilt from their hidden form. */
export function hiddenError(reconstruct: Reconstruct, { x_BWF, mask_BW, fill_F }: LabelledBatch): Tensor2D {
  const y_BWS = reconstruct(hideSteps(x_BWF, mask_BW, fill_F));
  const [B, W, F] = x_BWF.shape;
  const S = y_BWS.shape[2];
  const x_BWS = S === F ? x_BWF : tf.slice3d(x_BWF, [0, 0, 0], [B, W, S]);
  return tf.mean<Tensor2D>(tf.square(tf.sub(x_BWS, y_BWS)), -1);
}

/** Sum of the errors over the steps of a phase: eq. 2 for `min`; eq. 3, with its minus, for `max`. */
export function phaseSum(phase: Phase, error_BW: Tensor2D, batch: LabelledBatch): Scalar {
  const sum = tf.sum<Scalar>(tf.mul(error_BW, tf.tensor2d(stepsOf(phase, batch), error_BW.shape)));
  return phase === 'max' ? tf.neg(sum) : sum;
}

/** The same divided by the number of steps it runs over, 0 where there are none. */
export const phaseLoss = (phase: Phase, error_BW: Tensor2D, batch: LabelledBatch): Scalar =>
  tf.div(phaseSum(phase, error_BW, batch), tf.scalar(Math.max(1, total(stepsOf(phase, batch)))));

/**
 * One phase on one batch: forward, clip, one step of `optimiser`, which both phases share. Gives the loss from before
 * the step, which the caller frees; null where no judged step is of the phase's kind: then nothing moves.
 */
export function phaseStep(
  phase: Phase,
  weights: Weights,
  moves: readonly string[],
  reconstruct: Reconstruct,
  batch: LabelledBatch,
  { optimiser, longest }: { readonly optimiser: Adam; readonly longest: number },
): Scalar | null {
  if (total(stepsOf(phase, batch)) === 0) return null;
  return tf.tidy(() => {
    const loss = (): Scalar => phaseLoss(phase, hiddenError(reconstruct, batch), batch);
    const { value, grads } = gradientsOf(weights, moves, loss);
    // Weights that are not on the way to the reconstruction, such as a second decoder's, have no gradient and stay.
    const reached = Object.entries<Tensor | undefined>(grads).filter(([, gradient]) => gradient !== undefined);
    optimiser.step(clipTogether(Object.fromEntries(reached) as Readonly<Record<string, Tensor>>, longest));
    return value;
  });
}
