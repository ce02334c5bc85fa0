/** Gaussian mixtures: likelihood, EM from a given start, fits, choice by BIC, tails. */
import { seeded } from '../rng.ts';
import type { Check, Row, Tolerance } from './check.testkit.ts';
import { compareField, compareLists, numberOf, numbersOf, rowOf, rowsOf, toleranceOf } from './check.testkit.ts';
import {
  aic,
  bic,
  emFromStart,
  fitMixture,
  fitMixtureByBic,
  mixtureCdf,
  mixtureLogCdf,
  mixtureLogLikelihood,
  mixtureLogPdf,
  mixtureLogSf,
  mixtureLogTwoSided,
  mixtureSf,
} from './mixture.ts';
import type { Mixture, MixtureFit } from './mixture.ts';
import { twoSided } from './fisher.ts';

const mixtureOf = (row: Row): Mixture => ({
  weights: numbersOf(row['weights']),
  means: numbersOf(row['means']),
  variances: row['sds'] === undefined ? numbersOf(row['variances']) : numbersOf(row['sds']).map((sd) => sd * sd),
});

/** The files ask for several starts; a finer stop keeps a slow climb from being taken for the top. */
const SEARCH = { starts: 8, tol: 1e-6, exactUpTo: Infinity } as const;

const named = (file: Row, key: string, otherwise: Tolerance): Tolerance =>
  toleranceOf(rowOf(file['tolerance'])[key], otherwise);

const parameters = (mixture: Mixture): number[] => [...mixture.weights, ...mixture.means, ...mixture.variances];

function emChecks(file: Row, set: Row, data: Float64Array, name: string): Check[] {
  const start = rowOf(set['evaluateAt']);
  if (set['evaluateAt'] === undefined) return [];
  const em = named(file, 'emFromGivenStart', { rel: 1e-8, abs: 1e-300 });
  const evaluated = compareLists(
    `${name}: log-likelihood`,
    [mixtureLogLikelihood(data, mixtureOf(start))],
    [numberOf(start['logLikelihood'])],
    named(file, 'evaluateAt', { rel: 1e-12, abs: 0 }),
  );
  const steps = rowsOf(set['emFromGivenStart']).flatMap((want) => {
    const maxIterations = numberOf(want['emIterations']);
    const fit = emFromStart(data, mixtureOf(start), { tol: 0, maxIterations });
    const after = `${name}: after ${String(maxIterations)} EM steps`;
    return [
      compareLists(`${after}, parameters`, parameters(fit.mixture), parameters(mixtureOf(want)), em),
      compareLists(`${after}, log-likelihood`, [fit.logLikelihood], [numberOf(want['logLikelihoodAfter'])], em),
    ];
  });
  return [evaluated, ...steps];
}

function fitChecks(file: Row, set: Row, data: Float64Array, name: string): Check[] {
  const slack = numberOf(set['logLikelihoodTolerance']);
  const single = named(file, 'k=1 fit', { rel: 1e-9, abs: 0 });
  return rowsOf(set['fits']).flatMap((row) => {
    const K = numberOf(row['k']);
    const want = rowOf(row['default']);
    const fit = fitMixture(data, K, seeded(7), SEARCH);
    const title = `${name}: fit of ${String(K)}`;
    if (K === 1) {
      const got = [...parameters(fit.mixture), fit.logLikelihood, bic(fit), aic(fit)];
      const wanted = [
        ...parameters(mixtureOf(want)),
        ...['logLikelihood', 'bic', 'aic'].map((key) => numberOf(want[key])),
      ];
      return [compareLists(title, got, wanted, single)];
    }
    return [reaches(title, fit, numberOf(want['logLikelihood']) - slack)];
  });
}

/** Better than asked for is right; so is the information criterion that goes with the likelihood. */
function reaches(name: string, fit: MixtureFit, least: number): Check {
  const detail = `log-likelihood ${fit.logLikelihood.toPrecision(10)}, at least ${least.toPrecision(10)} wanted`;
  return { name, ok: fit.logLikelihood >= least, detail };
}

function choiceCheck(set: Row, data: Float64Array, name: string): Check[] {
  const choice = rowOf(set['bicChoice']);
  if (choice['usable'] !== true) return [];
  const fit = fitMixtureByBic(data, rowsOf(set['fits']).length, seeded(7), SEARCH);
  return [
    compareLists(`${name}: choice by BIC`, [fit.mixture.weights.length], [numberOf(choice['best'])], {
      rel: 0,
      abs: 0,
    }),
  ];
}

function fittedSets(file: Row): Check[] {
  const sets = rowsOf(file['sets']).filter((set) => set['fits'] !== undefined);
  return sets.flatMap((set) => {
    const data = Float64Array.from(numbersOf(set['data']));
    const name = `mixture of "${String(set['name'])}"`;
    return [...emChecks(file, set, data, name), ...fitChecks(file, set, data, name), ...choiceCheck(set, data, name)];
  });
}

function tailChecks(file: Row): Check[] {
  const log = named(file, 'logsf', { rel: 1e-11, abs: 1e-12 });
  const p = { ...named(file, 'sf', { rel: 1e-10, abs: 0 }), abs: 1e-300 };
  return rowsOf(file['mixtures']).flatMap((row, i) => {
    const m = mixtureOf(row);
    const points = rowsOf(row['points']);
    const field = (key: string, f: (m: Mixture, x: number) => number, tolerance: Tolerance) =>
      compareField(`mixture ${String(i)}`, points, key, (point) => f(m, numberOf(point['x'])), tolerance);
    return [
      ...field('cdf', mixtureCdf, p),
      ...field('sf', mixtureSf, p),
      ...field('logsf', mixtureLogSf, log),
      ...field('logcdf', mixtureLogCdf, log),
      ...field('twoSided', (mixture, x) => twoSided(mixtureCdf(mixture, x), mixtureSf(mixture, x)), p),
      ...field('logTwoSided', mixtureLogTwoSided, log),
      ...field('logpdf', mixtureLogPdf, log),
      ...field('minusTwoLogUpper', (mixture, x) => -2 * mixtureLogSf(mixture, x), log),
    ];
  });
}

export const mixtureChecks = (file: Row): Check[] => [...fittedSets(file), ...tailChecks(file)];
