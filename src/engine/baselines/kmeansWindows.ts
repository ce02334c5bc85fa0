import { kmeans } from 'ml-kmeans';
import { nearestCentre } from '../math/nearestCentre.ts';
import { cutStarts, unwindow } from '../window.ts';
import type { Baseline } from './baseline.ts';
import { copyWindow, trainingStarts } from './windows.ts';

const WINDOW = 20;
const CLUSTERS = 20;

/** Clusters of training windows; a step is as strange as its windows are far from every cluster (Yairi et al. 2001). */
export const kmeansWindows: Baseline = {
  id: 'kmeans',
  title: 'KMeans on windows',
  summary: `Distance of each ${WINDOW}-step window to the nearest of ${CLUSTERS} clusters of training windows, averaged over the windows that cover a step.`,
  scale: 'zscore',
  needs: WINDOW + CLUSTERS,
  score({ prepared, train, spans, rng }) {
    const window = new Float64Array(WINDOW * prepared.S);
    const training = Array.from(trainingStarts(train, WINDOW), (start) => {
      copyWindow(prepared, start, WINDOW, window);
      return Array.from(window);
    });
    const K = Math.min(CLUSTERS, training.length);
    const { centroids } = kmeans(training, K, { seed: Math.floor(rng() * 2 ** 31), maxIterations: 100 });
    const centre_KD = Float64Array.from(centroids.flat());
    const steps = unwindow(prepared.T, 1);
    const value = new Float32Array(WINDOW);
    for (const start of cutStarts(spans, { W: WINDOW, horizon: 0, stride: 1 })) {
      copyWindow(prepared, start, WINDOW, window);
      steps.add(value.fill(Math.sqrt(nearestCentre(window, centre_KD).square)), Int32Array.of(start), WINDOW);
    }
    return { residual: null, score_T: Float64Array.from(steps.mean()) };
  },
};
