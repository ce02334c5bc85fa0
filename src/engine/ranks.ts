/**
 * Several methods on several data sets: mean ranks, Friedman's test and Nemenyi's critical difference (Demšar, JMLR 2006,
 * "Statistical Comparisons of Classifiers over Multiple Data Sets").
 */
import { EngineError } from './errors.ts';
import { chi2Sf } from './math/chi2.ts';

export type Ranks = {
  /** 1 is best; methods with equal values share the mean of their ranks. */
  readonly meanRank_M: readonly number[];
  readonly dataSets: number;
  /** Friedman's statistic, and the chance of one as large if all methods were alike (M − 1 degrees of freedom). */
  readonly chi2: number;
  readonly p: number;
  /** Mean ranks closer than this are no evidence of a difference at the 5 % level; NaN for more than 20 methods. */
  readonly criticalDifference: number;
};

/** Quantiles at 5 % of the studentised range with infinite degrees of freedom, over √2, for 2, 3, ... methods. */
const NEMENYI = [
  1.96, 2.3437, 2.569, 2.7278, 2.8497, 2.9483, 3.0309, 3.1017, 3.1637, 3.2187, 3.268, 3.3127, 3.3536, 3.3912, 3.426,
  3.4584, 3.4887, 3.5171, 3.5438,
];

/** Ranks from 1 for the best, ties shared. */
function ranked(value_M: readonly number[], better: 'higher' | 'lower'): number[] {
  const sign = better === 'higher' ? 1 : -1;
  return value_M.map((value) => {
    const ahead = value_M.filter((other) => sign * other > sign * value).length;
    const equal = value_M.filter((other) => other === value).length;
    return ahead + (equal + 1) / 2;
  });
}

/**
 * Ranks of M methods by their values on D data sets, one row each. Throws EngineError('bad-input', 'too-few-ranks') for
 * fewer than two methods or data sets.
 */
export function rank(value_DM: readonly (readonly number[])[], better: 'higher' | 'lower'): Ranks {
  const D = value_DM.length;
  const M = value_DM[0]?.length ?? 0;
  if (D < 2 || M < 2)
    throw new EngineError(
      'bad-input',
      'too-few-ranks',
      `ranks need at least two methods on two data sets; there are ${M} on ${D}`,
      'Run another engine, or the same ones on more assets.',
    );
  const rank_DM = value_DM.map((row) => ranked(row, better));
  const meanRank_M = Array.from({ length: M }, (_, m) => rank_DM.reduce((sum, row) => sum + row[m], 0) / D);
  const squares = meanRank_M.reduce((sum, mean) => sum + mean * mean, 0);
  const chi2 = ((12 * D) / (M * (M + 1))) * (squares - (M * (M + 1) ** 2) / 4);
  const q = M - 2 < NEMENYI.length ? NEMENYI[M - 2] : NaN;
  return {
    meanRank_M,
    dataSets: D,
    chi2,
    p: chi2Sf(Math.max(0, chi2), M - 1),
    criticalDifference: q * Math.sqrt((M * (M + 1)) / (6 * D)),
  };
}
