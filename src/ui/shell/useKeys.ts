import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import { isActive, KEYS, type KeyAction, type PageActions } from '../state/keys.ts';
import { useAppStore } from '../state/useApp.ts';

const TYPING = 'input, textarea, select, [contenteditable="true"]';
/** Widgets that use arrows or letters themselves. */
const OWN_KEYS =
  '[role="menu"], [role="listbox"], [role="slider"], [role="tablist"], [role="separator"], [role="radiogroup"], [data-own-keys]';

/** Widgets that Enter and Space press. */
const PRESSED = 'button, a, label, [role="button"], [role="tab"], [role="option"], [role="menuitem"]';

function isFree(event: KeyboardEvent, action: KeyAction): boolean {
  if (event.defaultPrevented) return false;
  if (action.always) return true;
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return true;
  if (target.closest(TYPING)) return false;
  if ((event.key === ' ' || event.key === 'Enter') && target.closest(PRESSED)) return false;
  const usesKey = event.key.startsWith('Arrow') || target.closest('[role="menu"], [role="listbox"]') !== null;
  return !(usesKey && target.closest(OWN_KEYS));
}

/** Binds the one table of keys to the window. */
export function useKeys(page: PageActions): void {
  const store = useAppStore();
  useEffect(() => {
    // One key may do different things on different pages: the first action that is free and active takes it.
    const bindingsOf = (actions: readonly KeyAction[]) => {
      const taken = new Map<string, KeyAction[]>();
      for (const action of actions)
        for (const keys of action.bind) taken.set(keys, [...(taken.get(keys) ?? []), action]);
      const handlers = [...taken].map(([keys, wanted]) => [
        keys,
        (event: KeyboardEvent) => {
          const state = store.getState();
          const action = wanted.find((each) => isFree(event, each) && isActive(each, state));
          if (!action) return;
          event.preventDefault();
          action.run(state, page);
        },
      ]);
      return Object.fromEntries(handlers) as Record<string, (event: KeyboardEvent) => void>;
    };
    // Keys that always work are caught on the way down: a focused button would keep Enter to itself.
    const always = KEYS.filter((action) => action.always);
    const others = KEYS.filter((action) => !action.always);
    const endAlways = tinykeys(window, bindingsOf(always), { capture: true });
    const endOthers = tinykeys(window, bindingsOf(others));
    return () => {
      endAlways();
      endOthers();
    };
  }, [store, page]);
}
