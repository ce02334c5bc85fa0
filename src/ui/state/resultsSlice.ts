import type {
  EventDetail,
  EventRow,
  EventSettings,
  Export,
  Outcome,
  RunEvents,
  RunInfo,
  WireError,
} from '../../workers/protocol.ts';
import type { View } from '../../charts/clock.ts';
import { clampView } from '../../charts/viewMoves.ts';
import type { Span } from '../../engine/types.ts';
import { en } from '../messages/en.ts';
import { currentAsset } from './select.ts';
import { latest } from './latest.ts';
import type { Link } from './linkText.ts';
import { isRunOf } from './linkRead.ts';
import type { Get, Set } from './store.ts';
import { wordsOf } from './words.ts';
import { loading, none, settled, valueOf, type Deps, type Load } from './types.ts';

/** Settings that are tried out and not kept; `events` is null until the first answer. */
export type Preview = { readonly settings: EventSettings; readonly events: RunEvents | null };

export type ResultsSlice = {
  readonly runs: readonly RunInfo[];
  readonly current: Load<RunInfo>;
  readonly preview: Preview | null;
  /** 1-based rank of the chosen event in what is shown. */
  readonly selected: number | null;
  readonly detail: Load<EventDetail>;
  /** A refused action that left everything as it was. */
  readonly notice: WireError | null;
  readonly showRun: (id: string) => Promise<void>;
  readonly showNewestRun: (link: Link | null) => Promise<void>;
  readonly takeRun: (run: RunInfo) => Promise<void>;
  readonly deleteRun: (id: string) => Promise<void>;
  readonly selectEvent: (number: number, how?: 'fit' | 'stay') => Promise<void>;
  readonly stepEvent: (by: 1 | -1) => Promise<void>;
  readonly previewSettings: (settings: EventSettings) => void;
  readonly dropPreview: () => void;
  readonly commitSettings: (settings: EventSettings) => Promise<void>;
  readonly exportBundle: (runId: string) => Promise<Outcome<Export>>;
  readonly exportWhole: (what: 'report' | 'parquet' | 'events-parquet' | 'model') => Promise<Outcome<Export> | null>;
  readonly exportCsv: (what: 'events' | 'scores') => Promise<Outcome<Export> | null>;
  readonly dismissNotice: () => void;
};

type Shown = { readonly current: Load<RunInfo>; readonly preview: Preview | null };

/** Events on screen: those of the preview while one is open, else those kept with the run. */
export function shownEvents(state: Shown): RunEvents | null {
  return state.preview?.events ?? valueOf(state.current)?.result ?? null;
}

export function shownSettings(state: Shown): EventSettings | null {
  return state.preview?.settings ?? valueOf(state.current)?.result.settings ?? null;
}

/** A view around the event: four times its length, at least 240 steps, inside the series. */
export function rangeAround(event: Span, T: number): View {
  const half = Math.max(120, (event.end - event.start) * 2);
  const middle = (event.start + event.end) / 2;
  return clampView({ from: middle - half, to: middle + half }, T);
}

/** The event of `rows` that overlaps `old` most, so that a selection survives a moved threshold. */
export function sameEvent(rows: readonly EventRow[], old: Span | null): number | null {
  if (!old) return rows[0]?.number ?? null;
  let best: EventRow | null = null;
  let most = 0;
  for (const row of rows) {
    const shared = Math.min(row.end, old.end) - Math.max(row.start, old.start);
    if (shared > most) {
      most = shared;
      best = row;
    }
  }
  return best?.number ?? null;
}

