/**
 * How rows are made ready, for every engine: settings that `defineDetector` adds to its table, and the pipeline obeys.
 * All are off by default. Models never see them: they get windows as they are after them.
 */
import type { AnyValues, ParamTable, Values } from './params.ts';

const GROUP = 'Normalisation';

export const scaleParams = {
  inputScale: {
    kind: 'choice',
    default: 'own',
    options: [
      { value: 'own', label: 'the engine’s own' },
      { value: 'robust', label: 'robust' },
    ],
    label: 'Scale of sensors',
    group: GROUP,
    help: 'Robust: by median and quartiles of the training part, so that a few odd training values do not squeeze all others; values far outside are cut.',
  },
  inputClip: {
    kind: 'number',
    default: 6,
    min: 1,
    max: 1000,
    step: 1,
    label: 'Cut at',
    unit: 'spreads',
    group: GROUP,
    help: 'Of the robust scale: values further from the median are set to this bound; a spread is that of a normal distribution with these quartiles. How far beyond something lies is then no longer seen.',
  },
} as const satisfies ParamTable;

export const windowParams = {
  perWindow: {
    kind: 'choice',
    default: 'off',
    options: [
      { value: 'off', label: 'off' },
      { value: 'level', label: 'level' },
      { value: 'full', label: 'level and spread' },
    ],
    label: 'Normalise each window',
    group: GROUP,
    help: 'Each sensor’s own level (and spread) in a window is taken out before the network and put back after it: slow drift of levels passes by. So do anomalies that only change a level: longer than the window they are not seen, except where they begin and end.',
  },
  leastSpread: {
    kind: 'number',
    default: 0.1,
    min: 0.001,
    max: 10,
    step: 0.01,
    log: true,
    label: 'Least spread',
    group: GROUP,
    help: 'Of a window, as a share of the training spread: quieter windows are not blown up further.',
  },
} as const satisfies ParamTable;

const inputParams = { ...scaleParams, ...windowParams };

type InputValues = Values<typeof inputParams>;

/** What an engine's values say of its inputs. */
export type Inputs = {
  /** Spreads around the median at which values are cut; null for the engine's own scale. */
  readonly robust: number | null;
  readonly perWindow: 'off' | 'level' | 'full';
  /** Share of the training spread. */
  readonly leastSpread: number;
};

/** Settings that an engine gets; one that looks at each step beside its own past has no use for windows' levels. */
export const inputTable = (isWindowed: boolean): ParamTable => (isWindowed ? inputParams : scaleParams);

/** Missing ones, as of engines made without them, are off. */
export function inputsOf(values: AnyValues): Inputs {
  const { inputScale, inputClip, perWindow, leastSpread } = values as Partial<InputValues>;
  return {
    robust: inputScale === 'robust' ? (inputClip ?? scaleParams.inputClip.default) : null,
    perWindow: perWindow === 'level' || perWindow === 'full' ? perWindow : 'off',
    leastSpread: leastSpread ?? windowParams.leastSpread.default,
  };
}
