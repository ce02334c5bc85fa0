/** What a model with memories recalls of one window of a series, with the transformed views' classifier judged over others. */
import { windowStart } from './attention.ts';
import { EngineError } from './errors.ts';
import type { MemoryEvidence, Run, WeightArray } from './model.ts';
import { preparedFor, stretches, windowsOver } from './pipeline.ts';
import type { Look } from './inspect.ts';
import type { Setup } from './pipeline.ts';
import type { Series, Span } from './types.ts';
import { cutStarts } from './window.ts';

export type MemoryView = MemoryEvidence & { readonly window: Span };

/** Other windows over which the classifier is judged, spread evenly over the training part. */
const OTHERS = 24;

function others(series: Series, W: number): number[] {
  const spans = stretches(series).map(({ start, end }) => ({ start, end: Math.min(end, series.train.end) }));
  const all = [...cutStarts(spans, { W, horizon: 0, stride: W })];
  const step = Math.max(1, Math.floor(all.length / OTHERS));
  return all.filter((_, n) => n % step === 0).slice(0, OTHERS);
}

/**
 * Views, memory items and confusion for the window that best covers `look`. Throws EngineError('bad-input',
 * 'no-evidence') for detectors without memories and 'no-window' where no window fits. Leaves no tensor behind.
 */
export async function memoryAt(
  series: Series,
  setup: Setup,
  weights: Readonly<Record<string, WeightArray>>,
  { step, range }: Look,
  run: Run,
): Promise<MemoryView> {
  const { prepared, windowing } = preparedFor(series, setup);
  const { W } = windowing;
  const start = windowStart(stretches(series), windowing, range, step);
  if (start === null)
    throw new EngineError(
      'bad-input',
      'no-window',
      `step ${step} lies in no window: its part of ${series.asset} is shorter than ${W} steps or not in use`,
      'Choose a step of the training or test range.',
    );
  const { S, C } = prepared;
  const fitted = setup.detector.restore(weights, setup.values, { S, C });
  try {
    if (fitted.recall === undefined)
      throw new EngineError(
        'bad-input',
        'no-evidence',
        `${setup.detector.card.title} has no memory to show`,
        'Run AMSL to see which items of its memory answer.',
      );
    const start_N = Int32Array.from([start, ...others(series, W)]);
    const evidence = await fitted.recall(windowsOver(prepared, start_N, { W, horizon: 0 }), run);
    return { ...evidence, window: { start, end: start + W } };
  } finally {
    fitted.dispose();
  }
}
