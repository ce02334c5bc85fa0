/**
 * What makes labelled windows out of labelled windows: C-GATS, a GAN, or one of the classic augmentations. All of them
 * learn from training windows only (some learn nothing) and then make as many windows as are asked for.
 */
import type { Card, Run } from '../model.ts';
import type { ParamTable, Values } from '../params.ts';
import type { Samples } from './samples.ts';

export type Maker = {
  /** `count` new windows with their labels; anomalous steps are labelled as such. Draws from `run.rng` alone. */
  readonly make: (count: number, run: Run) => Promise<Samples>;
  readonly dispose: () => void;
};

export type Augmentation<P extends ParamTable = ParamTable, M extends Maker = Maker> = {
  readonly card: Card;
  readonly params: P;
  /** Named settings; each is overlaid on the defaults. */
  readonly presets: Readonly<Record<string, Partial<Values<P>>>>;
  /**
   * Throws EngineError('bad-input', 'no-anomalies' or 'no-normals') where the windows hold nothing to learn from, and
   * 'cancelled' within one batch of a cancel.
   */
  readonly fit: (train: Samples, p: Values<P>, run: Run) => Promise<M>;
};

export const defineAugmentation = <P extends ParamTable, M extends Maker>(
  augmentation: Augmentation<P, M>,
): Augmentation<P, M> => augmentation;

/** As the registry holds them (see AnyDetector). */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a function's parameter type cannot be widened otherwise
export type AnyAugmentation = Augmentation<any>;
