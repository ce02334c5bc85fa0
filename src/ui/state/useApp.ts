import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { AppState, AppStore } from './store.ts';
import type { Engine } from './types.ts';

export const AppContext = createContext<{ readonly store: AppStore; readonly engine: Engine } | null>(null);

function useContextOrThrow() {
  const app = useContext(AppContext);
  if (!app) throw new Error('AppContext is missing above this component');
  return app;
}

/** A part of the state; the component renders again only when that part changes. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useStore(useContextOrThrow().store, select);
}

export const useAppStore = (): AppStore => useContextOrThrow().store;

/** For what one panel asks and draws and nobody else needs: pictures, evidence, values at the cross-hair. */
export const useEngine = (): Engine => useContextOrThrow().engine;

/** Whether a decision about roles can be taken back or made again. */
export function useHistory(): { readonly canUndo: boolean; readonly canRedo: boolean } {
  const { temporal } = useContextOrThrow().store;
  return {
    canUndo: useStore(temporal, (history) => history.pastStates.length > 0),
    canRedo: useStore(temporal, (history) => history.futureStates.length > 0),
  };
}
