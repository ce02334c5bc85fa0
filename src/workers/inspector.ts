/** What a run attends to, window by window; the last window is kept, because the page asks about it again and again. */
import type { AttentionView } from '../engine/attention.ts';
import { memoryAt } from '../engine/memory.ts';
import type { MemoryView } from '../engine/memory.ts';
import { inspectAt, lookedAt } from '../engine/inspect.ts';
import type { Look } from '../engine/inspect.ts';
import { seeded } from '../engine/rng.ts';
import { modelAt } from './driftNormal.ts';
import { setupOf } from './engines.ts';
import { yieldToMessages } from './jobs.ts';
import type { Session } from './session.ts';

export class Inspector {
  readonly #session: Session;
  #kept: { readonly runId: string; readonly start: number; readonly view: AttentionView } | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Throws EngineError as `inspectAt` does. */
  async at(runId: string, look: Look): Promise<AttentionView> {
    const live = await this.#session.run(runId);
    const { series, weights } = modelAt(live, look.step);
    const setup = setupOf(live.stored.info.job);
    const { start } = lookedAt(series, setup, look);
    if (this.#kept?.runId === runId && this.#kept.start === start) return this.#kept.view;
    const run = { rng: seeded(0), checkpoint: yieldToMessages, progress: () => undefined };
    const view = await inspectAt(series, setup, weights, look, run);
    this.#kept = { runId, start, view };
    return view;
  }

  /** Throws EngineError as the engine's `memoryAt` does. */
  async memoryAt(runId: string, look: Look): Promise<MemoryView> {
    const live = await this.#session.run(runId);
    const { series, weights } = modelAt(live, look.step);
    const run = { rng: seeded(0), checkpoint: yieldToMessages, progress: () => undefined };
    return memoryAt(series, setupOf(live.stored.info.job), weights, look, run);
  }
}

/** Arrays of a view that is given away. */
export function memoryBuffers(view: MemoryView): ArrayBuffer[] {
  const { input_RWS, rebuilt_RWS, error_R, reads, alpha_R2, items, confusion_RR } = view;
  const arrays = [
    ...[input_RWS, rebuilt_RWS, error_R],
    ...reads.map(({ weight_C }) => weight_C),
    ...items.map(({ signal_WS }) => signal_WS),
    ...(alpha_R2 ? [alpha_R2] : []),
    ...(confusion_RR ? [confusion_RR] : []),
  ];
  return arrays.map(({ buffer }) => buffer as ArrayBuffer);
}

/** A copy to give away: sent arrays leave the worker, and the kept ones must stay. */
export function copyOf(view: AttentionView): { view: AttentionView; buffers: ArrayBuffer[] } {
  const buffers: ArrayBuffer[] = [];
  const copied = (values: Float32Array): Float32Array => {
    const own = values.slice();
    buffers.push(own.buffer);
    return own;
  };
  const { spectrum, mixedRollout_RC } = view;
  return {
    view: {
      ...view,
      maps: view.maps.map((set) => ({ ...set, value_NRC: copied(set.value_NRC) })),
      divergences: view.divergences.map((set) => ({ ...set, value_NR: copied(set.value_NR) })),
      periods: view.periods.map(({ layer, period_H }) => ({ layer, period_H: copied(period_H) })),
      spectrum: { ...spectrum, period_K: copied(spectrum.period_K), share_K: copied(spectrum.share_K) },
      mixedRollout_RC: mixedRollout_RC && copied(mixedRollout_RC),
    },
    buffers,
  };
}
