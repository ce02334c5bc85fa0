/**
 * Deviation from one's own recent mean, as an engine: a control chart whose centre follows the sensor (EWMA chart,
 * Roberts: "Control Chart Tests Based on Geometric Moving Averages", Technometrics 1959), all sensors together.
 */
import type { ParamTable } from '../params.ts';
import { closedForm } from './shared/closedForm.ts';
import { fromOwnPast, ownPastReach } from './shared/ownPast.ts';

const params = {
  memory: {
    kind: 'number',
    default: 10,
    min: 0,
    max: 1000,
    step: 1,
    label: 'Memory',
    unit: 'steps',
    help: 'Centre of mass of the moving mean that a step is held against. Longer sees slower changes, and more drift.',
  },
  smooth: {
    kind: 'number',
    default: 20,
    min: 1,
    max: 500,
    step: 1,
    label: 'Smoothing',
    unit: 'steps',
    help: 'The squared deviation is averaged to both sides, with weights that fall to 0 at this distance. 1: not at all.',
  },
} as const satisfies ParamTable;

export const deviation = closedForm<typeof params>({
  card: {
    id: 'deviation',
    title: 'Deviation from own past',
    summary:
      'Expects each sensor near the mean of its last few steps. A new level is strange once, then it is the level.',
    paper: { cite: 'Roberts, Technometrics 1959', url: 'https://doi.org/10.1080/00401706.1959.10489860' },
    deviations: [
      'a step is held against the mean of the steps before it, not against a fixed target',
      'the squares of all sensors are averaged and smoothed to both sides, where the chart has limits for one sensor',
    ],
  },
  params,
  presets: { lite: {} },
  scale: 'zscore',
  windowed: false,
  // Windows that overlap by a step say which steps hang together.
  windowing: () => ({ W: 2, horizon: 0, stride: 1, scoreStride: 1 }),
  reach: ({ memory, smooth }) => ownPastReach(memory, smooth),
  shapes: () => ({}),
  learn: () => Promise.resolve({ weights: {}, history: [] }),
  expect: (_, windows, { memory, smooth }, run) => fromOwnPast(windows, memory, smooth, run),
});
