import type { Span } from '../../engine/types.ts';
import type { DeviceInfo } from '../../workers/protocol.ts';
import { currentAsset } from './datasetSlice.ts';
import { rangeAround, shownEvents } from './resultsSlice.ts';
import type { Get, Set } from './store.ts';
import { none, settled, type Deps, type Load } from './types.ts';

export type Page = 'data' | 'engine' | 'run' | 'review';
export type InspectorTab = 'event' | 'scores' | 'quality';
export type Theme = 'system' | 'light' | 'dark';
/** Panel sizes in per cent of their group, by group and panel. */
export type Sizes = Readonly<Record<string, Readonly<Record<string, number>>>>;

export type ViewSlice = {
  readonly page: Page;
  readonly range: Span | null;
  readonly crosshair: number | null;
  readonly folded: readonly string[];
  readonly laneMode: 'event' | 'all';
  readonly inspectorTab: InspectorTab;
  readonly inspectorWide: boolean;
  readonly drawerOpen: boolean;
  readonly tableFolded: boolean;
  readonly theme: Theme;
  readonly sizes: Sizes;
  readonly eventFilter: string;
  /** Sensor whose errors the Scores tab shows; null: the first of the event. */
  readonly sensor: number | null;
  readonly overlay: 'keys' | 'commands' | null;
  readonly lastDataset: string | null;
  readonly lastRun: string | null;
  readonly goTo: (page: Page) => void;
  readonly setRange: (range: Span) => void;
  readonly zoom: (factor: number) => void;
  readonly pan: (share: number) => void;
  readonly fitEvent: () => void;
  readonly fitAll: () => void;
  readonly setCrosshair: (step: number | null) => void;
  readonly toggleSystem: (name: string) => void;
  readonly setView: (change: Partial<ViewData>) => void;
  readonly setSizes: (group: string, layout: Readonly<Record<string, number>>) => void;
};

export type ViewData = Pick<
  ViewSlice,
  | 'laneMode'
  | 'inspectorTab'
  | 'inspectorWide'
  | 'drawerOpen'
  | 'tableFolded'
  | 'theme'
  | 'eventFilter'
  | 'sensor'
  | 'overlay'
>;

/** Fewest steps that a view may show: below it a line has no shape. */
const MIN_STEPS = 16;

/** The nearest allowed range: whole steps, at least MIN_STEPS, inside `[0, T)`. */
export function clampRange({ start, end }: Span, T: number): Span {
  const length = Math.min(T, Math.max(MIN_STEPS, Math.round(end - start)));
  const from = Math.min(Math.max(0, Math.round(start)), T - length);
  return { start: from, end: from + length };
}

export function viewSlice(set: Set, get: Get): ViewSlice {
  const steps = () => currentAsset(get())?.T ?? 0;
  return {
    page: 'review',
    range: null,
    crosshair: null,
    folded: [],
    laneMode: 'event',
    inspectorTab: 'event',
    inspectorWide: false,
    drawerOpen: true,
    tableFolded: false,
    theme: 'system',
    sizes: {},
    eventFilter: '',
    sensor: null,
    overlay: null,
    lastDataset: null,
    lastRun: null,

    goTo: (page) => set({ page }),

    setRange(range) {
      const T = steps();
      if (T > 0) set({ range: clampRange(range, T) });
    },

    zoom(factor) {
      const { range, crosshair } = get();
      if (!range) return;
      const isInside = crosshair !== null && crosshair >= range.start && crosshair < range.end;
      const anchor = isInside ? crosshair : (range.start + range.end) / 2;
      get().setRange({
        start: anchor - (anchor - range.start) * factor,
        end: anchor + (range.end - anchor) * factor,
      });
    },

    pan(share) {
      const { range } = get();
      if (!range) return;
      const by = Math.round((range.end - range.start) * share);
      get().setRange({ start: range.start + by, end: range.end + by });
    },

    fitEvent() {
      const event = shownEvents(get())?.events.find((row) => row.number === get().selected);
      if (event) set({ range: rangeAround(event, steps()), crosshair: event.peak });
    },

    fitAll() {
      const T = steps();
      if (T > 0) set({ range: { start: 0, end: T } });
    },

    setCrosshair(step) {
      if (step !== get().crosshair) set({ crosshair: step });
    },

    toggleSystem(name) {
      const { folded } = get();
      set({ folded: folded.includes(name) ? folded.filter((other) => other !== name) : [...folded, name] });
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
