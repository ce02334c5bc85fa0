/** Permutation: a window cut into pieces that are put together in another order, labels with them (Um et al. 2017). */
import { shuffle } from '../rng.ts';
import { inOrder } from '../window.ts';
import { byWindow } from './byWindow.ts';
import type { Change } from './byWindow.ts';

/** 1 to `most` nearly equal pieces in random order. */
export const permuted: Change<{ readonly most: number }> = ({ x_T, label_T }, { most }, rng) => {
  const T = x_T.length;
  const pieces = Math.min(T, 1 + Math.floor(rng() * most));
  const border = (k: number): number => Math.round((k * T) / pieces);
  const out = { x_T: new Float32Array(T), label_T: new Float32Array(T) };
  let at = 0;
  for (const piece of shuffle(inOrder(pieces), rng)) {
    const [from, to] = [border(piece), border(piece + 1)];
    out.x_T.set(x_T.subarray(from, to), at);
    out.label_T.set(label_T.subarray(from, to), at);
    at += to - from;
  }
  return out;
};

export const permutation = byWindow({
  card: {
    id: 'permutation',
    title: 'Permutation',
    summary: 'Training windows cut into pieces and put together in another order.',
    paper: { cite: 'Um et al., ICMI 2017', url: 'https://arxiv.org/abs/1706.00527' },
    deviations: ['Labels move with their steps; the jumps between pieces, which look anomalous, stay unlabelled.'],
  },
  params: {
    most: {
      kind: 'number',
      default: 4,
      min: 1,
      max: 50,
      step: 1,
      label: 'Pieces at most',
      help: 'The number of pieces is drawn from 1 to this, once a window.',
    },
  },
  change: permuted,
});
