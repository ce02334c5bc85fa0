/**
 * Labelled windows of one sensor: what generators and augmentations read and make. Dimensions: N windows, T steps.
 */
import { EngineError } from '../errors.ts';
import type { Windows } from '../types.ts';

export type Samples = {
  readonly T: number;
  /** [N, T] */
  readonly x_NT: Float32Array;
  /** [N, T], 1 where a step is anomalous, 0 where not; between them where normal and anomalous were mixed. */
  readonly label_NT: Float32Array;
  /** Which series a window was cut from, [N]: overlapping windows of one series may not stand on both sides of a split. */
  readonly source_N: Int32Array;
};

export const countOf = ({ T, x_NT }: Samples): number => x_NT.length / T;

/** Throws EngineError('bug', 'bad-shape') unless the arrays fit together and every value is finite. */
export function checkSamples({ T, x_NT, label_NT, source_N }: Samples): void {
  const N = x_NT.length / T;
  if (!Number.isInteger(N) || label_NT.length !== x_NT.length || source_N.length !== N)
    throw new EngineError(
      'bug',
      'bad-shape',
      `expected x, label [N, T=${T}] and source [N], got ${x_NT.length}, ${label_NT.length} and ${source_N.length} values`,
    );
  const odd = x_NT.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0)
    throw new EngineError('bug', 'bad-value', `window ${Math.floor(odd / T)} is ${x_NT[odd]} at step ${odd % T}`);
}

/** The values and labels of one window, as views. */
export const windowOf = ({ T, x_NT, label_NT }: Samples, n: number): { x_T: Float32Array; label_T: Float32Array } => ({
  x_T: x_NT.subarray(n * T, (n + 1) * T),
  label_T: label_NT.subarray(n * T, (n + 1) * T),
});

/** The windows with these numbers, in this order; a number may come twice. */
export function picked(samples: Samples, order: ArrayLike<number>): Samples {
  const { T, source_N } = samples;
  const x_NT = new Float32Array(order.length * T);
  const label_NT = new Float32Array(order.length * T);
  for (let n = 0; n < order.length; n++) {
    const { x_T, label_T } = windowOf(samples, order[n]);
    x_NT.set(x_T, n * T);
    label_NT.set(label_T, n * T);
  }
  return { T, x_NT, label_NT, source_N: Int32Array.from({ length: order.length }, (_, n) => source_N[order[n]]) };
}

/** All windows of both, of the same length. */
export function joined(a: Samples, b: Samples): Samples {
  const all = (left: Float32Array, right: Float32Array): Float32Array => {
    const out = new Float32Array(left.length + right.length);
    out.set(left);
    out.set(right, left.length);
    return out;
  };
  return {
    T: a.T,
    x_NT: all(a.x_NT, b.x_NT),
    label_NT: all(a.label_NT, b.label_NT),
    source_N: Int32Array.from([...a.source_N, ...b.source_N]),
  };
}

/** Numbers of the windows with at least one anomalous step, and of those with none. */
export function byKind(samples: Samples): { readonly anomalous: Int32Array; readonly normal: Int32Array } {
  const anomalous: number[] = [];
  const normal: number[] = [];
  for (let n = 0; n < countOf(samples); n++)
    (windowOf(samples, n).label_T.some((label) => label > 0) ? anomalous : normal).push(n);
  return { anomalous: Int32Array.from(anomalous), normal: Int32Array.from(normal) };
}

/** Throws EngineError('bad-input', 'no-anomalies') unless one of the windows is anomalous; gives the numbers of these. */
export function anomalousAmong(samples: Samples): Int32Array {
  const { anomalous } = byKind(samples);
  if (anomalous.length > 0) return anomalous;
  throw new EngineError(
    'bad-input',
    'no-anomalies',
    `none of the ${countOf(samples)} windows is anomalous`,
    'Label some anomalies, or choose labels that hold some.',
  );
}

/** Throws EngineError('bad-input', 'no-normals') unless one of the windows is normal; gives the numbers of these. */
export function normalAmong(samples: Samples): Int32Array {
  const { normal } = byKind(samples);
  if (normal.length > 0) return normal;
  throw new EngineError(
    'bad-input',
    'no-normals',
    `none of the ${countOf(samples)} windows is normal`,
    'Use a shorter window, so that some windows hold no anomaly.',
  );
}

/** The windows end to end, the label as a covariate beside the sensor, so that the training loop can cut batches. */
export function asWindows({ T, x_NT, label_NT }: Samples): Windows {
  const rows = x_NT.length;
  const x_TF = new Float32Array(2 * rows);
  for (let i = 0; i < rows; i++) {
    x_TF[2 * i] = x_NT[i];
    x_TF[2 * i + 1] = label_NT[i];
  }
  const start_N = Int32Array.from({ length: rows / T }, (_, n) => n * T);
  return { x_TF, seen_TS: new Uint8Array(rows).fill(1), T: rows, S: 1, C: 1, start_N, W: T, horizon: 0 };
}
