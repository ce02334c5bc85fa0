/**
 * Windowed PCA: what the usual shapes of movement of all sensors together cannot explain is strange.
 * Source: Shyu, Chen, Sarinnapakorn, Chang: "A Novel Anomaly Detection Scheme Based on Principal Component Classifier",
 * ICDM workshop 2003, on windows. Dimensions: W window, S sensors, D = W·S, R directions.
 */
import { leaveRest, principalOf } from '../math/principal.ts';
import type { Principal } from '../math/principal.ts';
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
  window: {
    ...quickWindow.window,
    default: 10,
    max: 200,
    help: 'How many steps are looked at together. Training time grows with the cube of window times sensors.',
  },
  cover: { ...quickWindow.cover, default: 5 },
  examples: quickWindow.examples,
  kept: {
    kind: 'number',
    default: 0.9,
    min: 0.1,
    max: 0.999,
    step: 0.01,
    label: 'Variance kept',
    help: 'Share of the training variance that the kept directions explain; the rest is what is judged.',
  },
} as const satisfies ParamTable;

type P = Values<typeof params>;

async function learn(train: Windows, p: P, run: Run): Promise<Learned> {
  const D = train.W * train.S;
  const start_N = spread(train.start_N, p.examples);
  await run.checkpoint();
  const row = (n: number, out_D: Float64Array) => {
    gatherOne(train, start_N[n], out_D);
  };
  const principal = principalOf(start_N.length, D, row, p.kept);
  const rest_D = new Float64Array(D);
  let squares = 0;
  for (let n = 0; n < start_N.length; n++) {
    row(n, rest_D);
    leaveRest(principal, rest_D);
    for (const rest of rest_D) squares += rest * rest;
  }
  const R = principal.directions.length;
  const direction_RD = new Float32Array(R * D);
  principal.directions.forEach((direction_D, r) => {
    direction_RD.set(direction_D, r * D);
  });
  return {
    weights: {
      mean: weightArray([D], Float32Array.from(principal.mean_D)),
      directions: weightArray([R, D], direction_RD),
    },
    history: [{ 'mean squared rest': squares / (start_N.length * D) }],
  };
}

function principalFrom({ mean, directions }: WeightArrays): Principal {
  const D = mean.data.length;
  return {
    mean_D: Float64Array.from(mean.data),
    directions: Array.from({ length: directions.data.length / D }, (_, r) =>
      Float64Array.from(directions.data.subarray(r * D, (r + 1) * D)),
    ),
  };
}

function expect(weights: WeightArrays, windows: Windows, _p: P, run: Run) {
  const principal = principalFrom(weights);
  const rest_D = new Float64Array(principal.mean_D.length);
  return overWindows(windows, run, 'Root of the squared rest', (window_D) => {
    rest_D.set(window_D);
    leaveRest(principal, rest_D);
    let square = 0;
    for (let d = 0; d < rest_D.length; d++) {
      square += rest_D[d] * rest_D[d];
      window_D[d] -= rest_D[d];
    }
    return Math.sqrt(square);
  });
}

export const windowPca = closedForm<typeof params>({
  card: {
    id: 'window-pca',
    title: 'PCA of windows',
    summary: 'Rebuilds each window from the usual shapes of movement of all sensors together; the rest is strange.',
    paper: {
      cite: 'Shyu, Chen, Sarinnapakorn & Chang, ICDM 2003',
      url: 'https://apps.dtic.mil/sti/citations/ADA465712',
    },
    deviations: [
      'on windows instead of single steps',
      'the size of the rest is scored, not a sum over major and minor components',
      'at most 2500 training windows, evenly spread',
    ],
  },
  params,
  presets: { lite: {}, long: { window: 20 } },
  scale: 'zscore',
  windowing: quickWindowing,
  shapes: ({ window }, S, { directions }: Partial<WeightArrays>) => ({
    mean: [window * S],
    directions: [directions?.shape[0] ?? 1, window * S],
  }),
  learn,
  expect,
});
