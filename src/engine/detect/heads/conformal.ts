/**
 * Conformal head: how rare each sensor's error, and their sum, is among steps of training that the engine never saw.
 * Source: split conformal anomaly detection (Laxhammar & Falkman, "Conformal prediction for distribution-independent
 * anomaly detection in streaming vessel data", StreamKDD 2010); the tail beyond the calibration values is exponential.
 * The score is −2 ln p of the joint p-value, so one threshold means the same in every run: χ² with two degrees of freedom.
 * Dimensions: T steps, S sensors.
 */
import { EngineError } from '../../errors.ts';
import { variance } from '../../math/moments.ts';
import { defineHead } from '../../model.ts';
import type { FittedHead, HeadState, Run } from '../../model.ts';
import type { Values } from '../../params.ts';
import type { Residual, Score, ScorePart, Span } from '../../types.ts';
import type { Calibration } from '../calibration.ts';
import { rankLaw, rankNegLogP } from '../conformal.ts';
import type { RankLaw } from '../conformal.ts';
import { FOLLOWING, follow, groundOf } from '../recalibrate.ts';
import type { Following, Ground } from '../recalibrate.ts';
import { retired } from '../retire.ts';
import { residualColumn, smoothErrors } from '../smoothedError.ts';
import type { ErrorSettings } from '../smoothedError.ts';
import { conformalParams } from './conformalParams.ts';
import type { M2adSensor } from './m2ad.ts';
import { OWN_SCORE } from './own.ts';

type P = Values<typeof conformalParams>;

/** Plain JSON. What evidence and threshold rules read has the same names as in the M2AD head's state. */
export type ConformalState = {
  readonly kind: 'conformal';
  readonly errors: ErrorSettings;
  readonly uniform: false;
  readonly sensors: readonly (M2adSensor & { readonly law: RankLaw | null })[];
  /** Law of the joint strength: Σ −ln p of the sensors, or ln of the engine's own score. */
  readonly joint: RankLaw;
  readonly own: boolean;
  readonly retire: number;
  /** null: the joint strength is read as it is. */
  readonly following: { readonly ground: Ground; readonly how: Following } | null;
  readonly calibration: Calibration;
};

/** −2 ln p of a uniform p: χ² with two degrees of freedom. */
const UNIFORM = { shape: 1, scale: 2 };

const CALIBRATION: Calibration = { partMean_S: [], partVariance_S: [], mean: 2, variance: 4, gamma: UNIFORM };

/** Errors of a sensor at rest are told apart from this size on, in scaled units. */
const LEAST_ERROR = 1e-3;

/** Smaller p-values count as this one, 1e-300, so that one sensor never outweighs all others for good. */
const MOST = 300 * Math.LN10;

/** The law of a sensor that never erred: any error over the least one is rare, the larger the rarer. */
const stillLaw = (n: number): RankLaw => ({
  n,
  quantiles: [0, 0],
  tailFrom: LEAST_ERROR,
  tailScale: LEAST_ERROR,
});

/** −ln p of every sensor, [T, S]; NaN where a sensor does not speak, does not count or is retired. */
function rarities({ sensors, errors, retire }: Pick<ConformalState, 'sensors' | 'errors' | 'retire'>, r: Residual) {
  const nlp_TS = new Float32Array(r.T * r.S).fill(NaN);
  sensors.forEach(({ law }, k) => {
    if (law === null) return;
    const nlp_T = smoothErrors(residualColumn(r, k), errors).map((e) => Math.min(MOST, rankNegLogP(law, e)));
    const gone_T = retire > 0 ? retired(nlp_T, retire) : null;
    for (let t = 0; t < r.T; t++) if (gone_T?.[t] !== 1) nlp_TS[t * r.S + k] = nlp_T[t];
  });
  return nlp_TS;
}

/** Sum over the sensors that speak, raised to what all that count would give; NaN where none speaks. */
function sums(nlp_TS: Float32Array, T: number, S: number, counted: number): Float64Array {
  return Float64Array.from({ length: T }, (_, t) => {
    let sum = 0;
    let n = 0;
    for (let k = 0; k < S; k++) {
      const nlp = nlp_TS[t * S + k];
      if (Number.isNaN(nlp)) continue;
      sum += nlp;
      n++;
    }
    return n === 0 ? NaN : (sum * counted) / n;
  });
}

function ownStrength(parts: readonly ScorePart[]): Float64Array {
  const own = parts.find(({ name }) => name === OWN_SCORE);
  if (own === undefined)
    throw new EngineError(
      'bad-input',
      'no-own-score',
      'this engine gives no score of its own',
      'Let the conformal head read the errors of the sensors.',
    );
  return Float64Array.from(own.value_T, (value) => Math.log(Math.max(value, 1e-30)));
}

function learnSensor(r: Residual, k: number, errors: ErrorSettings, p: P): ConformalState['sensors'][number] {
  const r_T = residualColumn(r, k);
  const size = r_T.filter((value) => !Number.isNaN(value)).map(Math.abs);
  const absSd = Math.sqrt(variance(size)) || 0;
  const law = rankLaw(smoothErrors(r_T, errors));
  const isStill = r.still_S?.[k] === 1 || (law !== null && law.tailScale === 0);
  if (law === null)
    return { mixture: null, law, why: `only ${String(size.length)} training values`, weight: 0, absSd: 0 };
  if (isStill && p.constant === 'leave')
    return { mixture: null, law: null, why: 'constant in training', weight: 0, absSd: 0 };
  return {
    mixture: null,
    law: isStill ? stillLaw(law.n) : law,
    why: '',
    weight: 1,
    absSd: isStill ? Math.max(absSd, LEAST_ERROR) : absSd,
  };
}

