/** Standardises windows by the mean and deviation of the series they were cut from, learned from training windows. */
import type { Samples } from './samples.ts';
import { countOf, windowOf } from './samples.ts';

export type SourceScale = {
  /** Mean and deviation of a series; those of all training windows together for a series that was not among them. */
  readonly of: (source: number) => { readonly mean: number; readonly sd: number };
  readonly apply: (samples: Samples) => Samples;
  readonly invert: (samples: Samples) => Samples;
};

type Moments = { count: number; sum: number; squares: number };

const add = (m: Moments, values: Float32Array): void => {
  for (const x of values) {
    m.count++;
    m.sum += x;
    m.squares += x * x;
  }
};

function scaleOf({ count, sum, squares }: Moments): { mean: number; sd: number } {
  const mean = sum / count;
  const sd = Math.sqrt(Math.max(0, squares / count - mean * mean));
  // A series that stands still is only moved to 0.
  return { mean, sd: sd > 1e-9 ? sd : 1 };
}

/** `unit`: leaves every value as it is. */
export const unit: SourceScale = { of: () => ({ mean: 0, sd: 1 }), apply: (s) => s, invert: (s) => s };

export function fitSourceScale(samples: Samples): SourceScale {
  const bySource = new Map<number, Moments>();
  const all: Moments = { count: 0, sum: 0, squares: 0 };
  for (let n = 0; n < countOf(samples); n++) {
    const { x_T } = windowOf(samples, n);
    const source = samples.source_N[n];
    const own = bySource.get(source) ?? { count: 0, sum: 0, squares: 0 };
    bySource.set(source, own);
    add(own, x_T);
    add(all, x_T);
  }
  const scales = new Map([...bySource].map(([source, moments]) => [source, scaleOf(moments)]));
  const fallback = scaleOf(all);
  const of = (source: number) => scales.get(source) ?? fallback;
  const mapped = (given: Samples, f: (x: number, mean: number, sd: number) => number): Samples => ({
    ...given,
    x_NT: given.x_NT.map((x, i) => {
      const { mean, sd } = of(given.source_N[Math.floor(i / given.T)]);
      return f(x, mean, sd);
    }),
  });
  return {
    of,
    apply: (given) => mapped(given, (x, mean, sd) => (x - mean) / sd),
    invert: (given) => mapped(given, (x, mean, sd) => x * sd + mean),
  };
}
