/** Runs of all data sets with what they are worth: what the Compare page shows and what one does there. */
import type {
  AssetRef,
  Beside,
  BesideRules,
  RunInfo,
  RunMeasures,
  RunNote,
  RunsBeside,
  WireError,
  Yardsticks,
} from '../../workers/protocol.ts';
import { besideKey, defaultRules, measureKey } from './compareRows.ts';
import type { CompareView } from './kinds.ts';
import type { Get, Set } from './store.ts';
import { loading, none, settled, valueOf, type Deps, type Load } from './types.ts';

/** Deleted runs that can still be had back: nothing is deleted before the notice goes. */
export type Dropped = { readonly runs: readonly RunInfo[]; readonly untilMs: number };

export type CompareSlice = {
  readonly compareView: CompareView;
  readonly yardsticks: Load<Yardsticks>;
  /** Runs of all data sets, the newest first, without those that are being deleted. */
  readonly manyRuns: Load<readonly RunInfo[]>;
  /** By `measureKey`. */
  readonly measured: Readonly<Record<string, Load<RunMeasures | null>>>;
  /** By `besideKey`. */
  readonly beside: Readonly<Record<string, Load<readonly Beside[]>>>;
  /** Chosen runs in the order of choosing; the first two are A and B. */
  readonly picked: readonly string[];
  readonly runsBeside: Load<RunsBeside>;
  readonly dropped: Dropped | null;
  /** Ids of the columns of the table; null: those that are usual. */
  readonly compareColumns: readonly string[] | null;
  /** Runs that differ in the seed alone are shown as one. */
  readonly seedsTogether: boolean;
  readonly setCompare: (
    change: Partial<Pick<CompareSlice, 'compareView' | 'compareColumns' | 'seedsTogether'>>,
  ) => void;
  /** Reads all runs anew and measures those that were not. */
  readonly loadCompare: () => Promise<void>;
  /** Measures runs one after another; what is known is not asked again. */
  readonly measureRuns: (runs: readonly RunInfo[]) => Promise<void>;
  /** Works out all baselines of an asset, one after another. False where it was stopped by another call. */
  readonly loadBeside: (data: AssetRef) => Promise<void>;
  readonly pickRun: (id: string, isPicked: boolean) => void;
  readonly pickPair: (a: string, b: string) => void;
  /** Forgets what was chosen and chooses these. */
  readonly pickAnew: (ids: readonly string[]) => void;
  readonly loadRunsBeside: () => Promise<void>;
  readonly noteRun: (id: string, note: RunNote) => Promise<void>;
  readonly dropRuns: (ids: readonly string[]) => Promise<void>;
  readonly undropRuns: () => Promise<void>;
  readonly endDrop: () => Promise<void>;
};

/** How long deleted runs can be had back. */
const UNDO_MS = 10_000;

/** Two runs that are there: those picked first. */
export function pairOf(state: Pick<CompareSlice, 'picked' | 'manyRuns'>): readonly [RunInfo, RunInfo] | null {
  const runs = valueOf(state.manyRuns) ?? [];
  const [a, b] = state.picked.flatMap((id) => runs.find((run) => run.id === id) ?? []);
  return a && b ? [a, b] : null;
}

