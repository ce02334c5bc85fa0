/** Principal directions of many rows. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

export type Principal = {
  readonly mean_D: Float64Array;
  /** Directions of largest variance, of length 1, the largest first. */
  readonly directions: readonly Float64Array[];
};

function covarianceOf(count: number, D: number, copyRow: (n: number, out_D: Float64Array) => void) {
  const mean_D = new Float64Array(D);
  const row_D = new Float64Array(D);
  for (let n = 0; n < count; n++) {
    copyRow(n, row_D);
    for (let d = 0; d < D; d++) mean_D[d] += row_D[d] / count;
  }
  const sum_DD = new Float64Array(D * D);
  for (let n = 0; n < count; n++) {
    copyRow(n, row_D);
    for (let d = 0; d < D; d++) row_D[d] -= mean_D[d];
    for (let a = 0; a < D; a++) for (let b = 0; b <= a; b++) sum_DD[a * D + b] += row_D[a] * row_D[b];
  }
  const covariance = Matrix.zeros(D, D);
  for (let a = 0; a < D; a++)
    for (let b = 0; b <= a; b++) {
      const value = sum_DD[a * D + b] / count;
      covariance.set(a, b, value);
      covariance.set(b, a, value);
    }
  return { mean_D, covariance };
}

/** Directions that together explain more than `share` of the variance of `count` rows of `D` numbers. */
export function principalOf(
  count: number,
  D: number,
  copyRow: (n: number, out_D: Float64Array) => void,
  share: number,
): Principal {
  const { mean_D, covariance } = covarianceOf(count, D, copyRow);
  const evd = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const variances = evd.realEigenvalues;
  const order = variances.map((_, i) => i).sort((a, b) => variances[b] - variances[a]);
  const total = variances.reduce((sum, value) => sum + Math.max(0, value), 0);
  const directions: Float64Array[] = [];
  let explained = 0;
  for (const i of order) {
    if (total === 0 || explained / total > share) break;
    explained += Math.max(0, variances[i]);
    directions.push(Float64Array.from(evd.eigenvectorMatrix.getColumn(i)));
  }
  return { mean_D, directions };
}

/** Takes the mean and all that lies along the directions out of a row, in place. */
export function leaveRest({ mean_D, directions }: Principal, row_D: Float64Array): void {
  const D = mean_D.length;
  for (let d = 0; d < D; d++) row_D[d] -= mean_D[d];
  for (const direction_D of directions) {
    let along = 0;
    for (let d = 0; d < D; d++) along += row_D[d] * direction_D[d];
    for (let d = 0; d < D; d++) row_D[d] -= along * direction_D[d];
  }
}
