import { drawFrom, ranked } from './candidates.ts';
import { countParam } from './strategyParams.ts';
import { defineStrategy } from './types.ts';

export const random = defineStrategy({
  id: 'random',
  title: 'At random',
  summary: 'Any window, all equally likely: what every other strategy must beat.',
  params: { count: countParam },
  pick(pool, { count }, budget, rng) {
    const windows = ranked(pool);
    return drawFrom(windows, Math.min(count, budget), rng).map((window) => ({
      window,
      reason: { kind: 'random', of: windows.length },
    }));
  },
});
