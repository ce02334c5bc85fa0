/**
 * Weights of the members from what a person said of steps: a logistic law of the members' verdicts, whose weights may not
 * fall below `LEAST` and are drawn towards those in force, so that a few labels move them a little. K members, T steps.
 */
import { EngineError } from '../errors.ts';
import { ANOMALOUS, NORMAL } from '../labels/steps.ts';

/** No member is silenced by labels: a kind of anomaly that nobody labelled yet may be the one it hears. */
const LEAST = 0.05;

/** Strength of the pull towards the weights in force; −ln p of a step over its limit is about 5. */
const PULL = 0.05;

/** Size of a weight of 1 in the logistic law before any label. */
const SCALE = 0.5;

const MOST_MOVES = 3000;
const STILL = 1e-5;

function needed(said: string): EngineError {
  return new EngineError(
    'bad-input',
    'no-labels',
    `to weigh the members anomalous and normal steps must both be labelled; ${said}`,
    'Confirm an event, and mark a calm range as normal.',
  );
}

/**
 * Members' weights, at least LEAST, with the same sum as those in force. `nlp_KT`: −ln p of each member per step; steps
 * where one is silent teach nothing. `label_T`: 0 normal, 1 anomalous, all else unknown. Both verdicts count alike
 * however many steps each has. Throws EngineError 'no-labels'.
 */
export function settleWeights(
  nlp_KT: readonly ArrayLike<number>[],
  label_T: Uint8Array,
  inForce_K: readonly number[],
): number[] {
  const K = nlp_KT.length;
  const steps = [...label_T.keys()].filter(
    (t) => (label_T[t] === ANOMALOUS || label_T[t] === NORMAL) && nlp_KT.every((nlp_T) => !Number.isNaN(nlp_T[t])),
  );
  const anomalous = steps.filter((t) => label_T[t] === ANOMALOUS).length;
  if (anomalous === 0) throw needed('none is anomalous');
  if (anomalous === steps.length) throw needed('none is normal');
  const count = [0.5 / (steps.length - anomalous), 0.5 / anomalous];
  const from_K = inForce_K.map((weight) => SCALE * weight);
  const weight_K = [...from_K];
  let offset = -5;
  // Lipschitz bound of the gradient: a logistic law curves by at most 1/4.
  const curve = steps.reduce((sum, t) => {
    const square = nlp_KT.reduce((all, nlp_T) => all + nlp_T[t] ** 2, 1);
    return sum + (count[label_T[t]] * square) / 4;
  }, PULL);
  for (let i = 0; i < MOST_MOVES; i++) {
    const slope_K = weight_K.map((weight, k) => PULL * (weight - from_K[k]));
    let slope = 0;
    for (const t of steps) {
      let z = offset;
      for (let k = 0; k < K; k++) z += weight_K[k] * nlp_KT[k][t];
      const error = count[label_T[t]] * (1 / (1 + Math.exp(-z)) - label_T[t]);
      for (let k = 0; k < K; k++) slope_K[k] += error * nlp_KT[k][t];
      slope += error;
    }
    let moved = Math.abs(slope / curve);
    offset -= slope / curve;
    for (let k = 0; k < K; k++) {
      const next = Math.max(SCALE * LEAST, weight_K[k] - slope_K[k] / curve);
      moved = Math.max(moved, Math.abs(next - weight_K[k]));
      weight_K[k] = next;
    }
    if (moved < STILL) break;
  }
  const sum = (weights: readonly number[]): number => weights.reduce((a, b) => a + b, 0);
  const share = sum(inForce_K) / sum(weight_K);
  return weight_K.map((weight) => Math.max(LEAST, Math.round(weight * share * 1000) / 1000));
}
