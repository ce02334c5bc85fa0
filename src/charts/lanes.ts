/** What a lane is, in plain values: everything the drawing needs besides the tiles. */
import type { Span } from '../engine/types.ts';
import type { DriftLane } from './driftLane.ts';
import type { TrackRef } from '../workers/protocol.ts';

/** Range of the value axis: what is in view, or fixed ends; linear unless `log`. */
export type LaneScale = {
  readonly range: 'view' | { readonly lo: number; readonly hi: number };
  readonly log?: boolean;
};

export type Verdict = 'anomalous' | 'normal' | 'unsure';

/**
 * A label on the label lane or the overview. `file`: it came with the data (outline only). `synthetic`: what stands there
 * was generated (dashed outline with its name).
 */
export type LabelMark = {
  readonly span: Span;
  readonly verdict: Verdict;
  readonly origin: 'person' | 'file' | 'synthetic';
};

/** A found event; `number` is its rank by severity, from 1. 0 marks a band without a number. */
export type EventMark = { readonly span: Span; readonly number: number };

/** An observed sensor with what was expected. Null tracks are not drawn. */
export type SignalLane = {
  readonly kind: 'signal';
  readonly observed: TrackRef;
  readonly expected: TrackRef | null;
  readonly residual: TrackRef | null;
  /** Half-width of the 95 % band in units of the sensor. */
  readonly band: number;
  /** The same over ranges that have a band of their own; a later one holds. */
  readonly bands?: readonly (Span & { readonly band: number })[];
  readonly scale: LaneScale;
  /** Said in the lane of a sensor that never counts ("constant in training: never flags"); it is drawn dashed. */
  readonly leftOut: string | null;
};

export type CovariateLane = { readonly kind: 'covariate'; readonly track: TrackRef; readonly scale: LaneScale };

/** Largest −log10 p of a system as a strip of colour; `max` is the value of the darkest shade. */
export type SystemLane = { readonly kind: 'system'; readonly track: TrackRef; readonly max: number };

export type PartLane = { readonly kind: 'part'; readonly track: TrackRef; readonly scale: LaneScale };

export type ScoreLane = { readonly kind: 'score'; readonly track: TrackRef; readonly scale: LaneScale };

export type LabelLane = { readonly kind: 'labels'; readonly labels: readonly LabelMark[] };

export type LaneDraw = SignalLane | CovariateLane | SystemLane | PartLane | ScoreLane | LabelLane | DriftLane;

/** Usual heights in pixels. */
export const LANE_HEIGHT = {
  signal: 50,
  covariate: 36,
  system: 24,
  part: 28,
  score: 84,
  labels: 28,
  drift: 62,
} as const;
