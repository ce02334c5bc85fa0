import type { ParamTable, Values } from '../params.ts';

/** When a live alarm comes on and goes off. */
export const alarmParams = {
  on: {
    kind: 'number',
    default: 3,
    min: 1,
    max: 1000,
    step: 1,
    label: 'On at',
    unit: 'steps',
    help: 'An alarm comes on when so many of the last steps are over the threshold.',
  },
  of: {
    kind: 'number',
    default: 5,
    min: 1,
    max: 1000,
    step: 1,
    label: 'of the last',
    unit: 'steps',
    help: 'How many steps are looked at. Where it is less than the steps that are needed, all of these have to be over it.',
  },
  low: {
    kind: 'number',
    default: 0.8,
    min: 0,
    max: 1,
    step: 0.05,
    label: 'Lower threshold',
    help: 'Share of the threshold that the score has to stay at or below before the alarm goes off. 1: the threshold itself.',
  },
  off: {
    kind: 'number',
    default: 10,
    min: 1,
    max: 10_000,
    step: 1,
    label: 'Off after',
    unit: 'steps',
    help: 'An alarm goes off after so many steps in a row at or below the lower threshold.',
  },
} as const satisfies ParamTable;

export type AlarmSettings = Values<typeof alarmParams>;