function strengthOf(state: ConformalState, nlp_TS: Float32Array, r: Residual, parts: readonly ScorePart[]) {
  if (state.own) return ownStrength(parts);
  return sums(nlp_TS, r.T, r.S, state.sensors.filter(({ law }) => law !== null).length);
}

/** Strength read as it is, or against the level that it has followed so far; NaN outside of `fresh`. */
function followed({ following }: ConformalState, plain_T: Float64Array, fresh: Span, from: Ground | null) {
  if (following === null) return { strength_T: plain_T, end: null };
  const { ground, how } = following;
  const { z_T, end } = follow(plain_T.subarray(fresh.start, fresh.end), ground, how, from ?? ground);
  const strength_T = new Float64Array(plain_T.length).fill(NaN);
  strength_T.set(z_T, fresh.start);
  return { strength_T, end };
}

type Scored = { readonly score: Score; readonly end: Ground | null };

async function score(
  state: ConformalState,
  r: Residual,
  run: Run,
  parts: readonly ScorePart[],
  fresh: Span = { start: 0, end: r.T },
  from: Ground | null = null,
): Promise<Scored> {
  const { T, S } = r;
  if (state.sensors.length !== S)
    throw new EngineError(
      'bad-input',
      'other-sensors',
      `the head was fitted on ${String(state.sensors.length)} sensors and is given ${String(S)}`,
      'Score the asset that the run was trained on.',
    );
  await run.checkpoint();
  const nlp_TS = rarities(state, r);
  const plain_T = strengthOf(state, nlp_TS, r, parts);
  const { strength_T, end } = followed(state, plain_T, fresh, from);
  const logP_T = strength_T.map((strength) => -rankNegLogP(state.joint, strength));
  const z_TS = r.r_TS.map((value, i) => {
    const { absSd } = state.sensors[i % S];
    return absSd > 0 ? Math.abs(value) / absSd : NaN;
  });
  run.progress({ kind: 'scoring', done: S, of: S });
  const weight_S = Float64Array.from(state.sensors, ({ weight }) => weight);
  return { score: { T, S, score_T: logP_T.map((logP) => -2 * logP), logP_T, nlp_TS, weight_S, z_TS }, end };
}

const fitted = (state: ConformalState): FittedHead => ({
  state: () => state,
  score: async (residual, run, parts = []) => (await score(state, residual, run, parts)).score,
  ...(state.following && {
    goOn: async (
      residual: Residual,
      fresh: Span,
      memory: HeadState | null,
      run: Run,
      parts: readonly ScorePart[] = [],
    ) => {
      const done = await score(state, residual, run, parts, fresh, memory as Ground | null);
      return { score: done.score, memory: { ...done.end } };
    },
  }),
});

/** A stored head state read as this head's; null when it is another head's. */
export const asConformalState = (state: HeadState): ConformalState | null =>
  state['kind'] === 'conformal' && Array.isArray(state['sensors']) ? (state as ConformalState) : null;

function nothing(T: number): EngineError {
  return new EngineError(
    'bad-input',
    'nothing-to-calibrate',
    `none of the ${String(T)} steps for calibration has a score that varies`,
    'Give the training part more rows, or hold back more of it.',
  );
}

export const conformal = defineHead<typeof conformalParams>({
  card: {
    id: 'conformal',
    title: 'Conformal: ranks among held-back steps',
    summary:
      'Reads errors against training steps that the engine never saw, without assuming a law. Its score is −2 ln p, the same scale in every run.',
    paper: { cite: 'Laxhammar & Falkman, StreamKDD 2010', url: 'https://doi.org/10.1145/1833280.1833287' },
    deviations: [
      'the last part of training is held back, not a random one, because it is nearest to what is judged',
      'beyond the 98th percentile of the calibration values the tail is exponential: ranks cannot tell strong events apart',
      'steps follow each other, so p-values are exact only as far as the calibration part is like the judged one',
      'a sensor that never moved in training gets an exponential law from the smallest error that counts',
    ],
  },
  params: conformalParams,
  presets: { lite: {}, drift: { follow: FOLLOWING.memory, retire: 1000 }, own: { read: 'own', held: 0, follow: 5000 } },
  heldBack: ({ held }) => held,
  async fit(train, sensors, p, run, parts = []) {
    const errors: ErrorSettings = { kind: 'point', halfWidth: 0, com: 0, reach: p.smooth, zMean: 0, zSd: 1 };
    const learned: ConformalState['sensors'][number][] = [];
    for (let k = 0; k < sensors.length; k++) {
      await run.checkpoint();
      learned.push(learnSensor(train, k, errors, p));
    }
    const rough = { sensors: learned, errors, retire: p.retire };
    const isOwn = p.read === 'own';
    const counted = learned.filter(({ law }) => law !== null).length;
    const strength_T = isOwn ? ownStrength(parts) : sums(rarities(rough, train), train.T, train.S, counted);
    const how = { ...FOLLOWING, memory: Math.max(1, p.follow) };
    const ground = groundOf(strength_T);
    const following = p.follow > 0 ? { ground, how } : null;
    const joint = rankLaw(following === null ? strength_T : follow(strength_T, ground, how).z_T);
    if (joint === null || joint.tailScale === 0) throw nothing(train.T);
    return fitted({
      kind: 'conformal',
      ...rough,
      uniform: false,
      joint,
      own: isOwn,
      following,
      calibration: CALIBRATION,
    });
  },
  restore(state) {
    const found = asConformalState(state);
    if (found === null)
      throw new EngineError(
        'bad-input',
        'bad-head-state',
        'the stored scoring state is not one of the conformal head',
        'Run the detector again.',
      );
    return fitted(found);
  },
});
