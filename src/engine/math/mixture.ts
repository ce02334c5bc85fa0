/**
 * Gaussian mixtures in one dimension: density, tails in log space, EM, choice of the number of components.
 * The EM is that of the M2AD scoring chain: population variance plus a constant in the M step, stop when the mean
 * log-likelihood of the E step changes by less than `tol`, the last M step kept.
 */
import { seeded } from '../rng.ts';
import { compress } from './compress.ts';
import type { Groups } from './compress.ts';
import { kmeans1d } from './kmeans1d.ts';
import { normalCdf, normalLogCdf, normalLogPdf, normalLogSf, normalSf } from './normal.ts';
import { logAddExp } from './special.ts';

/** K components; weights add to 1. Plain arrays, so that it is JSON. */
export type Mixture = {
  readonly weights: readonly number[];
  readonly means: readonly number[];
  readonly variances: readonly number[];
};

const HALF_LN_2PI = 0.5 * Math.log(2 * Math.PI);

type Component = (x: number, mean: number, sd: number) => number;

function weighted(m: Mixture, x: number, f: Component): number {
  let sum = 0;
  for (let k = 0; k < m.weights.length; k++) sum += m.weights[k] * f(x, m.means[k], Math.sqrt(m.variances[k]));
  return sum;
}

function logWeighted(m: Mixture, x: number, f: Component): number {
  let sum = -Infinity;
  for (let k = 0; k < m.weights.length; k++) {
    sum = logAddExp(sum, Math.log(m.weights[k]) + f(x, m.means[k], Math.sqrt(m.variances[k])));
  }
  return sum;
}

export const mixtureCdf = (m: Mixture, x: number): number => weighted(m, x, normalCdf);
export const mixtureSf = (m: Mixture, x: number): number => weighted(m, x, normalSf);
export const mixtureLogPdf = (m: Mixture, x: number): number => logWeighted(m, x, normalLogPdf);

/** ln sf; from the lower tail where that is the smaller one, so that values near 0 keep their digits. */
export function mixtureLogSf(m: Mixture, x: number): number {
  const cdf = mixtureCdf(m, x);
  return cdf < 0.5 ? Math.log1p(-cdf) : logWeighted(m, x, normalLogSf);
}

export function mixtureLogCdf(m: Mixture, x: number): number {
  const sf = mixtureSf(m, x);
  return sf < 0.5 ? Math.log1p(-sf) : logWeighted(m, x, normalLogCdf);
}

/** ln of the two-sided tail 2·min(F, 1 − F), at most 0. */
export function mixtureLogTwoSided(m: Mixture, x: number): number {
  return Math.min(0, Math.LN2 + Math.min(mixtureLogCdf(m, x), mixtureLogSf(m, x)));
}

export type EmOptions = {
  /** Stop when the mean log-likelihood changes by less. */
  readonly tol?: number;
  readonly maxIterations?: number;
  /** Added to each variance in the M step. */
  readonly regularisation?: number;
};

const EM_DEFAULTS = { tol: 1e-3, maxIterations: 100, regularisation: 1e-6 } as const;

export type MixtureFit = {
  readonly mixture: Mixture;
  readonly iterations: number;
  readonly converged: boolean;
  /** Of all n values under the final parameters. */
  readonly logLikelihood: number;
  readonly n: number;
};

/** Weight of each value for each component, [K][groups]; returns the total log-likelihood. */
function expectation(groups: Groups, m: Mixture, r_KG: readonly Float64Array[]): number {
  const K = m.weights.length;
  const constant = m.weights.map((w, k) => Math.log(w) - HALF_LN_2PI - 0.5 * Math.log(m.variances[k]));
  const half = m.variances.map((v) => 0.5 / v);
  const { value, count, within } = groups;
  let total = 0;
  for (let g = 0; g < value.length; g++) {
    let high = -Infinity;
    for (let k = 0; k < K; k++) {
      const d = value[g] - m.means[k];
      // Mean log density of a group: its inner variance adds to the squared distance.
      const log = constant[k] - (d * d + within[g]) * half[k];
      r_KG[k][g] = log;
      if (log > high) high = log;
    }
    let sum = 0;
    for (let k = 0; k < K; k++) sum += r_KG[k][g] = Math.exp(r_KG[k][g] - high);
    for (let k = 0; k < K; k++) r_KG[k][g] /= sum;
    total += count[g] * (high + Math.log(sum));
  }
  return total;
}

function maximisation(groups: Groups, r_KG: readonly Float64Array[], regularisation: number): Mixture {
  const { value, count, within, n } = groups;
  const weights: number[] = [];
  const means: number[] = [];
  const variances: number[] = [];
  for (const r_G of r_KG) {
    // A component that no value belongs to keeps a vanishing weight instead of dividing 0 by 0.
    let mass = 10 * Number.EPSILON;
    let sum = 0;
    for (let g = 0; g < value.length; g++) {
      const r = r_G[g] * count[g];
      mass += r;
      sum += r * value[g];
    }
    const mean = sum / mass;
    let squares = 0;
    for (let g = 0; g < value.length; g++) squares += r_G[g] * count[g] * ((value[g] - mean) ** 2 + within[g]);
    weights.push(mass / n);
    means.push(mean);
    variances.push(squares / mass + regularisation);
  }
  return { weights, means, variances };
}