export function resultsSlice(set: Set, get: Get, { engine }: Deps): ResultsSlice {
  const preview = latest(
    ({ runId, settings }: { readonly runId: string; readonly settings: EventSettings }) =>
      engine.rethreshold(runId, settings, false),
    ({ runId }, outcome) => {
      const state = get();
      if (!state.preview || valueOf(state.current)?.id !== runId) return;
      if (outcome.ok) set({ preview: { settings: state.preview.settings, events: outcome.value } });
      else set({ preview: null, notice: outcome.error });
    },
  );

  async function loadDetail(number: number): Promise<void> {
    const run = valueOf(get().current);
    const row = run?.result.events.find((event) => event.number === number);
    const asset = currentAsset(get());
    if (!run || !row || !asset) return;
    if (get().detail.is !== 'ready') set({ detail: loading });
    const outcome = await engine.event(run.id, number, wordsOf(asset, row));
    if (valueOf(get().current)?.id === run.id && get().selected === number) set({ detail: settled(outcome) });
  }

  async function show(run: RunInfo, link: Link | null): Promise<void> {
    preview.drop();
    const { events } = run.result;
    const wanted = events.find((row) => row.number === link?.event) ?? events[0];
    set({
      current: { is: 'ready', value: run },
      assetName: run.data.asset,
      preview: null,
      selected: wanted?.number ?? null,
      detail: none,
      crosshair: wanted?.peak ?? null,
      brush: null,
      sensor: null,
      lastRun: run.id,
      asking: none,
      comparison: none,
    });
    get().openRounds();
    const { range } = link ?? {};
    if (range) get().setRange(range);
    else if (wanted) get().fitEvent();
    else get().fitAll();
    if (wanted) await loadDetail(wanted.number);
  }

  return {
    runs: [],
    current: none,
    preview: null,
    selected: null,
    detail: none,
    notice: null,

    async showRun(id) {
      const known = get().runs.find((run) => run.id === id);
      if (known) {
        await show(known, null);
        return;
      }
      set({ current: loading });
      const outcome = await engine.loadRun(id);
      if (outcome.ok) await show(outcome.value, null);
      else set({ current: { is: 'failed', error: outcome.error } });
    },

    async showNewestRun(link) {
      const { runs, lastRun } = get();
      const asset = get().assetName;
      const here = runs.filter((run) => run.data.asset === asset);
      const last = here.find((run) => run.id === lastRun);
      const newest = here.reduce<RunInfo | null>(
        (best, run) => (best && best.createdAtMs >= run.createdAtMs ? best : run),
        null,
      );
      const asked = link?.of === 'run' ? here.find((run) => isRunOf(run, link)) : undefined;
      const chosen = asked ?? last ?? newest;
      // The number of an event says nothing of another run's events.
      const event = link?.of === 'run' && !asked ? {} : link?.event !== undefined && { event: link.event };
      if (chosen) await show(chosen, link && { ...(link.range && { range: link.range }), ...event });
      else {
        set({ current: none });
        if (link?.range) get().setRange(link.range);
        else get().fitAll();
      }
    },

    async takeRun(run) {
      set({ runs: [run, ...get().runs.filter((other) => other.id !== run.id)] });
      if (valueOf(get().dataset)?.id !== run.data.datasetId) return;
      // Whoever looks over a new file is not torn away from it.
      if (get().page !== 'data') set({ page: 'review' });
      await show(run, null);
    },

    async deleteRun(id) {
      const outcome = await engine.deleteRun(id);
      if (!outcome.ok) {
        set({ notice: outcome.error });
        return;
      }
      set({ runs: get().runs.filter((run) => run.id !== id) });
      if (valueOf(get().current)?.id === id) await get().showNewestRun(null);
    },

    async selectEvent(number, how = 'fit') {
      if (!shownEvents(get())?.events.some((row) => row.number === number)) return;
      set({ selected: number, brush: null, sensor: null });
      if (how === 'fit') get().fitEvent();
      // Numbers of a preview are not those of the kept result that the worker describes.
      if (!get().preview) await loadDetail(number);
    },

    async stepEvent(by) {
      const events = shownEvents(get())?.events ?? [];
      if (events.length === 0) return;
      const index = events.findIndex((row) => row.number === get().selected);
      const next = events[Math.min(Math.max(0, index + by), events.length - 1)];
      if (next) await get().selectEvent(next.number);
    },

    previewSettings(settings) {
      const run = valueOf(get().current);
      if (!run) return;
      set({ preview: { settings, events: get().preview?.events ?? null } });
      preview.ask({ runId: run.id, settings });
    },

    dropPreview() {
      preview.drop();
      set({ preview: null });
    },

    async commitSettings(settings) {
      const run = valueOf(get().current);
      if (!run) return;
      preview.drop();
      const old = shownEvents(get())?.events.find((row) => row.number === get().selected) ?? null;
      const outcome = await engine.rethreshold(run.id, settings, true);
      if (valueOf(get().current)?.id !== run.id) return;
      if (!outcome.ok) {
        set({ preview: null, notice: outcome.error });
        return;
      }
      const kept = { ...run, result: outcome.value };
      const selected = sameEvent(outcome.value.events, old);
      set({
        current: { is: 'ready', value: kept },
        runs: get().runs.map((other) => (other.id === run.id ? kept : other)),
        preview: null,
        selected,
        detail: none,
      });
      if (selected !== null) await loadDetail(selected);
    },

    async exportBundle(runId) {
      const outcome = await engine.exportBundle(runId);
      if (!outcome.ok) set({ notice: outcome.error });
      return outcome;
    },

    async exportWhole(what) {
      const run = valueOf(get().current);
      if (!run) return null;
      const make = {
        report: () => engine.exportReport(run.id, en.share.reportWords()),
        parquet: () => engine.exportParquet(run.id, 'scores'),
        'events-parquet': () => engine.exportParquet(run.id, 'events'),
        model: () => engine.exportModel(run.id),
      };
      const outcome = await make[what]();
      if (!outcome.ok) set({ notice: outcome.error });
      return outcome;
    },

    async exportCsv(what) {
      const run = valueOf(get().current);
      if (!run) return null;
      const outcome = await engine.exportCsv(run.id, what);
      if (!outcome.ok) set({ notice: outcome.error });
      return outcome;
    },

    dismissNotice: () => set({ notice: null }),
  };
}
