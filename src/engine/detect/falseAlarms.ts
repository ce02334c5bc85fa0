/** Nominal against actual false-alarm rate: what share of steps known to be normal have a p-value below each level. */
import type { Span } from '../types.ts';

/** From one step in 10 000 to one in two, three a decade. */
export const LEVELS: readonly number[] = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

export type AlarmRates = {
  /** Steps known to be normal at which the score speaks. */
  readonly steps: number;
  /** Share of them with p below each of `LEVELS`; NaN without a step. */
  readonly actual_P: Float64Array;
};

/** `normal_T`: 1 at the steps that are known to be normal. `logP_T`: ln p, NaN where unknown. */
export function alarmRates(logP_T: Float64Array, normal_T: Uint8Array): AlarmRates {
  const p = logP_T.filter((logP, t) => normal_T[t] === 1 && !Number.isNaN(logP)).sort();
  const below = (level: number): number => {
    let [low, high] = [0, p.length];
    while (low < high) {
      const mid = (low + high) >> 1;
      if (p[mid] < Math.log(level)) low = mid + 1;
      else high = mid;
    }
    return low;
  };
  return { steps: p.length, actual_P: Float64Array.from(LEVELS, (level) => below(level) / p.length) };
}

export type AlarmsOverTime = {
  readonly from: number;
  readonly stepsPerCell: number;
  /** Known normal steps of each cell, and the share of them below the level; NaN where there is none. */
  readonly steps_N: Int32Array;
  readonly share_N: Float64Array;
};

/** The same by time: the span in `cells` equal parts, at one level. */
export function alarmsOverTime(
  logP_T: Float64Array,
  normal_T: Uint8Array,
  { start, end }: Span,
  level: number,
  cells: number,
): AlarmsOverTime {
  const stepsPerCell = Math.max(1, Math.ceil((end - start) / cells));
  const N = Math.ceil((end - start) / stepsPerCell);
  const steps_N = new Int32Array(N);
  const over_N = new Int32Array(N);
  for (let t = start; t < end; t++) {
    if (normal_T[t] !== 1 || Number.isNaN(logP_T[t])) continue;
    const n = Math.floor((t - start) / stepsPerCell);
    steps_N[n]++;
    if (logP_T[t] < Math.log(level)) over_N[n]++;
  }
  return { from: start, stepsPerCell, steps_N, share_N: Float64Array.from(steps_N, (steps, n) => over_N[n] / steps) };
}
