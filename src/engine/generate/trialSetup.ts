/** Detectors and augmentations of a trial by id, with settings that suit a few hundred windows. */
import { EngineError } from '../errors.ts';
import type { AnyStepDetector } from '../models/shared/stepDetector.ts';
import { stepDetectors } from '../models/steps.ts';
import { resolve } from '../params.ts';
import type { AnyValues } from '../params.ts';
import type { AnyAugmentation } from './augmentation.ts';
import { augmentations } from './index.ts';

type Presets = { readonly presets: object };

const lite = ({ presets }: Presets): AnyValues => new Map<string, AnyValues>(Object.entries(presets)).get('lite') ?? {};

const unknown = (what: string, id: string, all: Iterable<string>): EngineError =>
  new EngineError(
    'bad-input',
    'unknown-engine',
    `there is no ${what} "${id}" for windows`,
    `Choose one of ${[...all].join(', ')}.`,
  );

/** A detector that has epochs learns from windows; the others are rules. */
export const learns = (detector: AnyStepDetector): boolean => 'epochs' in detector.params;

/** Few windows make few updates: small batches, and an epoch of NCAD, which cuts many windows out of one, counts for more. */
function quick(id: string, epochs: number): AnyValues {
  return id === 'ncad' ? { epochs: Math.max(1, Math.round(epochs / 5)), batch: 16 } : { epochs, batch: 8 };
}

/**
 * A detector for windows of T steps; one that looks at longer stretches by itself looks at T. Throws
 * EngineError('bad-input', 'unknown-engine').
 */
export function trialDetector(
  id: string,
  epochs: number,
  T: number,
): { readonly using: AnyStepDetector; readonly values: AnyValues } {
  const using = stepDetectors.get(id);
  if (using === undefined) throw unknown('detector', id, stepDetectors.keys());
  const own = { ...lite(using), ...(learns(using) ? quick(id, epochs) : {}) };
  const window = (resolve(using.params, own) as AnyValues)['window'];
  const fitting = typeof window === 'number' && window > T ? { window: T } : {};
  return { using, values: resolve(using.params, { ...own, ...fitting }) };
}

/** Throws EngineError('bad-input', 'unknown-engine'). */
export function trialMaker(
  id: string,
  own: AnyValues = {},
): { readonly using: AnyAugmentation; readonly values: AnyValues } {
  const using = augmentations.get(id);
  if (using === undefined) throw unknown('augmentation', id, augmentations.keys());
  return { using, values: resolve(using.params, { ...lite(using), ...own }) };
}
