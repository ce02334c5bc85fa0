/** The jump from one step to the next, as an engine: each sensor is expected to stay where it was. */
import type { ParamTable } from '../params.ts';
import { closedForm } from './shared/closedForm.ts';
import { fromOwnPast, ownPastReach } from './shared/ownPast.ts';

const params = {} as const satisfies ParamTable;

export const difference = closedForm<typeof params>({
  card: {
    id: 'difference',
    title: 'Difference x(t) − x(t−1)',
    summary:
      'Expects each sensor to stay where it was. With a scoring head it beats most networks, and drift passes it by.',
    paper: { cite: 'Wu & Keogh, TKDE 2021', url: 'https://arxiv.org/abs/2009.13807' },
    deviations: ['the mean square of all sensors’ jumps, where the paper has one sensor and its size'],
  },
  params,
  presets: { lite: {} },
  scale: 'minmax01',
  windowed: false,
  // Windows that overlap by a step say which steps hang together.
  windowing: () => ({ W: 2, horizon: 0, stride: 1, scoreStride: 1 }),
  reach: () => ownPastReach(0, 1),
  shapes: () => ({}),
  learn: () => Promise.resolve({ weights: {}, history: [] }),
  expect: (_, windows, _p, run) => fromOwnPast(windows, 0, 1, run),
});