function emOnGroups(groups: Groups, start: Mixture, options: EmOptions): MixtureFit {
  const { tol, maxIterations, regularisation } = { ...EM_DEFAULTS, ...options };
  const r_KG = start.weights.map(() => new Float64Array(groups.value.length));
  let mixture = start;
  let before = -Infinity;
  let iterations = 0;
  let converged = false;
  while (iterations < maxIterations && !converged) {
    const now = expectation(groups, mixture, r_KG) / groups.n;
    mixture = maximisation(groups, r_KG, regularisation);
    iterations++;
    converged = Math.abs(now - before) < tol;
    before = now;
  }
  return { mixture, iterations, converged, logLikelihood: expectation(groups, mixture, r_KG), n: groups.n };
}

/** EM from given parameters on all values (at least one, all finite). */
export function emFromStart(values: Float64Array, start: Mixture, options: EmOptions = {}): MixtureFit {
  return emOnGroups(compress(values, Infinity), start, options);
}

/** Total log-likelihood of the values. */
export function mixtureLogLikelihood(values: Float64Array, m: Mixture): number {
  return expectation(
    compress(values, Infinity),
    m,
    m.weights.map(() => new Float64Array(values.length)),
  );
}

/** Start from a partition of the values: responsibilities 0 or 1, then one M step. */
function fromLabels(groups: Groups, label_G: Int32Array, K: number, regularisation: number): Mixture {
  const r_KG = Array.from({ length: K }, (_, k) => Float64Array.from(label_G, (label) => (label === k ? 1 : 0)));
  return maximisation(groups, r_KG, regularisation);
}

export type FitMixtureOptions = EmOptions & {
  /** Number of seeded k-means starts, beside the start from equal parts of the sorted values. */
  readonly starts?: number;
  /** Above this many values they are grouped before EM (see compress.ts); Infinity for never. */
  readonly exactUpTo?: number;
};

const FIT_DEFAULTS = { starts: 2, exactUpTo: 4096 } as const;

function fitOnGroups(groups: Groups, K: number, rng: () => number, options: FitMixtureOptions): MixtureFit {
  const regularisation = options.regularisation ?? EM_DEFAULTS.regularisation;
  const G = groups.value.length;
  const partitions: Int32Array[] = [Int32Array.from({ length: G }, (_, g) => Math.min(K - 1, Math.floor((g * K) / G)))];
  for (let i = 0; i < (options.starts ?? FIT_DEFAULTS.starts); i++) partitions.push(kmeans1d(groups, K, rng));
  let best: MixtureFit | null = null;
  for (const labels of K === 1 ? partitions.slice(0, 1) : partitions) {
    const fit = emOnGroups(groups, fromLabels(groups, labels, K, regularisation), options);
    if (best === null || fit.logLikelihood > best.logLikelihood) best = fit;
  }
  return best as MixtureFit;
}

/** Components in order of their means. */
function ordered(fit: MixtureFit): MixtureFit {
  const { weights, means, variances } = fit.mixture;
  const order = means.map((_, k) => k).sort((a, b) => means[a] - means[b]);
  const pick = (list: readonly number[]) => order.map((k) => list[k]);
  return { ...fit, mixture: { weights: pick(weights), means: pick(means), variances: pick(variances) } };
}

/** Best of several starts with K components, sorted by mean. Values must be finite and at least one. */
export function fitMixture(
  values: Float64Array,
  K: number,
  rng: () => number = seeded(0),
  options: FitMixtureOptions = {},
): MixtureFit {
  return ordered(fitOnGroups(compress(values, options.exactUpTo ?? FIT_DEFAULTS.exactUpTo), K, rng, options));
}

/** −2 ln L + (3K − 1) ln n: K means, K variances, K − 1 weights. */
export const bic = (fit: MixtureFit): number =>
  -2 * fit.logLikelihood + (3 * fit.mixture.weights.length - 1) * Math.log(fit.n);

export const aic = (fit: MixtureFit): number => -2 * fit.logLikelihood + 2 * (3 * fit.mixture.weights.length - 1);

/** The fit with the lowest BIC over 1 … cap components (never more components than values). */
export function fitMixtureByBic(
  values: Float64Array,
  cap: number,
  rng: () => number = seeded(0),
  options: FitMixtureOptions = {},
): MixtureFit {
  const groups = compress(values, options.exactUpTo ?? FIT_DEFAULTS.exactUpTo);
  let best: MixtureFit | null = null;
  for (let K = 1; K <= Math.min(cap, groups.value.length); K++) {
    const fit = fitOnGroups(groups, K, rng, options);
    if (best === null || bic(fit) < bic(best)) best = fit;
  }
  return ordered(best as MixtureFit);
}
