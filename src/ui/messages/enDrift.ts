/** The strings of drift, regimes and the new normal; part of `en`. */
import { count } from '../../charts/format.ts';
import type { DriftKind } from '../../workers/protocol.ts';
import { many } from './words.ts';

const kinds: Readonly<Record<DriftKind, string>> = {
  level: 'level',
  scale: 'scale',
  shape: 'shape',
  correlation: 'correlation',
};

export const driftEn = {
  drift: {
    kinds,
    range: (from: string, to: string) => `${from} to ${to}`,
    lane: {
      name: 'Drift',
      note: 'measured, dashed: residuals',
      reading: (what: 'measured' | 'residuals', share: string) =>
        `reading ${what === 'measured' ? 'what was measured' : 'residuals'}, ${share}`,
      stopped: 'not read',
      help: '1 is the farthest that any sensor strayed within training; over the dotted line a change counts. Once it has lasted, what follows is held against what the machine has become.',
    },
    title: (kind: DriftKind, first: string, more: number) =>
      `${kinds[kind]} of ${first}${more > 0 ? ` and ${count(more)} more` : ''}`,
    summary: {
      none: 'The machine did not change: no regime is proposed.',
      some: (n: number) => `${many(n, 'regime')} proposed.`,
      one: (title: string, from: string, strength: string) =>
        `From ${from} the ${title} is ${strength} times as far off as training ever was.`,
    },
    refusal: {
      short: 'The training part is too short to say how far it strays by itself: at least 320 steps are needed.',
      segments: 'These rows are separate recordings, so there is no time over which a machine could change.',
      'nothing-judged': 'The judged part is shorter than one window.',
      '': '',
    },
    cancelled: 'Reading was stopped.',
    read: 'Read drift',
    regimes: 'Proposed regimes',
    regimesNote: 'changes that stay, not anomalies',
    strength: (times: string) => `${times} times as far as training`,
    show: 'Show',
    map: 'How far each sensor strays',
    mapSince: 'Once a proposed regime has lasted, what follows is held against it, no longer against training.',
    mapOf: { measured: 'Measured', residuals: 'Residuals' },
    mapLabel: (sensors: number) => `Map of drift, ${many(sensors, 'sensor')}. Arrow keys move, Enter chooses.`,
    mapCaption: 'Largest strength of each sensor over the judged part',
    mapValue: (strength: string) => `${strength} times training`,
    mapColumns: ['System', 'Sensor', 'Largest strength', 'at'],
    missing: 'missing',
    kind: 'Kind of change',
    anyKind: 'Any',
    kindNames: { level: 'Level', scale: 'Scale', shape: 'Shape', correlation: 'Correlation' },
  },
  marks: {
    head: 'What it is',
    regime: 'machine changed',
    fault: 'something broke',
    unknown: '–',
    filter: 'What events are',
    all: (n: number) => `All ${count(n)}`,
    regimes: (n: number) => `Machine changed ${count(n)}`,
    faults: (n: number) => `Something broke ${count(n)}`,
    why: {
      usual: (sensors: string, title: string) => `${sensors} reads what it reads for the rest of the regime: ${title}.`,
      noRegime: 'No change here stays: the machine is itself again afterwards.',
      others: (title: string) =>
        `Inside a regime (${title}), but the sensors that carry it did not change. Confirm the regime as the new normal to see it apart.`,
      unlike: (sensor: string, share: string, title: string) =>
        `Inside a regime (${title}), but only ${share} of what ${sensor} reads here is like the rest of the regime.`,
    },
  },
  normal: {
    title: 'Confirm as the new normal',
    none: 'Choose a regime above, or draw a range in the lanes.',
    drawn: 'the range that was drawn',
    confirmThis: 'Confirm…',
    confirmDrawn: 'Confirm the drawn range…',
    what: 'Range',
    part: 'Learn from',
    parts: { half: 'Its first half', all: 'All of it' },
    partHelp: 'With the first half the rest is judged by steps that it did not calibrate.',
    how: 'Way',
    ways: { head: 'Recalibrate', retrain: 'Retrain' },
    wayHelp: {
      head: 'The engine stays; its errors are read against those of this range.',
      retrain: 'The engine learns anew from this range alone, then its errors are calibrated there.',
    },
    until: 'Judge by it',
    untils: { range: 'This range', onwards: 'From here on' },
    learns: (words: string, steps: string) => `Learns from ${words}, ${steps}.`,
    leavesOut: (n: number) => `${many(n, 'event')} of something broken ${n === 1 ? 'is' : 'are'} not learned from.`,
    go: { head: 'Recalibrate', retrain: 'Retrain' },
    busy: 'Another run is under way.',
    close: 'Close',
    list: 'Confirmed as normal',
    isNormal: 'confirmed as normal',
    entry: (retrain: boolean, words: string, by: string, day: string) =>
      `Threshold ${retrain ? 'retrained' : 'recalibrated'} on ${words}, confirmed by ${by} on ${day}`,
    leftOut: (steps: string) => `${steps} left out`,
    compare: 'Before and after',
    compareTitle: 'New normal: before and after',
    loading: 'Comparing before and after',
    noMetrics: 'Nothing labelled follows the range that was learned from: judge by the events.',
    where: (from: string, steps: string) => `on what follows the learned range alone: from ${from}, ${steps}`,
    keep: 'Keep it',
    rollBack: 'Roll back',
  },
  alarms: {
    title: 'False alarms: nominal and actual',
    loading: 'Counting alarms on normal steps',
    basis: 'Whose word on normal',
    bases: { confirmed: 'Confirmed by people', file: 'Outside file labels' },
    basisNote: {
      confirmed: 'labels “normal” and confirmed ranges, in the judged part',
      file: 'uses the file labels: judged steps outside of them count as normal',
    },
    none: 'No judged step is confirmed as normal yet',
    noneText: 'Label ranges as normal, confirm a regime, or go by the file labels where there are any.',
    summary: (actual: string, nominal: string, steps: string) =>
      `${actual} of ${steps} normal steps are flagged, nominal ${nominal}`,
    calibrated: (steps: string) => `${steps} of them calibrated the head, so they say little`,
    byLevel: 'At every level',
    byTime: 'By time',
    now: 'now',
    past: 'before the new normal',
    before: (name: string) => `${name}, before`,
  },
} as const;
