/** One store for the page, put together from slices. Actions are verbs and the only callers of the engine. */
import { temporal } from 'zundo';
import { createStore } from 'zustand/vanilla';
import type { RolePlan } from '../../engine/data/types.ts';
import { allSlice, type AllSlice } from './allSlice.ts';
import { compareSlice, type CompareSlice } from './compareSlice.ts';
import { sweepSlice, type SweepSlice } from './compareSweepSlice.ts';
import { driftSlice, type DriftSlice } from './driftSlice.ts';
import { bundleSlice, type BundleSlice } from './bundleSlice.ts';
import { datasetSlice, type DatasetSlice } from './datasetSlice.ts';
import { liveSlice, type LiveSlice } from './liveSlice.ts';
import { labelSlice, type LabelSlice } from './labelSlice.ts';
import { teachSlice, type TeachSlice } from './labelTeachSlice.ts';
import { openingSlice, type OpeningSlice } from './openingSlice.ts';
import { projectSlice, type ProjectSlice } from './projectSlice.ts';
import { storageSlice, type StorageSlice } from './projectStorageSlice.ts';
import { resultsSlice, type ResultsSlice } from './resultsSlice.ts';
import { runSlice, type RunSlice } from './runSlice.ts';
import { shareSlice, type ShareSlice } from './shareSlice.ts';
import { setupSlice, type SetupSlice } from './setupSlice.ts';
import { studioCanvasSlice, type StudioCanvasSlice } from './studioCanvasSlice.ts';
import { studioJobSlice, type StudioJobSlice } from './studioJobSlice.ts';
import { studioSetSlice, type StudioSetSlice } from './studioSetSlice.ts';
import { studioSlice, type StudioSlice } from './studioSlice.ts';
import { studioTrialSlice, type StudioTrialSlice } from './studioTrialSlice.ts';
import type { Deps } from './types.ts';
import { deviceSlice, viewSlice, type DeviceSlice, type ViewSlice } from './viewSlice.ts';

export type AppState = BundleSlice &
  DatasetSlice &
  OpeningSlice &
  SetupSlice &
  RunSlice &
  AllSlice &
  ResultsSlice &
  CompareSlice &
  SweepSlice &
  LabelSlice &
  TeachSlice &
  StudioSlice &
  StudioJobSlice &
  StudioCanvasSlice &
  StudioSetSlice &
  StudioTrialSlice &
  DriftSlice &
  LiveSlice &
  ProjectSlice &
  StorageSlice &
  ShareSlice &
  ViewSlice &
  DeviceSlice;

type IsAction<T> = T extends (...args: never[]) => unknown ? true : false;

/** Names of everything that is state and not action. */
export type DataKey = { [K in keyof AppState]: IsAction<AppState[K]> extends true ? never : K }[keyof AppState];

export type Set = (change: Partial<AppState>) => void;
export type Get = () => AppState;

/** What undo brings back: the role plan and nothing else. */
type Undoable = { readonly plan: RolePlan | null };

export function createApp(deps: Deps) {
  const store = createStore<AppState>()(
    temporal(
      (set, get): AppState => ({
        ...bundleSlice(set, get, deps),
        ...datasetSlice(set, get, deps),
        ...openingSlice(set, get, deps, () => store.temporal.getState()),
        ...setupSlice(set, get),
        ...runSlice(set, get, deps),
        ...allSlice(set, get, deps),
        ...resultsSlice(set, get, deps),
        ...compareSlice(set, get, deps),
        ...sweepSlice(set, get, deps),
        ...labelSlice(set, get, deps),
        ...teachSlice(set, get, deps),
        ...studioSlice(set, get, deps),
        ...studioJobSlice(set, get, deps),
        ...studioCanvasSlice(set, get, deps),
        ...studioSetSlice(set, get, deps),
        ...studioTrialSlice(set, get, deps),
        ...driftSlice(set, get, deps),
        ...liveSlice(set, get, deps),
        ...projectSlice(set, get, deps),
        ...storageSlice(set, get, deps),
        ...shareSlice(set, get, deps),
        ...viewSlice(set, get),
        ...deviceSlice(set, get, deps),
      }),
      {
        partialize: ({ plan }): Undoable => ({ plan }),
        equality: (past, now) => past.plan === now.plan,
        limit: 500,
      },
    ),
  );
  return store;
}

export type AppStore = ReturnType<typeof createApp>;
