/** Normal, Gamma and chi-square laws, Fisher's combination, moments. */
import { chi2Cdf, chi2LogSf, chi2Sf } from './chi2.ts';
import type { Check, Row, Tolerance } from './check.testkit.ts';
import { compareField, compareLists, numberOf, numbersOf, rowOf, rowsOf, toleranceOf } from './check.testkit.ts';
import { fisherStatistic, negLogClipped, sharesOf, twoSided } from './fisher.ts';
import {
  gammaByMoments,
  gammaCdf,
  gammaIsf,
  gammaLogCdf,
  gammaLogPdf,
  gammaLogSf,
  gammaPpf,
  gammaSf,
} from './gamma.ts';
import type { Gamma } from './gamma.ts';
import { gammaP, gammaQ } from './gammainc.ts';
import { mean, variance } from './moments.ts';
import { normalCdf, normalIsf, normalLogCdf, normalLogPdf, normalLogSf, normalPpf, normalSf } from './normal.ts';
import { erf, erfc, erfcx, lgamma } from './special.ts';

const law = (row: Row): Gamma => ({ shape: numberOf(row['shape']), scale: numberOf(row['scale']) });
const at = (row: Row, key: string): number => numberOf(row[key]);

/** Below this a probability only has to be as small: doubles lose digits when they underflow. */
const UNDERFLOW = 1e-300;

const pick = (file: Row, key: string, otherwise: Tolerance): Tolerance =>
  toleranceOf(rowOf(file['tolerance'])[key], otherwise);

/** Tolerance for probabilities, under whichever name the file has it. */
function probability(file: Row): Tolerance {
  const named = rowOf(file['tolerance']);
  const written = named['cdf, sf'] ?? named['relative cdf, sf'] ?? named['sf'];
  return { ...toleranceOf(written, { rel: 1e-10, abs: 0 }), abs: UNDERFLOW };
}

const logTail = (file: Row): Tolerance => pick(file, 'logsf', { rel: 1e-10, abs: 1e-12 });
const quantile = (file: Row): Tolerance => pick(file, 'ppf', { rel: 1e-8, abs: 0 });

function gammaPoints(file: Row): Check[] {
  const rows = rowsOf(file['points']).filter((row) => row['shape'] !== undefined);
  const field = (key: string, f: (x: number, g: Gamma) => number, tolerance: Tolerance) =>
    compareField('gamma points', rows, key, (row) => f(at(row, 'x'), law(row)), tolerance);
  return [
    ...field('cdf', gammaCdf, probability(file)),
    ...field('sf', gammaSf, probability(file)),
    ...field('logsf', gammaLogSf, logTail(file)),
    ...field('logcdf', gammaLogCdf, logTail(file)),
    ...field('logpdf', gammaLogPdf, logTail(file)),
  ];
}

function gammaOthers(file: Row): Check[] {
  const quantiles = rowsOf(file['quantiles']).filter((row) => row['shape'] !== undefined);
  const tolerance = probability(file);
  const incomplete = rowsOf(file['incomplete']);
  const a = (row: Row, f: (a: number, x: number) => number) => f(at(row, 'a'), at(row, 'x'));
  return [
    ...compareField('gamma quantiles', quantiles, 'ppf', (row) => gammaPpf(at(row, 'p'), law(row)), quantile(file)),
    ...compareField('gamma quantiles', quantiles, 'isfAtP', (row) => gammaIsf(at(row, 'p'), law(row)), quantile(file)),
    ...compareField('lgamma', rowsOf(file['lgamma']), 'lgamma', (row) => lgamma(at(row, 'x')), logTail(file)),
    ...compareField('incomplete', incomplete, 'P', (row) => a(row, gammaP), tolerance),
    ...compareField('incomplete', incomplete, 'Q', (row) => a(row, gammaQ), tolerance),
  ];
}

function gammaLimits(file: Row): Check[] {
  if (file['limits'] === undefined) return [];
  const g = { shape: 2.5, scale: 3 };
  const ends = (x: number) => [gammaCdf(x, g), gammaSf(x, g), gammaLogSf(x, g)];
  const bad = [-1, 0].flatMap((v) => [gammaSf(1, { shape: v, scale: 1 }), gammaLogSf(1, { shape: 1, scale: v })]);
  const exact = { rel: 0, abs: 0 };
  return [
    compareLists('limits x<=0', [...ends(0), ...ends(-1)], [0, 1, 0, 0, 1, 0], exact),
    compareLists('limits x=Infinity', ends(Infinity), [1, 0, -Infinity], exact),
    compareLists('limits outside the domain', bad, [NaN, NaN, NaN, NaN], exact),
  ];
}

function normalChecks(file: Row): Check[] {
  const p = probability(file);
  const log = logTail(file);
  const standard = [...rowsOf(file['standard']), ...rowsOf(file['farTail'])];
  const z = (key: string, f: (z: number) => number, tolerance: Tolerance) =>
    compareField('normal', standard, key, (row) => f(at(row, 'z')), tolerance);
  const shifted = rowsOf(file['shifted']);
  const moved = (key: string, f: (x: number, mean: number, sd: number) => number, tolerance: Tolerance) =>
    compareField('shifted', shifted, key, (row) => f(at(row, 'x'), at(row, 'mean'), at(row, 'sd')), tolerance);
  const quantiles = rowsOf(file['quantiles']).filter((row) => row['shape'] === undefined);
  const erfRows = rowsOf(file['erf']);
  const e = (key: string, f: (x: number) => number) => compareField('erf', erfRows, key, (row) => f(at(row, 'x')), p);
  return [
    ...z('cdf', normalCdf, p),
    ...z('sf', normalSf, p),
    ...z('logsf', normalLogSf, log),
    ...z('logcdf', normalLogCdf, log),
    ...z('twoSided', (x) => twoSided(normalCdf(x), normalSf(x)), p),
    ...compareField('quantiles', quantiles, 'ppf', (row) => normalPpf(at(row, 'p')), quantile(file)),
    ...compareField('quantiles', quantiles, 'isf', (row) => normalIsf(at(row, 'p')), quantile(file)),
    ...moved('cdf', normalCdf, p),
    ...moved('sf', normalSf, p),
    ...moved('logsf', normalLogSf, log),
    ...moved('logcdf', normalLogCdf, log),
    ...moved('logpdf', normalLogPdf, log),
    ...e('erf', erf),
    ...e('erfc', erfc),
    ...e('erfcx', erfcx),
  ];
}

