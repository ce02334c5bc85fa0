/**
 * A member's verdict: its score on each step, read against its scores on training steps.
 *
 * The tail is a power law, p = level·(score / limit)^−1 beyond the limit that a share `level` of training passes. A Gamma
 * or exponential tail, sound while nothing drifts, makes p = 1e-60 of a score three times as high, and a single member
 * that drifted then outvotes all others; a power law lets it say "a third as likely".
 */
import { gammaByMoments, gammaLogSf } from '../math/gamma.ts';
import type { Gamma } from '../math/gamma.ts';
import { mean, variance } from '../math/moments.ts';
import { normalLogSf } from '../math/normal.ts';
import { percentile } from '../math/quantile.ts';
import { triangular } from '../math/smoothing.ts';
import type { Expectation, Windows } from '../types.ts';

/** `own`: the engine's score part. `sensors`: the sum over sensors of −ln p of their smoothed errors. */
export type Reading = 'own' | 'sensors';

export type Tail = 'power' | 'gamma';

/** Share of training steps over the limit. */
const LEVEL = 0.01;

/** Keeps the logarithm of the calmest steps' scores from running off; a tenth of the limit. */
const CALM = 0.1;

/** Normal law of one sensor's smoothed error in training. */
export type SensorLaw = { readonly mean_S: Float32Array; readonly sd_S: Float32Array };

/** Deviations of a sensor's error below this, in scaled units, are as good as none. */
const LEAST_SD = 1e-3;

/** p-values of single sensors go down to 1e-300. */
const MOST = 300 * Math.LN10;

function errorsOf({ x_TF, S, C, T, seen_TS }: Windows, { y_TS }: Expectation, s: number, reach: number): Float64Array {
  const e_T = Float64Array.from({ length: T }, (_, t) =>
    seen_TS[t * S + s] === 1 ? Math.abs(x_TF[t * (S + C) + s] - y_TS[t * S + s]) : NaN,
  );
  return triangular(e_T, reach);
}

/** Learned from the steps that `isLearned_T` marks. */
export function sensorLaw(
  windows: Windows,
  expectation: Expectation,
  reach: number,
  isLearned_T: Uint8Array,
): SensorLaw {
  const { S } = windows;
  const law = { mean_S: new Float32Array(S), sd_S: new Float32Array(S) };
  for (let s = 0; s < S; s++) {
    const e = errorsOf(windows, expectation, s, reach).filter(
      (value, t) => isLearned_T[t] === 1 && !Number.isNaN(value),
    );
    law.mean_S[s] = e.length > 0 ? mean(e) : 0;
    law.sd_S[s] = Math.hypot(e.length > 0 ? Math.sqrt(variance(e)) : 0, LEAST_SD);
  }
  return law;
}

/** Σ −ln p over the sensors per step, raised to all sensors where some are missing; NaN where none was observed. */
export function sensorScore(windows: Windows, expectation: Expectation, reach: number, law: SensorLaw): Float64Array {
  const { S, T } = windows;
  const sum_T = new Float64Array(T);
  const count_T = new Int32Array(T);
  for (let s = 0; s < S; s++) {
    const e_T = errorsOf(windows, expectation, s, reach);
    for (let t = 0; t < T; t++) {
      if (Number.isNaN(e_T[t])) continue;
      sum_T[t] += Math.min(MOST, -normalLogSf(e_T[t], law.mean_S[s], law.sd_S[s]));
      count_T[t]++;
    }
  }
  return sum_T.map((sum, t) => (count_T[t] > 0 ? (sum * S) / count_T[t] : NaN));
}

/** What turns a member's score into −ln p. */
export type ScoreLaw = { readonly limit: number; readonly gamma: Gamma | null };

export function scoreLaw(score_T: Float64Array, isLearned_T: Uint8Array): ScoreLaw {
  const learned = score_T.filter((score, t) => isLearned_T[t] === 1 && Number.isFinite(score));
  const limit = percentile(learned, 100 * (1 - LEVEL));
  return { limit: limit > 0 ? limit : 1e-9, gamma: gammaByMoments(learned) };
}

/** −ln p of a member's scores; more than −ln LEVEL beyond the limit. */
export function negLogPOf(score_T: Float64Array, { limit, gamma }: ScoreLaw, tail: Tail): Float64Array {
  const atLimit = -Math.log(LEVEL) - Math.log1p(CALM);
  if (tail === 'power' || gamma === null)
    return score_T.map((score) => Math.max(0, atLimit + Math.log(CALM + Math.max(0, score) / limit)));
  return score_T.map((score) => Math.min(MOST, -gammaLogSf(Math.max(0, score), gamma)));
}
