/** The stops of the tour: the first journey, from a file to a label. Each points at the control that does it. */
import { num } from '../../charts/format.ts';
import type { en } from '../messages/en.ts';
import type { TourFacts } from '../messages/enTour.ts';
import { MOD } from '../state/keys.ts';
import { shownEvents } from '../state/resultsSlice.ts';
import { currentAsset } from '../state/select.ts';
import { engineChoice } from '../state/setupSlice.ts';
import type { AppState } from '../state/store.ts';
import { valueOf } from '../state/types.ts';
import type { InspectorTab } from '../state/viewSlice.ts';

export type TourStop = {
  readonly id: keyof typeof en.tour.parts;
  /** Selector of the control. */
  readonly target: string;
  /** Brings the control into sight. */
  readonly enter: (state: AppState) => void;
};

/** Review with its table and the inspector open at a tab, at an event if there are any. */
const review =
  (inspectorTab: InspectorTab) =>
  (state: AppState): void => {
    state.goTo('review');
    state.setView({ inspectorTab, inspectorWide: false, drawerOpen: true, tableFolded: false });
    const first = shownEvents(state)?.events[0];
    if (state.selected === null && first) void state.selectEvent(first.number);
  };

export const STOPS: readonly TourStop[] = [
  { id: 'data', target: '[data-tour="data"]', enter: review('event') },
  { id: 'engine', target: '[data-tour="engine"]', enter: review('event') },
  { id: 'run', target: '[data-tour="run"]', enter: review('event') },
  { id: 'lanes', target: '.tt-stack', enter: review('event') },
  { id: 'events', target: '[data-tour="events"]', enter: review('event') },
  { id: 'event', target: '[data-tour="event"]', enter: review('event') },
  { id: 'why', target: '[data-tour="why"]', enter: review('event') },
  { id: 'chain', target: '[data-tour="chain"]', enter: review('scores') },
  { id: 'threshold', target: '.tt-handle', enter: review('event') },
  { id: 'label', target: '.inspector .range-verdict', enter: review('event') },
  { id: 'learn', target: '[data-tour="step-label"]', enter: review('event') },
  { id: 'end', target: '[data-tour="keys"]', enter: review('event') },
];

/** What the texts say of the page in sight. */
export function tourFacts(state: AppState): TourFacts {
  const asset = currentAsset(state);
  const events = shownEvents(state);
  return {
    dataset: valueOf(state.dataset)?.name ?? '',
    rows: asset?.T ?? 0,
    sensors: asset?.sensors.length ?? 0,
    engine: engineChoice(state)?.title ?? '',
    events: events?.events.length ?? 0,
    threshold: num(events?.threshold.value ?? NaN, 4),
    mod: MOD,
  };
}

/** The tour needs events to speak of: without a finished run it opens the first example, which brings one along. */
export function beginTour(state: AppState): void {
  if (shownEvents(state) || state.run.is === 'running' || state.current.is === 'loading') return;
  const example = valueOf(state.catalogue)?.bundled[0];
  if (example) void state.chooseBundled(example.id);
}
