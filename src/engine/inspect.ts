/** What an engine attended to in a window: the look behind a score. */
import { attentionView, spectrumOf, spectrumRegion, windowStart } from './attention.ts';
import type { AttentionView } from './attention.ts';
import { EngineError } from './errors.ts';
import type { Run, WeightArray } from './model.ts';
import { preparedFor, stretches, windowsOver } from './pipeline.ts';
import type { Setup } from './pipeline.ts';
import type { Series, Span } from './types.ts';

/** A step and the range around it that is looked at. */
export type Look = { readonly step: number; readonly range: Span };

const noEvidence = ({ detector }: Setup): EngineError =>
  new EngineError(
    'bad-input',
    'no-evidence',
    `${detector.card.title} cannot show what it attends to`,
    'Run an engine with attention, such as AMAD.',
  );

/**
 * The window that best covers `look`. Throws EngineError('bad-input', 'no-evidence') for detectors that cannot show what
 * they attend to, and 'no-window' where no window fits.
 */
export function lookedAt(series: Series, setup: Setup, { step, range }: Look): Span {
  if (setup.detector.inspects !== true) throw noEvidence(setup);
  const { W, horizon } = setup.detector.windowing(setup.values);
  const start = windowStart(stretches(series), { W, horizon }, range, step);
  if (start !== null) return { start, end: start + W };
  throw new EngineError(
    'bad-input',
    'no-window',
    `step ${step} lies in no window: its part of ${series.asset} is shorter than ${W + horizon} steps or not in use`,
    'Choose a step of the training or test range.',
  );
}

/**
 * What a fitted detector attends to in the window that best covers `look`. Throws as `lookedAt` does. Leaves no tensor
 * behind.
 */
export async function inspectAt(
  series: Series,
  setup: Setup,
  weights: Readonly<Record<string, WeightArray>>,
  look: Look,
  run: Run,
): Promise<AttentionView> {
  const window = lookedAt(series, setup, look);
  const { prepared, windowing } = preparedFor(series, setup);
  const { x_TF, S, C } = prepared;
  const fitted = setup.detector.restore(weights, setup.values, { S, C });
  try {
    if (!fitted.inspect) throw noEvidence(setup);
    const evidence = await fitted.inspect(windowsOver(prepared, Int32Array.of(window.start), windowing), 0, run);
    const stretch = stretches(series).find(({ start, end }) => window.start >= start && window.end <= end) ?? window;
    return attentionView(evidence, spectrumOf(x_TF, S + C, S, spectrumRegion(window, stretch)));
  } finally {
    fitted.dispose();
  }
}
