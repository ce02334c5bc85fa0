/** The registry of baselines. Adding one: a file, a line here. */
import { stretches } from '../pipeline.ts';
import { prepare } from '../prepare.ts';
import type { Series } from '../types.ts';
import type { Baseline, BaselineResult } from './baseline.ts';
import { difference } from './difference.ts';
import { kmeansWindows } from './kmeansWindows.ts';
import { pca } from './pca.ts';
import { randomScores } from './random.ts';
import { zScore } from './zScore.ts';

export const BASELINES: readonly Baseline[] = [randomScores, zScore, difference, pca, kmeansWindows];

/** Scores every step of a series. Throws EngineError('bad-input') as `prepare` does. */
export function runBaseline(baseline: Baseline, series: Series, rng: () => number): BaselineResult {
  const prepared = prepare(series, baseline.scale, {}, baseline.needs);
  return baseline.score({ prepared, train: series.train, spans: stretches(series), rng });
}
