/**
 * What people say of a series. A label is a person's verdict on a range; labels live in an append-only journal, so that
 * undo reaches every earlier state and nothing that was said is ever overwritten.
 */
import type { Span } from '../types.ts';

export type Verdict = 'anomalous' | 'normal' | 'unsure';

/** Which sensors a verdict is about. Names, not numbers: a label outlives a change of roles. */
export type Scope =
  | { readonly kind: 'all' }
  | { readonly kind: 'system'; readonly system: string }
  | { readonly kind: 'sensors'; readonly sensors: readonly string[] };

/** How a label came about. `synthetic` stays with a label for good, in exports too. */
export type Origin = 'query' | 'lane' | 'event' | 'similar' | 'import' | 'synthetic';

export type Label = {
  readonly id: string;
  /** Half-open, 0-based steps of the series. */
  readonly span: Span;
  readonly verdict: Verdict;
  readonly scope: Scope;
  /** Who said it. */
  readonly author: string;
  /** Name of the set it belongs to: one per annotator, or one per imported file. */
  readonly layer: string;
  /** Milliseconds since 1970 UTC. */
  readonly madeAtMs: number;
  readonly note: string;
  readonly origin: Origin;
};

/** `put` adds a label, or replaces the one with the same id. */
export type Change = { readonly kind: 'put'; readonly label: Label } | { readonly kind: 'remove'; readonly id: string };

/** One acknowledged act on the labels of one asset; `undo` and `redo` take back or repeat the act numbered `of`. */
export type Act =
  | { readonly kind: 'change'; readonly changes: readonly Change[] }
  | { readonly kind: 'undo'; readonly of: number }
  | { readonly kind: 'redo'; readonly of: number };

/** `seq` counts from 1 without holes within one asset's journal; it decides who was first between two tabs. */
export type Entry = { readonly seq: number; readonly atMs: number; readonly act: Act };
