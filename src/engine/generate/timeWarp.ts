/** Time warping: a window whose clock runs faster and slower in turn, labels with it (Um et al. 2017). */
import { linear, pchip } from '../math/interpolate.ts';
import { inOrder } from '../window.ts';
import { byWindow } from './byWindow.ts';
import type { Change } from './byWindow.ts';

export type Warp = { readonly changes: number; readonly ratio: number };

/**
 * Where each of T steps is read from: rising from 0 to T − 1 along a monotone curve whose speed differs between its
 * `changes` + 1 equal parts by at most the factor `ratio`.
 */
export function warpedClock(T: number, { changes, ratio }: Warp, rng: () => number): Float64Array {
  const parts = changes + 1;
  const speeds = Array.from({ length: parts }, () => 1 + rng() * (ratio - 1));
  const knots = Float64Array.from({ length: parts + 1 }, (_, k) => (k * (T - 1)) / parts);
  const reached = new Float64Array(parts + 1);
  for (let k = 0; k < parts; k++) reached[k + 1] = reached[k] + speeds[k];
  const full = reached[parts];
  const clock = pchip(
    knots,
    reached.map((value) => (value / full) * (T - 1)),
  );
  return Float64Array.from({ length: T }, (_, t) => Math.min(T - 1, Math.max(0, clock(t))));
}

export const warped: Change<Warp> = ({ x_T, label_T }, p, rng) => {
  const T = x_T.length;
  const clock_T = warpedClock(T, p, rng);
  const steps = inOrder(T);
  return {
    x_T: Float32Array.from(clock_T, (at) => linear(steps, x_T, at)),
    label_T: Float32Array.from(clock_T, (at) => Math.round(linear(steps, label_T, at))),
  };
};

export const timeWarp = byWindow({
  card: {
    id: 'time-warp',
    title: 'Time warping',
    summary: 'Training windows whose clock runs faster and slower in turn.',
    paper: { cite: 'Um et al., ICMI 2017', url: 'https://arxiv.org/abs/1706.00527' },
    deviations: [
      'The clock is a monotone cubic curve through a few random speeds; labels are read at the nearest step.',
    ],
  },
  params: {
    changes: {
      kind: 'number',
      default: 3,
      min: 1,
      max: 50,
      step: 1,
      label: 'Changes of speed',
      help: 'How often the clock changes its speed.',
    },
    ratio: {
      kind: 'number',
      default: 3,
      min: 1,
      max: 20,
      step: 0.1,
      label: 'Fastest to slowest',
      help: 'Largest ratio of two speeds of the clock.',
    },
  },
  change: warped,
});
