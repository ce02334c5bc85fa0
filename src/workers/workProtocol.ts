/** The wire's words for how a run is computed, and for one engine over all assets. Types only, as in protocol.ts. */
import type { AnyValues } from '../engine/params.ts';
import type { WireError } from './protocol.ts';

/**
 * How a run is computed on a device; chosen by a short measurement and kept with the run. It changes results by rounding
 * only; the same choice on the same backend gives the same bytes.
 */
export type RunWork = {
  /** Windows of a training batch. */
  readonly batch: number;
  /** Windows computed at a time in training: the batch, or less where that is quicker or memory is short. */
  readonly chunk: number;
  /** The same in validation. */
  readonly judged: number;
  /** Windows scored at a time; null for the engine's own guess. */
  readonly scored: number | null;
  /** Workers that share each batch; 1 is alone. */
  readonly workers: number;
};

/** What a job would take of memory, and settings with which it would fit where it does not. */
export type MemoryNeed = {
  /** Bytes at the worst moment of training or scoring, as planned; the least possible where it does not fit. */
  readonly needed: number;
  /** Bytes that computations may take here. */
  readonly available: number;
  readonly refusal: WireError | null;
  /** Changes of settings, each of which would do alone; the first changes the method least. */
  readonly smaller: readonly AnyValues[];
};

/** One asset of a run over all of them. */
export type AssetProgress = {
  readonly asset: string;
  readonly is: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  /** Share of the training that is done, 0 to 1; null before and after. */
  readonly share: number | null;
  readonly secondsLeft: number | null;
  /** Of the kept run. */
  readonly runId: string | null;
  readonly error: WireError | null;
};

export type AllRuns = { readonly assets: readonly AssetProgress[] };
