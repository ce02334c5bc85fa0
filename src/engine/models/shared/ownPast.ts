/** Engines that expect of each sensor what it did a moment ago: they forget the level of training, so drift fades. */
import { forgottenAfter, triangular, triangularReach } from '../../math/smoothing.ts';
import type { Reach, Run } from '../../model.ts';
import type { Expectation, Windows } from '../../types.ts';
import { coveredBy } from '../../window.ts';

/**
 * Expects the moving mean of the steps before, of centre of mass `memory` steps (0: the step before); the first step of
 * a stretch expects itself. The score is the mean squared difference over sensors, smoothed over `smooth` steps.
 */
export async function fromOwnPast(windows: Windows, memory: number, smooth: number, run: Run): Promise<Expectation> {
  const { x_TF, T, S, C } = windows;
  const alpha = 1 / (1 + memory);
  const y_TS = new Float32Array(T * S).fill(NaN);
  const value_T = new Float32Array(T).fill(NaN);
  for (const { start, end } of coveredBy(windows)) {
    await run.checkpoint();
    const square_T = new Float64Array(end - start);
    for (let s = 0; s < S; s++) {
      // The level is the mean of all steps so far, weighted by (1 − α)^age: unbiased from its first step on.
      let [level, weight] = [x_TF[start * (S + C) + s], 0];
      for (let t = start; t < end; t++) {
        const x = x_TF[t * (S + C) + s];
        y_TS[t * S + s] = level;
        square_T[t - start] += (x - level) ** 2 / S;
        weight = weight * (1 - alpha) + 1;
        level += (x - level) / weight;
      }
    }
    value_T.set(triangular(square_T, smooth), start);
  }
  return { T, S, y_TS, parts: [{ name: 'score', title: 'Mean squared difference', value_T }] };
}

/** How far `fromOwnPast` looks to both sides. */
export function ownPastReach(memory: number, smooth: number): Reach {
  const { back, ahead } = triangularReach(smooth);
  return { back: Math.max(1, forgottenAfter(memory)) + back, ahead, align: 1 };
}
