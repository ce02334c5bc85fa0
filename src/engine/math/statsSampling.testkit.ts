/** Divergences, and samplers against the laws they draw from. */
import { seeded } from '../rng.ts';
import type { Check, Row, Tolerance } from './check.testkit.ts';
import { compareField, compareLists, numberOf, numbersOf, rowOf, rowsOf, toleranceOf } from './check.testkit.ts';
import { entropy, js, kl, klGaussian, klToStandardNormal } from './divergence.ts';
import { mean } from './moments.ts';
import { betaDraw, gammaDraw } from './samplers.ts';

const DRAWS = 100_000;
/** Kolmogorov-Smirnov distance that 100 000 right draws practically never exceed. */
const KS = 0.0062;

function discreteChecks(file: Row, tolerance: Tolerance): Check[] {
  const rows = rowsOf(file['discrete']);
  const p = (row: Row) => numbersOf(row['p']);
  const q = (row: Row) => numbersOf(row['q']);
  const field = (key: string, f: (row: Row) => number) => compareField('discrete', rows, key, f, tolerance);
  return [
    ...field('klPQ', (row) => kl(p(row), q(row))),
    ...field('klQP', (row) => kl(q(row), p(row))),
    ...field('js', (row) => js(p(row), q(row))),
    ...field('jsDistance', (row) => Math.sqrt(js(p(row), q(row)))),
    ...field('jsBase2', (row) => js(p(row), q(row)) / Math.LN2),
    ...field('symmetricKl', (row) => kl(p(row), q(row)) + kl(q(row), p(row))),
    ...field('entropyP', (row) => entropy(p(row))),
  ];
}

function gaussianChecks(file: Row, tolerance: Tolerance): Check[] {
  const standard = (row: Row) => klToStandardNormal(numbersOf(row['mu']), numbersOf(row['logvar']));
  const pair = (row: Row) => {
    const [m1, s1, m2, s2] = ['mean1', 'sd1', 'mean2', 'sd2'].map((key) => numberOf(row[key]));
    return klGaussian(m1, s1, m2, s2);
  };
  return [
    ...compareField('Gaussian', rowsOf(file['gaussianToStandard']), 'klToStandardNormal', standard, tolerance),
    ...compareField('Gaussian pair', rowsOf(file['gaussianPair']), 'kl', pair, tolerance),
  ];
}

/** Mean of the draws, and their share below each given point against the law's. */
function samplerChecks(name: string, row: Row, draw: (rng: () => number) => number): Check[] {
  const rng = seeded(20);
  const draws = Float64Array.from({ length: DRAWS }, () => draw(rng));
  const points = [
    ...rowsOf(row['cdf']).map((at) => ({ x: numberOf(at['x']), p: numberOf(at['cdf']) })),
    ...rowsOf(row['quantiles']).map((at) => ({ x: numberOf(at['x']), p: numberOf(at['p']) })),
  ];
  const share = points.map(({ x }) => draws.filter((value) => value <= x).length / DRAWS);
  const allowed = { rel: 0, abs: numberOf(row['meanTolerance100k']) };
  return [
    compareLists(`${name}: mean of draws`, [mean(draws)], [numberOf(row['mean'])], allowed),
    compareLists(
      `${name}: shares below`,
      share,
      points.map(({ p }) => p),
      { rel: 0, abs: KS },
    ),
  ];
}

export function samplingChecks(file: Row): Check[] {
  const tolerance = toleranceOf(rowOf(file['tolerance'])['default'], { rel: 1e-10, abs: 1e-12 });
  const having = (key: string) => rowsOf(file[key]).filter((row) => row['meanTolerance100k'] !== undefined);
  return [
    ...discreteChecks(file, tolerance),
    ...gaussianChecks(file, tolerance),
    ...having('beta').flatMap((row) => {
      const [a, b] = [numberOf(row['a']), numberOf(row['b'])];
      return samplerChecks(`Beta(${String(a)}, ${String(b)})`, row, (rng) => betaDraw(a, b, rng));
    }),
    ...having('gamma').flatMap((row) => {
      const [shape, scale] = [numberOf(row['shape']), numberOf(row['scale'])];
      return samplerChecks(`Gamma(${String(shape)}, ${String(scale)})`, row, (rng) => gammaDraw(shape, scale, rng));
    }),
  ];
}
