/**
 * The four contracts that let every detector work with every scoring head. Plain arrays at the border; tensors live and
 * die inside a model file. Detectors know nothing of heads, heads nothing of detectors: they meet in `pipeline.ts`.
 */
import { inputTable } from './inputs.ts';
import type { AnyValues, ParamTable, Values } from './params.ts';
import type { Tensor3D } from './tensor/tf.ts';
import type { Weights } from './tensor/weights.ts';
import type { Replica, Work } from './replica.ts';
import type { Channel, Expectation, Residual, Score, ScorePart, Span, Windows } from './types.ts';

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
  /** Windows to score at a time, where that was measured or memory sets a limit; else the detector takes its guess. */
  readonly scored?: number;
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
  /** How batches are computed, which changes results by rounding only; left out: whole, and on one replica. */
  readonly work?: Work;
  /**
   * Instead of training, the fresh model is handed over to compute parts of batches, or to be measured. When this
   * settles `fit` throws EngineError('cancelled').
   */
  readonly serve?: (replica: Replica) => Promise<void>;
};

export type Windowing = {
  readonly W: number;
  readonly horizon: number;
  readonly stride: number;
  readonly scoreStride: number;
  /** Steps behind the last whole window of a stretch stay without a score; otherwise one more window ends there. */
  readonly dropTail?: boolean;
};

/**
 * What is said of a step depends on at most `back` steps before it and `ahead` after it, once windows are cut from a
 * multiple of `align` steps on.
 */
export type Reach = { readonly back: number; readonly ahead: number; readonly align: number };

export interface Detector<P extends ParamTable = ParamTable> {
  readonly card: Card;
  readonly params: P;
  /** Named settings; each is overlaid on the defaults. Always has `lite`. */
  readonly presets: Readonly<Record<string, Partial<Values<P>>>>;
  /** Range to which the pipeline scales sensors before the detector sees them. */
  readonly scale: (p: Values<P>) => 'minmax01' | 'minmax11' | 'zscore';
  /** True where the judged steps are to be scaled by their own range, as some published code does: a leak. */
  readonly refitsScale?: (p: Values<P>) => boolean;
  readonly windowing: (p: Values<P>) => Windowing;
  /**
   * False where steps are held against their own past or one sensor alone is looked at: windows' levels are then not
   * taken out.
   */
  readonly windowed?: false;
  /** True where these settings learn from labels of the training part; `fit` throws 'needs-labels' without any. */
  readonly supervised?: (p: Values<P>) => boolean;
  readonly epochs: (p: Values<P>) => number;
  /** True where it learns in one go, without batches: there is nothing to plan and nothing to share with helpers. */
  readonly inOneGo?: boolean;
  /** True when its fitted models have `recall`. */
  readonly recalls?: boolean;
  /** True when its fitted models have `inspect`. */
  readonly inspects?: boolean;
  /** True when its fitted models have `rebuilds`: a person's labels can teach them. */
  readonly teaches?: boolean;
  /**
   * For engines whose settings follow labels, instead of weights: the settings to change after what was said of steps (0
   * normal, 1 anomalous, else unknown), read off the score parts of a run under `p`. What a run with the old settings has
   * learned serves the new ones. Throws 'no-labels' where too little was said.
   */
  readonly settle?: (p: Values<P>, parts: readonly ScorePart[], label_T: Uint8Array) => AnyValues;
  /** How far it looks to both sides of a step, for those that remember or smooth; else as far as its windows. */
  readonly reach?: (p: Values<P>) => Reach;
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
  /** What the model saw in window number `n`, for models that can show it. */
  readonly inspect?: (windows: Windows, n: number, run: Run) => Promise<Evidence>;
  /** What its memories made of the first of these windows, for models that have any. */
  readonly recall?: (windows: Windows, run: Run) => Promise<MemoryEvidence>;
  readonly snapshot: () => Promise<Record<string, WeightArray>>;
  readonly history: readonly Readonly<Record<string, number>>[];
  /** For feedback: how it fills in hidden steps, with what can be moved to make it better or worse at that. */
  readonly rebuilds?: Rebuilds;
  readonly dispose: () => void;
};

/**
 * A fitted model as feedback sees it, the one place where tensors cross the border: models know nothing of labels, and
 * feedback nothing of models.
 */
export type Rebuilds = {
  /** The live weights: what moves them changes what the model expects. Not all need lie on the way to `reconstruct`. */
  readonly weights: Weights;
  /** Steps of the past that it reads before a window's first step. */
  readonly lead: number;
  /** Expected sensors [B, lead + W, S] of rows [B, lead + W, F], without noise and with gradients; the lead is not read. */
  readonly reconstruct: (x_BWF: Tensor3D) => Tensor3D;
};

/** What the rows and columns of a map are: steps of the window, or channels (sensors, then covariates). */
export type MapAxis = 'steps' | 'channels';

