import type { ParamTable, Values } from '../params.ts';

/**
 * Settings of the feedback, for the form and for checking what comes from outside. The defaults are gentler than the paper
 * (`paperFeedback`), whose own made scores worse although every answer was true: docs/BENCHMARKS.md.
 */
export const teachParams = {
  epochs: {
    kind: 'number',
    default: 10,
    min: 1,
    max: 1000,
    step: 1,
    label: 'Epochs',
    group: 'Feedback',
    help: 'Passes over the labelled windows, each with new masks. Paper: 10, 50 or 100.',
  },
  batch: {
    kind: 'number',
    default: 8,
    min: 1,
    max: 1024,
    step: 1,
    label: 'Batch',
    unit: 'windows',
    group: 'Feedback',
    help: 'Labelled windows an update. Paper: 8.',
  },
  rate: {
    kind: 'number',
    default: 1e-4,
    min: 1e-6,
    max: 1,
    step: 1e-5,
    log: true,
    label: 'Learning rate',
    group: 'Feedback',
    help: 'Of Adam, which begins anew with every round. Paper: 0.01; faster forgets normal operation.',
  },
  ratio: {
    kind: 'number',
    default: 0.3,
    min: 0.01,
    max: 1,
    step: 0.05,
    label: 'Hidden share',
    group: 'Masks',
    help: 'Share of the labelled steps of a window that are hidden and to be filled in. The paper names none.',
  },
  meanRun: {
    kind: 'number',
    default: 3,
    min: 1,
    max: 100,
    step: 1,
    label: 'Mean length of a hidden run',
    unit: 'steps',
    group: 'Masks',
    help: 'Hidden steps come in runs of this mean length.',
  },
  hide: {
    kind: 'switch',
    default: false,
    label: 'Hide steps',
    group: 'Masks',
    help:
      'On, as in the paper: a share of the labelled steps is hidden and to be filled in. A network that learns this ' +
      'forgets how to reconstruct what it sees, which the score is made of. Off: windows are shown as they are.',
  },
  judged: {
    kind: 'choice',
    default: 'labelled',
    options: [
      { value: 'labelled', label: 'all labelled steps' },
      { value: 'hidden', label: 'hidden steps only' },
    ],
    label: 'Judged steps',
    group: 'Losses',
    help: 'Where the losses look while steps are hidden. Paper: at the hidden ones only.',
  },
  rehearse: {
    kind: 'number',
    default: 1,
    min: 0,
    max: 10,
    step: 0.5,
    label: 'Training windows to a labelled one',
    group: 'Losses',
    help:
      'So many windows of the training part are mixed in, nothing of them hidden and all of them taken for normal, so ' +
      'that the model does not forget them. Paper: none.',
  },
  keep: {
    kind: 'number',
    default: 1.1,
    min: 0,
    max: 100,
    step: 0.05,
    label: 'Bound on the training error',
    unit: 'times',
    group: 'Losses',
    help:
      'While training windows are reconstructed worse than this times the mean squared error of before, anomalous steps ' +
      'are not made worse; the last epoch within the bound is taken, or none. 0 sets no bound, as in the paper.',
  },
  phases: {
    kind: 'choice',
    default: 'both',
    options: [
      { value: 'both', label: 'normal better, anomalous worse' },
      { value: 'min', label: 'normal better only' },
      { value: 'max', label: 'anomalous worse only' },
    ],
    label: 'Phases',
    group: 'Losses',
    help: 'Minimise the error of normal steps, then maximise that of anomalous ones; or one of the two alone.',
  },
  clip: {
    kind: 'number',
    default: 1,
    min: 0.01,
    max: 1000,
    step: 0.1,
    log: true,
    label: 'Longest gradient',
    group: 'Losses',
    help: 'The gradients of an update are shortened together to this norm.',
  },
  cap: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1000,
    step: 1,
    label: 'Cap on the anomalous error',
    group: 'Losses',
    help:
      'Anomalous steps are not made worse while their error is more than this times that of normal ones; 0 sets no ' +
      'bound, as in the paper.',
  },
} as const satisfies ParamTable;

export type TeachSettings = Values<typeof teachParams>;

/** The paper's method to the letter: masked minimax alone, at its own rate. */
export const paperFeedback = {
  epochs: 10,
  batch: 8,
  rate: 0.01,
  hide: true,
  judged: 'hidden',
  rehearse: 0,
  keep: 0,
  phases: 'both',
  cap: 0,
} as const satisfies Partial<TeachSettings>;

/** Settings by name, as what differs from the defaults. */
export const teachPresets = { gentle: {}, paper: paperFeedback };
