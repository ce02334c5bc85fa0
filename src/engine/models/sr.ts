/**
 * SR: what stands out of the smoothed log spectrum of a window; learns nothing.
 * Paper: Ren et al., "Time-Series Anomaly Detection Service at Microsoft", KDD 2019, eq. 1 to 6.
 */
import { spectralResidual } from '../math/spectralResidual.ts';
import type { ParamTable } from '../params.ts';
import { cutStarts, unwindow } from '../window.ts';
import { ruleDetector } from './shared/stepDetector.ts';

const params = {
  window: {
    kind: 'number',
    default: 240,
    min: 16,
    max: 8192,
    step: 1,
    label: 'Window W',
    unit: 'steps',
    help: 'Steps of one transform.',
  },
  smooth: {
    kind: 'number',
    default: 3,
    min: 1,
    max: 99,
    step: 1,
    label: 'Smoothing of the spectrum',
    help: 'Frequencies over which the log amplitude is averaged. Paper: 3.',
  },
  around: {
    kind: 'number',
    default: 40,
    min: 2,
    max: 500,
    step: 1,
    label: 'Steps of comparison',
    unit: 'steps',
    help: 'A step’s saliency is read against the mean of as many steps before it. Published code: 40.',
  },
} as const satisfies ParamTable;

export const sr = ruleDetector<typeof params>({
  card: {
    id: 'sr',
    title: 'Spectral residual',
    summary: 'Scores what stands out of the smoothed spectrum of a window. Learns nothing.',
    paper: { cite: 'Ren et al., KDD 2019', url: 'https://arxiv.org/abs/1906.03821' },
    deviations: [
      'Windows overlap by half; a step in two windows gets the mean of both scores.',
      'The score is not clipped at 10 times the mean.',
      'Every sensor is judged by itself.',
    ],
  },
  params,
  reach: ({ window }) => ({ back: window + (window >> 1), ahead: window, align: Math.max(1, window >> 1) }),
  presets: { lite: {} },
  title: 'Saliency over its mean',
  rule: {
    learn: () => ({}),
    least: () => 3,
    score: (x_T, _, { window, smooth, around }) => {
      const W = Math.min(window, x_T.length);
      const steps = unwindow(x_T.length, 1);
      const stride = Math.max(1, W >> 1);
      for (const start of cutStarts([{ start: 0, end: x_T.length }], { W, horizon: 0, stride, tail: true })) {
        const { raw_T } = spectralResidual(x_T.subarray(start, start + W), smooth, around);
        steps.add(Float32Array.from(raw_T), Int32Array.of(start), W);
      }
      return steps.mean();
    },
  },
});
