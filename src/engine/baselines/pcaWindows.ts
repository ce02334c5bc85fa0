import { cutStarts, unwindow } from '../window.ts';
import { meanOver, observedResidual } from './baseline.ts';
import type { Baseline } from './baseline.ts';
import { KEPT_VARIANCE } from './pca.ts';
import { leaveRest, principalOf } from '../math/principal.ts';
import { copyWindow, trainingStarts } from './windows.ts';

const LONGEST = 20;
/** Numbers in a window at most: the time of the decomposition grows with their cube. */
const WIDEST = 240;

/** Principal components of short windows: what the usual shapes of movement cannot explain is strange. */
export const pcaWindows: Baseline = {
  id: 'pca-windows',
  title: 'PCA of windows',
  summary: `Squared error left after the principal components of short training windows are taken away; ${LONGEST} steps, fewer where sensors are many.`,
  scale: 'zscore',
  needs: LONGEST + 2,
  score({ prepared, train, spans }) {
    const { T, S } = prepared;
    const W = Math.max(2, Math.min(LONGEST, Math.floor(WIDEST / S)));
    const start_N = trainingStarts(train, W);
    const principal = principalOf(
      start_N.length,
      W * S,
      (n, row_D) => copyWindow(prepared, start_N[n], W, row_D),
      KEPT_VARIANCE,
    );
    const rest_D = new Float64Array(W * S);
    const steps = unwindow(T, S);
    for (const start of cutStarts(spans, { W, horizon: 0, stride: 1 })) {
      copyWindow(prepared, start, W, rest_D);
      leaveRest(principal, rest_D);
      steps.add(Float32Array.from(rest_D), Int32Array.of(start), W);
    }
    const mean_TS = steps.mean();
    const residual = observedResidual(prepared, (t, s) => mean_TS[t * S + s]);
    return { residual, score_T: meanOver(residual, (r) => r * r) };
  },
};
