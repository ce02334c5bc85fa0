import { meanOver, observedResidual, valueAt } from './baseline.ts';
import type { Baseline } from './baseline.ts';

const STEPS = 200;
/** Least deviation, in training deviations: a sensor at rest for a while may move a little again. */
const LEAST = 0.1;

/** The usual control chart: each value against the mean and deviation of the steps just before it. */
export const movingZScore: Baseline = {
  id: 'moving-z-score',
  title: 'Moving z-score',
  summary: `How many deviations each sensor is from the mean of the ${STEPS} steps before; mean of squares over sensors.`,
  scale: 'zscore',
  needs: STEPS,
  score({ prepared, spans }) {
    const { T, S } = prepared;
    const z_TS = new Float64Array(T * S);
    for (const { start, end } of spans) {
      for (let s = 0; s < S; s++) {
        let [sum, squares] = [0, 0];
        for (let t = start; t < end; t++) {
          const n = Math.min(STEPS, t - start);
          const x = valueAt(prepared, t, s);
          if (n >= 2) {
            const mean = sum / n;
            const sd = Math.sqrt(Math.max(0, squares / n - mean * mean));
            z_TS[t * S + s] = (x - mean) / Math.max(LEAST, sd);
          }
          const gone = n === STEPS ? valueAt(prepared, t - STEPS, s) : 0;
          sum += x - gone;
          squares += x * x - gone * gone;
        }
      }
    }
    const residual = observedResidual(prepared, (t, s) => z_TS[t * S + s]);
    return { residual, score_T: meanOver(residual, (r) => r * r) };
  },
};
