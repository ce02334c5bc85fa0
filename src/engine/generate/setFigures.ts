/** How generated windows differ among each other and from the real anomalous ones. Dimensions: N windows, T steps. */
import { inOrder } from '../window.ts';
import { countOf, picked, windowOf } from './samples.ts';
import type { Samples } from './samples.ts';

/** Windows that are compared; of more, this many taken evenly. */
const COMPARED = 200;

/** At most `most` of these numbers, evenly taken. */
export function someOf(order: Int32Array, most: number): Int32Array {
  const N = Math.min(most, order.length);
  return Int32Array.from({ length: N }, (_, n) => order[Math.floor((n * order.length) / N)]);
}

/** Root mean squared difference of two windows, in the sensor's units. */
export function distance(a_T: Float32Array, b_T: Float32Array): number {
  let sum = 0;
  for (let t = 0; t < a_T.length; t++) sum += (a_T[t] - b_T[t]) ** 2;
  return Math.sqrt(sum / a_T.length);
}

const windowsOf = (samples: Samples): Float32Array[] =>
  Array.from({ length: countOf(samples) }, (_, n) => windowOf(samples, n).x_T);

const meanOf = (values: readonly number[]): number =>
  values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : NaN;

/** Mean distance between two different windows; NaN for fewer than two. */
export function diversity(samples: Samples): number {
  const windows = windowsOf(samples);
  return meanOf(windows.flatMap((a, n) => windows.slice(n + 1).map((b) => distance(a, b))));
}

/** Mean distance from a window to the nearest of `others`; NaN where there is none. */
export function nearest(samples: Samples, others: Samples): number {
  const among = windowsOf(others);
  if (among.length === 0) return NaN;
  return meanOf(windowsOf(samples).map((a) => Math.min(...among.map((b) => distance(a, b)))));
}

/** Mean distance from a window to the nearest other one of the same; NaN for fewer than two. */
export function nearestAmong(samples: Samples): number {
  const windows = windowsOf(samples);
  if (windows.length < 2) return NaN;
  return meanOf(
    windows.map((a, n) => Math.min(...windows.flatMap((b, other) => (other === n ? [] : [distance(a, b)])))),
  );
}

export type Likeness = {
  /** Mean distance between two windows: generated, real. */
  readonly diversity: number;
  readonly realDiversity: number;
  /** Mean distance to the nearest real window: of generated ones, and of real ones among each other. */
  readonly nearest: number;
  readonly realNearest: number;
};

/** Generated windows beside real ones, in the sensor's units; large sets by an even sample of 200 windows each. */
export function likeness(made: Samples, real: Samples): Likeness {
  const sample = (samples: Samples): Samples => picked(samples, someOf(inOrder(countOf(samples)), COMPARED));
  const [a, b] = [sample(made), sample(real)];
  return {
    diversity: diversity(a),
    realDiversity: diversity(b),
    nearest: nearest(a, b),
    realNearest: nearestAmong(b),
  };
}
