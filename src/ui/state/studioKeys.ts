/** Keys of the studio. */
import { en } from '../messages/en.ts';
import type { KeyAction } from './keys.ts';
import type { AppState } from './store.ts';

const onCanvas = (state: AppState): boolean =>
  state.page === 'create' && state.studioView === 'canvas' && state.canvas.is === 'ready';

type Short = Pick<KeyAction, 'id' | 'label' | 'caps' | 'bind' | 'run'>;
const key = (given: Short): KeyAction => ({ group: 'create', on: onCanvas, ...given });

const words = en.create.keys;
/** Steps of a shift with the Shift key. */
const FAR = 10;

export const STUDIO_KEYS: readonly KeyAction[] = [
  key({
    id: 'drawAgain',
    label: () => words.draw,
    caps: ['Space'],
    bind: ['Space'],
    run: (s) => s.resetLatents('prior'),
  }),
  key({ id: 'fromWindow', label: () => words.window, caps: ['W'], bind: ['w'], run: (s) => s.resetLatents('window') }),
  key({ id: 'zeroLatents', label: () => words.zero, caps: ['0'], bind: ['0'], run: (s) => s.resetLatents('zero') }),
  key({ id: 'addRun', label: () => words.add, caps: ['M'], bind: ['m'], run: (s) => s.addRun() }),
  key({ id: 'shiftLeft', label: () => words.shiftLeft, caps: ['←'], bind: ['ArrowLeft'], run: (s) => s.shiftMask(-1) }),
  key({
    id: 'shiftRight',
    label: () => words.shiftRight,
    caps: ['→'],
    bind: ['ArrowRight'],
    run: (s) => s.shiftMask(1),
  }),
  key({
    id: 'shiftFarLeft',
    label: () => words.shiftFarLeft,
    caps: ['⇧', '←'],
    bind: ['Shift+ArrowLeft'],
    run: (s) => s.shiftMask(-FAR),
  }),
  key({
    id: 'shiftFarRight',
    label: () => words.shiftFarRight,
    caps: ['⇧', '→'],
    bind: ['Shift+ArrowRight'],
    run: (s) => s.shiftMask(FAR),
  }),
  key({
    id: 'longer',
    label: () => words.longer,
    caps: ['+', '↑'],
    bind: ['+', 'Shift++', '=', 'ArrowUp'],
    run: (s) => s.growRun(1),
  }),
  key({
    id: 'shorter',
    label: () => words.shorter,
    caps: ['−', '↓'],
    bind: ['-', 'ArrowDown'],
    run: (s) => s.growRun(-1),
  }),
  key({ id: 'nextRun', label: () => words.nextRun, caps: ['E'], bind: ['e'], run: (s) => s.nextRun() }),
  key({
    id: 'eraseRun',
    label: () => words.erase,
    caps: ['⌫'],
    bind: ['Backspace', 'Delete'],
    run: (s) => s.eraseRun(),
  }),
  key({
    id: 'brushMode',
    label: () => words.mode,
    caps: ['P'],
    bind: ['p'],
    run: (s) => s.setBrushMode(s.brushMode === 'paint' ? 'erase' : 'paint'),
  }),
  key({ id: 'nextWindow', label: () => words.next, caps: ['J'], bind: ['j'], run: (s) => void s.stepWindow(1) }),
  key({
    id: 'previousWindow',
    label: () => words.previous,
    caps: ['K'],
    bind: ['k'],
    run: (s) => void s.stepWindow(-1),
  }),
  key({ id: 'handpick', label: () => words.keep, caps: ['↵'], bind: ['Enter'], run: (s) => s.handpick() }),
  key({ id: 'makeSet', label: () => words.make, caps: ['G'], bind: ['g'], run: (s) => void s.makeSet() }),
  {
    id: 'train',
    group: 'create',
    label: () => words.train,
    caps: ['R'],
    bind: ['r'],
    on: (s) => s.page === 'create',
    run: (s) => {
      if (s.studioView === 'train') void s.trainGenerator();
      else s.showStudio('train');
    },
  },
];
