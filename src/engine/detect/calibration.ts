/**
 * From parts 2·λ·(−ln p) of the sensors to a score with a tail probability: Fisher's sum read against a Gamma law fitted
 * to the training sums by moments (M2AD eq. for S_t and the Gamma adjustment).
 *
 * Missing sensors: a sensor without a value drops out of the sum, so the sum of the others is read against the Gamma law
 * of those others: mean = sum of their training means, variance = the whole sum's, scaled by their share of the single
 * sensors' variances (as if the correlations were alike). The score is then the value of the full sum that has the same
 * tail probability, so that one threshold serves all steps. With all sensors present nothing is changed.
 */
import { gammaFromMoments, gammaIsfLog, gammaLogSf } from '../math/gamma.ts';
import type { Gamma } from '../math/gamma.ts';

/** Moments of the training parts. Plain JSON. */
export type Calibration = {
  readonly partMean_S: readonly number[];
  readonly partVariance_S: readonly number[];
  readonly mean: number;
  readonly variance: number;
  /** null where the training scores do not vary: then nothing is ever flagged. */
  readonly gamma: Gamma | null;
};

/** Sums over the sensors that speak, filled sensor by sensor. */
export type Sums = {
  readonly sum_T: Float64Array;
  readonly mean_T: Float64Array;
  readonly variance_T: Float64Array;
  readonly present_T: Int32Array;
};

export const emptySums = (T: number): Sums => ({
  sum_T: new Float64Array(T),
  mean_T: new Float64Array(T),
  variance_T: new Float64Array(T),
  present_T: new Int32Array(T),
});

/** Adds one sensor's parts; NaN parts drop out. */
export function addPart(sums: Sums, part_T: Float64Array, mean: number, variance: number): void {
  for (let t = 0; t < part_T.length; t++) {
    if (Number.isNaN(part_T[t])) continue;
    sums.sum_T[t] += part_T[t];
    sums.mean_T[t] += mean;
    sums.variance_T[t] += variance;
    sums.present_T[t]++;
  }
}

/** Gamma by the moments of the training sums (population variance). */
export function calibrate(sums: Sums, partMean_S: readonly number[], partVariance_S: readonly number[]): Calibration {
  const whole = partVariance_S.reduce((a, b) => a + b, 0);
  const mean = partMean_S.reduce((a, b) => a + b, 0);
  let squares = 0;
  let n = 0;
  for (let t = 0; t < sums.sum_T.length; t++) {
    if (sums.present_T[t] === 0 || !(sums.variance_T[t] > 0)) continue;
    squares += ((sums.sum_T[t] - sums.mean_T[t]) ** 2 * whole) / sums.variance_T[t];
    n++;
  }
  const variance = n === 0 ? 0 : squares / n;
  return { partMean_S, partVariance_S, mean, variance, gamma: gammaFromMoments(mean, variance) };
}

/** Score and ln of its tail probability per step; both NaN where no sensor speaks, ln p NaN without a Gamma law. */
export function readSums(sums: Sums, calibration: Calibration): { score_T: Float64Array; logP_T: Float64Array } {
  const T = sums.sum_T.length;
  const score_T = new Float64Array(T).fill(NaN);
  const logP_T = new Float64Array(T).fill(NaN);
  const { gamma, partVariance_S } = calibration;
  const whole = partVariance_S.reduce((a, b) => a + b, 0);
  const counted = partVariance_S.length;
  for (let t = 0; t < T; t++) {
    if (sums.present_T[t] === 0) continue;
    score_T[t] = sums.sum_T[t];
    if (gamma === null) continue;
    if (sums.present_T[t] === counted) {
      logP_T[t] = gammaLogSf(sums.sum_T[t], gamma);
      continue;
    }
    const rest = gammaFromMoments(sums.mean_T[t], (calibration.variance * sums.variance_T[t]) / whole);
    if (rest === null) continue;
    logP_T[t] = gammaLogSf(sums.sum_T[t], rest);
    score_T[t] = gammaIsfLog(logP_T[t], gamma);
  }
  return { score_T, logP_T };
}
