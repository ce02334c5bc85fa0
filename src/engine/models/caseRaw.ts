/** Case 2: the size of the value itself. Source: Kim, Choi, Choi, Lee, Yoon, AAAI 2022 (η = 0). */
import type { ParamTable } from '../params.ts';
import { ruleDetector } from './shared/stepDetector.ts';

const params = {} as const satisfies ParamTable;

export const caseRaw = ruleDetector<typeof params>({
  card: {
    id: 'case-2',
    title: 'Case 2: raw signal',
    summary: 'The distance of each value from the training mean: no model at all.',
    paper: { cite: 'Kim, Choi, Choi, Lee & Yoon, AAAI 2022', url: 'https://arxiv.org/abs/2109.05257' },
    deviations: ['Values are standardised first, so η = 0 is the training mean.'],
  },
  params,
  reach: () => ({ back: 0, ahead: 0, align: 1 }),
  presets: { lite: {} },
  title: 'Distance from the mean',
  rule: { learn: () => ({}), least: () => 1, score: (x_T) => x_T.map(Math.abs) },
});
