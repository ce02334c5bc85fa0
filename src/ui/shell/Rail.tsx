import { Button } from 'react-aria-components';
import {
  Activity,
  AudioWaveform,
  ChartSpline,
  Database,
  Play,
  Radio,
  SlidersHorizontal,
  Tag,
  type LucideIcon,
} from 'lucide-react';
import { en } from '../messages/en.ts';
import { Kbd, Tip } from '../controls/Basics.tsx';
import { About } from '../share/About.tsx';
import { currentAsset } from '../state/select.ts';
import { MOD } from '../state/keys.ts';
import { currentRound, spentIn, teachingOf } from '../state/labelRounds.ts';
import { heldLabels } from '../state/labelSlice.ts';
import { shownEvents } from '../state/resultsSlice.ts';
import { shareDone } from '../state/runSlice.ts';
import { engineChoice } from '../state/setupSlice.ts';
import type { AppState } from '../state/store.ts';
import { useApp, useAppStore } from '../state/useApp.ts';
import type { Page } from '../state/viewSlice.ts';

const STEPS: readonly { readonly page: Page; readonly icon: LucideIcon; readonly about: (s: AppState) => string }[] = [
  { page: 'data', icon: Database, about: aboutData },
  {
    page: 'engine',
    icon: SlidersHorizontal,
    about: (s) => (engineChoice(s) ? `${en.engineText(engineChoice(s)?.title ?? '')} ${s.preset}` : en.steps.none),
  },
  { page: 'run', icon: Play, about: aboutRun },
  { page: 'review', icon: Activity, about: aboutReview },
  { page: 'live', icon: Radio, about: (s) => (s.live ? en.live.is[s.live.is] : en.steps.none) },
  { page: 'label', icon: Tag, about: aboutLabel },
  { page: 'compare', icon: ChartSpline, about: aboutCompare },
  { page: 'create', icon: AudioWaveform, about: aboutCreate },
];

function aboutData(state: AppState): string {
  if (state.opening.is === 'reading') return en.steps.reading;
  if (state.opening.is !== 'idle') return en.steps.opening;
  const asset = currentAsset(state);
  return asset ? en.steps.rowsBySensors(asset.T, asset.sensors.length) : en.steps.none;
}

function aboutRun({ run, runs, unfinished }: AppState): string {
  switch (run.is) {
    case 'running':
      return run.paused ? en.top.paused : en.steps.running(shareDone(run));
    case 'done':
      return en.steps.done;
    case 'failed':
      return en.steps.failed;
    case 'cancelled':
      return en.steps.cancelled;
    case 'idle':
      if (unfinished.length > 0) return en.steps.interrupted;
      return runs.length > 0 ? en.steps.done : en.steps.noRun;
  }
}

function aboutReview(state: AppState): string {
  const events = shownEvents(state);
  if (!events) return en.steps.none;
  // While a threshold is tried out the chosen event may not be among them.
  const isThere = events.events.some(({ number }) => number === state.selected);
  return en.steps.ofEvents(isThere ? state.selected : null, events.events.length);
}

function aboutLabel(state: AppState): string {
  if (currentRound(state)?.state === 'taught') return en.steps.toDecide;
  const labels = heldLabels(state).length;
  if (!teachingOf(state)) return labels === 0 ? en.steps.none : en.steps.labels(labels);
  const { budget } = state.teachSettings;
  return en.label.progress(spentIn(state), budget);
}

function aboutCreate(state: AppState): string {
  const { studioJob: job, generators } = state;
  if (job.is === 'running') {
    if (job.paused) return en.top.paused;
    if (job.results) return en.create.trial(job.results.done, job.results.of);
    return job.what === 'train' ? en.create.training(shareDone(job)) : en.steps.running(shareDone(job));
  }
  return generators.is === 'ready' ? en.create.generators(generators.value.length) : en.steps.none;
}

function aboutCompare({ runs, sweep }: AppState): string {
  return sweep.is === 'running' ? en.compare.views.sweep : en.compare.about(runs.length);
}

export function Rail() {
  const { setView } = useAppStore().getState();
  return (
    <nav className="rail" aria-label={en.steps.name}>
      {STEPS.map((step) => (
        <Step key={step.page} {...step} />
      ))}
      <div className="rail-foot">
        <Button onPress={() => setView({ tourOpen: true })} aria-label={en.tour.name}>
          <span>{en.tour.short}</span>
          <Kbd>H</Kbd>
        </Button>
        <Button onPress={() => setView({ overlay: 'keys' })} aria-label={en.steps.keys} data-tour="keys">
          <span>{en.steps.keys}</span>
          <Kbd>?</Kbd>
        </Button>
        <Button className="only-wide" onPress={() => setView({ overlay: 'commands' })} aria-label={en.steps.commands}>
          <span>{en.steps.commands}</span>
          <Kbd>{`${MOD} K`}</Kbd>
        </Button>
        <p>{en.steps.where}</p>
        <About />
      </div>
    </nav>
  );
}

function Step({ page, icon: Icon, about }: (typeof STEPS)[number]) {
  const isHere = useApp((s) => s.page === page);
  const text = useApp(about);
  const { goTo } = useAppStore().getState();
  const title = en.steps[page];
  return (
    <Tip text={`${title}: ${text}`}>
      <Button
        className="step"
        data-tour={`step-${page}`}
        onPress={() => goTo(page)}
        {...(isHere && { 'aria-current': 'step' })}
      >
        <Icon aria-hidden="true" strokeWidth={1.6} />
        <span>{title}</span>
        <small>{text}</small>
      </Button>
    </Tip>
  );
}
