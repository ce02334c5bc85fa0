/** Settings that several strategies have. */
import type { NumberParam } from '../params.ts';

export const topParam = {
  kind: 'number',
  default: 5,
  min: 0,
  max: 1000,
  step: 1,
  label: 'Strangest windows k',
  unit: 'windows',
  help: 'How many of the windows with the highest scores are asked in a round. Paper: 1 to 20.',
} as const satisfies NumberParam;

export const perBinParam = {
  kind: 'number',
  default: 1,
  min: 0,
  max: 1000,
  step: 1,
  label: 'Windows a bin g',
  unit: 'windows',
  help: 'How many windows are drawn at random from each bin of scores in a round. Paper: 1 to 10.',
} as const satisfies NumberParam;

export const binsParam = {
  kind: 'number',
  default: 5,
  min: 1,
  max: 1000,
  step: 1,
  label: 'Bins G',
  help: 'Into how many bins with equally many windows each the sorted scores are cut. The paper does not say.',
} as const satisfies NumberParam;

export const countParam = {
  kind: 'number',
  default: 10,
  min: 1,
  max: 1000,
  step: 1,
  label: 'Windows a round',
  unit: 'windows',
  help: 'How many windows are asked in a round.',
} as const satisfies NumberParam;
