/** Windows of the sensors as flat rows, for baselines that look at more than one step. */
import { cutStarts } from '../window.ts';
import type { Prepared } from '../prepare.ts';
import type { Span } from '../types.ts';

/** Training windows that a baseline learns from at most; more change little and take long. */
const TRAIN_WINDOWS = 2500;

/** Sensors of the `W` steps from `start` on, step by step, into `out` [W·S]. */
export function copyWindow({ x_TF, S, C }: Prepared, start: number, W: number, out: Float64Array): void {
  for (let w = 0; w < W; w++) for (let s = 0; s < S; s++) out[w * S + s] = x_TF[(start + w) * (S + C) + s];
}

/** Starts of training windows, evenly spread where there are too many. */
export function trainingStarts(train: Span, W: number): Int32Array {
  const all = train.end - train.start - W + 1;
  return cutStarts([train], { W, horizon: 0, stride: Math.max(1, Math.floor(all / TRAIN_WINDOWS)) });
}
