import type { View } from '../../charts/clock.ts';
import { clampView, panBy, zoomBy } from '../../charts/viewMoves.ts';
import type { Span } from '../../engine/types.ts';
import type { DeviceInfo } from '../../workers/protocol.ts';
import { AS_READ, kept, type Arrangement } from './arrangement.ts';
import type { LanguageChoice } from './kinds.ts';
import { currentAsset, currentRef } from './select.ts';
import { rangeAround, shownEvents } from './resultsSlice.ts';
import type { Get, Set } from './store.ts';
import { none, settled, type Deps, type Load } from './types.ts';

export type Page = 'data' | 'engine' | 'run' | 'review' | 'live' | 'label' | 'compare' | 'create';
export type InspectorTab = 'event' | 'attention' | 'memory' | 'scores' | 'drift' | 'quality';
/** The window of the attention inspector and the steps of its cell, shown in the lanes. */
export type Attended = { readonly window: Span; readonly row: number | null; readonly column: number | null };
export type Theme = 'system' | 'light' | 'dark';
/** Panel sizes in per cent of their group, by group and panel. */
export type Sizes = Readonly<Record<string, Readonly<Record<string, number>>>>;

export type ViewSlice = {
  readonly page: Page;
  readonly range: View | null;
  /** A range that the person drew; null: the chosen event stands for it. */
  readonly brush: Span | null;
  readonly crosshair: number | null;
  readonly attended: Attended | null;
  /** Systems that are not as the lane mode would have them: folded where open is usual, open where folded is. */
  readonly toggledSystems: readonly string[];
  /** Order and value axes of the lanes, by data set. */
  readonly arrangements: Readonly<Record<string, Arrangement>>;
  readonly laneMode: 'event' | 'all';
  readonly inspectorTab: InspectorTab;
  readonly inspectorWide: boolean;
  readonly drawerOpen: boolean;
  readonly tableFolded: boolean;
  readonly theme: Theme;
  readonly language: LanguageChoice;
  readonly sizes: Sizes;
  readonly eventFilter: string;
  /** Sensor whose errors the Scores tab shows; null: the first of the event. */
  readonly sensor: number | null;
  readonly overlay: 'keys' | 'commands' | null;
  /** The guided tour: whether it is shown, and the stop to go on from. */
  readonly tourOpen: boolean;
  readonly tourStep: number;
  readonly lastDataset: string | null;
  readonly lastRun: string | null;
  readonly goTo: (page: Page) => void;
  readonly setRange: (range: View) => void;
  readonly zoom: (factor: number) => void;
  readonly pan: (share: number) => void;
  readonly fitEvent: () => void;
  readonly fitAll: () => void;
  readonly setBrush: (brush: Span | null) => void;
  readonly toggleSystem: (name: string) => void;
  /** Changes the arrangement of the open data set. */
  readonly arrange: (change: Partial<Arrangement>) => void;
  readonly setView: (change: Partial<ViewData>) => void;
  readonly setSizes: (group: string, layout: Readonly<Record<string, number>>) => void;
};

export type ViewData = Pick<
  ViewSlice,
  | 'laneMode'
  | 'attended'
  | 'inspectorTab'
  | 'inspectorWide'
  | 'drawerOpen'
  | 'tableFolded'
  | 'theme'
  | 'language'
  | 'eventFilter'
  | 'sensor'
  | 'overlay'
  | 'tourOpen'
  | 'tourStep'
>;

export function viewSlice(set: Set, get: Get): ViewSlice {
  const steps = () => currentAsset(get())?.T ?? 0;
  return {
    page: 'review',
    range: null,
    brush: null,
    crosshair: null,
    toggledSystems: [],
    arrangements: {},
    laneMode: 'event',
    attended: null,
    inspectorTab: 'event',
    inspectorWide: false,
    drawerOpen: true,
    tableFolded: false,
    theme: 'system',
    language: 'system',
    sizes: {},
    eventFilter: '',
    sensor: null,
    overlay: null,
    tourOpen: false,
    tourStep: 0,
    lastDataset: null,
    lastRun: null,

    goTo: (page) => set({ page }),

    setRange(range) {
      const T = steps();
      if (T > 0) set({ range: clampView(range, T) });
    },

    zoom(factor) {
      const { range, crosshair } = get();
      if (!range) return;
      const isInside = crosshair !== null && crosshair >= range.from && crosshair < range.to;
      set({ range: zoomBy(range, factor, isInside ? crosshair : (range.from + range.to) / 2, steps()) });
    },

    pan(share) {
      const { range } = get();
      if (range) set({ range: panBy(range, (range.to - range.from) * share, steps()) });
    },

    fitEvent() {
      const event = shownEvents(get())?.events.find((row) => row.number === get().selected);
      if (event) set({ range: rangeAround(event, steps()), crosshair: event.peak, brush: null });
    },

    fitAll() {
      const T = steps();
      if (T > 0) set({ range: { from: 0, to: T } });
    },

    setBrush(brush) {
      if (brush) set({ brush, crosshair: Math.floor((brush.start + brush.end) / 2) });
      else set({ brush: null });
    },

    toggleSystem(name) {
      const { toggledSystems: now } = get();
      set({ toggledSystems: now.includes(name) ? now.filter((other) => other !== name) : [...now, name] });
    },

    arrange(change) {
      const id = currentRef(get())?.datasetId;
      if (id === undefined) return;
      const { arrangements } = get();
      set({ arrangements: kept(arrangements, id, { ...(arrangements[id] ?? AS_READ), ...change }) });
    },

    setView: (change) => set(change),

    setSizes: (group, layout) => set({ sizes: { ...get().sizes, [group]: layout } }),
  };
}

export type DeviceSlice = {
  readonly device: Load<DeviceInfo>;
  /** Requests to other hosts since the page was loaded. */
  readonly foreignRequests: number;
  readonly refreshDevice: () => Promise<void>;
  readonly countRequest: () => void;
};

export function deviceSlice(set: Set, get: Get, { engine }: Deps): DeviceSlice {
  return {
    device: none,
    foreignRequests: 0,
    async refreshDevice() {
      set({ device: settled(await engine.device()) });
    },
    countRequest: () => set({ foreignRequests: get().foreignRequests + 1 }),
  };
}
