/** Scaling: the whole window times one random factor (Um et al. 2017, "Data augmentation of wearable sensor data"). */
import { normal } from '../rng.ts';
import { byWindow } from './byWindow.ts';
import type { Change } from './byWindow.ts';

/** Times a factor from N(1, σ²). */
export const scaled: Change<{ readonly sigma: number }> = ({ x_T, label_T }, { sigma }, rng) => {
  const factor = 1 + sigma * normal(rng);
  return { x_T: x_T.map((x) => x * factor), label_T };
};

export const scaling = byWindow({
  card: {
    id: 'scaling',
    title: 'Scaling',
    summary: 'Training windows times a random factor near 1.',
    paper: { cite: 'Um et al., ICMI 2017', url: 'https://arxiv.org/abs/1706.00527' },
    deviations: [],
  },
  params: {
    sigma: {
      kind: 'number',
      default: 0.1,
      min: 0,
      max: 2,
      step: 0.01,
      label: 'Deviation of the factor',
      help: 'The factor is drawn from N(1, σ²), once a window.',
    },
  },
  change: scaled,
});
