/** The one long thing that the studio does at a time: training a generator, a trial of detectors, a stress test. */
import type { JobUpdate, Outcome, TrialUpdate, WireError } from '../../workers/protocol.ts';
import type { StudioWork } from './kinds.ts';
import { afterUpdate, freshProgress, type JobProgress } from './runSlice.ts';
import type { Get, Set } from './store.ts';
import type { Deps } from './types.ts';

export type StudioJob =
  | { readonly is: 'idle' }
  | ({
      readonly is: 'running';
      readonly what: StudioWork;
      readonly jobId: string;
      readonly paused: boolean;
      readonly cancelling: boolean;
      /** Results that are in, of a job that gives many. */
      readonly results: { readonly done: number; readonly of: number } | null;
    } & JobProgress)
  | { readonly is: 'cancelled'; readonly what: StudioWork }
  | { readonly is: 'failed'; readonly what: StudioWork; readonly error: WireError };

/** What a job says on its way that is more than how far it is. */
export type StudioUpdate = JobUpdate | TrialUpdate;

export type StudioJobSlice = {
  readonly studioJob: StudioJob;
  /** Runs it to its end; null where it came to none. Everything it says is in `studioJob`. */
  readonly carryOutStudio: <T>(
    what: StudioWork,
    jobId: string,
    call: (tell: (update: StudioUpdate) => void, signal: AbortSignal) => Promise<Outcome<T>>,
  ) => Promise<T | null>;
  readonly pauseStudio: (paused: boolean) => Promise<void>;
  readonly cancelStudio: () => void;
};

export function studioJobSlice(set: Set, get: Get, { engine, nowMs }: Deps): StudioJobSlice {
  let abort: AbortController | null = null;

  function onUpdate(jobId: string, update: StudioUpdate): void {
    const job = get().studioJob;
    if (job.is !== 'running' || job.jobId !== jobId) return;
    if (update.kind === 'row') set({ studioJob: { ...job, results: { done: update.done, of: update.of } } });
    else if (update.kind === 'paused') set({ studioJob: { ...job, paused: update.paused } });
    else set({ studioJob: afterUpdate(job, update) });
  }

  return {
    studioJob: { is: 'idle' },

    async carryOutStudio(what, jobId, call) {
      if (get().studioJob.is === 'running') return null;
      const controller = new AbortController();
      abort = controller;
      set({
        studioJob: {
          is: 'running',
          what,
          jobId,
          paused: false,
          cancelling: false,
          results: null,
          ...freshProgress(nowMs()),
        },
      });
      const outcome = await call((update) => onUpdate(jobId, update), controller.signal);
      abort = null;
      if (outcome.ok) set({ studioJob: { is: 'idle' } });
      else if (outcome.error.code === 'cancelled') set({ studioJob: { is: 'cancelled', what } });
      else {
        // On any other page nothing else would say that it is over.
        const notice = get().page === 'create' ? get().notice : outcome.error;
        set({ studioJob: { is: 'failed', what, error: outcome.error }, notice });
      }
      return outcome.ok ? outcome.value : null;
    },

    async pauseStudio(paused) {
      const job = get().studioJob;
      if (job.is !== 'running') return;
      const outcome = await (paused ? engine.pause(job.jobId) : engine.resume(job.jobId));
      if (outcome.ok) onUpdate(job.jobId, { kind: 'paused', paused });
      else set({ notice: outcome.error });
    },

    cancelStudio() {
      const job = get().studioJob;
      if (job.is !== 'running' || job.cancelling) return;
      set({ studioJob: { ...job, cancelling: true } });
      abort?.abort();
    },
  };
}
