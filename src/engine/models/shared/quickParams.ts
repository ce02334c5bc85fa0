/** Settings that engines of windows which learn in one go have in common. */
import type { Windowing } from '../../model.ts';
import type { ParamTable } from '../../params.ts';

export const quickWindow = {
  window: {
    kind: 'number',
    default: 20,
    min: 2,
    max: 500,
    step: 1,
    label: 'Window',
    unit: 'steps',
    help: 'How many steps are looked at together.',
  },
  cover: {
    kind: 'number',
    default: 20,
    min: 1,
    max: 500,
    step: 1,
    label: 'Windows over a step',
    help: 'How many windows cover each step; what they say is averaged. As many as the window has steps: all there are.',
  },
  examples: {
    kind: 'number',
    default: 2500,
    min: 10,
    max: 100_000,
    step: 10,
    label: 'Training windows',
    help: 'At most this many, evenly spread: more change little and take long.',
  },
} as const satisfies ParamTable;

/** Windows of one step's distance to learn from; as many over each judged step as asked for. */
export const quickWindowing = ({
  window: W,
  cover,
}: {
  readonly window: number;
  readonly cover: number;
}): Windowing => ({
  W,
  horizon: 0,
  stride: 1,
  scoreStride: Math.max(1, Math.floor(W / cover)),
});
