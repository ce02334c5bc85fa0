import type { ParamTable, Values } from '../../params.ts';

/** Settings of the M2AD head. */
export const m2adParams = {
  error: {
    kind: 'choice',
    default: 'point',
    options: [
      { value: 'point', label: 'Point: size of the difference' },
      { value: 'area', label: 'Area: signed integral of the difference' },
    ],
    label: 'Error',
    help: 'Point errors are better nearly everywhere; area errors see small deviations that last.',
    group: 'Error',
  },
  smooth: {
    kind: 'number',
    default: 10,
    min: 0,
    max: 1000,
    step: 1,
    label: 'Smoothing',
    help: 'Memory of the moving average over the error. 0 turns it off.',
    unit: 'steps',
    group: 'Error',
  },
  smoothAs: {
    kind: 'choice',
    default: 'com',
    options: [
      { value: 'com', label: 'Centre of mass' },
      { value: 'span', label: 'Span' },
    ],
    label: 'Smoothing is given as',
    help: 'Centre of mass c means α = 1/(1 + c); span s means α = 2/(1 + s).',
    group: 'Error',
  },
  halfWidth: {
    kind: 'number',
    default: 5,
    min: 1,
    max: 500,
    step: 1,
    label: 'Area half-width',
    help: 'The area covers twice this many steps around each step. Used by area errors only.',
    unit: 'steps',
    group: 'Error',
  },
  held: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.5,
    step: 0.05,
    label: 'Held back',
    help: 'Share of the training steps, the last ones, that the engine does not see and the errors are calibrated on. The paper holds back none: errors of steps that were learned by heart are too small.',
    group: 'Calibration',
  },
  sides: {
    kind: 'choice',
    default: 'auto',
    options: [
      { value: 'auto', label: 'By error: point upper, area both' },
      { value: 'upper', label: 'Upper tail' },
      { value: 'both', label: 'Both tails' },
    ],
    label: 'Tails',
    help: 'Which errors are strange: large ones, or unusually small ones as well.',
    group: 'p-values',
  },
  components: {
    kind: 'choice',
    default: 'bic',
    options: [
      { value: 'bic', label: 'By BIC' },
      ...['1', '2', '3', '4', '5'].map((value) => ({ value, label: value })),
    ],
    label: 'Mixture components',
    help: 'Normal laws that describe the training errors of a sensor.',
    group: 'p-values',
  },
  cap: {
    kind: 'number',
    default: 3,
    min: 1,
    max: 8,
    step: 1,
    label: 'Most components by BIC',
    help: 'BIC chooses among 1 to this many.',
    group: 'p-values',
  },
  floor: {
    kind: 'number',
    default: -300,
    min: -300,
    max: -2,
    step: 1,
    label: 'Smallest p, power of ten',
    help: 'Smaller p-values count as this one. −16 is the published code’s; −300 ranks strong events better.',
    group: 'p-values',
  },
  constant: {
    kind: 'choice',
    default: 'leave',
    options: [
      { value: 'leave', label: 'Leave out' },
      { value: 'count', label: 'Count: any move is strange' },
    ],
    label: 'Sensors constant in training',
    help: 'A residual that never moved in training has no distribution. Counting it makes its smallest move a strong event.',
    group: 'Score',
  },
  weights: {
    kind: 'choice',
    default: 'uniform',
    options: [
      { value: 'uniform', label: 'Every sensor alike' },
      { value: 'hierarchical', label: 'Every system alike' },
    ],
    label: 'Weights',
    help: 'Every system alike: a system of few sensors counts as much as one of many.',
    group: 'Score',
  },
} as const satisfies ParamTable;

/**
 * `paper`: three components (its Table 6), weights by system, p clipped as in the code that made its tables.
 * `code`: the published code's defaults (one component), with its broken weighting replaced by uniform weights.
 */
export const m2adPresets: Readonly<Record<string, Partial<Values<typeof m2adParams>>>> = {
  lite: {},
  paper: { components: '3', floor: -16, weights: 'hierarchical', constant: 'count' },
  code: { components: '1', floor: -16, constant: 'count' },
};