/** Attention of one kind in one layer: how much each row looks at each column, per head; rows add to 1. */
export type AttentionMap = {
  /** e.g. `S` self-attention, `A` AutoMask, `prior`, `variable`, `temporal`. */
  readonly name: string;
  readonly title: string;
  /** From 0, the layer next to the input. */
  readonly layer: number;
  readonly axis: MapAxis;
  readonly heads: number;
  readonly size: number;
  /** [heads, size, size], row = query. */
  readonly value_HRC: Float32Array;
};

/** How far two maps of one layer differ at each row, in nats. */
export type MapDivergence = {
  readonly title: string;
  readonly layer: number;
  /** Names of the two maps. */
  readonly between: readonly [string, string];
  /** Jensen-Shannon (at most ln 2) unless said otherwise. */
  readonly kind?: 'js' | 'symmetric-kl';
  readonly heads: number;
  readonly size: number;
  /** [heads, size] */
  readonly value_HR: Float32Array;
};

/** What a model saw in one window, as plain arrays. */
export type Evidence = {
  readonly window: Span;
  readonly maps: readonly AttentionMap[];
  readonly divergences: readonly MapDivergence[];
  /** Learned frequencies of each head, in radians a step, by layer; [] for models without. */
  readonly frequencies: readonly { readonly layer: number; readonly omega_H: Float32Array }[];
  /** Share of `A` in the mixture of `A` and `S` that is applied; null where nothing is mixed. */
  readonly mixing: number | null;
};

/** How much each item of a memory answered to one view of a window: mean over the positions of its code; adds to 1. */
export type MemoryRead = {
  readonly kind: 'global' | 'local';
  readonly view: string;
  readonly weight_C: Float32Array;
};

/** A memory item as a signal: a window rebuilt from it alone, in the scale of the views. */
export type MemoryItem = {
  readonly kind: MemoryRead['kind'];
  readonly item: number;
  readonly weight: number;
  readonly signal_WS: Float32Array;
};

/** What a model with memories made of one window and its transformed views. R views, W steps, S sensors, C items. */
export type MemoryEvidence = {
  readonly W: number;
  readonly S: number;
  /** The untransformed one first. */
  readonly views: readonly { readonly name: string; readonly title: string }[];
  /** Views as the network gets them, scaled to 0..1 by their range in training, and as it rebuilds them: [R, W, S]. */
  readonly input_RWS: Float32Array;
  readonly rebuilt_RWS: Float32Array;
  /** Mean squared error of each view; the error of the window is their sum. */
  readonly error_R: Float32Array;
  readonly reads: readonly MemoryRead[];
  /** Weight of the local and of the global read in the fusion, for each view; null where none was learned. */
  readonly alpha_R2: Float32Array | null;
  /** Items that answer the untransformed view most, of each memory the strongest first. */
  readonly items: readonly MemoryItem[];
  /** Share of `windows` windows whose view (row) is taken for each view (column); null without a classifier. */
  readonly confusion_RR: Float32Array | null;
  readonly windows: number;
};

export interface Head<P extends ParamTable = ParamTable> {
  readonly card: Card;
  readonly params: P;
  readonly presets: Readonly<Record<string, Partial<Values<P>>>>;
  /** Share of the training steps, the last ones, that the detector may not see and the head is calibrated on. */
  readonly heldBack?: (p: Values<P>) => number;
  /**
   * `train` is the residual of training steps only, `parts` the detector's score parts at these steps. Throws
   * EngineError('bad-input') when nothing can be fitted, or a part that the head reads is missing.
   */
  readonly fit: (
    train: Residual,
    sensors: readonly Channel[],
    p: Values<P>,
    run: Run,
    parts?: readonly ScorePart[],
  ) => Promise<FittedHead>;
  readonly restore: (state: HeadState, sensors: readonly Channel[], p: Values<P>) => FittedHead;
}

/** Serialisable state of a fitted head: plain JSON. */
export type HeadState = Readonly<Record<string, unknown>>;

export type FittedHead = {
  readonly score: (residual: Residual, run: Run, parts?: readonly ScorePart[]) => Promise<Score>;
  readonly state: () => HeadState;
  /**
   * For heads that remember all steps before: scores the `fresh` steps of a residual with what is remembered of the steps
   * before these (null: nothing yet), and gives what is remembered after them. All other steps are looked at alone.
   */
  readonly goOn?: (
    residual: Residual,
    fresh: Span,
    memory: HeadState | null,
    run: Run,
    parts?: readonly ScorePart[],
  ) => Promise<{ readonly score: Score; readonly memory: HeadState }>;
};

/** Keeps the parameter table's exact type while checking the contract, and adds the settings that all detectors share. */
export const defineDetector = <P extends ParamTable>(detector: Detector<P>): Detector<P> => ({
  ...detector,
  params: { ...detector.params, ...inputTable(detector.windowed !== false) },
});
export const defineHead = <P extends ParamTable>(head: Head<P>): Head<P> => head;

/**
 * As registries hold them: the parameter names are only known at run time, and values were checked by `resolve`.
 * `any` because a function's parameter type cannot be widened any other way.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
export type AnyDetector = Detector<any>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
export type AnyHead = Head<any>;
