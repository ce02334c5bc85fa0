import { useMemo } from 'react';
import type { MemoryView, RunInfo } from '../../../workers/protocol.ts';
import { shownEvents } from '../../state/resultsSlice.ts';
import { valueOf, type Load } from '../../state/types.ts';
import { useApp, useEngine } from '../../state/useApp.ts';
import { useAsk } from '../../state/useAsk.ts';

/** True when the shown run's engine can show what its memories recall; null while that is not known. */
export function useRecalls(): boolean | null {
  const id = useApp((s) => valueOf(s.current)?.job.engine ?? null);
  return useApp((s) => {
    const found = valueOf(s.catalogue)?.engines.find((engine) => engine.id === id);
    return found === undefined ? null : found.recalls === true;
  });
}

export type MemoryAsked = {
  readonly load: Load<MemoryView>;
  readonly run: RunInfo | null;
  readonly step: number | null;
};

/** Memories in the window around the resting cross-hair, else the peak of the chosen event. */
export function useMemory(): MemoryAsked {
  const engine = useEngine();
  const run = useApp((s) => valueOf(s.current));
  const brush = useApp((s) => s.brush);
  const rest = useApp((s) => s.crosshair);
  const event = useApp((s) => shownEvents(s)?.events.find((row) => row.number === s.selected) ?? null);
  const step = rest ?? event?.peak ?? null;
  const look = useMemo(() => {
    if (!run || step === null) return null;
    const isInside = brush !== null && step >= brush.start && step < brush.end;
    const range = isInside ? { start: brush.start, end: brush.end } : { start: step, end: step + 1 };
    return { runId: run.id, step: Math.floor(step), range };
  }, [run, step, brush]);
  const recalls = useRecalls();
  const load = useAsk(
    look && recalls === true ? [look.runId, look.step, look.range.start, look.range.end].join('/') : null,
    () => look && engine.memory(look.runId, look.step, look.range),
  );
  return { load, run, step };
}
