/**
 * The glossary in code. One word, one meaning (see ARCHITECTURE.md for the full table).
 *
 * Dimension key for name suffixes: A assets, M systems, T steps, N windows in a set, B batch, W window, S sensors,
 * C covariates, F = S + C, D = W·F, H hidden, Z latent, E events, Q queries. Indices are lowercase, counts uppercase.
 * All arrays are row-major; `x_TF` holds F values for step 0, then F values for step 1, and so on.
 */

import type { WindowNorm } from './reversible.ts';

/** Half-open range of steps `[start, end)`, 0-based. An instant has `end = start + 1`. */
export type Span = { readonly start: number; readonly end: number };

/** One measured or known column of a series. */
export type Channel = {
  readonly name: string;
  /** Unit as written by the source, '' when unknown. */
  readonly unit: string;
  /** Name of the system (a group of sensors of one kind or one machine part); '' when ungrouped. */
  readonly system: string;
};

/** A column of T values; NaN is a missing value. Float64 only where float32 would lose the signal. */
export type Column = Float32Array | Float64Array;

/** What caused a labelled range, where the source says so (SMD's interpretation labels). */
export type Cause = { readonly span: Span; readonly sensors: readonly number[] };

/** A recording of one class, such as five seconds of walking by one person. */
export type Segment = Span & {
  readonly class: string;
  /** Who or what was recorded; '' where the source does not say. */
  readonly subject: string;
  /** Where it comes from: a file, or rows of one. */
  readonly name: string;
  /** Its class counts as normal. */
  readonly normal: boolean;
};

/**
 * Sensors and covariates of one asset on one clock. Sensors come first in `columns`, then covariates.
 * Rows that the source does not have inside a regular clock are present here as NaN rows ("gaps stay gaps").
 */
export type Series = {
  readonly asset: string;
  readonly T: number;
  readonly sensors: readonly Channel[];
  readonly covariates: readonly Channel[];
  /** S + C columns of T values each. */
  readonly columns: readonly Column[];
  readonly clock: Clock;
  /** Training steps and the steps to judge. They never overlap; either may be empty. */
  readonly train: Span;
  readonly test: Span;
  /** False where train and test come from different files with an unknown distance: no window may cross the border. */
  readonly contiguous: boolean;
  /** Where the rows are separate segments, each of one class: no window crosses their borders. In order, without gaps. */
  readonly segments?: readonly Segment[];
  /** Labelled anomalous ranges over all T steps, sorted and disjoint; null when the source has no labels. */
  readonly labels: readonly Span[] | null;
  readonly causes: readonly Cause[];
  /** Ranges that were generated, not measured, and in which sensors: they stay so for good. Absent where there are none. */
  readonly synthetic?: readonly Cause[];
};

/**
 * Time of each step. `index`: steps are only numbered. `regular`: step t is at startNs + t·stepNs, exactly.
 * `stamps`: an irregular clock with one stamp a step. Nanoseconds since 1970 UTC as bigint, so nothing is rounded.
 */
export type Clock =
  | { readonly kind: 'index' }
  | { readonly kind: 'regular'; readonly startNs: bigint; readonly stepNs: bigint; readonly zone: string }
  | { readonly kind: 'stamps'; readonly ns_T: BigInt64Array; readonly zone: string };

/** How missing values of one sensor are filled before a model sees them. The gap itself stays visible and marked. */
export type Imputation = 'mean' | 'linear' | 'hold' | 'zero';

/**
 * Windows over one scaled series. The rows are shared; a window is a start index, so nothing is copied until a batch
 * is cut. `x_TF` has no NaN (imputed); `seen_TS` says which sensor values were really observed (1) or imputed (0).
 */
export type Windows = {
  readonly x_TF: Float32Array;
  readonly seen_TS: Uint8Array;
  readonly T: number;
  readonly S: number;
  readonly C: number;
  /** First step of each window. The window covers `[start, start + W)`. */
  readonly start_N: Int32Array;
  readonly W: number;
  /** 0: the window itself is to be reconstructed. h > 0: the step `start + W - 1 + h` is to be forecast. */
  readonly horizon: number;
  /** Each window is seen through its own level and spread (see reversible.ts); absent where rows are taken as they are. */
  readonly norm?: WindowNorm;
  /**
   * Windows touch and do not overlap, but for the last of a stretch, which ends at its right edge: of that one only the
   * steps count that no other window covers. Otherwise a step gets the mean of all windows that cover it.
   */
  readonly sideBySide?: boolean;
  /** 1 where a training step is labelled anomalous; only given to detectors that learn from labels. */
  readonly label_T?: Uint8Array;
};

/** What a detector says about every step of the series it was given; NaN where no window speaks of a step. */
export type Expectation = {
  readonly T: number;
  readonly S: number;
  /** Expected (reconstructed or forecast) value per step and sensor, in the scaled units of `Windows.x_TF`. */
  readonly y_TS: Float32Array;
  /** Named score parts, e.g. `cad`, `reconstruction`; larger is stranger. May be empty. */
  readonly parts: readonly ScorePart[];
  /** From detectors that expect no value but say how strange each sensor is, from 0, [T, S]; y_TS then is all NaN. */
  readonly strange_TS?: Float32Array;
};

export type ScorePart = { readonly name: string; readonly title: string; readonly value_T: Float32Array };

/**
 * Signed residual, observed minus expected, in scaled units, before any smoothing. NaN where the sensor was not
 * observed or the detector has no expectation: such sensors drop out of the sum at that step.
 */
export type Residual = {
  readonly T: number;
  readonly S: number;
  readonly r_TS: Float32Array;
  /** 1 for sensors that held one value through all of training: a head decides whether such a sensor counts. */
  readonly still_S?: Uint8Array;
};

/** Output of a scoring head for a whole series. */
export type Score = {
  readonly T: number;
  readonly S: number;
  /** The score per step; NaN where no sensor speaks. */
  readonly score_T: Float64Array;
  /** Natural log of the tail probability of the score under its calibration; NaN where uncalibrated or unknown. */
  readonly logP_T: Float64Array;
  /** −ln p of each sensor per step (0 = as expected); NaN where the sensor dropped out. */
  readonly nlp_TS: Float32Array;
  /** Weight λ of each sensor in the score; the score is Σ 2·λ·nlp. */
  readonly weight_S: Float64Array;
  /** Standardised unsmoothed error |r| / sd of |r| in training; NaN where unknown. Basis of the default attribution. */
  readonly z_TS: Float32Array;
};

/** A threshold with its origin, so that no number is read without knowing what data made it. */
export type Threshold = {
  /** Flag when `score > value`. */
  readonly value: number;
  readonly rule: string;
  /** Which data the value came from, in words: "training scores", "file labels (oracle)". */
  readonly source: string;
  /** True when labels were used to choose it. */
  readonly oracle: boolean;
};

export type Contribution = { readonly sensor: number; readonly share: number };

/** A found event: the merged, optionally padded run of flagged steps. */
export type Event = Span & {
  /** Flagged run before padding and merging; `flagged` counts steps over the threshold. */
  readonly flagged: number;
  /** Step of the highest score inside. */
  readonly peak: number;
  readonly score: number;
  readonly logP: number;
  /** 0 to 100: 100·(1 − 10^(−(−log10 p − a)/8)) with a = −log10 of the significance. */
  readonly severity: number;
};
