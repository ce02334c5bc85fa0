import { meanOver, observedResidual, valueAt } from './baseline.ts';
import type { Baseline } from './baseline.ts';

export const difference: Baseline = {
  id: 'difference',
  title: 'Difference x(t) − x(t−1)',
  summary: 'The jump of each sensor from one step to the next, scaled by its training range; mean over sensors.',
  scale: 'minmax01',
  needs: 2,
  score({ prepared, spans }) {
    const first = new Set(spans.map(({ start }) => start));
    const residual = observedResidual(prepared, (t, s) =>
      first.has(t) ? 0 : valueAt(prepared, t, s) - valueAt(prepared, t - 1, s),
    );
    return { residual, score_T: meanOver(residual, Math.abs) };
  },
};
