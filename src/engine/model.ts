/**
 * The four contracts that let every detector work with every scoring head. Plain arrays at the border; tensors live and
 * die inside a model file. Detectors know nothing of heads, heads nothing of detectors: they meet in `pipeline.ts`.
 */
import type { ParamTable, Values } from './params.ts';
import type { Channel, Expectation, Residual, Score, Windows } from './types.ts';

export type Card = {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly paper: { readonly cite: string; readonly url: string };
  /** Every stated difference from the paper; [] claims "as published". */
  readonly deviations: readonly string[];
};

/** What a long computation may use of the outside world. `rng` is the only randomness. */
export type Run = {
  /** Uniform in [0, 1), seeded. */
  readonly rng: () => number;
  /** Call once per batch: yields to the event loop, waits while paused, throws EngineError('cancelled') on cancel. */
  readonly checkpoint: () => Promise<void>;
  readonly progress: (report: Progress) => void;
};

export type Progress =
  | {
      readonly kind: 'batch';
      readonly epoch: number;
      readonly epochs: number;
      readonly done: number;
      readonly of: number;
    }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly epochs: number;
      readonly losses: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'scoring'; readonly done: number; readonly of: number };

/** Everything needed to go on with an interrupted fit, as plain arrays; `epoch` is the number of finished epochs. */
export type TrainState = {
  readonly epoch: number;
  readonly weights: Readonly<Record<string, WeightArray>>;
  /** Optimiser moments and counters, keyed by variable name. */
  readonly optimiser: Readonly<Record<string, WeightArray>>;
  readonly best: { readonly loss: number; readonly weights: Readonly<Record<string, WeightArray>> } | null;
  readonly badEpochs: number;
  readonly history: readonly Readonly<Record<string, number>>[];
};

export type WeightArray = { readonly shape: readonly number[]; readonly data: Float32Array };

export type FitOptions = {
  /** Continue from here instead of fresh weights. */
  readonly from?: TrainState;
  /** Called after each epoch with what is needed to resume. */
  readonly onState?: (state: TrainState) => void;
};

export type Windowing = {
  readonly W: number;
  readonly horizon: number;
  readonly stride: number;
  readonly scoreStride: number;
};

export interface Detector<P extends ParamTable = ParamTable> {
  readonly card: Card;
  readonly params: P;
  /** Named settings; each is overlaid on the defaults. Always has `lite`. */
  readonly presets: Readonly<Record<string, Partial<Values<P>>>>;
  /** Range to which the pipeline scales sensors before the detector sees them. */
  readonly scale: (p: Values<P>) => 'minmax01' | 'minmax11' | 'zscore';
  readonly windowing: (p: Values<P>) => Windowing;
  readonly epochs: (p: Values<P>) => number;
  readonly fit: (train: Windows, p: Values<P>, run: Run, options?: FitOptions) => Promise<Fitted>;
  /** Rebuild a fitted detector from a snapshot. Throws EngineError on a missing weight or a wrong shape. */
  readonly restore: (
    weights: Readonly<Record<string, WeightArray>>,
    p: Values<P>,
    dims: { S: number; C: number },
  ) => Fitted;
}

export type Fitted = {
  readonly expect: (windows: Windows, run: Run) => Promise<Expectation>;
  readonly snapshot: () => Promise<Record<string, WeightArray>>;
  readonly history: readonly Readonly<Record<string, number>>[];
  readonly dispose: () => void;
};

export interface Head<P extends ParamTable = ParamTable> {
  readonly card: Card;
  readonly params: P;
  readonly presets: Readonly<Record<string, Partial<Values<P>>>>;
  /** `train` is the residual of training steps only. Throws EngineError('bad-input') when nothing can be fitted. */
  readonly fit: (train: Residual, sensors: readonly Channel[], p: Values<P>, run: Run) => Promise<FittedHead>;
  readonly restore: (state: HeadState, sensors: readonly Channel[], p: Values<P>) => FittedHead;
}

/** Serialisable state of a fitted head: plain JSON. */
export type HeadState = Readonly<Record<string, unknown>>;

export type FittedHead = {
  readonly score: (residual: Residual, run: Run) => Promise<Score>;
  readonly state: () => HeadState;
};

/** Keeps the parameter table's exact type while checking the contract. */
export const defineDetector = <P extends ParamTable>(detector: Detector<P>): Detector<P> => detector;
export const defineHead = <P extends ParamTable>(head: Head<P>): Head<P> => head;

/**
 * As registries hold them: the parameter names are only known at run time, and values were checked by `resolve`.
 * `any` because a function's parameter type cannot be widened any other way.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
export type AnyDetector = Detector<any>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
export type AnyHead = Head<any>;
