/**
 * M2AD's scoring head: smoothed errors → Gaussian mixture per sensor → p-value → Fisher's weighted sum → Gamma law.
 * Paper: Alnegheimish et al., "M2AD: Multi-Sensor Multi-System Anomaly Detection through Global Scoring and Calibrated
 * Thresholding", AISTATS 2025, arXiv:2504.15225; sections 3.2 and 3.3, A.3 and A.4.
 * Dimensions: T steps, S sensors.
 */
import { EngineError } from '../../errors.ts';
import type { FittedHead, HeadState, Run } from '../../model.ts';
import { defineHead } from '../../model.ts';
import type { Values } from '../../params.ts';
import type { Channel, Residual, Score } from '../../types.ts';
import { mean, variance } from '../../math/moments.ts';
import { fitMixture, fitMixtureByBic, mixtureLogSf, mixtureLogTwoSided } from '../../math/mixture.ts';
import type { Mixture } from '../../math/mixture.ts';
import { addPart, calibrate, emptySums, readSums } from '../calibration.ts';
import type { Calibration } from '../calibration.ts';
import { residualColumn, smoothErrors } from '../smoothedError.ts';
import type { ErrorSettings } from '../smoothedError.ts';
import { m2adParams, m2adPresets } from './m2adParams.ts';

type P = Values<typeof m2adParams>;

/** What the head learned of one sensor. */
export type M2adSensor = {
  /** null: the sensor does not count in the score; `why` says so in words. */
  readonly mixture: Mixture | null;
  readonly why: string;
  /** λ of the sum; 0 where the sensor does not count. */
  readonly weight: number;
  /** Standard deviation of |residual| in training, in scaled units; 0 where unknown. */
  readonly absSd: number;
};

/** Everything learned from training, as plain JSON. */
export type M2adState = {
  readonly kind: 'm2ad';
  readonly errors: ErrorSettings;
  readonly sides: 'upper' | 'both';
  /** Smallest p-value that counts, as ln p. */
  readonly logFloor: number;
  /** All λ = 1: only then is the χ² law with 2·counted degrees of freedom meant for the score. */
  readonly uniform: boolean;
  readonly sensors: readonly M2adSensor[];
  /** Moments of the counted sensors' parts, in sensor order. */
  readonly calibration: Calibration;
};

/** The head's fitted form also gives the smoothed errors that its mixtures judge. */
export type FittedM2ad = Omit<FittedHead, 'state'> & {
  readonly state: () => M2adState;
  readonly smoothedError: (residual: Residual, sensor: number) => Float64Array;
};

/** Fewer training values than this say nothing about a distribution. */
const LEAST_VALUES = 8;

const CONSTANT = 'constant in training';

/** Stands in for the deviation of a constant residual that counts: the root of what EM adds to every variance. */
const LEAST_SD = 1e-3;

/** Why a sensor cannot be scored, or '' when it can. `still`: the sensor itself held one value through all of training. */
function unusable(r_T: Float64Array, still: boolean): string {
  let n = 0;
  let low = Infinity;
  let high = -Infinity;
  for (const r of r_T) {
    if (Number.isNaN(r)) continue;
    n++;
    if (r < low) low = r;
    if (r > high) high = r;
  }
  if (n < LEAST_VALUES) return `only ${String(n)} training values`;
  return high > low && !still ? '' : CONSTANT;
}

/** λ: 1 each, or equal mass per system and within it per sensor: 1/(#systems · #sensors of the system) (M2AD A.1). */
export function sensorWeights(sensors: readonly Channel[], counted: readonly boolean[], rule: string): number[] {
  if (rule !== 'hierarchical') return counted.map((counts) => (counts ? 1 : 0));
  const size = new Map<string, number>();
  sensors.forEach(({ system }, k) => {
    if (counted[k]) size.set(system, (size.get(system) ?? 0) + 1);
  });
  return sensors.map(({ system }, k) => (counted[k] ? 1 / (size.size * (size.get(system) ?? 1)) : 0));
}

const finite = (values: Float64Array): Float64Array => values.filter((value) => !Number.isNaN(value));

/** −ln p per step, clipped at the floor; NaN stays NaN. Tails in log space: 1 − F would saturate at 1e−16. */
export function negLogP(e_T: Float64Array, mixture: Mixture, sides: 'upper' | 'both', logFloor: number): Float64Array {
  const tail = sides === 'upper' ? mixtureLogSf : mixtureLogTwoSided;
  return e_T.map((e) => (Number.isNaN(e) ? NaN : -Math.max(tail(mixture, e), logFloor)));
}

