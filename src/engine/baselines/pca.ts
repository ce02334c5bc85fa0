import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Prepared } from '../prepare.ts';
import type { Span } from '../types.ts';
import { meanOver, observedResidual, valueAt } from './baseline.ts';
import type { Baseline } from './baseline.ts';

/** Share of the training variance that the kept components explain. */
const KEPT_VARIANCE = 0.9;

function covariance(prepared: Prepared, { start, end }: Span): { mean_S: Float64Array; covariance: Matrix } {
  const { S } = prepared;
  const mean_S = new Float64Array(S);
  const count = end - start;
  for (let t = start; t < end; t++) for (let s = 0; s < S; s++) mean_S[s] += valueAt(prepared, t, s) / count;
  const sum_SS = new Float64Array(S * S);
  const row_S = new Float64Array(S);
  for (let t = start; t < end; t++) {
    for (let s = 0; s < S; s++) row_S[s] = valueAt(prepared, t, s) - mean_S[s];
    for (let a = 0; a < S; a++) for (let b = 0; b <= a; b++) sum_SS[a * S + b] += row_S[a] * row_S[b];
  }
  const matrix = Matrix.zeros(S, S);
  for (let a = 0; a < S; a++)
    for (let b = 0; b <= a; b++) {
      const value = sum_SS[a * S + b] / count;
      matrix.set(a, b, value);
      matrix.set(b, a, value);
    }
  return { mean_S, covariance: matrix };
}

/** Directions of largest variance until `share` of it is explained, one array of S values each. */
function components(matrix: Matrix, share: number): Float64Array[] {
  const evd = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const variances = evd.realEigenvalues;
  const order = variances.map((_, i) => i).sort((a, b) => variances[b] - variances[a]);
  const total = variances.reduce((sum, value) => sum + Math.max(0, value), 0);
  const kept: Float64Array[] = [];
  let explained = 0;
  for (const i of order) {
    if (total === 0 || explained / total > share) break;
    explained += Math.max(0, variances[i]);
    kept.push(Float64Array.from(evd.eigenvectorMatrix.getColumn(i)));
  }
  return kept;
}

/** Principal components: what the usual directions of movement cannot explain is strange (Shyu et al. 2003). */
export const pca: Baseline = {
  id: 'pca',
  title: 'PCA',
  summary: 'Squared error left after the principal components of training (90 % of the variance) are taken away.',
  scale: 'zscore',
  needs: 2,
  score({ prepared, train }) {
    const { T, S } = prepared;
    const { mean_S, covariance: matrix } = covariance(prepared, train);
    const directions = components(matrix, KEPT_VARIANCE);
    const rest_TS = new Float64Array(T * S);
    for (let t = 0; t < T; t++) {
      const rest_S = rest_TS.subarray(t * S, (t + 1) * S);
      for (let s = 0; s < S; s++) rest_S[s] = valueAt(prepared, t, s) - mean_S[s];
      for (const direction_S of directions) {
        let along = 0;
        for (let s = 0; s < S; s++) along += rest_S[s] * direction_S[s];
        for (let s = 0; s < S; s++) rest_S[s] -= along * direction_S[s];
      }
    }
    const residual = observedResidual(prepared, (t, s) => rest_TS[t * S + s]);
    return { residual, score_T: meanOver(residual, (r) => r * r) };
  },
};
