/** Drift of the run in view: reading it, marks of events, confirming a range as the new normal, false-alarm rates. */
import type {
  AlarmView,
  DriftView,
  EventMark,
  JobUpdate,
  NormalBasis,
  NormalJob,
  RunDiff,
  RunInfo,
} from '../../workers/protocol.ts';
import { normalRange, shownDrift, type Marks, type NormalForm, type NormalPick } from './driftNormal.ts';
import { shownEvents } from './resultsSlice.ts';
import { currentAsset, currentRef } from './select.ts';
import type { Get, Set } from './store.ts';
import { loading, none, settled, valueOf, type Deps, type Load } from './types.ts';

/** A reading under way: what is read and how far it is. */
export type Reading = {
  readonly jobId: string;
  readonly runId: string;
  readonly of: 'measured' | 'residuals';
  readonly share: number;
};

/** The run before and after a confirmation, side by side; it stays until it is kept or rolled back. */
export type NormalDiff = { readonly before: string; readonly after: string; readonly diff: Load<RunDiff> };

export type DriftSlice = {
  readonly driftView: Load<DriftView>;
  readonly reading: Reading | null;
  readonly marks: Marks | null;
  /** Events of this mark alone; null: all. */
  readonly markFilter: EventMark | null;
  /** What the map of sensors shows. */
  readonly driftOf: 'measured' | 'residuals';
  readonly normalPick: NormalPick | null;
  readonly normalForm: NormalForm;
  readonly normalDiff: NormalDiff | null;
  readonly alarms: Load<readonly AlarmView[]>;
  readonly alarmBasis: NormalBasis | null;
  /** Reads the drift of the run in view, unless that is known or under way. */
  readonly loadDrift: () => Promise<void>;
  readonly cancelDrift: () => void;
  /** Says of each event on screen what it is. */
  readonly judgeShown: () => Promise<void>;
  readonly setDrift: (
    change: Partial<Pick<DriftSlice, 'markFilter' | 'driftOf' | 'normalPick' | 'normalForm' | 'alarmBasis'>>,
  ) => void;
  readonly confirmNormal: () => Promise<void>;
  /** Lays a run beside the one that its last confirmation began with. */
  readonly openNormal: (run: RunInfo) => Promise<void>;
  readonly keepNormal: () => void;
  readonly rollBackNormal: () => Promise<void>;
  readonly loadAlarms: () => Promise<void>;
};

/** The run of each asset that is held against the one in view: the newest of the same engine and head. */
export function alarmRuns(run: RunInfo, runs: readonly RunInfo[]): readonly string[] {
  const before = run.confirmed?.at(-1)?.runId;
  const others = new Map<string, RunInfo>();
  for (const other of [...runs].sort((a, b) => a.createdAtMs - b.createdAtMs)) {
    const isLike = other.job.engine === run.job.engine && other.job.head === run.job.head;
    if (isLike && other.data.asset !== run.data.asset) others.set(other.data.asset, other);
  }
  const first = runs.some(({ id }) => id === before) && before !== undefined ? [before] : [];
  return [run.id, ...first, ...[...others.values()].map(({ id }) => id)];
}

export function driftSlice(set: Set, get: Get, { engine, newId }: Deps): DriftSlice {
  let abort: AbortController | null = null;
  const runNow = () => valueOf(get().current);

  function onUpdate(jobId: string, update: JobUpdate): void {
    const { reading } = get();
    if (reading?.jobId !== jobId) return;
    if (update.kind === 'phase')
      set({ reading: { ...reading, of: update.phase === 'scoring' ? 'residuals' : 'measured', share: 0 } });
    if (update.kind === 'scoring') set({ reading: { ...reading, share: update.done / Math.max(1, update.of) } });
  }

  return {
    driftView: none,
    reading: null,
    marks: null,
    markFilter: null,
    driftOf: 'measured',
    normalPick: null,
    normalForm: { part: 'half', retrain: false, onwards: null },
    normalDiff: null,
    alarms: none,
    alarmBasis: null,

    async loadDrift() {
      const run = runNow();
      if (!run || shownDrift(get()) || get().reading?.runId === run.id) return;
      abort?.abort();
      const controller = new AbortController();
      abort = controller;
      const jobId = newId();
      set({
        driftView: loading,
        reading: { jobId, runId: run.id, of: 'measured', share: 0 },
        marks: null,
        markFilter: null,
        normalPick: null,
      });
      const outcome = await engine.drift(
        { jobId, runId: run.id },
        (update) => onUpdate(jobId, update),
        controller.signal,
      );
      if (get().reading?.jobId !== jobId) return;
      set({ reading: null, driftView: settled(outcome) });
      await get().judgeShown();
    },

    cancelDrift: () => abort?.abort(),

    async judgeShown() {
      const view = shownDrift(get());
      const data = currentRef(get());
      const events = shownEvents(get());
      if (!view || !data || !events || view.refusal !== '' || get().marks?.events === events) return;
      const ranges = events.events.map(({ start, end, top }) => ({ start, end, top }));
      const outcome = await engine.judgeEvents(data, ranges, view.measured.regimes);
      // Without marks the table says nothing of what events are: the drift tab says why.
      if (outcome.ok && shownEvents(get()) === events) set({ marks: { events, judged: outcome.value } });
    },

    setDrift: (change) => set(change),

    async confirmNormal() {
      const range = normalRange(get());
      const before = runNow();
      if (!range || !before || get().run.is === 'running') return;
      const { confirmed, learned, applies, dropped, kind, words } = range;
      const { author, normalForm } = get();
      const job: NormalJob = {
        ...{ jobId: newId(), runId: before.id, confirmed, learned, applies, dropped, kind, words, by: author },
        retrain: normalForm.retrain,
      };
      const made = await get().startNormal(job, before);
      if (!made) return;
      set({ runs: [made, ...get().runs.filter((run) => run.id !== made.id)], normalPick: null, brush: null });
      if (runNow()?.id !== before.id) return;
      await get().showRun(made.id);
      await get().openNormal(made);
    },

    async openNormal(run) {
      const last = run.confirmed?.at(-1);
      const asset = currentAsset(get());
      if (!last || !asset) return;
      const { start, end } = asset.test;
      // What was learned from is no test of it: figures are those of what follows.
      const seen = Math.min(1, Math.max(0, (last.learned.end - start) / Math.max(1, end - start)));
      const pair = { before: last.runId, after: run.id };
      set({ normalDiff: { ...pair, diff: loading } });
      const diff = settled(await engine.diff(last.runId, run.id, seen));
      if (get().normalDiff?.after === run.id) set({ normalDiff: { ...pair, diff } });
    },

    keepNormal: () => set({ normalDiff: null }),

    async rollBackNormal() {
      const pair = get().normalDiff;
      if (!pair) return;
      const isThere = get().runs.some((run) => run.id === pair.before);
      await get().deleteRun(pair.after);
      if (get().runs.some((run) => run.id === pair.after)) return;
      set({ normalDiff: null });
      if (isThere) await get().showRun(pair.before);
    },

    async loadAlarms() {
      const run = runNow();
      const asset = currentAsset(get());
      if (!run || !asset) return;
      // What was chosen for other data does not hold where the file says nothing.
      const basis = asset.labels === null ? 'confirmed' : (get().alarmBasis ?? 'file');
      set({ alarms: loading });
      const outcome = await engine.falseAlarms(alarmRuns(run, get().runs), basis);
      if (runNow()?.id === run.id) set({ alarms: settled(outcome), alarmBasis: basis });
    },
  };
}
