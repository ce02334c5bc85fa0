import { fromIntervals } from './candidates.ts';
import { binsParam, perBinParam } from './strategyParams.ts';
import { defineStrategy } from './types.ts';

export const interval = defineStrategy({
  id: 'interval',
  title: 'From every interval of scores',
  summary: 'The same number of random windows from each bin of scores, so that quiet anomalies are found too.',
  params: { g: perBinParam, G: binsParam },
  pick: (pool, p, budget, rng) => fromIntervals(pool, p, rng).slice(0, budget),
});
