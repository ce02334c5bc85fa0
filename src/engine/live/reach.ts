/** How far engines and heads look to both sides of a step: what a live answer has to remember, and to wait for. */
import type { ErrorSettings } from '../detect/smoothedError.ts';
import { forgottenAfter, triangularReach } from '../math/smoothing.ts';
import type { AnyDetector, HeadState, Reach } from '../model.ts';
import type { AnyValues } from '../params.ts';

/** Of a detector: what its windows cover, unless it says otherwise. Throws as its `reach` does. */
export function detectorReach(detector: AnyDetector, values: AnyValues): Reach {
  if (detector.reach) return detector.reach(values);
  const { W, horizon, scoreStride } = detector.windowing(values);
  const back = W - 1 + horizon + scoreStride - 1;
  // Forecasts are made before the step that they are held against.
  return { back, ahead: horizon > 0 ? 0 : W - 1, align: scoreStride };
}

type Sides = Pick<Reach, 'back' | 'ahead'>;

type Remembers = { readonly errors?: ErrorSettings; readonly retire?: number };

function errorReach({ kind, halfWidth, com, reach }: ErrorSettings): Sides {
  const smooth = reach === undefined ? { back: forgottenAfter(com), ahead: 0 } : triangularReach(reach);
  if (kind === 'point') return smooth;
  return { back: smooth.back + halfWidth, ahead: smooth.ahead + Math.max(0, halfWidth - 1) };
}

/** Of a fitted head, read from its state: every head keeps there how it smooths errors. */
export function headReach(state: HeadState): Sides {
  const { errors, retire = 0 } = state as Remembers;
  const { back, ahead } = errors ? errorReach(errors) : { back: 0, ahead: 0 };
  return { back: back + retire, ahead };
}
