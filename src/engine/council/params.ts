import type { ParamTable } from '../params.ts';

const weightOf = (label: string, weight: number) =>
  ({
    kind: 'number',
    default: weight,
    min: 0,
    max: 10,
    step: 0.1,
    label,
    group: 'Members',
    help: 'Its weight in the council; 0 leaves it out.',
  }) as const;

export const councilParams = {
  kmeans: weightOf('KMeans on windows', 1),
  deviation: weightOf('Deviation from own past', 1),
  difference: weightOf('Difference, sensor by sensor', 1),
  windowPca: weightOf('PCA of windows, sensor by sensor', 0.5),
  rule: {
    kind: 'choice',
    default: 'fisher',
    options: [
      { value: 'fisher', label: 'Fisher: mean of −ln p' },
      { value: 'cauchy', label: 'Cauchy' },
      { value: 'harmonic', label: 'Harmonic mean of p' },
      { value: 'rank', label: 'Rank average' },
    ],
    label: 'How verdicts are joined',
    help: 'Fisher listens to all members, Cauchy and the harmonic mean to the most alarmed one. Ranks need all steps at once.',
    group: 'Council',
  },
  tail: {
    kind: 'choice',
    default: 'power',
    options: [
      { value: 'power', label: 'Power law' },
      { value: 'gamma', label: 'Gamma law' },
    ],
    label: 'Tail of a member’s scores',
    help: 'With a power law a member that has drifted cannot outvote the others.',
    group: 'Council',
  },
  smooth: {
    kind: 'number',
    default: 20,
    min: 1,
    max: 500,
    step: 1,
    label: 'Smoothing of sensors’ errors',
    unit: 'steps',
    help: 'For members that are read sensor by sensor: sizes of errors are averaged to both sides, falling to 0 at this distance.',
    group: 'Council',
  },
} as const satisfies ParamTable;
