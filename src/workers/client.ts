/**
 * The page's side of the worker: the only file that says `new Worker`. Lazy start; cancelling is polite first and firm
 * after a grace period; every promise settles, also when the worker dies. A fresh worker finds data sets and runs in
 * IndexedDB again.
 */
import * as Comlink from 'comlink';
import { LABEL_CHANNEL } from './labelChannel.ts';
import { PROJECT_CHANNEL } from './projectChannel.ts';
import type { ProjectNews } from './projectChannel.ts';
import { onLifeOver } from './life.ts';
import { nameOf } from './spawn.ts';
import type { ReadProgress, SourceReport } from '../engine/data/types.ts';
import type {
  AllRuns,
  AssetProgress,
  AssetRef,
  DriftJob,
  DriftView,
  EngineApi,
  GeneratorInfo,
  GeneratorJob,
  JobUpdate,
  LiveFacts,
  LiveJob,
  LiveUpdate,
  NormalJob,
  Outcome,
  QueueJob,
  RunInfo,
  RunJob,
  StressCell,
  StressJob,
  TeachJob,
  TrialJob,
  TrialRow,
  TrialUpdate,
  WireError,
} from './protocol.ts';

export { newId } from './newId.ts';

/** Time a cancelled job gets to stop by itself (it checks after every batch). */
const GRACE_MS = 5000;

type Streaming =
  | 'run'
  | 'runAll'
  | 'open'
  | 'teach'
  | 'runEach'
  | 'trainGenerator'
  | 'trial'
  | 'stress'
  | 'drift'
  | 'confirmNormal'
  | 'live';

export type ClientApi = Omit<EngineApi, Streaming> & {
  readonly run: (job: RunJob, onUpdate: (update: JobUpdate) => void, signal: AbortSignal) => Promise<Outcome<RunInfo>>;
  readonly runAll: (
    job: RunJob,
    assets: readonly string[],
    onUpdate: (progress: AssetProgress) => void,
    signal: AbortSignal,
  ) => Promise<Outcome<AllRuns>>;
  readonly runEach: (
    queue: QueueJob,
    onUpdate: (progress: AssetProgress) => void,
    signal: AbortSignal,
  ) => Promise<Outcome<AllRuns>>;
  readonly teach: (
    job: TeachJob,
    onUpdate: (update: JobUpdate) => void,
    signal: AbortSignal,
  ) => Promise<Outcome<RunInfo>>;
  readonly open: (
    files: readonly { path: string; file: Blob }[],
    onUpdate: (progress: ReadProgress) => void,
    signal: AbortSignal,
  ) => Promise<Outcome<SourceReport>>;
  readonly trainGenerator: (
    job: GeneratorJob,
    onUpdate: (update: JobUpdate) => void,
    signal: AbortSignal,
  ) => Promise<Outcome<GeneratorInfo>>;
  readonly trial: (
    job: TrialJob,
    onUpdate: (update: TrialUpdate) => void,
    signal: AbortSignal,
  ) => Promise<Outcome<readonly TrialRow[]>>;
  readonly drift: (
    job: DriftJob,
    onUpdate: (update: JobUpdate) => void,
    signal: AbortSignal,
  ) => Promise<Outcome<DriftView>>;
  readonly confirmNormal: (
    job: NormalJob,
    onUpdate: (update: JobUpdate) => void,
    signal: AbortSignal,
  ) => Promise<Outcome<RunInfo>>;
  readonly live: (
    job: LiveJob,
    onUpdate: (update: LiveUpdate) => void,
    signal: AbortSignal,
  ) => Promise<Outcome<LiveFacts>>;
  readonly stress: (
    job: StressJob,
    onUpdate: (update: JobUpdate) => void,
    signal: AbortSignal,
  ) => Promise<Outcome<readonly StressCell[]>>;
};

type Failure = { readonly ok: false; readonly error: WireError };

const failure = (code: WireError['code'], kind: string, message: string, cure: string): Failure => ({
  ok: false,
  error: { code, kind, message, cure, place: {} },
});

const stopped = failure('cancelled', 'cancelled', 'Cancelled.', '');

const crashed = (detail: string): Failure =>
  failure(
    'backend',
    'worker-stopped',
    `The engine stopped unexpectedly${detail ? `: ${detail}` : ''}.`,
    'Data sets, finished runs and the last finished epoch are kept. Try again; if memory was short, choose a smaller preset or batch.',
  );

/** Questions that change nothing and are soon answered: a worker that ended meanwhile is asked again, once. */
const QUESTIONS: ReadonlySet<string> = new Set<keyof EngineApi>([
  ...(['device', 'catalogue', 'datasets', 'loadDataset', 'quality', 'tiles', 'trackStats', 'valuesAt'] as const),
  ...(['estimate', 'unfinished', 'runs', 'allRuns', 'loadRun', 'thresholds', 'event', 'evidence'] as const),
  ...(['labels', 'query', 'similar', 'diff', 'agreement', 'measures', 'compareRuns', 'severity'] as const),
  ...(['generators', 'sets', 'material', 'realWindow', 'describe', 'decode', 'judgeEvents'] as const),
]);

type Told<U> = ((update: U) => void) & Comlink.ProxyMarked;

type Live = {
  readonly worker: Worker;
  /** Ends the watch over it. */
  readonly watching: AbortController;
  readonly api: Comlink.Remote<EngineApi>;
  /** Calls without an answer yet: a terminated worker never settles its promises (comlink #601), so we do. */
  readonly waiting: Set<(why: Failure) => void>;
};

