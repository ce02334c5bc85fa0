/** Keys of labelling: on the Label page, and on Review for the chosen range. */
import type { Verdict } from '../../engine/labels/types.ts';
import { en } from '../messages/en.ts';
import type { KeyAction } from './keys.ts';
import { currentRound, isAskable, questionAt } from './labelRounds.ts';
import { chosenRange } from './labelSlice.ts';
import type { AppState } from './store.ts';

const MOD = typeof navigator !== 'undefined' && navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl';

const onLabel = (state: AppState): boolean => state.page === 'label';
const asked = (state: AppState): boolean => onLabel(state) && questionAt(state) !== null;
const labels = (state: AppState): boolean => asked(state) || (state.page === 'review' && chosenRange(state) !== null);

/** Answers the question in view, or says the verdict of the range that the lanes show as chosen. */
const say = (verdict: Verdict) => (state: AppState) =>
  void (state.page === 'label' ? state.answer(verdict) : state.labelSelection(verdict));

const words = en.label.keys;

export const LABEL_KEYS: readonly KeyAction[] = [
  {
    id: 'anomalous',
    group: 'label',
    label: () => words.anomalous,
    caps: ['A'],
    bind: ['a'],
    on: labels,
    run: say('anomalous'),
  },
  { id: 'normal', group: 'label', label: () => words.normal, caps: ['N'], bind: ['n'], on: labels, run: say('normal') },
  { id: 'unsure', group: 'label', label: () => words.unsure, caps: ['U'], bind: ['u'], on: labels, run: say('unsure') },
  {
    id: 'nextQuestion',
    group: 'label',
    label: () => words.next,
    caps: ['J', '↓'],
    bind: ['j', 'ArrowDown'],
    on: asked,
    run: (s) => s.stepQuestion(1),
  },
  {
    id: 'previousQuestion',
    group: 'label',
    label: () => words.previous,
    caps: ['K', '↑'],
    bind: ['k', 'ArrowUp'],
    on: asked,
    run: (s) => s.stepQuestion(-1),
  },
  {
    id: 'nudgeLeft',
    group: 'label',
    label: () => words.nudgeLeft,
    caps: ['←'],
    bind: ['ArrowLeft'],
    on: asked,
    run: (s) => s.nudgeEdge(-1),
  },
  {
    id: 'nudgeRight',
    group: 'label',
    label: () => words.nudgeRight,
    caps: ['→'],
    bind: ['ArrowRight'],
    on: asked,
    run: (s) => s.nudgeEdge(1),
  },
  {
    id: 'edge',
    group: 'label',
    label: () => words.edge,
    caps: ['E'],
    bind: ['e'],
    on: asked,
    run: (s) => s.nextEdge(),
  },
  {
    id: 'scope',
    group: 'label',
    label: () => words.scope,
    caps: ['S'],
    bind: ['s'],
    on: asked,
    run: (s) => s.setScopeOpen(true),
  },
  {
    id: 'flagged',
    group: 'label',
    label: () => words.flagged,
    caps: ['P'],
    bind: ['p'],
    on: asked,
    run: (s) => s.paintFlagged(),
  },
  {
    id: 'erasePoints',
    group: 'label',
    label: () => words.erase,
    caps: ['⌫'],
    bind: ['Backspace', 'Delete'],
    on: asked,
    run: (s) => s.eraseSpan({ start: 0, end: Infinity }),
  },
  {
    id: 'clearRange',
    group: 'label',
    label: () => words.clear,
    caps: ['⌫'],
    bind: ['Backspace', 'Delete'],
    on: (s) => s.page === 'review' && labels(s),
    run: (s) => void s.clearSelection(),
  },
  {
    id: 'similar',
    group: 'label',
    label: () => words.similar,
    caps: ['L'],
    bind: ['l'],
    on: (s) => labels(s) && s.current.is === 'ready',
    run: (s) => {
      const span = s.page === 'label' ? questionAt(s)?.span : chosenRange(s)?.span;
      if (span) void s.findSimilar(span);
    },
  },
  {
    id: 'undoLabel',
    group: 'label',
    label: () => words.undo,
    caps: [MOD, 'Z'],
    bind: ['$mod+z'],
    on: (s) => onLabel(s) || s.page === 'review',
    run: (s) => void s.undoLabel(),
  },
  {
    id: 'redoLabel',
    group: 'label',
    label: () => words.redo,
    caps: [MOD, '⇧', 'Z'],
    bind: ['$mod+Shift+z', '$mod+Shift+Z'],
    on: (s) => onLabel(s) || s.page === 'review',
    run: (s) => void s.redoLabel(),
  },
  {
    id: 'ask',
    group: 'label',
    label: () => words.ask,
    caps: ['Q'],
    bind: ['q'],
    on: (s) => onLabel(s) && isAskable(s),
    run: (s) => void s.askRound(),
  },
  {
    id: 'fineTune',
    group: 'label',
    label: () => words.fineTune,
    caps: ['T'],
    bind: ['t'],
    on: (s) => onLabel(s) && currentRound(s)?.state !== 'taught',
    run: (s) => void s.fineTune(),
  },
  {
    id: 'keep',
    group: 'label',
    label: () => words.keep,
    caps: ['Y'],
    bind: ['y'],
    on: (s) => onLabel(s) && currentRound(s)?.state === 'taught',
    run: (s) => void s.keepRound(),
  },
  {
    id: 'rollBack',
    group: 'label',
    label: () => words.rollBack,
    caps: ['X'],
    bind: ['x'],
    on: (s) => onLabel(s) && currentRound(s)?.state === 'taught',
    run: (s) => void s.rollBack(),
  },
];
