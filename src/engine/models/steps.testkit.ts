/** What the tests of detectors of single steps share: small settings, and series in which some steps stand out. */
import type { Run } from '../model.ts';
import { resolve } from '../params.ts';
import type { AnyValues } from '../params.ts';
import { normal, seeded } from '../rng.ts';
import type { Windows } from '../types.ts';
import { cutStarts } from '../window.ts';
import type { AnyStepDetector } from './shared/stepDetector.ts';

const SMALL: AnyValues = {
  window: 32,
  stride: 4,
  width: 4,
  hidden: 4,
  suspect: 4,
  layers: 2,
  channels: 6,
  pool: 6,
  embedding: 8,
  epochs: 12,
  rate: 0.02,
  patience: 0,
  validation: 0,
  fade: 1,
};

export const settings = (detector: AnyStepDetector, given: AnyValues = {}): AnyValues =>
  resolve(
    detector.params,
    Object.fromEntries(Object.entries({ ...SMALL, ...given }).filter(([key]) => key in detector.params)),
  );

export const quiet = (seed: number, checkpoint: Run['checkpoint'] = () => Promise.resolve()): Run => ({
  rng: seeded(seed),
  checkpoint,
  progress: () => undefined,
});

/** Two noisy waves and a covariate; now and then one step stands out, in both sensors. */
export function series(T: number, seed: number): { rows: Float32Array; odd_T: Uint8Array } {
  const rng = seeded(seed);
  const rows = new Float32Array(T * 3);
  const odd_T = new Uint8Array(T);
  for (let t = 20; t < T; t += 15 + Math.floor(rng() * 30)) odd_T[t] = 1;
  for (let t = 0; t < T; t++)
    for (let s = 0; s < 3; s++)
      rows[t * 3 + s] = s === 2 ? t / T : Math.sin(t / 4 + s) + 0.05 * normal(rng) + 2.5 * odd_T[t];
  return { rows, odd_T };
}

export function windowsOf(
  detector: AnyStepDetector,
  p: AnyValues,
  T: number,
  seed: number,
  training: boolean,
): Windows {
  const { W, horizon, stride, scoreStride } = detector.windowing(p);
  const start_N = cutStarts([{ start: 0, end: T }], {
    W,
    horizon,
    stride: training ? stride : scoreStride,
    tail: true,
  });
  const { rows, odd_T } = series(T, seed);
  const base = { x_TF: rows, seen_TS: new Uint8Array(T * 2).fill(1), T, S: 2, C: 1, start_N, W, horizon };
  return training ? { ...base, label_T: odd_T } : base;
}

const auc = (scores: Float32Array, odd_T: Uint8Array): number => {
  const of = (kind: number) => [...scores].filter((_, t) => odd_T[t] === kind);
  const [odd, plain] = [of(1), of(0)];
  let wins = 0;
  for (const a of odd) for (const b of plain) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (odd.length * plain.length);
};

/** What a correct one reaches here; chance is 0.5, and a raw value knows nothing of waves. */
const FLOOR: Readonly<Record<string, number>> = { 'case-1': 0.3, 'case-2': 0.8, 'case-3': 0.8 };

/** Trains, judges another series and asks that odd steps stand above ordinary ones. */
export async function ranking(id: string, detector: AnyStepDetector): Promise<{ reached: number; wanted: number }> {
  const p = settings(detector);
  const fitted = await detector.fit(windowsOf(detector, p, 900, 1, true), p, quiet(3));
  const { parts } = await fitted.expect(windowsOf(detector, p, 500, 2, false), quiet(4));
  fitted.dispose();
  const score = parts.find(({ name }) => name === 'score');
  return { reached: auc(score?.value_T ?? new Float32Array(500), series(500, 2).odd_T), wanted: FLOOR[id] ?? 0.9 };
}

/** Whether it learns in epochs, or follows a rule. */
export const learns = (detector: AnyStepDetector): boolean => 'epochs' in detector.params;
