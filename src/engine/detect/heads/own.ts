/**
 * The score that a detector's own paper defines (its score part named `score`: AMAD eq. 21, the Anomaly Transformer's
 * criterion, VTT's mean error), read against a Gamma law of the training scores. A detector without one is scored by the
 * mean squared residual of its sensors.
 * Dimensions: T steps, S sensors.
 */
import { EngineError } from '../../errors.ts';
import { gammaByMoments, gammaLogSf } from '../../math/gamma.ts';
import { normalLogSf } from '../../math/normal.ts';
import { mean, variance } from '../../math/moments.ts';
import type { FittedHead, HeadState } from '../../model.ts';
import { defineHead } from '../../model.ts';
import type { Residual, Score, ScorePart } from '../../types.ts';
import type { Calibration } from '../calibration.ts';
import { residualColumn } from '../smoothedError.ts';
import type { ErrorSettings } from '../smoothedError.ts';
import type { M2adSensor } from './m2ad.ts';

/** Plain JSON. What evidence and threshold rules read has the same names as in the M2AD head's state. */
export type OwnState = {
  readonly kind: 'own';
  readonly errors: ErrorSettings;
  readonly uniform: false;
  readonly sensors: readonly (M2adSensor & {
    /** Root mean square of the residual in training, in scaled units. */
    readonly rms: number;
  })[];
  readonly calibration: Calibration;
};

/** The part that is the detector's own score. */
export const OWN_SCORE = 'score';

const finite = (values: Float64Array): Float64Array => values.filter((value) => !Number.isNaN(value));

/** The detector's own score, or the mean squared residual of the sensors that speak. */
function scoresOf({ T, S, r_TS }: Residual, parts: readonly ScorePart[]): Float64Array {
  const own = parts.find(({ name }) => name === OWN_SCORE);
  if (own !== undefined) {
    if (own.value_T.length !== T)
      throw new EngineError('bug', 'bad-shape', `the score part has ${own.value_T.length} steps, the residual ${T}`);
    return Float64Array.from(own.value_T);
  }
  const score_T = new Float64Array(T).fill(NaN);
  for (let t = 0; t < T; t++) {
    let squares = 0;
    let count = 0;
    for (let k = 0; k < S; k++) {
      const r = r_TS[t * S + k];
      if (Number.isNaN(r)) continue;
      squares += r * r;
      count++;
    }
    if (count > 0) score_T[t] = squares / count;
  }
  return score_T;
}

function learnSensor(r_T: Float64Array): OwnState['sensors'][number] {
  const r = finite(r_T);
  const absSd = r.length > 0 ? Math.sqrt(variance(r.map(Math.abs))) : 0;
  const rms = r.length > 0 ? Math.sqrt(mean(r.map((value) => value * value))) : 0;
  const counts = absSd > 0 && rms > 0;
  return {
    mixture: null,
    why: counts ? '' : 'its residual is constant in training',
    weight: counts ? 1 : 0,
    absSd,
    rms,
  };
}

function fitted(state: OwnState): FittedHead {
  return {
    state: () => state,
    async score(residual, run, parts = []): Promise<Score> {
      const { T, S } = residual;
      if (state.sensors.length !== S)
        throw new EngineError(
          'bad-input',
          'other-sensors',
          `the head was fitted on ${state.sensors.length} sensors and is given ${S}`,
          'Score the asset that the run was trained on.',
        );
      const score_T = scoresOf(residual, parts);
      const { gamma } = state.calibration;
      const logP_T = score_T.map((score) => (gamma === null || Number.isNaN(score) ? NaN : gammaLogSf(score, gamma)));
      const nlp_TS = new Float32Array(T * S).fill(NaN);
      const z_TS = new Float32Array(T * S).fill(NaN);
      for (let k = 0; k < S; k++) {
        await run.checkpoint();
        const { absSd, rms, weight } = state.sensors[k];
        if (weight === 0) continue;
        for (let t = 0; t < T; t++) {
          const size = Math.abs(residual.r_TS[t * S + k]);
          z_TS[t * S + k] = size / absSd;
          nlp_TS[t * S + k] = -(Math.LN2 + normalLogSf(size / rms));
        }
        run.progress({ kind: 'scoring', done: k + 1, of: S });
      }
      const weight_S = Float64Array.from(state.sensors, ({ weight }) => weight);
      return { T, S, score_T, logP_T, nlp_TS, weight_S, z_TS };
    },
  };
}

/** A stored head state read as this head's; null when it is another head's. */
const asOwnState = (state: HeadState): OwnState | null =>
  state['kind'] === 'own' && Array.isArray(state['sensors']) ? (state as OwnState) : null;

export const own = defineHead({
  card: {
    id: 'own',
    title: 'The engine’s own score',
    summary: 'The score that the engine’s paper defines, with a Gamma law of the training scores for its tail.',
    paper: { cite: 'of the engine', url: '' },
    deviations: [
      'the papers threshold by a percentile over training and test scores; here a Gamma law of the training scores gives a tail probability, and the percentile rule uses training scores only',
      'the tail of each sensor is that of a normal law of its training errors; the score itself has no parts by sensor',
      'an engine without a score of its own is scored by the mean squared residual',
    ],
  },
  params: {},
  presets: {},
  async fit(train, sensors, _p, run, parts = []) {
    const learned: OwnState['sensors'][number][] = [];
    for (let k = 0; k < sensors.length; k++) {
      await run.checkpoint();
      learned.push(learnSensor(residualColumn(train, k)));
    }
    const scores = finite(scoresOf(train, parts));
    if (scores.length === 0)
      throw new EngineError(
        'bad-input',
        'nothing-to-calibrate',
        `none of the ${train.T} training steps has a score`,
        'Give the training part more rows.',
      );
    const [centre, spread] = [mean(scores), variance(scores)];
    return fitted({
      kind: 'own',
      errors: { kind: 'point', halfWidth: 0, com: 0, zMean: 0, zSd: 1 },
      uniform: false,
      sensors: learned,
      calibration: {
        partMean_S: [],
        partVariance_S: [],
        mean: centre,
        variance: spread,
        gamma: gammaByMoments(scores),
      },
    });
  },
  restore(state) {
    const found = asOwnState(state);
    if (found === null)
      throw new EngineError(
        'bad-input',
        'bad-head-state',
        'the stored scoring state is not one of the engine’s own score',
        'Run the detector again.',
      );
    return fitted(found);
  },
});
