import { meanOver, observedResidual } from './baseline.ts';
import type { Baseline } from './baseline.ts';
import { leaveRest, principalOf } from '../math/principal.ts';
import { copyWindow } from './windows.ts';

/** Share of the training variance that the kept components explain. */
export const KEPT_VARIANCE = 0.9;

/** Principal components: what the usual directions of movement cannot explain is strange (Shyu et al. 2003). */
export const pca: Baseline = {
  id: 'pca',
  title: 'PCA',
  summary: 'Squared error left after the principal components of training (90 % of the variance) are taken away.',
  scale: 'zscore',
  needs: 2,
  score({ prepared, train }) {
    const { T, S } = prepared;
    const principal = principalOf(
      train.end - train.start,
      S,
      (n, row_S) => copyWindow(prepared, train.start + n, 1, row_S),
      KEPT_VARIANCE,
    );
    const rest_TS = new Float64Array(T * S);
    for (let t = 0; t < T; t++) {
      const rest_S = rest_TS.subarray(t * S, (t + 1) * S);
      copyWindow(prepared, t, 1, rest_S);
      leaveRest(principal, rest_S);
    }
    const residual = observedResidual(prepared, (t, s) => rest_TS[t * S + s]);
    return { residual, score_T: meanOver(residual, (r) => r * r) };
  },
};
