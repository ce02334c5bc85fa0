/**
 * The windows that may be asked about: cut side by side, with the score of each and which sensors carry its error.
 * Dimensions: N windows, T steps, S sensors.
 */
import { meanOver } from '../baselines/baseline.ts';
import type { Residual, Series, Span } from '../types.ts';
import { cutStarts } from '../window.ts';
import type { Pick as Picked, Pool, Query } from './types.ts';

/** Where to ask: the first part of the judged steps (ratio 0 to 1), as the paper has it, or all of the series. */
export type PoolPart = { readonly kind: 'part'; readonly ratio: number } | { readonly kind: 'all' };

/** What windows are ranked by: a score a step, and the threshold on it where there is one. */
export type PoolScore = { readonly score_T: ArrayLike<number>; readonly threshold: number | null };

/** Eq. 4: mean over sensors of |x − x̂| in scaled units, by step; NaN where no sensor speaks. It has no threshold. */
export function errorScore(residual: Residual): PoolScore {
  const { T, S, r_TS } = residual;
  const score_T = meanOver(residual, Math.abs);
  for (let t = 0; t < T; t++) if (r_TS.subarray(t * S, (t + 1) * S).every(Number.isNaN)) score_T[t] = NaN;
  return { score_T, threshold: null };
}

/** Steps that are cut into windows; what is left of a part behind its last whole window is not asked about. */
export function partsOf({ train, test }: Pick<Series, 'train' | 'test'>, part: PoolPart): Span[] {
  const whole = part.kind === 'all' ? [train, test] : [];
  if (part.kind === 'part')
    whole.push({ start: test.start, end: test.start + Math.floor(part.ratio * (test.end - test.start)) });
  return whole.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
}

/** Mean over the steps of a window that have a score; NaN where none has. */
function windowMean(score_T: ArrayLike<number>, { start, end }: Span): number {
  let [sum, count] = [0, 0];
  for (let t = start; t < end; t++) {
    if (Number.isNaN(score_T[t])) continue;
    sum += score_T[t];
    count++;
  }
  return count === 0 ? NaN : sum / count;
}

/** Mean |residual| of each sensor over a window; 0 for one that is silent there. */
function errorProfile({ S, r_TS }: Residual, { start, end }: Span): Float32Array {
  const out_S = new Float32Array(S);
  for (let s = 0; s < S; s++) {
    let [sum, count] = [0, 0];
    for (let t = start; t < end; t++) {
      const size = Math.abs(r_TS[t * S + s]);
      if (Number.isNaN(size)) continue;
      sum += size;
      count++;
    }
    out_S[s] = count === 0 ? 0 : sum / count;
  }
  return out_S;
}

const meets = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;

/**
 * Windows of `window` steps side by side, scored by the mean of `score` over their steps (`errorScore` is the paper's).
 * A window that meets any range of `asked` counts as asked. Throws EngineError('bad-input', 'bad-window').
 */
export function poolOf(
  series: Pick<Series, 'train' | 'test'>,
  residual: Residual,
  { score_T, threshold }: PoolScore,
  { window, part, asked }: { readonly window: number; readonly part: PoolPart; readonly asked: readonly Span[] },
): Pool {
  const starts = cutStarts(partsOf(series, part), { W: window, horizon: 0, stride: window });
  const span_N = Array.from(starts, (start) => ({ start, end: start + window }));
  const feature_NZ = new Float32Array(span_N.length * residual.S);
  span_N.forEach((span, n) => feature_NZ.set(errorProfile(residual, span), n * residual.S));
  return {
    span_N,
    score_N: Float64Array.from(span_N, (span) => windowMean(score_T, span)),
    threshold,
    feature_NZ,
    Z: residual.S,
    asked_N: Uint8Array.from(span_N, (span) => (asked.some((other) => meets(span, other)) ? 1 : 0)),
  };
}

/** Picks as questions. The id names the range, so that the same window is the same question. */
export const queriesOf = ({ span_N, score_N }: Pool, picks: readonly Picked[]): Query[] =>
  picks.map(({ window, reason }) => {
    const span = span_N[window];
    return { id: `${span.start}-${span.end}`, span, score: score_N[window], reason };
  });
