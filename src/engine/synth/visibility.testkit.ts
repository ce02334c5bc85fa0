/** How well an anomaly can be seen: by a range on one sensor, by a regression on the others, by the daily profile. */
import { Matrix, solve } from 'ml-matrix';
import type { Span } from '../types.ts';
import type { SynthSystem } from './system.ts';

const isLabelled = (system: SynthSystem): Uint8Array => {
  const label_T = new Uint8Array(system.T);
  for (const span of system.labels) label_T.fill(1, span.start, span.end);
  return label_T;
};

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length);

/** Share of the steps of `span` at which any sensor lies outside the range it had in training. */
export function outOfRange(system: SynthSystem, span: Span): number {
  const out = new Uint8Array(system.T);
  system.sensors.forEach((_, s) => {
    const x_T = system.columns[s];
    const seen = x_T.slice(system.train.start, system.train.end).filter((x) => !Number.isNaN(x));
    const low = seen.reduce((a, b) => Math.min(a, b));
    const high = seen.reduce((a, b) => Math.max(a, b));
    for (let t = span.start; t < span.end; t++) if (x_T[t] < low || x_T[t] > high) out[t] = 1;
  });
  return mean([...out.slice(span.start, span.end)]);
}

/** Best F1 over all thresholds, above or below, on sensor `s` alone, over the judged steps. */
export function bestSingleF1(system: SynthSystem, s: number): number {
  const label_T = isLabelled(system);
  const steps = Array.from({ length: system.test.end - system.test.start }, (_, i) => system.test.start + i).filter(
    (t) => !Number.isNaN(system.columns[s][t]),
  );
  const positives = steps.filter((t) => label_T[t] === 1).length;
  let best = 0;
  for (const sign of [1, -1]) {
    const order = steps.toSorted((a, b) => sign * (system.columns[s][b] - system.columns[s][a]));
    let hits = 0;
    order.forEach((t, i) => {
      hits += label_T[t];
      const isLast = i + 1 === order.length || system.columns[s][order[i + 1]] !== system.columns[s][t];
      if (isLast) best = Math.max(best, (2 * hits) / (i + 1 + positives));
    });
  }
  return best;
}

/** Linear and squared values of all columns but `s`, covariates with few values as one column a value. */
function features(system: SynthSystem, s: number, t: number, levels: readonly (readonly number[] | null)[]): number[] {
  const row = [1];
  system.columns.forEach((x_T, i) => {
    if (i === s) return;
    const known = levels[i];
    if (known !== null) row.push(...known.slice(1).map((level) => (x_T[t] === level ? 1 : 0)));
    else row.push(x_T[t], x_T[t] * x_T[t] * 0.01);
  });
  return row;
}

/**
 * Residual of each sensor against a ridge regression on all other columns at the same step, fitted on every fifth
 * training step, in units of its training standard deviation. NaN where anything is missing.
 */
export function regressionResidual(system: SynthSystem, s: number): Float64Array {
  const levels = system.columns.map((x_T, i) => {
    if (i < system.sensors.length) return null;
    const known = [...new Set(x_T.filter((x) => !Number.isNaN(x)))].sort((a, b) => a - b);
    return known.length <= 6 ? known : null;
  });
  const rows: number[][] = [];
  const want: number[] = [];
  for (let t = system.train.start; t < system.train.end; t += 5) {
    const row = features(system, s, t, levels);
    if (row.some(Number.isNaN) || Number.isNaN(system.columns[s][t])) continue;
    rows.push(row);
    want.push(system.columns[s][t]);
  }
  const sd = rows[0].map((_, j) => {
    const centre = mean(rows.map((row) => row[j]));
    return Math.sqrt(mean(rows.map((row) => (row[j] - centre) ** 2))) || 1;
  });
  const x = new Matrix(rows.map((row) => row.map((v, j) => v / sd[j])));
  const gram = x.transpose().mmul(x);
  for (let j = 0; j < gram.rows; j++) gram.set(j, j, gram.get(j, j) + 1e-4 * rows.length);
  const beta = solve(gram, x.transpose().mmul(Matrix.columnVector(want))).to1DArray();
  const residual = Float64Array.from(
    { length: system.T },
    (_, t) =>
      system.columns[s][t] - features(system, s, t, levels).reduce((sum, v, j) => sum + (v / sd[j]) * beta[j], 0),
  );
  return standardised(system, residual);
}

/** Residual against the training mean at the same step of the day (weekdays and weekends apart), standardised. */
export function profileResidual(system: SynthSystem, s: number, stepsPerDay: number): Float64Array {
  const slot = (t: number): number => (t % stepsPerDay) + (Math.floor(t / stepsPerDay) % 7 >= 5 ? stepsPerDay : 0);
  const sum = new Float64Array(2 * stepsPerDay);
  const n = new Float64Array(2 * stepsPerDay);
  for (let t = system.train.start; t < system.train.end; t++) {
    if (Number.isNaN(system.columns[s][t])) continue;
    sum[slot(t)] += system.columns[s][t];
    n[slot(t)]++;
  }
  return standardised(
    system,
    system.columns[s].map((x, t) => x - sum[slot(t)] / n[slot(t)]),
  );
}

function standardised(system: SynthSystem, residual_T: Float64Array): Float64Array {
  const train = [...residual_T.slice(system.train.start, system.train.end)].filter((r) => !Number.isNaN(r));
  const sd = Math.sqrt(mean(train.map((r) => r * r)));
  return residual_T.map((r) => (sd > 0 ? r / sd : 0));
}

/** Root mean square of `z_T` in `span`, as a multiple of that over all unlabelled judged steps. */
export function excess(system: SynthSystem, z_T: Float64Array, span: Span): number {
  const label_T = isLabelled(system);
  const square = (from: number, to: number, keep: (t: number) => boolean): number => {
    const values: number[] = [];
    for (let t = from; t < to; t++) if (keep(t) && !Number.isNaN(z_T[t])) values.push(z_T[t] * z_T[t]);
    return Math.sqrt(mean(values));
  };
  const normal = square(system.test.start, system.test.end, (t) => label_T[t] === 0);
  return square(span.start, span.end, () => true) / normal;
}
