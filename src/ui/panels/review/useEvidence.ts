import { useMemo } from 'react';
import type { HeatInput } from '../../../charts/heatMap.ts';
import type { AssetSummary, RunInfo, ScoreEvidence } from '../../../workers/protocol.ts';
import { currentAsset } from '../../state/select.ts';
import { shownEvents } from '../../state/resultsSlice.ts';
import { valueOf, type Load } from '../../state/types.ts';
import { useApp, useEngine } from '../../state/useApp.ts';
import { useAsk } from '../../state/useAsk.ts';

/** Darkest shade of the map, in −log10 p. */
export const HEAT_MAX = 16;

export type EvidenceView = {
  readonly load: Load<ScoreEvidence>;
  readonly asset: AssetSummary | null;
  readonly run: RunInfo | null;
  readonly sensor: number | null;
  readonly step: number | null;
};

/**
 * What stands behind the score at the resting cross-hair, for the chosen sensor or the first of the event. 'map' also
 * fills the sensor-by-time map over the range in view.
 */
export function useEvidence(part: 'map' | 'step'): EvidenceView {
  const engine = useEngine();
  const asset = useApp(currentAsset);
  const run = useApp((s) => valueOf(s.current));
  const step = useApp((s) => s.crosshair);
  const range = useApp((s) => s.range);
  const first = useApp((s) => shownEvents(s)?.events.find((row) => row.number === s.selected)?.top[0]?.sensor ?? null);
  const chosen = useApp((s) => s.sensor);
  const sensor = chosen ?? first ?? (asset && asset.sensors.length > 0 ? 0 : null);
  const job = useMemo(() => {
    if (!run || sensor === null || step === null || !range) return null;
    // Without the map there is nothing to ask again for while the view moves.
    const span =
      part === 'map' ? { start: Math.floor(range.from), end: Math.ceil(range.to) } : { start: step, end: step + 1 };
    return { runId: run.id, sensor, step, span };
  }, [run, sensor, step, range, part]);
  const load = useAsk(
    job && [job.runId, job.sensor, job.step, job.span.start, job.span.end].join('/'),
    () => job && engine.evidence(job.runId, job.sensor, job.step, job.span),
  );
  return { load, asset, run, sensor, step };
}

/** Rows of the map in the order of systems, as the lanes have them. */
export function useHeat(evidence: ScoreEvidence | null, asset: AssetSummary | null): HeatInput | null {
  return useMemo(() => {
    if (!evidence || !asset) return null;
    const rows = asset.sensors.map(({ name, system }, sensor) => ({ sensor, name, system }));
    const order = [...new Set(rows.map((row) => row.system))];
    rows.sort((a, b) => order.indexOf(a.system) - order.indexOf(b.system) || a.sensor - b.sensor);
    return { ...evidence.heat, rows, max: HEAT_MAX };
  }, [evidence, asset]);
}