function chi2Checks(file: Row): Check[] {
  const rows = rowsOf(file['chi2']);
  const p = probability(file);
  const log = { rel: p.rel, abs: p.rel };
  const statistic = pick(file, 'statistic', { rel: 1e-12, abs: 0 });
  const fisher = rowsOf(file['fisher']);
  const ask = (f: (x: number, df: number) => number) => (row: Row) => f(at(row, 'x'), at(row, 'df'));
  const S = (row: Row) => fisherStatistic(numbersOf(row['p']));
  return [
    ...compareField('chi2', rows, 'sf', ask(chi2Sf), p),
    ...compareField('chi2', rows, 'cdf', ask(chi2Cdf), p),
    ...compareField('chi2', rows, 'logsf', ask(chi2LogSf), log),
    ...compareField('fisher', fisher, 'statistic', S, statistic),
    ...compareField('fisher', fisher, 'df', (row) => 2 * numbersOf(row['p']).length, statistic),
    ...compareField('fisher', fisher, 'sf', (row) => chi2Sf(S(row), at(row, 'df')), p),
    ...compareField('fisher', fisher, 'logsf', (row) => chi2LogSf(S(row), at(row, 'df')), log),
    ...clipChecks(rowsOf(file['clip']), statistic),
    ...weightedChecks(rowsOf(file['weighted']), statistic),
    ...compareField(
      'two-sided',
      rowsOf(file['twoSided']),
      'twoSided',
      (row) => twoSided(at(row, 'cdf'), at(row, 'sf')),
      p,
    ),
  ];
}

function clipChecks(rows: readonly Row[], tolerance: Tolerance): Check[] {
  const key = Object.keys(rows[0] ?? {}).find((name) => name.startsWith('clippedAt'));
  if (key === undefined) return [];
  const floor = Number(key.slice('clippedAt'.length));
  return [
    ...compareField('clip', rows, key, (row) => Math.max(at(row, 'p'), floor), tolerance),
    ...compareField('clip', rows, 'minusTwoLog', (row) => 2 * negLogClipped(at(row, 'p'), floor), tolerance),
  ];
}

function weightedChecks(rows: readonly Row[], tolerance: Tolerance): Check[] {
  const parts = (row: Row) => numbersOf(row['p']).map((p, k) => fisherStatistic([p], 0, [numbersOf(row['lambda'])[k]]));
  const S = (row: Row) => fisherStatistic(numbersOf(row['p']), 0, numbersOf(row['lambda']));
  const top = (row: Row) => parts(row).indexOf(Math.max(...parts(row)));
  return [
    ...compareField('weighted', rows, 'statistic', S, tolerance),
    ...compareField('weighted', rows, 'topSensor', top, tolerance),
    ...rows.map((row, i) =>
      compareLists(
        `weighted.contribution ${String(i)}`,
        sharesOf(parts(row)),
        numbersOf(row['contribution']),
        tolerance,
      ),
    ),
  ];
}

/**
 * Moments of a large mean and a small spread cost digits in the shape: the file states how many, behind the usual
 * tolerance and by the name of the set, as in "relative 1e-9 (large-offset: 1e-7)".
 */
function tailOf(file: Row, set: string): Tolerance {
  const written = String(rowOf(file['tolerance'])['sf']).split(/[(),;]/);
  const own = written.map((part) => part.trim()).find((part) => part.startsWith(`${set}: `));
  return own === undefined
    ? pick(file, 'sf', { rel: 1e-9, abs: 0 })
    : { rel: Number(own.slice(set.length + 2)), abs: 0 };
}

function momentChecks(file: Row): Check[] {
  const sets = rowsOf(file['sets']).filter((set) => set['variancePopulation'] !== undefined);
  const tolerance = pick(file, 'moments', { rel: 1e-12, abs: 0 });
  return sets.flatMap((set) => {
    const name = `moments of "${String(set['name'])}"`;
    const data = numbersOf(set['data']);
    const g = gammaByMoments(data) ?? { shape: NaN, scale: NaN };
    const sf = tailOf(file, String(set['name']));
    const one = (key: string, value: number, allowed: Tolerance) =>
      compareField(name, [set], key, () => value, allowed);
    return [
      ...one('mean', mean(data), tolerance),
      ...one('variancePopulation', variance(data), { ...tolerance, abs: 1e-300 }),
      ...one('shape', g.shape, tolerance),
      ...one('scale', g.scale, tolerance),
      ...one('isf001', gammaIsf(0.001, g), sf),
      ...compareField(name, rowsOf(set['at']), 'sf', (row) => gammaSf(at(row, 'x'), g), sf),
      ...compareField(name, rowsOf(set['at']), 'logsf', (row) => gammaLogSf(at(row, 'x'), g), {
        rel: sf.rel,
        abs: sf.rel,
      }),
    ];
  });
}

export const distributionChecks = (file: Row): Check[] => [
  ...gammaPoints(file),
  ...gammaOthers(file),
  ...gammaLimits(file),
  ...normalChecks(file),
  ...chi2Checks(file),
  ...momentChecks(file),
];
