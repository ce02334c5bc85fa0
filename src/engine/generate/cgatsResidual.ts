/**
 * What the decoder φ leaves unexplained. φ gives a mean, and the mean of anomalies whose size or sign is a matter of
 * chance is no anomaly; so a sample adds what is left: one number for each run of labelled steps, one for each step
 * (analysis of variance with random effects, one way, mean 0). Dimensions: N windows, T steps.
 */
import { standardNormal } from '../tensor/noise.ts';

/** Deviations: common to the steps of a labelled run, of each labelled step beside that, of each other step. */
export type Residual = { readonly run: number; readonly step: number; readonly outside: number };

/** Where a sample is more than the mean of φ. */
export type NoiseKind = 'none' | 'labelled' | 'all';

/** First and last step (exclusive) of each run of labelled steps, none across two windows. */
function runsOf(label_NT: Float32Array, T: number): [number, number][] {
  const runs: [number, number][] = [];
  for (let i = 0; i < label_NT.length; i++) {
    if (label_NT[i] === 0) continue;
    if (i % T === 0 || label_NT[i - 1] === 0) runs.push([i, i + 1]);
    else runs[runs.length - 1][1] = i + 1;
  }
  return runs;
}

const sumOf = (values: Float32Array, f: (x: number) => number): number => values.reduce((sum, x) => sum + f(x), 0);

/** From residuals [N, T] and their labels, by moments: E Σ n m² = n v(run) + k v(step) over k runs of n steps in all. */
export function fitResidual(residual_NT: Float32Array, label_NT: Float32Array, T: number): Residual {
  const runs = runsOf(label_NT, T).map(([from, to]) => residual_NT.subarray(from, to));
  let between = 0;
  let within = 0;
  let steps = 0;
  for (const run of runs) {
    const mean = sumOf(run, (x) => x) / run.length;
    between += run.length * mean * mean;
    within += sumOf(run, (x) => (x - mean) ** 2);
    steps += run.length;
  }
  const step = steps > runs.length ? within / (steps - runs.length) : 0;
  const run = steps > 0 ? Math.max(0, (between - runs.length * step) / steps) : 0;
  const others = residual_NT.filter((_, i) => label_NT[i] === 0);
  const outside = others.length > 0 ? sumOf(others, (x) => x * x) / others.length : 0;
  return { run: Math.sqrt(run), step: Math.sqrt(step), outside: Math.sqrt(outside) };
}

/** Adds a draw of it to windows [N, T] in place; `labelled` leaves the other steps as they are. */
export function addResidual(
  x_NT: Float32Array,
  label_NT: Float32Array,
  T: number,
  { run, step, outside }: Residual,
  kind: NoiseKind,
  rng: () => number,
): void {
  if (kind === 'none') return;
  const runs = runsOf(label_NT, T);
  // First what every label needs alike: the same draw under another label differs at labelled steps alone.
  const each = standardNormal(x_NT.length, rng);
  const common = standardNormal(runs.length, rng);
  runs.forEach(([from, to], n) => {
    for (let i = from; i < to; i++) x_NT[i] += run * common[n];
  });
  for (let i = 0; i < x_NT.length; i++)
    if (label_NT[i] > 0) x_NT[i] += step * each[i];
    else if (kind === 'all') x_NT[i] += outside * each[i];
}
