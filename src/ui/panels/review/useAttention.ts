import { useMemo } from 'react';
import type { Span } from '../../../engine/types.ts';
import type { AttentionView, RunInfo } from '../../../workers/protocol.ts';
import { shownEvents } from '../../state/resultsSlice.ts';
import { valueOf, type Load } from '../../state/types.ts';
import { useApp, useEngine } from '../../state/useApp.ts';
import { useAsk } from '../../state/useAsk.ts';

export type AttentionAsked = {
  readonly load: Load<AttentionView>;
  readonly run: RunInfo | null;
  /** The resting cross-hair. */
  readonly step: number | null;
  /** The chosen event. */
  readonly event: Span | null;
  /** What is asked, for the export; null when nothing is. */
  readonly look: { readonly runId: string; readonly step: number; readonly range: Span } | null;
};

/** True when the shown run's engine can show what it attends to; null while that is not known. */
export function useInspects(): boolean | null {
  const id = useApp((s) => valueOf(s.current)?.job.engine ?? null);
  return useApp((s) => valueOf(s.catalogue)?.engines.find((engine) => engine.id === id)?.inspects ?? null);
}

/** Attention in the window around the brushed range, else the chosen event, else the cross-hair. */
export function useAttention(): AttentionAsked {
  const engine = useEngine();
  const run = useApp((s) => valueOf(s.current));
  const brush = useApp((s) => s.brush);
  const rest = useApp((s) => s.crosshair);
  const event = useApp((s) => shownEvents(s)?.events.find((row) => row.number === s.selected) ?? null);
  const step = rest ?? event?.peak ?? null;
  const look = useMemo(() => {
    if (!run || step === null) return null;
    const range = brush ?? event;
    const isInside = range !== null && step >= range.start && step < range.end;
    return {
      runId: run.id,
      step,
      range: isInside ? { start: range.start, end: range.end } : { start: step, end: step + 1 },
    };
  }, [run, step, brush, event]);
  const inspects = useInspects();
  const load = useAsk(
    look && inspects === true ? [look.runId, look.step, look.range.start, look.range.end].join('/') : null,
    () => look && engine.attention(look.runId, look.step, look.range),
  );
  return { load, run, step, event, look };
}
