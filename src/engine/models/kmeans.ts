/**
 * KMeans on windows: what lies far from every cluster of training windows is strange; the nearest cluster's centre is
 * what was expected. Sources: Lloyd: "Least squares quantization in PCM", IEEE Trans. Inf. Theory 1982; on windows of
 * telemetry: Yairi, Kato, Hori, i-SAIRAS 2001. Dimensions: W window, S sensors, D = W·S, K clusters.
 */
import { kmeansGenerator } from 'ml-kmeans';
import { nearestCentre } from '../math/nearestCentre.ts';
import type { ParamTable, Values } from '../params.ts';
import { weightArray } from '../tensor/weights.ts';
import type { WeightArrays } from '../tensor/weights.ts';
import { closedForm, spread } from './shared/closedForm.ts';
import type { Learned } from './shared/closedForm.ts';
import { quickWindow, quickWindowing } from './shared/quickParams.ts';
import { overWindows } from './shared/windowScore.ts';
import type { Run } from '../model.ts';
import type { Windows } from '../types.ts';
import { gatherOne } from '../window.ts';

const params = {
  ...quickWindow,
  clusters: {
    kind: 'number',
    default: 20,
    min: 1,
    max: 500,
    step: 1,
    label: 'Clusters',
    help: 'Kinds of normal operation that are told apart.',
  },
  iterations: {
    kind: 'number',
    default: 100,
    min: 1,
    max: 1000,
    step: 1,
    label: 'Iterations',
    help: 'At most this many rounds of moving the centres; most data need fewer.',
  },
} as const satisfies ParamTable;

type P = Values<typeof params>;

async function learn(train: Windows, p: P, run: Run): Promise<Learned> {
  const D = train.W * train.S;
  const window_D = new Float64Array(D);
  const rows = Array.from(spread(train.start_N, p.examples), (start) => {
    gatherOne(train, start, window_D);
    return Array.from(window_D);
  });
  const K = Math.min(p.clusters, rows.length);
  const seed = Math.floor(run.rng() * 2 ** 31);
  let centroids: number[][] = [];
  for (const round of kmeansGenerator(rows, K, { seed, maxIterations: p.iterations })) {
    await run.checkpoint();
    ({ centroids } = round);
  }
  // Fewer windows than clusters: the last centre stands for the rest, which changes no distance.
  const centre_KD = Float32Array.from(
    Array.from({ length: p.clusters }, (_, k) => centroids[Math.min(k, K - 1)]).flat(),
  );
  const squares = rows.reduce((sum, row) => sum + nearestCentre(Float64Array.from(row), centre_KD).square, 0);
  return {
    weights: { centres: weightArray([p.clusters, D], centre_KD) },
    history: [{ 'mean squared distance': squares / (rows.length * D) }],
  };
}

const expect = ({ centres }: WeightArrays, windows: Windows, _p: P, run: Run) =>
  overWindows(windows, run, 'Distance to the nearest cluster', (window_D) => {
    const { k, square } = nearestCentre(window_D, centres.data);
    window_D.set(centres.data.subarray(k * window_D.length, (k + 1) * window_D.length));
    return Math.sqrt(square);
  });

export const kmeans = closedForm<typeof params>({
  card: {
    id: 'kmeans',
    title: 'KMeans on windows',
    summary:
      'Holds each window against the nearest of a few kinds of normal operation. Seconds to train, hard to beat.',
    paper: { cite: 'Lloyd, IEEE Trans. Inf. Theory 1982', url: 'https://doi.org/10.1109/TIT.1982.1056489' },
    deviations: [
      'clusters of windows of all sensors (as Yairi, Kato & Hori 2001 did with telemetry), where the paper has single points',
      'a step’s score is the mean distance of all windows that cover it',
      'at most 2500 training windows, evenly spread; k-means++ start',
      'what is expected of a step is the mean of the nearest centres of its windows',
    ],
  },
  params,
  presets: { lite: {} },
  scale: 'zscore',
  windowing: quickWindowing,
  shapes: ({ window, clusters }, S) => ({ centres: [clusters, window * S] }),
  learn,
  expect,
});
