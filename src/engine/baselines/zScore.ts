import { meanOver, observedResidual, valueAt } from './baseline.ts';
import type { Baseline } from './baseline.ts';

export const zScore: Baseline = {
  id: 'z-score',
  title: 'z-score',
  summary: 'How many training deviations each sensor is from its training mean; mean of squares over sensors.',
  scale: 'zscore',
  needs: 1,
  score({ prepared }) {
    const residual = observedResidual(prepared, (t, s) => valueAt(prepared, t, s));
    return { residual, score_T: meanOver(residual, (r) => r * r) };
  },
};
