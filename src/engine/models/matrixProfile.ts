/**
 * Matrix profile between the judged and the training windows: how far each window is from the most similar one of
 * training, which is what was expected. Source: Yeh et al.: "Matrix Profile I", ICDM 2016 (join of two series).
 * Dimensions: W window, S sensors, D = W·S, N training windows.
 */
import type { Run } from '../model.ts';
import type { ParamTable, Values } from '../params.ts';
import { weightArray } from '../tensor/weights.ts';
import type { WeightArrays } from '../tensor/weights.ts';
import type { Windows } from '../types.ts';
import { gatherOne } from '../window.ts';
import { closedForm, spread } from './shared/closedForm.ts';
import type { Learned } from './shared/closedForm.ts';
import { quickWindow, quickWindowing } from './shared/quickParams.ts';
import { overWindows } from './shared/windowScore.ts';

const params = {
  window: quickWindow.window,
  cover: { ...quickWindow.cover, default: 4 },
  examples: { ...quickWindow.examples, default: 1500 },
  level: {
    kind: 'choice',
    default: 'keep',
    options: [
      { value: 'keep', label: 'Counts' },
      { value: 'remove', label: 'Does not count' },
    ],
    label: 'Level of a window',
    help: 'Does not count: each sensor’s mean over the window is taken away first, so that only its shape is compared.',
  },
} as const satisfies ParamTable;

type P = Values<typeof params>;

/** Takes each sensor's mean over the window out of it, in place, and returns these means [S]. */
export function takeLevels(window_D: Float64Array, S: number): Float64Array {
  const W = window_D.length / S;
  const level_S = new Float64Array(S);
  for (let d = 0; d < window_D.length; d++) level_S[d % S] += window_D[d] / W;
  for (let d = 0; d < window_D.length; d++) window_D[d] -= level_S[d % S];
  return level_S;
}

function learn(train: Windows, p: P): Promise<Learned> {
  const D = train.W * train.S;
  const start_N = spread(train.start_N, p.examples);
  const window_D = new Float64Array(D);
  const example_ND = new Float32Array(start_N.length * D);
  start_N.forEach((start, n) => {
    gatherOne(train, start, window_D);
    if (p.level === 'remove') takeLevels(window_D, train.S);
    example_ND.set(window_D, n * D);
  });
  return Promise.resolve({ weights: { examples: weightArray([start_N.length, D], example_ND) }, history: [] });
}

/** Finds the example nearest to a window. Neighbours in time are alike, so the search begins at the last one found. */
function finder(example_ND: Float32Array, D: number): (window_D: Float64Array) => { n: number; square: number } {
  let last = 0;
  const to = (window_D: Float64Array, n: number, limit: number): number => {
    let square = 0;
    for (let d = 0; d < D && square < limit; d++) square += (window_D[d] - example_ND[n * D + d]) ** 2;
    return square;
  };
  return (window_D) => {
    let best = { n: last, square: to(window_D, last, Infinity) };
    for (let n = 0; n * D < example_ND.length; n++) {
      const square = to(window_D, n, best.square);
      if (square < best.square) best = { n, square };
    }
    last = best.n;
    return best;
  };
}

function expect({ examples }: WeightArrays, windows: Windows, { level }: P, run: Run) {
  const D = windows.W * windows.S;
  const nearest = finder(examples.data, D);
  return overWindows(windows, run, 'Distance to the most similar window', (window_D) => {
    const level_S = level === 'remove' ? takeLevels(window_D, windows.S) : null;
    const { n, square } = nearest(window_D);
    for (let d = 0; d < D; d++) window_D[d] = examples.data[n * D + d] + (level_S?.[d % windows.S] ?? 0);
    return Math.sqrt(square);
  });
}

export const matrixProfile = closedForm<typeof params>({
  card: {
    id: 'matrix-profile',
    title: 'Matrix profile',
    summary: 'Holds each window against the most similar one of training. Learns by remembering.',
    paper: { cite: 'Yeh et al., ICDM 2016', url: 'https://doi.org/10.1109/ICDM.2016.0179' },
    deviations: [
      'all sensors of a window together, where the paper has one',
      'windows are compared as they are or without their level, not divided by their deviation: a flat sensor has none',
      'at most 1500 training windows, evenly spread; every fifth window is judged, and a step’s score is the mean over its windows',
    ],
  },
  params,
  presets: { lite: {}, shape: { level: 'remove' } },
  scale: 'zscore',
  windowing: quickWindowing,
  shapes: ({ window }, S, { examples }: Partial<WeightArrays>) => ({
    examples: [examples?.shape[0] ?? 1, window * S],
  }),
  learn,
  expect,
});
