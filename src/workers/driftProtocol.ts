/**
 * The wire of drift: types only, a part of `protocol.ts`.
 * Dimensions: N windows that were read, S sensors, P levels, K kinds of change (level, scale, shape, correlation).
 */
import type { AlarmsOverTime } from '../engine/detect/falseAlarms.ts';
import type { DriftKind } from '../engine/drift/blocks.ts';
import type { DriftSettings, Regime } from '../engine/drift/detect.ts';
import type { JudgedEvent } from '../engine/drift/mark.ts';
import type { NewNormal } from '../engine/drift/renew.ts';
import type { Contribution, Span } from '../engine/types.ts';
import type { AssetRef, JobUpdate, Outcome, RunInfo } from './protocol.ts';

export type { AlarmsOverTime } from '../engine/detect/falseAlarms.ts';
export type { DriftKind } from '../engine/drift/blocks.ts';
export type { DriftSettings, Regime } from '../engine/drift/detect.ts';
export type { EventMark, EventReason, JudgedEvent } from '../engine/drift/mark.ts';

export type DriftJob = { readonly jobId: string; readonly runId: string };

/** Drift of the judged part, of what was measured or of the residuals. */
export type DriftSide = {
  /** End of each window. */
  readonly end_N: Int32Array;
  /** Strongest change over sensors and kinds; 1 is the farthest that training strayed. */
  readonly joint_N: Float32Array;
  /** Strength by kind and sensor, row by row. [K, S, N] */
  readonly by_KSN: Float32Array;
  readonly regimes: readonly Regime[];
};

export type DriftView = {
  readonly runId: string;
  readonly settings: DriftSettings;
  /** In words, why nothing can be said; '' where something can. */
  readonly refusal: '' | 'short' | 'segments' | 'nothing-judged';
  readonly measured: DriftSide;
  /** Of the residuals: what the engine did not expect. */
  readonly residuals: DriftSide;
};

/** An event as the mark needs it: where it is and what carries it, the largest share first. */
export type MarkedRange = Span & { readonly top: readonly Contribution[] };

export type NormalJob = NewNormal & {
  readonly jobId: string;
  readonly runId: string;
  /** All that was confirmed; `learned` lies within. */
  readonly confirmed: Span;
  /** Trains the engine on `learned` instead of calibrating its head alone. */
  readonly retrain: boolean;
  /** Ranges within `learned` that are not to be learned from, such as events of something broken. */
  readonly dropped: readonly Span[];
  readonly by: string;
  /** What changed, where a regime was confirmed. */
  readonly kind: DriftKind | null;
  /** `learned` as the page writes it. */
  readonly words: string;
};

/** What is remembered of a confirmed range with the run that it made. */
export type Confirmation = Omit<NormalJob, 'jobId' | 'dropped'> & {
  readonly atMs: number;
  /** Steps of `learned` that were left out, as something else was known of them. */
  readonly leftOut: number;
};

/** Whose word on what is normal: of people (labels "normal" and confirmed ranges), or of the file. */
export type NormalBasis = 'confirmed' | 'file';

export type AlarmView = {
  readonly runId: string;
  readonly asset: string;
  readonly name: string;
  /** Judged steps that are known to be normal. */
  readonly steps: number;
  /** Those of them that its head was calibrated on. */
  readonly calibrated: number;
  /** Nominal levels, and the share of these steps with a p-value below each; NaN without a step. [P] */
  readonly nominal_P: Float64Array;
  readonly actual_P: Float64Array;
  /** At the run's significance. */
  readonly significance: number;
  readonly actual: number;
  readonly time: AlarmsOverTime;
};

export type DriftApi = {
  /** Reads the judged part of a run for changes that stay. Answered at once where it was read before. */
  readonly drift: (job: DriftJob, onUpdate: (update: JobUpdate) => void) => Promise<Outcome<DriftView>>;
  /** What events are, given the regimes of what was measured. */
  readonly judgeEvents: (
    data: AssetRef,
    events: readonly MarkedRange[],
    regimes: readonly Regime[],
  ) => Promise<Outcome<readonly JudgedEvent[]>>;
  /** A run in which a confirmed range is normal; the one before stays, so going back means deleting the new one. */
  readonly confirmNormal: (job: NormalJob, onUpdate: (update: JobUpdate) => void) => Promise<Outcome<RunInfo>>;
  /** Nominal against actual rates of these runs, the steps without a word of anybody left out. */
  readonly falseAlarms: (runIds: readonly string[], basis: NormalBasis) => Promise<Outcome<readonly AlarmView[]>>;
};
