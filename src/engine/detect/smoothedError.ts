/** The error of one sensor as the M2AD head reads it: point or area, smoothed over time (M2AD section 3.2, A.3). */
import type { Residual } from '../types.ts';
import { ewma, rollingArea, triangular } from '../math/smoothing.ts';

export type ErrorSettings = {
  /** `point`: |observed − expected|. `area`: signed integral of the difference over 2·halfWidth points. */
  readonly kind: 'point' | 'area';
  /** Half of the area's window in steps: the integral covers t − halfWidth … t + halfWidth − 1. */
  readonly halfWidth: number;
  /** Centre of mass of the moving average in steps (α = 1/(1 + com)); 0 for none. */
  readonly com: number;
  /** Smoothed to both sides instead, with weights that fall to 0 at this many steps; `com` is then not read. */
  readonly reach?: number;
  /** Area errors are shifted and scaled by these, learned in training over all sensors and steps; 0 and 1 for point. */
  readonly zMean: number;
  readonly zSd: number;
};

/** The T residuals of one sensor, as float64. */
export function residualColumn({ T, S, r_TS }: Residual, sensor: number): Float64Array {
  const r_T = new Float64Array(T);
  for (let t = 0; t < T; t++) r_T[t] = r_TS[t * S + sensor];
  return r_T;
}

/**
 * Smoothed error from residuals of one sensor. NaN exactly where the residual is NaN (or too few steps surround it for
 * an area): the moving average steps over gaps but says nothing inside them.
 */
export function smoothErrors(r_T: Float64Array, settings: ErrorSettings): Float64Array {
  const raw_T =
    settings.kind === 'point' ? r_T.map(Math.abs) : rollingArea(r_T, 2 * settings.halfWidth, settings.halfWidth);
  const e_T =
    settings.reach === undefined ? ewma(raw_T, { com: settings.com }) : triangular(raw_T, settings.reach).slice();
  for (let t = 0; t < e_T.length; t++) {
    e_T[t] = Number.isNaN(r_T[t]) || Number.isNaN(raw_T[t]) ? NaN : (e_T[t] - settings.zMean) / settings.zSd;
  }
  return e_T;
}