/** Mean and population deviation of area errors over all counted sensors and steps; 0 and 1 for point errors. */
function areaScale(
  train: Residual,
  counted: readonly boolean[],
  errors: ErrorSettings,
): { zMean: number; zSd: number } {
  if (errors.kind === 'point') return { zMean: 0, zSd: 1 };
  const columns = counted.flatMap((counts, k) =>
    counts ? [finite(smoothErrors(residualColumn(train, k), errors))] : [],
  );
  const all = new Float64Array(columns.reduce((n, column) => n + column.length, 0));
  let at = 0;
  for (const column of columns) {
    all.set(column, at);
    at += column.length;
  }
  const sd = Math.sqrt(variance(all));
  return sd > 0 ? { zMean: mean(all), zSd: sd } : { zMean: 0, zSd: 1 };
}

const sidesOf = (p: P): 'upper' | 'both' => {
  if (p.sides !== 'auto') return p.sides as 'upper' | 'both';
  return p.error === 'point' ? 'upper' : 'both';
};

function fitSensor(e: Float64Array, p: P, run: Run): Mixture {
  const fit =
    p.components === 'bic' ? fitMixtureByBic(e, p.cap, run.rng) : fitMixture(e, Number(p.components), run.rng);
  return fit.mixture;
}

async function fit(train: Residual, sensors: readonly Channel[], p: P, run: Run): Promise<FittedM2ad> {
  const trouble = sensors.map((_, k) => unusable(residualColumn(train, k), train.still_S?.[k] === 1));
  const why = trouble.map((reason) => (p.constant === 'count' && reason === CONSTANT ? '' : reason));
  const counted = why.map((reason) => reason === '');
  if (!trouble.includes('')) {
    throw new EngineError(
      'bad-input',
      'nothing-to-calibrate',
      `none of the ${String(sensors.length)} sensors has residuals that vary over the ${String(train.T)} training steps`,
      'Give the training part more rows, or choose sensors that move in it.',
    );
  }
  const com = p.smoothAs === 'span' ? Math.max(0, (p.smooth - 1) / 2) : p.smooth;
  const plain: ErrorSettings = { kind: p.error as 'point' | 'area', halfWidth: p.halfWidth, com, zMean: 0, zSd: 1 };
  const errors = { ...plain, ...areaScale(train, counted, plain) };
  const weights = sensorWeights(sensors, counted, p.weights);
  const sides = sidesOf(p);
  const logFloor = p.floor * Math.LN10;

  const learned: M2adSensor[] = [];
  const partMean_S: number[] = [];
  const partVariance_S: number[] = [];
  const sums = emptySums(train.T);
  for (let k = 0; k < sensors.length; k++) {
    await run.checkpoint();
    const r_T = residualColumn(train, k);
    const learnedSd = Math.sqrt(variance(finite(r_T.map(Math.abs)))) || 0;
    const absSd = trouble[k] === CONSTANT && counted[k] ? LEAST_SD : learnedSd;
    const e_T = smoothErrors(r_T, errors);
    const e = finite(e_T);
    if (!counted[k] || e.length === 0) {
      learned.push({ mixture: null, why: why[k] || 'too many gaps for an area error', weight: 0, absSd });
      continue;
    }
    const mixture = fitSensor(e, p, run);
    const part_T = negLogP(e_T, mixture, sides, logFloor).map((nlp) => 2 * weights[k] * nlp);
    const part = finite(part_T);
    partMean_S.push(mean(part));
    partVariance_S.push(variance(part));
    addPart(sums, part_T, partMean_S.at(-1) ?? NaN, partVariance_S.at(-1) ?? NaN);
    learned.push({ mixture, why: '', weight: weights[k], absSd });
    run.progress({ kind: 'scoring', done: k + 1, of: sensors.length });
  }
  const calibration = calibrate(sums, partMean_S, partVariance_S);
  const uniform = p.weights !== 'hierarchical';
  return fitted({ kind: 'm2ad', errors, sides, logFloor, uniform, sensors: learned, calibration });
}

