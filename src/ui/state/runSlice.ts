import type {
  Estimate,
  JobUpdate,
  NormalJob,
  Outcome,
  RunInfo,
  RunJob,
  TeachJob,
  Unfinished,
  WireError,
} from '../../workers/protocol.ts';
import { en } from '../messages/en.ts';
import type { Phase } from './kinds.ts';
import { jobOf } from './setupSlice.ts';
import type { AppState, Get, Set } from './store.ts';
import { loading, none, settled, type Deps, type Load } from './types.ts';

export type Losses = Readonly<Record<string, number>>;

/** How far something long is. `losses` grows by one entry an epoch, from `firstEpoch` on when it was resumed. */
export type JobProgress = {
  readonly phase: Phase;
  readonly epoch: number;
  readonly epochs: number;
  readonly done: number;
  readonly of: number;
  readonly secondsLeft: number | null;
  readonly losses: readonly Losses[];
  readonly firstEpoch: number;
  readonly notes: readonly string[];
  readonly startedAtMs: number;
};

export type JobState = JobProgress & {
  readonly job: RunJob;
  /** It fine-tunes a run instead of training one. */
  readonly teaches: boolean;
};

export type RunState =
  | { readonly is: 'idle' }
  | ({ readonly is: 'running'; readonly paused: boolean; readonly cancelling: boolean } & JobState)
  | ({ readonly is: 'done'; readonly runId: string; readonly seconds: number } & JobState)
  | ({ readonly is: 'cancelled' } & JobState)
  | ({ readonly is: 'failed'; readonly error: WireError } & JobState);

export type RunSlice = {
  readonly run: RunState;
  readonly estimate: Load<Estimate>;
  readonly unfinished: readonly Unfinished[];
  readonly startRun: (job?: RunJob) => Promise<void>;
  /** Fine-tunes `base` on what was said of it; the new run is given back and not shown. Null where it came to none. */
  readonly startTeach: (job: TeachJob, base: RunInfo) => Promise<RunInfo | null>;
  /** Makes a run in which a confirmed range is normal; it is given back and not shown. Null where it came to none. */
  readonly startNormal: (job: NormalJob, base: RunInfo) => Promise<RunInfo | null>;
  readonly pauseRun: () => Promise<void>;
  readonly resumeRun: () => Promise<void>;
  readonly cancelRun: () => void;
  readonly askEstimate: () => Promise<void>;
  readonly loadUnfinished: () => Promise<void>;
  readonly continueUnfinished: (jobId: string) => Promise<void>;
  readonly discardUnfinished: (jobId: string) => Promise<void>;
};

/** Nothing done yet. */
export const freshProgress = (startedAtMs: number): JobProgress => ({
  phase: 'probing',
  epoch: 0,
  epochs: 0,
  done: 0,
  of: 0,
  secondsLeft: null,
  losses: [],
  firstEpoch: 1,
  notes: [],
  startedAtMs,
});

/** The job state after one message of the worker. */
export function afterUpdate<J extends JobProgress>(job: J, update: JobUpdate): J {
  switch (update.kind) {
    case 'phase':
      return { ...job, phase: update.phase, done: 0, of: 0, secondsLeft: null };
    case 'batch':
      return {
        ...job,
        phase: 'training',
        epoch: update.epoch,
        epochs: update.epochs,
        done: update.done,
        of: update.of,
        secondsLeft: update.secondsLeft,
      };
    case 'epoch': {
      const firstEpoch = job.losses.length === 0 ? update.epoch : job.firstEpoch;
      return {
        ...job,
        phase: 'training',
        epoch: update.epoch,
        epochs: update.epochs,
        secondsLeft: update.secondsLeft,
        firstEpoch,
        losses: [...job.losses, update.losses],
      };
    }
    case 'scoring':
      return { ...job, phase: 'scoring', done: update.done, of: update.of, secondsLeft: update.secondsLeft };
    case 'note':
      return { ...job, notes: [...job.notes, update.text] };
    case 'paused':
      return job;
  }
}

/** Share of the current phase that is done, 0 to 1; null where nothing countable is going on. */
export function shareDone(job: JobProgress): number | null {
  if (job.phase === 'training' && job.epochs > 0) {
    const within = job.of > 0 ? job.done / job.of : 0;
    return Math.min(1, (Math.max(0, job.epoch - 1) + within) / job.epochs);
  }
  return job.of > 0 ? job.done / job.of : null;
}

function jobStateOf(run: Exclude<RunState, { is: 'idle' }>): JobState {
  const { job, phase, epoch, epochs, done, of, secondsLeft, losses, firstEpoch, notes, startedAtMs, teaches } = run;
  return { job, phase, epoch, epochs, done, of, secondsLeft, losses, firstEpoch, notes, startedAtMs, teaches };
}

/** What a run that is over says on the page goes with the data it was about: the next data set has no run, and no failure. */
export function withoutRunOfOther({ run, notice }: Pick<AppState, 'run' | 'notice'>, datasetId: string) {
  if (run.is === 'idle' || run.is === 'running' || run.job.data.datasetId === datasetId) return {};
  return { run: { is: 'idle' } as const, ...(run.is === 'failed' && notice === run.error && { notice: null }) };
}

type Gone = Extract<Outcome<never>, { ok: false }>;
const isGone = (outcome: Outcome<unknown>): outcome is Gone => !outcome.ok && outcome.error.kind === 'worker-stopped';

