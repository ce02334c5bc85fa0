/** The contract of a baseline: no training to speak of, no threshold, a score for every step. */
import type { Prepared, ScaleKind } from '../prepare.ts';
import type { Channel, Residual, Series, Span } from '../types.ts';

export type BaselineInput = {
  /** The series, filled and scaled as `scale` of the baseline asks, learned on the training span. */
  readonly prepared: Prepared;
  readonly train: Span;
  /** Stretches of steps that follow each other without a break; no difference or window crosses their borders. */
  readonly spans: readonly Span[];
  readonly rng: () => number;
};

export type BaselineResult = {
  /** One score a step, larger is stranger. */
  readonly score_T: Float64Array;
  /** Signed residual per sensor for a scoring head; null where the baseline does not speak of single sensors. */
  readonly residual: Residual | null;
};

export type Baseline = {
  readonly id: string;
  readonly title: string;
  /** What it does, in one sentence a newcomer understands. */
  readonly summary: string;
  readonly scale: ScaleKind;
  /** Training steps it needs at least. */
  readonly needs: number;
  readonly score: (input: BaselineInput) => BaselineResult;
};

/** What a scoring head reads of a baseline: its residuals by sensor, else its score as that of a single sensor. */
export function forHead(
  { T, sensors }: Series,
  title: string,
  { score_T, residual }: BaselineResult,
): { readonly residual: Residual; readonly sensors: readonly Channel[] } {
  if (residual !== null) return { residual, sensors };
  return { residual: { T, S: 1, r_TS: Float32Array.from(score_T) }, sensors: [{ name: title, unit: '', system: '' }] };
}

/** Sensor `s` at step `t`. Rows of `x_TF` also hold covariates, after the sensors. */
export const valueAt = ({ x_TF, S, C }: Prepared, t: number, s: number): number => x_TF[t * (S + C) + s];

/** Mean over the observed sensors of `of(residual)`; 0 where no sensor was observed. */
export function meanOver({ T, S, r_TS }: Residual, of: (r: number) => number): Float64Array {
  const score_T = new Float64Array(T);
  for (let t = 0; t < T; t++) {
    let sum = 0;
    let seen = 0;
    for (let s = 0; s < S; s++) {
      const r = r_TS[t * S + s];
      if (Number.isNaN(r)) continue;
      sum += of(r);
      seen += 1;
    }
    score_T[t] = seen === 0 ? 0 : sum / seen;
  }
  return score_T;
}

/** Residual with NaN where the sensor was not observed. */
export function observedResidual(prepared: Prepared, value: (t: number, s: number) => number): Residual {
  const { T, S, seen_TS } = prepared;
  const r_TS = new Float32Array(T * S);
  for (let t = 0; t < T; t++)
    for (let s = 0; s < S; s++) r_TS[t * S + s] = seen_TS[t * S + s] === 1 ? value(t, s) : NaN;
  return { T, S, r_TS };
}
