/** Tables 2, 3 and 8 of the M2AD paper on one asset: other heads over the same residuals, and simple detectors. */
import { BASELINES, runBaseline } from '../../src/engine/baselines/index.ts';
import { forHead } from '../../src/engine/baselines/baseline.ts';
import { asM2adState, m2ad } from '../../src/engine/detect/heads/m2ad.ts';
import { residualColumn, smoothErrors } from '../../src/engine/detect/smoothedError.ts';
import { EngineError } from '../../src/engine/errors.ts';
import { chi2Isf } from '../../src/engine/math/chi2.ts';
import { gammaIsf } from '../../src/engine/math/gamma.ts';
import { mean, variance } from '../../src/engine/math/moments.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues } from '../../src/engine/params.ts';
import { seeded } from '../../src/engine/rng.ts';
import type { Residual, Series, Span } from '../../src/engine/types.ts';
import { flagging, RULES } from './judge.ts';
import type { Flagged } from './judge.ts';
import { quietRun } from './runs.ts';

type Variant = { readonly name: string; readonly values: AnyValues; readonly law: 'gamma' | 'chi2' };

const paper = m2ad.presets['paper'] ?? {};

const VARIANTS: readonly Variant[] = [
  { name: 'M2AD, lite head', values: {}, law: 'gamma' },
  { name: 'M2AD, paper’s head', values: paper, law: 'gamma' },
  { name: 'M2AD, published code’s head', values: m2ad.presets['code'] ?? {}, law: 'gamma' },
  { name: 'M2AD, area errors', values: { error: 'area' }, law: 'gamma' },
  { name: 'GMM with χ²', values: { ...paper, weights: 'uniform' }, law: 'chi2' },
  { name: 'normal with χ²', values: { ...paper, weights: 'uniform', components: '1' }, law: 'chi2' },
  { name: 'normal with Γ', values: { ...paper, weights: 'uniform', components: '1' }, law: 'gamma' },
  { name: 'GMM with Γ', values: { ...paper, weights: 'uniform' }, law: 'gamma' },
];

type Read = ReturnType<typeof forHead>;

const SIMPLE = ['z-score', 'difference', 'pca'];

const rows = (residual: Residual, { start, end }: Span): Residual => ({
  ...residual,
  T: end - start,
  r_TS: residual.r_TS.subarray(start * residual.S, end * residual.S),
});

const nothing = (series: Series): Flagged => flagging(series, new Float64Array(series.T), Infinity, RULES);

type Law = Variant['law'];
type Judged = Readonly<Record<Law, Flagged>>;

/** Events of residuals through a head under both laws; nothing is flagged where no sensor moves in training. */
async function headed(series: Series, { residual, sensors }: Read, values: AnyValues, seed: number): Promise<Judged> {
  const run = quietRun(seed);
  try {
    const train = rows(residual, series.train);
    const head = await m2ad.fit(train, sensors, resolve(m2ad.params, values), run);
    const { score_T } = await head.score(residual, run);
    const state = asM2adState(head.state());
    const gamma = state?.calibration.gamma ?? null;
    const counted = state?.sensors.filter(({ weight }) => weight > 0).length ?? 0;
    const byGamma = gamma === null ? Infinity : gammaIsf(RULES.significance, gamma);
    return {
      gamma: flagging(series, score_T, byGamma, RULES),
      chi2: flagging(series, score_T, chi2Isf(RULES.significance, 2 * counted), RULES),
    };
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || thrown.kind !== 'nothing-to-calibrate') throw thrown;
    const none = nothing(series);
    return { gamma: none, chi2: none };
  }
}

/** Weights by system say nothing where there is one: then they are uniform, and two variants may be the same head. */
function valuesOf({ values }: Variant, { sensors }: Series): AnyValues {
  const isOne = sensors.every(({ system }) => system === sensors[0].system);
  return resolve(m2ad.params, isOne ? { ...values, weights: 'uniform' } : values);
}

/** The ablation's static threshold: a step is flagged where any sensor's smoothed error is over its mean + 4 σ of training. */
function byStatic(series: Series, residual: Residual): Flagged {
  const worst_T = new Float64Array(series.T).fill(-Infinity);
  for (let s = 0; s < residual.S; s++) {
    const settings = { kind: 'point', halfWidth: 1, com: 10, zMean: 0, zSd: 1 } as const;
    const e_T = smoothErrors(residualColumn(residual, s), settings);
    const learned = e_T.subarray(series.train.start, series.train.end).filter((e) => !Number.isNaN(e));
    const sd = Math.sqrt(variance(learned));
    if (learned.length === 0 || residual.still_S?.[s] === 1 || !(sd > 0)) continue;
    const centre = mean(learned);
    e_T.forEach((e, t) => (worst_T[t] = Math.max(worst_T[t] ?? 0, Number.isNaN(e) ? -Infinity : (e - centre) / sd)));
  }
  return flagging(series, worst_T, 4, RULES);
}

/** Each system's events on one asset, by name, in the order of the table. */
export async function variantsOf(
  series: Series,
  residual: Residual,
  seed: number,
): Promise<Readonly<Record<string, Flagged>>> {
  const out: Record<string, Flagged> = {};
  const fitted = new Map<string, Judged>();
  for (const variant of VARIANTS) {
    const values = valuesOf(variant, series);
    const key = JSON.stringify(values);
    const judged = fitted.get(key) ?? (await headed(series, { residual, sensors: series.sensors }, values, seed));
    fitted.set(key, judged);
    out[variant.name] = judged[variant.law];
  }
  out['static threshold, μ + 4 σ'] = byStatic(series, residual);
  for (const baseline of BASELINES.filter(({ id }) => SIMPLE.includes(id))) {
    const read = forHead(series, baseline.title, runBaseline(baseline, series, seeded(seed)));
    const still = residual.still_S && read.residual.S === residual.S ? { still_S: residual.still_S } : {};
    const given = { ...read, residual: { ...read.residual, ...still } };
    out[`${baseline.title} + lite head`] = (await headed(series, given, {}, seed)).gamma;
  }
  return out;
}
