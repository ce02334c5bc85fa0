/** A studio that answers at once: an anomaly is a bump on the painted steps. */
import type { StudioChoices } from '../../workers/protocol.ts';

export const studioChoices: StudioChoices = {
  generator: {
    id: 'c-gats',
    title: 'C-GATS',
    summary: 'Makes anomalous windows with labels.',
    cite: 'Singh et al., 2022',
    url: '',
    deviations: [],
    presets: { lite: { epochs1: 20 }, paper: {} },
    params: {
      epochs1: {
        kind: 'number',
        default: 100,
        min: 1,
        max: 2000,
        step: 1,
        label: 'Epochs of step 1',
        help: 'Passes over the normal windows.',
      },
    },
    inspects: false,
  },
  makers: [
    { id: 'c-gats', title: 'C-GATS', summary: 'Generated.', learns: true },
    { id: 'mixup', title: 'Mixup', summary: 'Mixed.', learns: true },
  ],
  detectors: [
    { id: 'robust-tad', title: 'RobustTAD', summary: 'A U-net.', learns: true },
    { id: 'sr-cnn', title: 'SR-CNN', summary: 'Saliency and a network.', learns: true },
    { id: 'one-liner-a', title: 'One-liner A', summary: 'A rule.', learns: false },
  ],
};
