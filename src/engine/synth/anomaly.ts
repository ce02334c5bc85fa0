/**
 * Labelled disturbances. A system reads the ones that act on its hidden causes while it is simulated (`at`, `strength`);
 * the ones that act on a sensor alone are applied to the finished reading (`disturbSensor`).
 */
import { normal } from '../rng.ts';
import type { Span } from '../types.ts';
import { ramp } from './parts.ts';

/** Every kind of disturbance that the bundled data sets hold. The first eight are general, the rest of one domain. */
export const ANOMALY_KINDS = [
  'spike',
  'level-shift',
  'drift',
  'variance-change',
  'stuck',
  'lost-coupling',
  'phase-shift',
  'missing-rhythm',
  'cavitation',
  'leak',
  'bearing-wear',
  'clogging',
  'throttling',
  'missed-setback',
  'resource-leak',
  'contention',
  'packet-loss',
  'runaway',
  'connection-flood',
  'saturation',
] as const;

export type AnomalyKind = (typeof ANOMALY_KINDS)[number];

/** One labelled anomaly of a synthetic system. `sensors` are the names of the sensors that it shows in. */
export type Anomaly = {
  readonly kind: AnomalyKind;
  readonly title: string;
  readonly span: Span;
  readonly sensors: readonly string[];
};

/** Whether step `t` lies in `span`. */
export const within = (t: number, span: Span): boolean => t >= span.start && t < span.end;

/** What happens to one sensor's reading, independent of the system behind it. */
export type Disturbance =
  /** Adds `size` (unit of the sensor) to every step. */
  | { readonly how: 'offset'; readonly size: number }
  /** Adds a line from 0 to `size`. */
  | { readonly how: 'drift'; readonly size: number }
  /** Multiplies by a line from 1 to 1 + `share`. */
  | { readonly how: 'gain-drift'; readonly share: number }
  /** Adds white noise with standard deviation `sd`. */
  | { readonly how: 'noise'; readonly sd: number }
  /** Holds the last reading before the range. */
  | { readonly how: 'stuck' }
  /** Shows the reading of `steps` earlier. */
  | { readonly how: 'late'; readonly steps: number }
  /** Shows another signal instead, for a sensor that has lost touch with what it measures. */
  | { readonly how: 'replaced'; readonly by_T: Float64Array };

/** Applies `disturbance` to `x_T` within `span`, in place; outside it nothing changes. */
export function disturbSensor(x_T: Float64Array, span: Span, disturbance: Disturbance, rng: () => number): void {
  const before = x_T.slice();
  for (let t = span.start; t < Math.min(span.end, x_T.length); t++) {
    switch (disturbance.how) {
      case 'offset':
        x_T[t] += disturbance.size;
        break;
      case 'drift':
        x_T[t] += disturbance.size * ramp(t, span.start, span.end);
        break;
      case 'gain-drift':
        x_T[t] *= 1 + disturbance.share * ramp(t, span.start, span.end);
        break;
      case 'noise':
        x_T[t] += disturbance.sd * normal(rng);
        break;
      case 'stuck':
        x_T[t] = before[Math.max(0, span.start - 1)];
        break;
      case 'late':
        x_T[t] = before[Math.max(0, t - disturbance.steps)];
        break;
      case 'replaced':
        x_T[t] = disturbance.by_T[t];
        break;
    }
  }
}
