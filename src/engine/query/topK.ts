import { strangest } from './candidates.ts';
import { topParam } from './strategyParams.ts';
import { defineStrategy } from './types.ts';

export const topK = defineStrategy({
  id: 'top-k',
  title: 'Strangest first',
  summary: 'The windows with the highest scores: real anomalies, and noise that looks like one.',
  params: { k: topParam },
  pick: (pool, { k }, budget) => strangest(pool, Math.min(k, budget)),
});