async function score(state: M2adState, residual: Residual, run: Run): Promise<Score> {
  const { T, S } = residual;
  checkSensors(state, S);
  const { sensors, calibration, sides, logFloor } = state;
  const nlp_TS = new Float32Array(T * S).fill(NaN);
  const z_TS = new Float32Array(T * S).fill(NaN);
  const sums = emptySums(T);
  let counted = 0;
  for (let k = 0; k < S; k++) {
    await run.checkpoint();
    const { mixture, weight, absSd } = sensors[k];
    const r_T = residualColumn(residual, k);
    if (absSd > 0) for (let t = 0; t < T; t++) z_TS[t * S + k] = Math.abs(r_T[t]) / absSd;
    if (mixture !== null) {
      const nlp_T = negLogP(smoothErrors(r_T, state.errors), mixture, sides, logFloor);
      for (let t = 0; t < T; t++) nlp_TS[t * S + k] = nlp_T[t];
      const part_T = nlp_T.map((nlp) => 2 * weight * nlp);
      addPart(sums, part_T, calibration.partMean_S[counted], calibration.partVariance_S[counted]);
      counted++;
    }
    run.progress({ kind: 'scoring', done: k + 1, of: S });
  }
  const weight_S = Float64Array.from(sensors, (sensor) => sensor.weight);
  return { T, S, ...readSums(sums, calibration), nlp_TS, weight_S, z_TS };
}

function checkSensors(state: M2adState, S: number): void {
  if (state.sensors.length === S) return;
  throw new EngineError(
    'bad-input',
    'other-sensors',
    `the head was fitted on ${String(state.sensors.length)} sensors and is given ${String(S)}`,
    'Score the asset that the run was trained on.',
  );
}

function fitted(state: M2adState): FittedM2ad {
  return {
    score: (residual, run) => score(state, residual, run),
    state: () => state,
    smoothedError: (residual, sensor) => smoothErrors(residualColumn(residual, sensor), state.errors),
  };
}

/** A stored head state read as M2AD's; null when it is another head's. */
export function asM2adState(state: HeadState): M2adState | null {
  return state['kind'] === 'm2ad' && Array.isArray(state['sensors']) && typeof state['calibration'] === 'object'
    ? (state as M2adState)
    : null;
}

function restore(state: HeadState, sensors: readonly Channel[]): FittedM2ad {
  const own = asM2adState(state);
  if (own === null) {
    throw new EngineError(
      'bad-input',
      'bad-head-state',
      'the stored scoring state is not one of the M2AD head',
      'Run the detector again.',
    );
  }
  checkSensors(own, sensors.length);
  return fitted(own);
}

export const m2ad = {
  ...defineHead({
    card: {
      id: 'm2ad',
      title: 'M2AD: mixtures, Fisher, Gamma',
      summary:
        'Reads each sensor’s smoothed error against its own training distribution and joins the p-values into one calibrated score.',
      paper: { cite: 'Alnegheimish et al., AISTATS 2025', url: 'https://arxiv.org/abs/2504.15225' },
      deviations: [
        'p-values are clipped at 1e-300 (published code: 1e-16) and computed as upper tails in log space, never as 1 − F',
        'the moving average is read as centre of mass 10, as in the published code; the paper names no number',
        'components per sensor by BIC up to 3 with the log-likelihood (printed: likelihood); mixtures start from several seeded partitions, the best one is kept',
        'the area covers halfWidth steps on both sides (printed: t − 1 to t + 1; an even window, so one step fewer after), and its factor 1/(2l) cancels in the standardisation',
        'area errors are standardised with the training mean and deviation (published code: refitted on the test part)',
        'all weights are 1 unless chosen; by system they are 1/(systems · its sensors), where the published code matches names by parts of words',
        'shares of sensors are falling −2 λ ln p over S (the printed argmax of λ log p would name the least anomalous one), or by default the largest unsmoothed error',
        'events are not padded unless chosen (published code: 50 steps on both sides) and rank by the tail of their highest score (there: mean p-value)',
        'a sensor without a value drops out; the rest is read against the Gamma law of the sensors present',
        'a sensor that is constant in training, or whose residual is, does not count, unless asked for',
        'above 4096 training values, neighbours in rank are gathered before the mixture fit (tails, mean and variance kept)',
      ],
    },
    params: m2adParams,
    presets: m2adPresets,
    heldBack: ({ held }: P) => held,
    fit,
    restore,
  }),
  /** As in the contract, with the fuller fitted form. */
  fit,
  restore,
};
