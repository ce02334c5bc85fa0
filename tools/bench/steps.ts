/**
 * The engine's own models in the shapes of torch_baseline.py. A training step is what lies between two checkpoints of
 * `fit`: a batch is cut, the losses run forward and backward, the optimiser moves the weights. An inference pass is
 * `expect` over as many windows as a training batch has.
 */
import { cancelled, EngineError } from '../../src/engine/errors.ts';
import type { AnyDetector, FitOptions, Run, WeightArray } from '../../src/engine/model.ts';
import { detectors } from '../../src/engine/models/index.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues } from '../../src/engine/params.ts';
import { normal, seeded } from '../../src/engine/rng.ts';
import { settle } from '../../src/engine/tensor/backend.ts';
import type { Windows } from '../../src/engine/types.ts';

/** Milliseconds; `runs` is how many were measured after the first. */
export type Timing = { readonly median: number; readonly min: number; readonly runs: number };

export type Limits = { readonly repeat: number; readonly seconds: number; readonly now: () => number };

export type Measured = { readonly weights: number; readonly trainMs: Timing; readonly inferMs: Timing };

/** Sensors of the windows and settings of a detector, by the case names of torch_baseline.py. */
export type ModelCase = { readonly detector: string; readonly sensors: number; readonly settings: AnyValues };

const encoder = { window: 100, heads: 8, layers: 3, validation: 0 };
const vtt = { window: 50, hidden: 128, heads: 4, headWidth: 128, layers: 3, dropout: 0, batch: 8, validation: 0 };

export const MODEL_CASES: Readonly<Record<string, ModelCase>> = {
  amad_128: { detector: 'amad', sensors: 25, settings: { ...encoder, hidden: 128, batch: 16 } },
  amad_512: { detector: 'amad', sensors: 25, settings: { ...encoder, hidden: 512, batch: 8 } },
  m2ad_lstm: {
    detector: 'm2ad',
    sensors: 38,
    settings: { window: 100, layers: 3, hidden: 80, batch: 64, validation: 0 },
  },
  amsl: {
    detector: 'amsl',
    sensors: 36,
    settings: {
      ...{ window: 128, filters1: 32, filters: 64, decoder: 128, classifier: 128, items: 500 },
      ...{ entropy: 'sum', dropout: 0, batch: 8, validation: 0 },
    },
  },
  at_128: {
    detector: 'anomaly-transformer',
    sensors: 25,
    settings: { ...encoder, hidden: 128, inner: 128, dropout: 0, batch: 16 },
  },
  vtt_sat: { detector: 'vtt-sat', sensors: 25, settings: vtt },
  vtt_pat: { detector: 'vtt-pat', sensors: 25, settings: vtt },
  usad: { detector: 'usad', sensors: 25, settings: { window: 50, latent: 100, batch: 64, validation: 0 } },
  lstm_vae: {
    detector: 'lstm-vae',
    sensors: 25,
    settings: { window: 50, hidden: 60, latent: 20, batch: 64, validation: 0 },
  },
};

/** As `clock` of torch_baseline.py sums up: median, least and number of runs. */
export function timing(ms: readonly number[]): Timing {
  const sorted = [...ms].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  return { median: Number(median.toFixed(2)), min: Number(sorted[0].toFixed(2)), runs: ms.length };
}

/** Random windows that do not overlap by much; W long, with the target step of a forecast behind the last. */
export function windowsOf(count: number, S: number, W: number, horizon: number): Windows {
  const rng = seeded(7);
  const T = W + horizon + count;
  return {
    ...{ T, S, C: 0, W, horizon },
    x_TF: Float32Array.from({ length: T * S }, () => normal(rng)),
    seen_TS: new Uint8Array(T * S).fill(1),
    start_N: Int32Array.from({ length: count }, (_, n) => n),
  };
}

export const quiet = (checkpoint: () => Promise<void>): Run => ({
  rng: seeded(1),
  checkpoint,
  progress: () => undefined,
});

/** Runs a fit that is meant to be broken off. */
export async function brokenOff(fit: Promise<{ readonly dispose: () => void }>): Promise<void> {
  try {
    (await fit).dispose();
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || thrown.code !== 'cancelled') throw thrown;
  }
}

/** Milliseconds of training steps after the first, at most `repeat`, no new one after the time limit. */
async function trainingSteps(fit: (run: Run) => Promise<{ readonly dispose: () => void }>, limits: Limits) {
  const out: number[] = [];
  let batches = 0;
  let begun = 0;
  let first = 0;
  const checkpoint = async (): Promise<void> => {
    await settle();
    const now = limits.now();
    if (batches >= 2) out.push(now - begun);
    if (batches === 1) first = now;
    batches++;
    if (out.length === limits.repeat || (out.length > 0 && now - first > limits.seconds * 1000)) throw cancelled();
    begun = limits.now();
  };
  await brokenOff(fit(quiet(checkpoint)));
  return out;
}

/** The fresh weights of a fit. */
export async function freshWeights(fit: (run: Run, options: FitOptions) => Promise<{ readonly dispose: () => void }>) {
  let weights: Readonly<Record<string, WeightArray>> = {};
  const serve: FitOptions['serve'] = async (replica) => {
    weights = await replica.weights();
  };
  await brokenOff(
    fit(
      quiet(() => Promise.resolve()),
      { serve },
    ),
  );
  return weights;
}

async function passes(pass: () => Promise<unknown>, { repeat, seconds, now }: Limits): Promise<number[]> {
  await pass();
  const out: number[] = [];
  for (const start = now(); out.length < repeat;) {
    const begun = now();
    if (out.length > 0 && begun - start > seconds * 1000) break;
    await pass();
    out.push(now() - begun);
  }
  return out;
}

/** Training steps and inference passes of one case. */
export async function measure({ detector: id, sensors, settings }: ModelCase, limits: Limits): Promise<Measured> {
  const detector: AnyDetector = detectors.get(id)!;
  const p = resolve(detector.params, { ...settings, epochs: 1 });
  const batch = settings['batch'] as number;
  const { W, horizon } = detector.windowing(p);
  const train = windowsOf(batch * (limits.repeat + 2), sensors, W, horizon);
  const few = windowsOf(batch, sensors, W, horizon);
  const weights = await freshWeights((run, options) => detector.fit(few, p, run, options));
  const trainMs = timing(await trainingSteps((run) => detector.fit(train, p, run), limits));
  const fitted = detector.restore(weights, p, { S: sensors, C: 0 });
  const run = quiet(() => Promise.resolve());
  const inferMs = timing(await passes(() => fitted.expect(few, run), limits));
  fitted.dispose();
  const size = Object.values(weights).reduce((sum, { data }) => sum + data.length, 0);
  return { weights: size, trainMs, inferMs };
}
