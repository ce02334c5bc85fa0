/** The wire of labels and feedback: types only, a part of `protocol.ts`. */
import type { Act, Label } from '../engine/labels/types.ts';
import type { AssetRef, Outcome, WireError } from './protocol.ts';

/** The labels of one asset as they stand, and what can be taken back. */
export type LabelState = {
  /** In the order in which they were last put: the later one wins where two speak of the same. */
  readonly labels: readonly Label[];
  /** Number of the newest act; 0 before the first. */
  readonly seq: number;
  /** Act that undo would take back, and the one that redo would repeat; null where there is none. */
  readonly canUndo: number | null;
  readonly canRedo: number | null;
  /** Acts that the browser did not keep and why: they live in this tab alone until a later write succeeds. */
  readonly unsaved: { readonly acts: number; readonly error: WireError } | null;
};

export type LabelApi = {
  readonly labels: (data: AssetRef) => Promise<Outcome<LabelState>>;
  /**
   * Adds one act to the journal, after what other tabs added meanwhile, and answers once it can be read back. A failed
   * write is no failed act: the answer holds it and says so in `unsaved`, and the next act tries again.
   */
  readonly act: (data: AssetRef, act: Act) => Promise<Outcome<LabelState>>;
};
