/**
 * Active learning: which ranges a person is asked about, and why. A strategy ranks windows; the panel shows its reason.
 * Source: the active-learning framework for reconstruction models, section 3.4 (top-k and interval sampling).
 */
import type { ParamTable, Values } from '../params.ts';
import type { Span } from '../types.ts';

/** Windows that may be asked about, with what a strategy may look at. Dimensions: N windows, Z features. */
export type Pool = {
  /** Half-open ranges, ascending, not overlapping. */
  readonly span_N: readonly Span[];
  /** Mean over the window of the mean over sensors of |x − x̂| (eq. 4), or of another score; larger is stranger. */
  readonly score_N: Float64Array;
  /** Threshold on the same scale, where one exists: uncertainty is measured from it. */
  readonly threshold: number | null;
  /** A description of each window for telling alike from unlike, row-major [N, Z]; Z may be 0. */
  readonly feature_NZ: Float32Array;
  readonly Z: number;
  /** 1 for windows that were asked before or carry a label: never asked again. */
  readonly asked_N: Uint8Array;
};

/** Why a window was picked, as numbers; the page puts them into words. */
export type Reason =
  | { readonly kind: 'top'; readonly rank: number; readonly of: number }
  | {
      readonly kind: 'interval';
      readonly bin: number;
      readonly of: number;
      readonly low: number;
      readonly high: number;
    }
  | { readonly kind: 'uncertain'; readonly distance: number; readonly threshold: number }
  /** From the nearest window asked before, in standard deviations a feature; Infinity where none was. */
  | { readonly kind: 'diverse'; readonly distance: number }
  | { readonly kind: 'random'; readonly of: number };

export type Pick = { readonly window: number; readonly reason: Reason };

export type Strategy<P extends ParamTable = ParamTable> = {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly params: P;
  /** At most `budget` different windows of the pool that were not asked before, best first. `rng` is the only chance. */
  readonly pick: (pool: Pool, p: Values<P>, budget: number, rng: () => number) => readonly Pick[];
};

export const defineStrategy = <P extends ParamTable>(strategy: Strategy<P>): Strategy<P> => strategy;

/** As the registry holds them (see AnyDetector). */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a function's parameter type cannot be widened otherwise
export type AnyStrategy = Strategy<any>;

/** A question to a person. */
export type Query = { readonly id: string; readonly span: Span; readonly score: number; readonly reason: Reason };