/** A client over whatever makes a worker; tests pass their own. */
function createClient(spawn: (name: string) => Worker): ClientApi {
  let live: Live | null = null;

  const end = (dead: Live, why: Failure) => {
    dead.watching.abort();
    dead.worker.terminate();
    if (live === dead) live = null;
    for (const settle of dead.waiting) settle(why);
    dead.waiting.clear();
  };

  const start = (): Live => {
    if (live) return live;
    const name = nameOf({ base: new URL('.', document.baseURI).href, role: 'engine', shared: 1 });
    const worker = spawn(name);
    const watching = new AbortController();
    const started: Live = { worker, watching, api: Comlink.wrap<EngineApi>(worker), waiting: new Set() };
    worker.addEventListener('error', (event) => {
      end(started, crashed(event.message));
    });
    worker.addEventListener('messageerror', () => {
      end(started, crashed('a message could not be read'));
    });
    onLifeOver(name, () => end(started, crashed('')), watching.signal);
    live = started;
    return started;
  };

  const settled = <T>(at: Live, call: Promise<Outcome<T>>): Promise<Outcome<T>> =>
    new Promise((resolve) => {
      at.waiting.add(resolve);
      const done = (outcome: Outcome<T>) => {
        at.waiting.delete(resolve);
        resolve(outcome);
        // What ran out of memory cannot compute any more: the next call finds a fresh worker.
        if (!outcome.ok && outcome.error.kind === 'out-of-memory') end(at, outcome);
      };
      call.then(done, (thrown: unknown) => {
        done(crashed(String(thrown)));
      });
    });

  /** One streaming call: `cancel` is sent on abort, and after the grace period the worker is ended. */
  async function streaming<T>(
    signal: AbortSignal,
    begin: (api: Comlink.Remote<EngineApi>) => Promise<Outcome<T>>,
    cancel: (api: Comlink.Remote<EngineApi>) => unknown,
  ): Promise<Outcome<T>> {
    if (signal.aborted) return stopped;
    const at = start();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onAbort = () => {
      cancel(at.api);
      timer = setTimeout(() => {
        end(at, stopped);
      }, GRACE_MS);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const outcome = await settled(at, begin(at.api));
    signal.removeEventListener('abort', onAbort);
    clearTimeout(timer);
    return outcome;
  }

  /** A streaming call about one job, which is cancelled by its id. */
  const working =
    <J extends { readonly jobId: string }, U, T>(
      begin: (api: Comlink.Remote<EngineApi>, job: J, told: Told<U>) => Promise<Outcome<T>>,
    ) =>
    (job: J, onUpdate: (update: U) => void, signal: AbortSignal): Promise<Outcome<T>> =>
      streaming(
        signal,
        (api) => begin(api, job, Comlink.proxy(onUpdate)),
        (api) => api.cancel(job.jobId),
      );

  const special: Pick<ClientApi, Streaming> = {
    run: working((api, job: RunJob, told: Told<JobUpdate>) => api.run(job, told)),
    runAll: (job, assets, onUpdate, signal) =>
      streaming(
        signal,
        (api) => api.runAll(job, assets, Comlink.proxy(onUpdate)),
        (api) => api.cancel(job.jobId),
      ),
    runEach: working((api, queue: QueueJob, told: Told<AssetProgress>) => api.runEach(queue, told)),
    teach: working((api, job: TeachJob, told: Told<JobUpdate>) => api.teach(job, told)),
    trainGenerator: working((api, job: GeneratorJob, told: Told<JobUpdate>) => api.trainGenerator(job, told)),
    trial: working((api, job: TrialJob, told: Told<TrialUpdate>) => api.trial(job, told)),
    drift: working((api, job: DriftJob, told: Told<JobUpdate>) => api.drift(job, told)),
    confirmNormal: working((api, job: NormalJob, told: Told<JobUpdate>) => api.confirmNormal(job, told)),
    live: working((api, job: LiveJob, told: Told<LiveUpdate>) => api.live(job, told)),
    stress: working((api, job: StressJob, told: Told<JobUpdate>) => api.stress(job, told)),
    open: (files, onUpdate, signal) =>
      streaming(
        signal,
        (api) => api.open(files, Comlink.proxy(onUpdate)),
        (api) => api.cancelOpen(),
      ),
  };

  return new Proxy(special as ClientApi, {
    get(target, name: string) {
      if (name in target) return target[name as Streaming];
      return async (...given: unknown[]) => {
        const ask = () => {
          const at = start();
          const call = at.api[name as keyof EngineApi] as unknown as (...args: unknown[]) => Promise<Outcome<unknown>>;
          return settled(at, call(...given));
        };
        const outcome = await ask();
        const isLost = !outcome.ok && outcome.error.kind === 'worker-stopped';
        return isLost && QUESTIONS.has(name) ? ask() : outcome;
      };
    },
  });
}

export const engine: ClientApi = createClient(
  (name) => new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name }),
);

/** Calls back when any tab, this one included, has added labels. */
export function onLabelsAdded(heard: (data: AssetRef) => void): void {
  new BroadcastChannel(LABEL_CHANNEL).addEventListener('message', ({ data }: MessageEvent<AssetRef>) => {
    heard(data);
  });
}

/** Calls back when any tab, this one included, has changed runs or data. */
export function onProjectChanged(heard: (news: ProjectNews) => void): void {
  new BroadcastChannel(PROJECT_CHANNEL).addEventListener('message', ({ data }: MessageEvent<ProjectNews>) => {
    heard(data);
  });
}