export function compareSlice(set: Set, get: Get, { engine, nowMs }: Deps): CompareSlice {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isDropped = (id: string): boolean => get().dropped?.runs.some((run) => run.id === id) ?? false;
  const refuse = (error: WireError): void => set({ notice: error });

  /** Puts a changed run wherever it is held. */
  function put(run: RunInfo): void {
    const changed = (runs: readonly RunInfo[]) => runs.map((other) => (other.id === run.id ? run : other));
    const { manyRuns, runs, current } = get();
    set({
      runs: changed(runs),
      ...(manyRuns.is === 'ready' && { manyRuns: { is: 'ready', value: changed(manyRuns.value) } }),
      ...(valueOf(current)?.id === run.id && { current: { is: 'ready', value: run } }),
    });
  }

  async function take(ids: readonly string[]): Promise<void> {
    const { manyRuns, runs, picked, current } = get();
    const gone = (run: RunInfo) => ids.includes(run.id);
    const shown = valueOf(current);
    set({
      runs: runs.filter((run) => !gone(run)),
      picked: picked.filter((id) => !ids.includes(id)),
      ...(manyRuns.is === 'ready' && {
        manyRuns: { is: 'ready', value: manyRuns.value.filter((run) => !gone(run)) },
      }),
    });
    if (shown && gone(shown)) await get().showNewestRun(null);
  }

  return {
    compareView: 'runs',
    yardsticks: none,
    manyRuns: none,
    measured: {},
    beside: {},
    picked: [],
    runsBeside: none,
    dropped: null,
    compareColumns: null,
    seedsTogether: false,

    setCompare: (change) => set(change),

    async loadCompare() {
      if (get().yardsticks.is !== 'ready') {
        set({ yardsticks: loading });
        set({ yardsticks: settled(await engine.yardsticks()) });
      }
      if (get().manyRuns.is !== 'ready') set({ manyRuns: loading });
      const outcome = await engine.allRuns();
      if (!outcome.ok) {
        set({ manyRuns: settled(outcome) });
        return;
      }
      const runs = outcome.value.filter((run) => !isDropped(run.id));
      const picked = get().picked.filter((id) => runs.some((run) => run.id === id));
      set({ manyRuns: { is: 'ready', value: runs }, picked });
    },

    async measureRuns(runs) {
      for (const run of runs) {
        const key = measureKey(run);
        const known = get().measured[key];
        if (known && known.is !== 'failed') continue;
        set({ measured: { ...get().measured, [key]: loading } });
        const outcome = await engine.measures(run.id);
        set({ measured: { ...get().measured, [key]: settled(outcome) } });
      }
    },

    async loadBeside(data) {
      const rules: BesideRules = defaultRules;
      for (const { id } of valueOf(get().yardsticks)?.baselines ?? []) {
        const key = besideKey(data, id);
        const known = get().beside[key];
        if (known && known.is !== 'failed') continue;
        set({ beside: { ...get().beside, [key]: loading } });
        const outcome = await engine.baseline(data, id, rules);
        set({ beside: { ...get().beside, [key]: settled(outcome) } });
      }
    },

    pickRun(id, isPicked) {
      const others = get().picked.filter((other) => other !== id);
      set({ picked: isPicked ? [...others, id] : others });
    },

    pickPair: (a, b) => set({ picked: [a, b, ...get().picked.filter((id) => id !== a && id !== b)] }),

    pickAnew: (ids) => set({ picked: ids }),

    async loadRunsBeside() {
      const pair = pairOf(get());
      if (!pair) {
        set({ runsBeside: none });
        return;
      }
      const [a, b] = pair;
      set({ runsBeside: loading });
      const outcome = await engine.compareRuns(a.id, b.id);
      const now = pairOf(get());
      if (now?.[0].id === a.id && now[1].id === b.id) set({ runsBeside: settled(outcome) });
    },

    async noteRun(id, note) {
      const outcome = await engine.noteRun(id, note);
      if (outcome.ok) put(outcome.value);
      else refuse(outcome.error);
    },

    async dropRuns(ids) {
      await get().endDrop();
      const runs = (valueOf(get().manyRuns) ?? []).filter((run) => ids.includes(run.id));
      if (runs.length === 0) return;
      set({ dropped: { runs, untilMs: nowMs() + UNDO_MS } });
      timer = setTimeout(() => void get().endDrop(), UNDO_MS);
      await take(ids);
    },

    async undropRuns() {
      clearTimeout(timer);
      const back = get().dropped?.runs ?? [];
      set({ dropped: null });
      const here = valueOf(get().dataset)?.id;
      set({ runs: [...back.filter((run) => run.data.datasetId === here), ...get().runs] });
      await get().loadCompare();
    },

    async endDrop() {
      clearTimeout(timer);
      const runs = get().dropped?.runs ?? [];
      set({ dropped: null });
      for (const run of runs) {
        const outcome = await engine.deleteRun(run.id);
        if (!outcome.ok) refuse(outcome.error);
      }
    },
  };
}
