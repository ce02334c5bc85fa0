/**
 * The whole loop: ask, learn, score again, until the budget is spent. The page does the same one act at a time, with a
 * person in between; here the answers come from a function, as tests and benchmarks need them.
 */
import { judge, teachFitted } from '../pipeline.ts';
import type { Ready } from '../pipeline.ts';
import type { TeachSettings } from '../feedback/teachParams.ts';
import { ANOMALOUS, UNKNOWN } from '../labels/steps.ts';
import type { Run } from '../model.ts';
import type { AnyValues } from '../params.ts';
import type { Residual, Series, Span } from '../types.ts';
import type { Answer } from './oracle.ts';
import { errorScore, poolOf } from './pool.ts';
import type { PoolPart } from './pool.ts';
import type { AnyStrategy } from './types.ts';

export type RoundPlan = {
  readonly strategy: AnyStrategy;
  readonly values: AnyValues;
  /** Steps of a query window. */
  readonly window: number;
  readonly part: PoolPart;
  /** Windows that may be asked in all rounds together. */
  readonly budget: number;
  readonly feedback: TeachSettings;
};

/** State after a round; round 0 is the model before any answer. */
export type Round = {
  readonly round: number;
  /** Windows asked so far, and how many of them held an anomaly by the answer given. */
  readonly asked: number;
  readonly anomalous: number;
  readonly residual: Residual;
};

/**
 * Asks and teaches until the budget is spent or nothing is left to ask; the fitted model is moved in place. All answers so
 * far teach in each round. `onRound` sees every round as it ends. Throws as `teachFitted` does.
 */
export async function learnInRounds(
  series: Series,
  ready: Ready,
  answer: Answer,
  plan: RoundPlan,
  run: Run,
  onRound: (round: Round) => void,
): Promise<void> {
  const label_T = new Uint8Array(series.T).fill(UNKNOWN);
  const asked: Span[] = [];
  let anomalous = 0;
  for (let round = 0; ; round++) {
    const { residual } = await judge(series, ready.prepared, ready.windowing, ready.fitted, run);
    onRound({ round, asked: asked.length, anomalous, residual });
    const pool = poolOf(series, residual, errorScore(residual), { window: plan.window, part: plan.part, asked });
    const left = plan.budget - asked.length;
    const picks = left > 0 ? plan.strategy.pick(pool, plan.values, left, run.rng) : [];
    if (picks.length === 0) return;
    for (const { window } of picks) {
      const span = pool.span_N[window];
      const answer_W = answer(span);
      label_T.set(answer_W, span.start);
      if (answer_W.includes(ANOMALOUS)) anomalous++;
      asked.push(span);
    }
    await teachFitted(series, ready, label_T, plan.feedback, run);
  }
}
