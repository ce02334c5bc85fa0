import { meanOver, observedResidual, valueAt } from './baseline.ts';
import type { Baseline } from './baseline.ts';

export const rawSignal: Baseline = {
  id: 'raw',
  title: 'Raw signal',
  summary: 'How high the sensors stand in their training range; mean over sensors. No model at all.',
  scale: 'minmax01',
  needs: 1,
  score({ prepared }) {
    const residual = observedResidual(prepared, (t, s) => valueAt(prepared, t, s));
    return { residual, score_T: meanOver(residual, (r) => r) };
  },
};
