import { useMemo } from 'react';
import type { EngineChoice, Outcome, RunInfo } from '../../../workers/protocol.ts';
import type { Span } from '../../../engine/types.ts';
import { shownEvents } from '../../state/resultsSlice.ts';
import { valueOf, type Engine, type Load } from '../../state/types.ts';
import { useApp, useEngine } from '../../state/useApp.ts';
import { useAsk } from '../../state/useAsk.ts';

/** What of an engine can be looked into: what it attends to, or what its memories recall. */
export type Insight = keyof Pick<EngineChoice, 'inspects' | 'recalls'>;

/** True when the shown run's engine can show this; null while that is not known. */
export function useShows(insight: Insight): boolean | null {
  const id = useApp((s) => valueOf(s.current)?.job.engine ?? null);
  return useApp((s) => {
    const found = valueOf(s.catalogue)?.engines.find((engine) => engine.id === id);
    return found === undefined ? null : found[insight] === true;
  });
}

/** The window around `step` that best covers `range`, in this run. */
export type Look = { readonly runId: string; readonly step: number; readonly range: Span };

export type Asked<T> = {
  readonly load: Load<T>;
  readonly run: RunInfo | null;
  /** The resting cross-hair, else the peak of the chosen event. */
  readonly step: number | null;
  readonly event: Span | null;
  /** What is asked; null when nothing is. */
  readonly look: Look | null;
};

type Asking<T> = {
  readonly insight: Insight;
  /** Without a brush, cover the chosen event rather than the step alone. */
  readonly coversEvent: boolean;
  readonly ask: (engine: Engine, look: Look) => Promise<Outcome<T>>;
};

/** Looks into the window around the brushed range, the chosen event or the cross-hair. */
export function useLook<T>({ insight, coversEvent, ask }: Asking<T>): Asked<T> {
  const engine = useEngine();
  const run = useApp((s) => valueOf(s.current));
  const brush = useApp((s) => s.brush);
  const rest = useApp((s) => s.crosshair);
  const event = useApp((s) => shownEvents(s)?.events.find((row) => row.number === s.selected) ?? null);
  const step = rest ?? event?.peak ?? null;
  const wanted = brush ?? (coversEvent ? event : null);
  const look = useMemo<Look | null>(() => {
    if (!run || step === null) return null;
    const isInside = wanted !== null && step >= wanted.start && step < wanted.end;
    const at = Math.floor(step);
    const range = isInside ? { start: wanted.start, end: wanted.end } : { start: at, end: at + 1 };
    return { runId: run.id, step: at, range };
  }, [run, step, wanted]);
  const shows = useShows(insight);
  const load = useAsk(
    look && shows === true ? [look.runId, look.step, look.range.start, look.range.end].join('/') : null,
    () => look && ask(engine, look),
  );
  return { load, run, step, event, look };
}
