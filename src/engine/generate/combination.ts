/**
 * The classic augmentations together: each new window gets one of scaling, jitter, permutation and time warping, drawn
 * at random. Source: the "Combination" column of the C-GATS paper, Table 3.
 */
import { defaults } from '../params.ts';
import { byWindow } from './byWindow.ts';
import type { Change } from './byWindow.ts';
import { jitter, jittered } from './jitter.ts';
import { permutation, permuted } from './permutation.ts';
import { scaled, scaling } from './scaling.ts';
import { timeWarp, warped } from './timeWarp.ts';

const changes: readonly Change<object>[] = [
  (window, _, rng, other) => scaled(window, defaults(scaling.params), rng, other),
  (window, _, rng, other) => jittered(window, defaults(jitter.params), rng, other),
  (window, _, rng, other) => permuted(window, defaults(permutation.params), rng, other),
  (window, _, rng, other) => warped(window, defaults(timeWarp.params), rng, other),
];

export const combination = byWindow({
  card: {
    id: 'combination',
    title: 'Classic combination',
    summary: 'One of scaling, jitter, permutation and time warping for each new window.',
    paper: {
      cite: 'Singh, Sankararaman, Narayanaswamy & Song, SyntheticData4ML at NeurIPS 2022',
      url: 'https://openreview.net/forum?id=7tMRd6-5lPw',
    },
    deviations: [
      'The library that the paper cites has neither scaling nor permutation; both are as in Um et al. 2017.',
    ],
  },
  params: {},
  change: (window, p, rng, other) => changes[Math.floor(rng() * changes.length)](window, p, rng, other),
});