export function runSlice(set: Set, get: Get, { engine, nowMs, newId }: Deps): RunSlice {
  let abort: AbortController | null = null;

  function onUpdate(jobId: string, update: JobUpdate): void {
    const run = get().run;
    if (run.is !== 'running' || run.job.jobId !== jobId) return;
    const paused = update.kind === 'paused' ? update.paused : run.paused;
    set({ run: { ...run, ...afterUpdate(jobStateOf(run), update), paused } });
    if (update.kind === 'epoch') void get().refreshDevice();
  }

  /** One job at a time, from the first message to its end; everything it says is in `run`. */
  async function carryOut(
    job: RunJob,
    teaches: boolean,
    call: (tell: (update: JobUpdate) => void, signal: AbortSignal) => Promise<Outcome<RunInfo>>,
  ): Promise<RunInfo | null> {
    const past = get().run;
    if (past.is === 'running') return null;
    // Another try: why the one before failed need not be read any more.
    if (past.is === 'failed' && get().notice === past.error) set({ notice: null });
    const controller = new AbortController();
    abort = controller;
    const startedAtMs = nowMs();
    const fresh: JobState = { job, teaches, ...freshProgress(startedAtMs) };
    set({ run: { is: 'running', paused: false, cancelling: false, ...fresh } });
    const begin = () => call((update) => onUpdate(job.jobId, update), controller.signal);
    let outcome = await begin();
    // What is gone is the worker, not the run: a fresh one takes it up where its last checkpoint is. Where it gets no
    // further than the one before, the run itself is what ends workers, and the person decides.
    for (let before = -1; isGone(outcome) && !controller.signal.aborted; outcome = await begin()) {
      const { run } = get();
      if (run.is !== 'running' || run.epoch <= before) break;
      before = run.epoch;
      const notes = [...run.notes, en.run.wentOn(en.engineText(outcome.error.message), run.epoch)];
      // The worker tells the whole curve again.
      set({ run: { ...run, ...fresh, notes, paused: false } });
    }
    abort = null;
    const last = get().run;
    const state = last.is === 'idle' ? fresh : jobStateOf(last);
    void get().refreshDevice();
    if (outcome.ok) {
      const seconds = (nowMs() - startedAtMs) / 1000;
      set({ run: { is: 'done', runId: outcome.value.id, seconds, ...state } });
    } else if (outcome.error.code === 'cancelled') set({ run: { is: 'cancelled', ...state } });
    else {
      // The Run page tells it at length; on any other page nothing else would say that the run is over.
      const notice = get().page === 'run' ? get().notice : outcome.error;
      set({ run: { is: 'failed', error: outcome.error, ...state }, notice });
    }
    void get().loadUnfinished();
    return outcome.ok ? outcome.value : null;
  }

  return {
    run: { is: 'idle' },
    estimate: none,
    unfinished: [],

    async startRun(given) {
      const job = given ?? jobOf(get(), newId());
      if (!job) return;
      get().protect();
      const made = await carryOut(job, false, (tell, signal) => engine.run(job, tell, signal));
      if (made) await get().takeRun(made);
    },

    startTeach: (teach, base) =>
      carryOut({ ...base.job, jobId: teach.jobId }, true, (tell, signal) => engine.teach(teach, tell, signal)),

    startNormal: (normal, base) =>
      carryOut({ ...base.job, jobId: normal.jobId }, true, (tell, signal) =>
        engine.confirmNormal(normal, tell, signal),
      ),

    async pauseRun() {
      const run = get().run;
      if (run.is !== 'running') return;
      const outcome = await engine.pause(run.job.jobId);
      if (outcome.ok) onUpdate(run.job.jobId, { kind: 'paused', paused: true });
      else set({ notice: outcome.error });
    },

    async resumeRun() {
      const run = get().run;
      if (run.is !== 'running') return;
      const outcome = await engine.resume(run.job.jobId);
      if (outcome.ok) onUpdate(run.job.jobId, { kind: 'paused', paused: false });
      else set({ notice: outcome.error });
    },

    cancelRun() {
      const run = get().run;
      if (run.is !== 'running' || run.cancelling) return;
      set({ run: { ...run, cancelling: true } });
      abort?.abort();
    },

    async askEstimate() {
      const job = jobOf(get(), 'estimate');
      if (!job || get().run.is === 'running') return;
      set({ estimate: loading });
      const outcome = await engine.estimate(job);
      // A changed form has set the estimate back to 'none': this answer is about an older one.
      if (get().estimate.is === 'loading') set({ estimate: settled(outcome) });
    },

    async loadUnfinished() {
      const outcome = await engine.unfinished();
      if (outcome.ok) set({ unfinished: outcome.value });
    },

    async continueUnfinished(jobId) {
      const found = get().unfinished.find((entry) => entry.job.jobId === jobId);
      if (!found) return;
      if (found.job.data.datasetId !== get().lastDataset) await get().chooseDataset(found.job.data.datasetId);
      set({ unfinished: get().unfinished.filter((entry) => entry !== found) });
      if (found.teach) {
        get().goTo('label');
        await get().fineTune(found.teach);
      } else {
        get().goTo('run');
        await get().startRun(found.job);
      }
    },

    async discardUnfinished(jobId) {
      const outcome = await engine.discardUnfinished(jobId);
      if (!outcome.ok) set({ notice: outcome.error });
      await get().loadUnfinished();
    },
  };
}
