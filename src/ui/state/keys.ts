/** The one table of keys: it binds them, fills the `?` sheet and stands beside the buttons. */
import { en } from '../messages/en.ts';
import { LABEL_KEYS } from './labelKeys.ts';
import type { AppState } from './store.ts';
import { STUDIO_KEYS } from './studioKeys.ts';

export type KeyGroup = keyof typeof en.keys.groups;

export type KeyAction = {
  readonly id: string;
  readonly group: KeyGroup;
  /** Read when it is shown: the language may change. */
  readonly label: () => string;
  /** As shown on key caps. */
  readonly caps: readonly string[];
  /** As tinykeys reads them. */
  readonly bind: readonly string[];
  /** Also works while a text field has the focus. */
  readonly always?: boolean;
  /** When it works; without it the rules of `isActive` hold. */
  readonly on?: (state: AppState) => boolean;
  readonly run: (state: AppState, page: PageActions) => void;
};

/** What keys do that needs the page itself. */
export type PageActions = { readonly chooseFile: () => void };

const isMac = typeof navigator !== 'undefined' && navigator.platform.startsWith('Mac');
export const MOD = isMac ? '⌘' : 'Ctrl';

export const KEYS: readonly KeyAction[] = [
  {
    id: 'sheet',
    group: 'page',
    label: () => en.keys.sheet,
    caps: ['?'],
    bind: ['Shift+?', '?'],
    run: (s) => s.setView({ overlay: s.overlay === 'keys' ? null : 'keys' }),
  },
  {
    id: 'commands',
    group: 'page',
    label: () => en.keys.commands,
    caps: [MOD, 'K'],
    bind: ['$mod+k'],
    always: true,
    run: (s) => s.setView({ overlay: s.overlay === 'commands' ? null : 'commands' }),
  },
  {
    id: 'wide',
    group: 'page',
    label: () => en.keys.wide,
    caps: ['['],
    bind: ['['],
    run: (s) => s.setView({ inspectorWide: !s.inspectorWide, drawerOpen: true }),
  },
  {
    id: 'drawer',
    group: 'page',
    label: () => en.keys.drawer,
    caps: ['I'],
    bind: ['i'],
    run: (s) => s.setView({ drawerOpen: !s.drawerOpen }),
  },
  {
    id: 'table',
    group: 'page',
    label: () => en.keys.table,
    caps: ['T'],
    bind: ['t'],
    run: (s) => s.setView({ tableFolded: !s.tableFolded }),
  },
  {
    id: 'tour',
    group: 'page',
    label: () => en.keys.tour,
    caps: ['H'],
    bind: ['h'],
    run: (s) => s.setView({ tourOpen: !s.tourOpen }),
  },
  {
    id: 'storage',
    group: 'page',
    label: () => en.project.title,
    caps: [MOD, 'S'],
    bind: ['$mod+s'],
    always: true,
    run: (s) => (s.storageOpen ? s.closeStorage() : void s.openStorage()),
  },
  { id: 'esc', group: 'page', label: () => en.keys.esc, caps: ['Esc'], bind: ['Escape'], run: closeOrCancel },
  { id: 'next', group: 'events', label: () => en.keys.next, caps: ['J'], bind: ['j'], run: (s) => void s.stepEvent(1) },
  {
    id: 'previous',
    group: 'events',
    label: () => en.keys.previous,
    caps: ['K'],
    bind: ['k'],
    run: (s) => void s.stepEvent(-1),
  },
  { id: 'fit', group: 'events', label: () => en.keys.fit, caps: ['F'], bind: ['f'], run: (s) => s.fitEvent() },
  {
    id: 'zoomIn',
    group: 'time',
    label: () => en.keys.zoomIn,
    caps: ['+', '↑'],
    bind: ['+', 'Shift++', '=', 'ArrowUp'],
    run: (s) => s.zoom(0.6),
  },
  {
    id: 'zoomOut',
    group: 'time',
    label: () => en.keys.zoomOut,
    caps: ['−', '↓'],
    bind: ['-', 'ArrowDown'],
    run: (s) => s.zoom(1 / 0.6),
  },
  { id: 'left', group: 'time', label: () => en.keys.left, caps: ['←'], bind: ['ArrowLeft'], run: (s) => s.pan(-0.2) },
  { id: 'right', group: 'time', label: () => en.keys.right, caps: ['→'], bind: ['ArrowRight'], run: (s) => s.pan(0.2) },
  { id: 'fitAll', group: 'time', label: () => en.keys.fitAll, caps: ['0'], bind: ['0'], run: (s) => s.fitAll() },
  {
    id: 'openFile',
    group: 'data',
    label: () => en.keys.openFile,
    caps: ['O'],
    bind: ['o'],
    run: (_s, page) => page.chooseFile(),
  },
  {
    id: 'accept',
    group: 'data',
    label: () => en.keys.accept,
    caps: [MOD, '↵'],
    bind: ['$mod+Enter'],
    always: true,
    run: (s) => void s.acceptPlan(),
  },
  {
    id: 'undo',
    group: 'data',
    label: () => en.keys.undo,
    caps: [MOD, 'Z'],
    bind: ['$mod+z'],
    run: (s) => s.undoPlan(),
  },
  {
    id: 'redo',
    group: 'data',
    label: () => en.keys.redo,
    caps: [MOD, '⇧', 'Z'],
    bind: ['$mod+Shift+z'],
    run: (s) => s.redoPlan(),
  },
  { id: 'run', group: 'run', label: () => en.keys.run, caps: ['R'], bind: ['r'], run: (s) => void s.startRun() },
  ...LABEL_KEYS,
  ...STUDIO_KEYS,
];

/** Esc closes the topmost thing; only when nothing is open and the Run page is in view does it cancel the run. */
function closeOrCancel(state: AppState): void {
  if (state.overlay) state.setView({ overlay: null });
  else if (state.storageOpen) state.closeStorage();
  else if (state.tourOpen) state.setView({ tourOpen: false });
  else if (state.opening.is === 'reading') state.cancelReading();
  else if (state.likeness) state.closeSimilar();
  else if (state.preview) state.dropPreview();
  else if (state.inspectorWide) state.setView({ inspectorWide: false });
  else if (state.page === 'run' && state.run.is === 'running') state.cancelRun();
  else if (state.page === 'create' && state.studioJob.is === 'running') state.cancelStudio();
}

/** Page actions that only make sense where the lanes are. */
const REVIEW_ONLY: readonly KeyGroup[] = ['events', 'time'];

export function isActive(action: KeyAction, state: AppState): boolean {
  const isModal = state.overlay !== null || (state.storageOpen && action.id !== 'storage');
  if (action.id !== 'commands' && action.id !== 'sheet' && action.id !== 'esc' && isModal) return false;
  if (action.on) return action.on(state);
  if (action.id === 'drawer' && (state.page === 'label' || state.page === 'create')) return true;
  // There the key trains a generator.
  if (action.id === 'run') return state.page !== 'create';
  if (REVIEW_ONLY.includes(action.group) || ['wide', 'drawer', 'table'].includes(action.id))
    return state.page === 'review';
  if (['accept', 'undo', 'redo'].includes(action.id)) return state.page === 'data' && state.opening.is === 'report';
  return true;
}
