import { EngineError } from '../errors.ts';
import { ranked } from './candidates.ts';
import { countParam } from './strategyParams.ts';
import { defineStrategy } from './types.ts';

export const uncertain = defineStrategy({
  id: 'uncertain',
  title: 'Nearest to the threshold',
  summary: 'The windows whose score is nearest to the threshold: where one answer decides most.',
  params: { count: countParam },
  pick({ threshold, ...pool }, { count }, budget) {
    if (threshold === null || !Number.isFinite(threshold))
      throw new EngineError(
        'bad-input',
        'no-threshold',
        'there is no threshold on this score to be near to',
        'Ask by the score of the run, which has a threshold, or choose another strategy.',
      );
    const distance = (window: number): number => Math.abs(pool.score_N[window] - threshold);
    return ranked({ ...pool, threshold })
      .filter((window) => !Number.isNaN(pool.score_N[window]))
      .sort((a, b) => distance(a) - distance(b) || a - b)
      .slice(0, Math.min(count, budget))
      .map((window) => ({ window, reason: { kind: 'uncertain', distance: distance(window), threshold } }));
  },
});
