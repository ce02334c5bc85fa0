/**
 * p(Y): where anomalies lie in a window and how long they are (C-GATS paper, eq. 2; the form is left open there).
 * `empirical` draws the labels of a training window and turns them round by a random number of steps, which keeps the
 * lengths of the runs; `parametric` draws one run whose length comes from the training runs and whose start is uniform.
 */
import type { Samples } from './samples.ts';
import { byKind, windowOf } from './samples.ts';

export type LabelModel = {
  readonly T: number;
  /** Fills `out_T` with 0 and 1; at least one step is 1. */
  readonly draw: (out_T: Float32Array, rng: () => number) => void;
};

export type LabelModelKind = 'empirical' | 'parametric';

/** Lengths of the runs of anomalous steps in a label. */
export function runLengths(label_T: Float32Array): number[] {
  const lengths: number[] = [];
  let length = 0;
  for (const label of label_T) {
    if (label > 0) length++;
    else if (length > 0) {
      lengths.push(length);
      length = 0;
    }
  }
  return length > 0 ? [...lengths, length] : lengths;
}

const below = (count: number, rng: () => number): number => Math.floor(rng() * count);

function empirical(T: number, labels: readonly Float32Array[]): LabelModel['draw'] {
  return (out_T, rng) => {
    const label_T = labels[below(labels.length, rng)];
    const shift = below(T, rng);
    for (let t = 0; t < T; t++) out_T[(t + shift) % T] = label_T[t] > 0 ? 1 : 0;
  };
}

function parametric(T: number, labels: readonly Float32Array[]): LabelModel['draw'] {
  const lengths = labels.flatMap(runLengths);
  return (out_T, rng) => {
    const length = lengths[below(lengths.length, rng)];
    const start = below(T - length + 1, rng);
    out_T.fill(0).fill(1, start, start + length);
  };
}

/** Learns p(Y) from the anomalous windows; there must be one at least. */
export function fitLabelModel(samples: Samples, kind: LabelModelKind): LabelModel {
  const labels = [...byKind(samples).anomalous].map((n) => windowOf(samples, n).label_T.slice());
  return { T: samples.T, draw: (kind === 'empirical' ? empirical : parametric)(samples.T, labels) };
}

/** Labels of `count` windows, [N, T]. */
export function drawLabels(model: LabelModel, count: number, rng: () => number): Float32Array {
  const label_NT = new Float32Array(count * model.T);
  for (let n = 0; n < count; n++) model.draw(label_NT.subarray(n * model.T, (n + 1) * model.T), rng);
  return label_NT;
}
