/** Detectors and baselines on one asset, each with every way to make a score of what they say. */
import { runBaseline } from '../../src/engine/baselines/index.ts';
import type { Baseline } from '../../src/engine/baselines/baseline.ts';
import { m2ad } from '../../src/engine/detect/heads/m2ad.ts';
import { own as ownHead, OWN_SCORE } from '../../src/engine/detect/heads/own.ts';
import { EngineError } from '../../src/engine/errors.ts';
import type { AnyDetector, AnyHead } from '../../src/engine/model.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues } from '../../src/engine/params.ts';
import { fitAndScore } from '../../src/engine/pipeline.ts';
import { seeded } from '../../src/engine/rng.ts';
import type { Residual, Series, Span } from '../../src/engine/types.ts';
import { isStill } from './judge.ts';
import { squaredError } from './m2ad.ts';
import { judged } from './protocols.ts';
import type { Judged } from './protocols.ts';
import { quietRun } from './runs.ts';

/** `paper`: the engine's own score. `error`: mean squared residual. `head`: the M2AD head on the residuals. */
export type Scoring = 'paper' | 'error' | 'head';

export type Scored = {
  readonly by: Readonly<Partial<Record<Scoring, Judged>>>;
  readonly epochs: number;
  readonly seconds: number;
};

/** Settings that steer training alone: an untrained network does not depend on them. */
const TRAINING = ['stride', 'epochs', 'batch', 'rate', 'fade', 'validation', 'patience', 'restoreBest', 'decay'];

export const untrainedKey = (values: AnyValues): AnyValues =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !TRAINING.includes(name)));

/** Trains a detector and scores the asset; with `isTrained` false the weights stay as they were drawn. */
export async function scoreDetector(
  series: Series,
  detector: AnyDetector,
  values: AnyValues,
  ratio: number,
  seed: number,
  isTrained: boolean,
): Promise<Scored> {
  const start = performance.now();
  // No settings form allows 0 epochs; the training loop then does nothing.
  const fitted = { detector, values: isTrained ? values : { ...values, epochs: 0 }, imputation: {} };
  const head: AnyHead = isStill(series) ? ownHead : m2ad;
  const result = await fitAndScore(series, { ...fitted, head, headValues: resolve(head.params) }, quietRun(seed));
  const own = result.parts.find(({ name }) => name === OWN_SCORE);
  const judge = (score_T: Float64Array): Judged => judged(series, score_T, ratio);
  return {
    by: {
      ...(own && { paper: judge(Float64Array.from(own.value_T)) }),
      error: judge(squaredError(result)),
      ...(head === m2ad && { head: judge(result.score.score_T) }),
    },
    epochs: result.history.length,
    seconds: (performance.now() - start) / 1000,
  };
}

const rows = (residual: Residual, { start, end }: Span): Residual => ({
  ...residual,
  T: end - start,
  r_TS: residual.r_TS.subarray(start * residual.S, end * residual.S),
});

/** null where the residual moves nowhere in training, such as that of PCA on a single sensor. */
async function throughHead(series: Series, residual: Residual, seed: number): Promise<Float64Array | null> {
  const run = quietRun(seed);
  try {
    const head = await m2ad.fit(rows(residual, series.train), series.sensors, resolve(m2ad.params), run);
    return (await head.score(residual, run)).score_T;
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.kind === 'nothing-to-calibrate') return null;
    throw thrown;
  }
}

export async function scoreBaseline(series: Series, baseline: Baseline, ratio: number, seed: number): Promise<Scored> {
  const start = performance.now();
  const { score_T, residual } = runBaseline(baseline, series, seeded(seed));
  const headed = residual && (await throughHead(series, residual, seed));
  return {
    by: {
      paper: judged(series, score_T, ratio),
      ...(headed && { head: judged(series, headed, ratio) }),
    },
    epochs: 0,
    seconds: (performance.now() - start) / 1000,
  };
}
