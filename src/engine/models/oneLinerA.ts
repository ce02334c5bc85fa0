/** One-liner A: |x_t − x_(t−1)| > b. Source: Wu & Keogh, "Current Time Series Anomaly Detection Benchmarks are Flawed and are Creating the Illusion of Progress", TKDE 2021. */
import type { ParamTable } from '../params.ts';
import { jumps } from './shared/jumps.ts';
import { ruleDetector } from './shared/stepDetector.ts';

const params = {} as const satisfies ParamTable;

export const oneLinerA = ruleDetector<typeof params>({
  card: {
    id: 'one-liner-a',
    title: 'One-liner A',
    summary: 'The size of each jump. One line of code that many detectors do not beat.',
    paper: { cite: 'Wu & Keogh, TKDE 2021', url: 'https://arxiv.org/abs/2009.13807' },
    deviations: ['The bound b is left to the threshold rule.', 'Every sensor is judged by itself.'],
  },
  params,
  reach: () => ({ back: 1, ahead: 0, align: 1 }),
  presets: { lite: {} },
  title: 'Size of the jump',
  rule: { learn: () => ({}), least: () => 2, score: (x_T) => jumps(x_T) },
});
