import type { DataKey } from './store.ts';

/**
 * Where a key lives. url: in the link, restored by anyone. device: in this browser. project: kept by the worker in
 * IndexedDB with data set and runs. memory: gone with the tab.
 */
export type Home = 'url' | 'device' | 'project' | 'memory';

/** Every key of the state has exactly one home; a new key does not compile without one. */
export const HOME = {
  catalogue: 'memory',
  datasets: 'project',
  dataset: 'url',
  assetName: 'url',
  quality: 'memory',
  opening: 'memory',
  plan: 'project',
  engineId: 'url',
  preset: 'url',
  changed: 'url',
  headId: 'url',
  headChanged: 'url',
  seed: 'url',
  run: 'memory',
  all: 'memory',
  estimate: 'memory',
  unfinished: 'project',
  runs: 'project',
  current: 'project',
  preview: 'memory',
  selected: 'url',
  detail: 'memory',
  notice: 'memory',
  labels: 'project',
  author: 'device',
  likeness: 'memory',
  agreement: 'memory',
  importNote: 'memory',
  teachings: 'device',
  teachSettings: 'device',
  questionIndex: 'memory',
  drafts: 'memory',
  edge: 'memory',
  asking: 'memory',
  comparison: 'memory',
  labelTab: 'memory',
  page: 'memory',
  range: 'url',
  brush: 'memory',
  crosshair: 'memory',
  toggledSystems: 'device',
  arrangements: 'device',
  laneMode: 'device',
  attended: 'memory',
  inspectorTab: 'device',
  inspectorWide: 'memory',
  drawerOpen: 'device',
  tableFolded: 'device',
  theme: 'device',
  sizes: 'device',
  eventFilter: 'memory',
  sensor: 'memory',
  overlay: 'memory',
  lastDataset: 'device',
  lastRun: 'device',
  device: 'memory',
  foreignRequests: 'memory',
} as const satisfies Record<DataKey, Home>;

/** Keys that live at `H`. */
export type KeysAt<H extends Home> = { [K in DataKey]: (typeof HOME)[K] extends H ? K : never }[DataKey];
