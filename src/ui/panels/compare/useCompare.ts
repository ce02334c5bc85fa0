/** What the panels of the Compare page read off the state. */
import { useEffect, useMemo, useState } from 'react';
import type { AssetRef, AssetSummary, DatasetInfo, Outcome, RunInfo, Yardsticks } from '../../../workers/protocol.ts';
import { en } from '../../messages/en.ts';
import { besideRows, runRows } from '../../state/compareRows.ts';
import type { TableRow } from '../../state/compareRows.ts';
import { currentRef, isLabelled } from '../../state/select.ts';
import type { AppState } from '../../state/store.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

const NO_RUNS: readonly RunInfo[] = [];
const NOTHING: Yardsticks = { metrics: [], baselines: [] };

export const useRuns = (): readonly RunInfo[] => useApp((s) => valueOf(s.manyRuns) ?? NO_RUNS);
export const useYardsticks = (): Yardsticks => useApp((s) => valueOf(s.yardsticks) ?? NOTHING);

/** A data set by id, the open one included where it is not kept. */
export function datasetOf(state: Pick<AppState, 'datasets' | 'dataset'>, id: string): DatasetInfo | null {
  const open = valueOf(state.dataset);
  return open?.id === id ? open : (state.datasets.find((info) => info.id === id) ?? null);
}

export function assetOf(state: Pick<AppState, 'datasets' | 'dataset'>, ref: AssetRef): AssetSummary | null {
  return datasetOf(state, ref.datasetId)?.assets.find(({ name }) => name === ref.asset) ?? null;
}

/** The asset whose baselines are shown: that of the first chosen run, else the open one. */
export function useFocus(): AssetRef | null {
  const runs = useRuns();
  const first = useApp((s) => s.picked[0]);
  const datasetId = useApp((s) => currentRef(s)?.datasetId ?? null);
  const asset = useApp((s) => currentRef(s)?.asset ?? null);
  const chosen = runs.find(({ id }) => id === first)?.data;
  return useMemo(
    () => chosen ?? (datasetId === null || asset === null ? null : { datasetId, asset }),
    [chosen, datasetId, asset],
  );
}

/** Rows of these runs, measured as soon as they are on screen. */
export function useRunRows(runs: readonly RunInfo[], isTogether: boolean): readonly TableRow[] {
  const measured = useApp((s) => s.measured);
  const store = useAppStore();
  useEffect(() => {
    const state = store.getState();
    void state.measureRuns(runs.filter((run) => isLabelled(assetOf(state, run.data))));
  }, [runs, store]);
  return useMemo(() => {
    const isAsked = (row: TableRow) => row.runs.some(({ data }) => isLabelled(assetOf(store.getState(), data)));
    // Without labels nothing is on its way.
    return runRows(runs, measured, isTogether).map((row) => (isAsked(row) ? row : { ...row, isLoading: false }));
  }, [runs, measured, isTogether, store]);
}

/** Rows of the baselines of an asset, worked out as soon as they are on screen; [] where it has no labels. */
export function useBesideRows(data: AssetRef | null): readonly TableRow[] {
  const beside = useApp((s) => s.beside);
  const yardsticks = useYardsticks();
  const labelled = useApp((s) => data !== null && isLabelled(assetOf(s, data)));
  const { loadBeside } = useAppStore().getState();
  const isKnown = yardsticks.baselines.length > 0;
  useEffect(() => {
    if (data && labelled && isKnown) void loadBeside(data);
  }, [data, labelled, isKnown, loadBeside]);
  return useMemo(
    () => (data && labelled ? besideRows(data, yardsticks, beside, en.compare.head) : []),
    [data, labelled, yardsticks, beside],
  );
}

/** Asks for each of `ids`, one after another, and keeps what came; asks anew when `key` changes. */
export function useEach<T>(
  key: string,
  ids: readonly string[],
  ask: (id: string) => Promise<Outcome<T>>,
): ReadonlyMap<string, T> {
  const [got, setGot] = useState<{ readonly key: string; readonly values: ReadonlyMap<string, T> }>({
    key,
    values: new Map(),
  });
  useEffect(() => {
    const asking = { isCurrent: true };
    void (async () => {
      const values = new Map<string, T>();
      for (const id of ids) {
        const outcome = await ask(id);
        if (!asking.isCurrent) return;
        if (outcome.ok) values.set(id, outcome.value);
        setGot({ key, values: new Map(values) });
      }
    })();
    return () => {
      asking.isCurrent = false;
    };
    // `key` stands for everything that `ask` reads.
  }, [key]);
  return got.key === key ? got.values : new Map();
}
