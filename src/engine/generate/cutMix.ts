/**
 * CutMix in one dimension: a stretch of one window, with its labels, replaces the same stretch of another.
 * Source: Yun et al., "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features", ICCV 2019.
 */
import { betaDraw } from '../math/samplers.ts';
import { byWindow } from './byWindow.ts';
import type { LabelledWindow } from './byWindow.ts';

/** `a` with the steps from `start` to `end` of `b`. */
export function pasted(a: LabelledWindow, b: LabelledWindow, start: number, end: number): LabelledWindow {
  const x_T = a.x_T.slice();
  const label_T = a.label_T.slice();
  x_T.set(b.x_T.subarray(start, end), start);
  label_T.set(b.label_T.subarray(start, end), start);
  return { x_T, label_T };
}

export const cutMix = byWindow({
  card: {
    id: 'cutmix',
    title: 'CutMix',
    summary: 'A stretch of one training window pasted into another, labels included.',
    paper: { cite: 'Yun, Han, Oh, Chun, Choe & Yoo, ICCV 2019', url: 'https://arxiv.org/abs/1905.04899' },
    deviations: [
      'One dimension: the patch is a stretch of steps whose length is the share 1 − λ of the window.',
      'Labels move step by step with the values instead of being mixed by area.',
    ],
  },
  params: {
    alpha: {
      kind: 'number',
      default: 1,
      min: 0.01,
      max: 10,
      step: 0.01,
      label: 'α of the lengths',
      help: 'The share that stays is drawn from Beta(α, α); 1 draws all lengths alike.',
    },
  },
  change: (window, { alpha }, rng, other) => {
    const T = window.x_T.length;
    const length = Math.round((1 - betaDraw(alpha, alpha, rng)) * T);
    const start = Math.floor(rng() * (T - length + 1));
    return pasted(window, other(), start, start + length);
  },
});
