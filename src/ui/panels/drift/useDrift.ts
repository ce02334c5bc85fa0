import { useEffect, useMemo } from 'react';
import type { DriftLane } from '../../../charts/driftLane.ts';
import type { AssetSummary, RunInfo } from '../../../workers/protocol.ts';
import { shownDrift } from '../../state/driftNormal.ts';
import { shownEvents } from '../../state/resultsSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { driftLaneOf } from './regimes.ts';

/** Lanes and inspector come first: drift is read when they have had their say. */
const LATER_MS = 700;

/** Reads the drift of the run in view and what its events are. */
export function useDrift(run: RunInfo | null): void {
  const { loadDrift, judgeShown } = useAppStore().getState();
  const view = useApp(shownDrift);
  const shown = useApp(shownEvents);
  const runId = run?.id ?? null;
  useEffect(() => {
    if (runId === null || view) return;
    const timer = setTimeout(() => void loadDrift(), LATER_MS);
    return () => clearTimeout(timer);
  }, [runId, view, loadDrift]);
  useEffect(() => {
    if (view && shown) void judgeShown();
  }, [view, shown, judgeShown]);
}

/** The lane under the scores; null without a run, or where time says nothing. */
export function useDriftLane(asset: AssetSummary, run: RunInfo | null): DriftLane | null {
  const view = useApp(shownDrift);
  return useMemo(
    () => (run && (view === null || view.refusal === '') ? driftLaneOf(asset, run, view) : null),
    [asset, run, view],
  );
}
