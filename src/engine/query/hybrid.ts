import { fromIntervals, strangest } from './candidates.ts';
import { binsParam, perBinParam, topParam } from './strategyParams.ts';
import { defineStrategy } from './types.ts';

/** Algorithm 1 of the active-learning framework: Q = S1 ∪ S2; the second part draws none of the first. */
export const hybrid = defineStrategy({
  id: 'top-k-interval',
  title: 'Strangest and from every interval',
  summary: 'The strangest windows and random ones from each bin of scores, none twice: the paper’s choice.',
  params: { k: topParam, g: perBinParam, G: binsParam },
  pick(pool, p, budget, rng) {
    const top = strangest(pool, p.k);
    const rest = fromIntervals(pool, p, rng, new Set(top.map(({ window }) => window)));
    return [...top, ...rest].slice(0, budget);
  },
});
