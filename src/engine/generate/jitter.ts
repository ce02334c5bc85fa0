/** Jitter: independent noise on every step (Um et al. 2017, "Data augmentation of wearable sensor data"). */
import { normal } from '../rng.ts';
import { byWindow } from './byWindow.ts';
import type { Change } from './byWindow.ts';

/** Noise whose deviation is σ times the range of the window; labels stay. */
export const jittered: Change<{ readonly sigma: number }> = ({ x_T, label_T }, { sigma }, rng) => {
  let low = Infinity;
  let high = -Infinity;
  for (const x of x_T) {
    low = Math.min(low, x);
    high = Math.max(high, x);
  }
  return { x_T: x_T.map((x) => x + sigma * (high - low) * normal(rng)), label_T };
};

export const jitter = byWindow({
  card: {
    id: 'jitter',
    title: 'Jitter',
    summary: 'Training windows with noise on every step.',
    paper: { cite: 'Um et al., ICMI 2017', url: 'https://arxiv.org/abs/1706.00527' },
    deviations: ['The noise is in units of the window’s range, as the library that C-GATS cites has it.'],
  },
  params: {
    sigma: {
      kind: 'number',
      default: 0.1,
      min: 0,
      max: 1,
      step: 0.01,
      label: 'Deviation of the noise',
      help: 'In units of the range of the window.',
    },
  },
  change: jittered,
});
