/** The registry of baselines. Adding one: a file, a line here. */
import { stretches } from '../pipeline.ts';
import { prepare } from '../prepare.ts';
import type { Series } from '../types.ts';
import type { Baseline, BaselineResult } from './baseline.ts';
import { difference } from './difference.ts';
import { isolationForest } from './isolationForest.ts';
import { kmeansWindows } from './kmeansWindows.ts';
import { matrixProfile } from './matrixProfile.ts';
import { movingZScore } from './movingZScore.ts';
import { neighbours } from './neighbours.ts';
import { pca } from './pca.ts';
import { pcaWindows } from './pcaWindows.ts';
import { randomScores } from './random.ts';
import { rawSignal } from './rawSignal.ts';
import { zScore } from './zScore.ts';

export const BASELINES: readonly Baseline[] = [
  randomScores,
  rawSignal,
  zScore,
  difference,
  movingZScore,
  pca,
  pcaWindows,
  kmeansWindows,
  neighbours,
  matrixProfile,
  isolationForest,
];

/** Scores every step of a series. Throws EngineError('bad-input') as `prepare` does. */
export function runBaseline(baseline: Baseline, series: Series, rng: () => number): BaselineResult {
  const prepared = prepare(series, baseline.scale, {}, baseline.needs);
  return baseline.score({ prepared, train: series.train, spans: stretches(series), rng });
}
