/** Case 1: a random score for every step. Source: Kim, Choi, Choi, Lee, Yoon, "Towards a Rigorous Evaluation of Time-Series Anomaly Detection", AAAI 2022. */
import { EngineError } from '../errors.ts';
import type { ParamTable } from '../params.ts';
import { seeded } from '../rng.ts';
import { ruleDetector } from './shared/stepDetector.ts';

const params = {} as const satisfies ParamTable;

export const caseRandom = ruleDetector<typeof params>({
  card: {
    id: 'case-1',
    title: 'Case 1: random scores',
    summary: 'Scores drawn from U(0, 1): what any figure must be held against.',
    paper: { cite: 'Kim, Choi, Choi, Lee & Yoon, AAAI 2022', url: 'https://arxiv.org/abs/2109.05257' },
    deviations: [],
  },
  params,
  reach: () => {
    throw new EngineError(
      'bad-input',
      'needs-whole',
      'random scores are drawn for a whole series',
      'Choose another run to go live with.',
    );
  },
  presets: { lite: {} },
  title: 'Random number',
  rule: {
    learn: (_pieces, _p, rng) => ({ seed: Math.floor(rng() * 2 ** 24) }),
    least: () => 1,
    score: (x_T, learned) => {
      const rng = seeded(learned['seed'] ?? 0);
      return x_T.map(() => rng());
    },
  },
});
