/**
 * Mixup: a weighted mean of two windows and of their labels.
 * Source: Zhang, Cisse, Dauphin, Lopez-Paz, "mixup: Beyond Empirical Risk Minimization", ICLR 2018, eq. 1.
 */
import { betaDraw } from '../math/samplers.ts';
import { byWindow } from './byWindow.ts';
import type { LabelledWindow } from './byWindow.ts';

/** `weight` of `a`, the rest of `b`; values and labels alike. */
export function mixed(a: LabelledWindow, b: LabelledWindow, weight: number): LabelledWindow {
  const blend = (x: number, y: number): number => (weight === 1 ? x : weight * x + (1 - weight) * y);
  return {
    x_T: a.x_T.map((x, t) => blend(x, b.x_T[t])),
    label_T: a.label_T.map((label, t) => blend(label, b.label_T[t])),
  };
}

export const mixup = byWindow({
  card: {
    id: 'mixup',
    title: 'Mixup',
    summary: 'Weighted means of two training windows and of their labels.',
    paper: { cite: 'Zhang, Cisse, Dauphin & Lopez-Paz, ICLR 2018', url: 'https://openreview.net/forum?id=r1Ddp1-Rb' },
    deviations: ['By default the first of the two windows is an anomalous one; setting “Made from” takes any.'],
  },
  params: {
    alpha: {
      kind: 'number',
      default: 0.2,
      min: 0.01,
      max: 10,
      step: 0.01,
      label: 'α of the weights',
      help: 'Weights are drawn from Beta(α, α): near 0 or 1 for a small α. C-GATS paper: 0.2.',
    },
  },
  change: (window, { alpha }, rng, other) => mixed(window, other(), betaDraw(alpha, alpha, rng)),
});
