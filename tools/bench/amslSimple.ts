/** What AMSL is compared with on windows: random numbers, principal components and nearest neighbours of whole windows. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { seeded } from '../../src/engine/rng.ts';

/** Errors of training and tested windows. */
export type Errors = { readonly train: readonly number[]; readonly test: readonly number[] };

const rowsOf = (x: Float32Array, size: number): Float32Array[] =>
  Array.from({ length: x.length / size }, (_, n) => x.subarray(n * size, (n + 1) * size));

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** A number drawn for each window: what any measure of it is worth nothing beyond. */
export function randomErrors(train: Float32Array, test: Float32Array, size: number, seed: number): Errors {
  const rng = seeded(seed);
  const drawn = (x: Float32Array): number[] => rowsOf(x, size).map(() => rng());
  return { train: drawn(train), test: drawn(test) };
}

const KEPT = 0.9;

/** Squared error beside the principal components of training windows that hold 90 % of their variance. */
export function pcaErrors(train: Float32Array, test: Float32Array, size: number): Errors {
  const [learn, judge] = [rowsOf(train, size), rowsOf(test, size)];
  const mean = new Float32Array(size);
  for (const row of learn) for (let i = 0; i < size; i++) mean[i] += row[i] / learn.length;
  const centred = (rows: Float32Array[]): Float32Array[] => rows.map((row) => row.map((value, i) => value - mean[i]));
  const [a, b] = [centred(learn), centred(judge)];
  // The windows are fewer than their values: the products of windows have the same components.
  const products = Matrix.zeros(a.length, a.length);
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j <= i; j++) {
      const value = dot(a[i], a[j]);
      products.set(i, j, value);
      products.set(j, i, value);
    }
  const { realEigenvalues: variances, eigenvectorMatrix } = new EigenvalueDecomposition(products, {
    assumeSymmetric: true,
  });
  const order = variances.map((_, i) => i).sort((x, y) => variances[y] - variances[x]);
  const total = variances.reduce((sum, value) => sum + Math.max(0, value), 0);
  const components: Float32Array[] = [];
  for (let n = 0, held = 0; held < KEPT * total; n++) {
    const k = order[n];
    const component = new Float32Array(size);
    a.forEach((row, i) => {
      const share = eigenvectorMatrix.get(i, k) / Math.sqrt(variances[k]);
      for (let c = 0; c < size; c++) component[c] += share * row[c];
    });
    components.push(component);
    held += variances[k];
  }
  const error = (row: Float32Array): number =>
    (dot(row, row) - components.reduce((sum, component) => sum + dot(row, component) ** 2, 0)) / size;
  return { train: a.map(error), test: b.map(error) };
}

const NEIGHBOUR = 5;

/** Distance to the fifth nearest training window; a training window does not count as its own neighbour. */
export function knnErrors(train: Float32Array, test: Float32Array, size: number): Errors {
  const learn = rowsOf(train, size);
  const squares = learn.map((row) => dot(row, row));
  const error = (row: Float32Array, self: number): number => {
    const own = dot(row, row);
    const far = learn.flatMap((other, n) => (n === self ? [] : [own + squares[n] - 2 * dot(row, other)]));
    return Math.sqrt(Math.max(0, far.sort((x, y) => x - y)[NEIGHBOUR - 1]));
  };
  return { train: learn.map(error), test: rowsOf(test, size).map((row) => error(row, -1)) };
}
