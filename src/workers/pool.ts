/**
 * A queue of jobs, such as one engine over many assets: each is a run of its own in a worker of its own, a few at a time.
 * A job that fails leaves the others be; a worker whose memory ran out is replaced.
 */
import * as Comlink from 'comlink';
import { asEngineError, cancelled, EngineError } from '../engine/errors.ts';
import type { Spawned } from './helpers.ts';
import type { EngineApi, JobUpdate, Outcome, RunInfo, RunJob, WireError } from './protocol.ts';
import { toWire } from './wire.ts';
import type { NamedJob } from './compareProtocol.ts';
import type { AllRuns, AssetProgress } from './workProtocol.ts';

/** Who carries out runs, one after another. */
export type Member = Pick<EngineApi, 'run' | 'cancel' | 'pause' | 'resume'> & { readonly end: () => void };

/** A member in a worker of its own. A worker that goes settles what was asked of it. */
export function memberOf({ endpoint, end, onGone }: Spawned): Member {
  const remote = Comlink.wrap<EngineApi>(endpoint);
  const lost = new Promise<Outcome<never>>((resolve) => {
    onGone((why) => {
      const error = new EngineError('backend', 'worker-stopped', `Its worker stopped: ${why}`, 'Run this asset again.');
      resolve({ ok: false, error: toWire(error) });
    });
  });
  return {
    run: (job, onUpdate) => Promise.race([remote.run(job, Comlink.proxy(onUpdate)), lost]),
    cancel: (jobId) => Promise.race([remote.cancel(jobId), lost]),
    pause: (jobId) => Promise.race([remote.pause(jobId), lost]),
    resume: (jobId) => Promise.race([remote.resume(jobId), lost]),
    end,
  };
}

/** Members at once: all cores but one, and never more than memory bears. */
const MOST_MEMBERS = 4;
export const membersFor = (assets: number, cores: number): number =>
  Math.max(1, Math.min(assets, cores - 1, MOST_MEMBERS));

/** Failures after which a worker cannot be used again. */
const isFatal = ({ kind }: WireError): boolean => kind === 'out-of-memory' || kind === 'worker-stopped';

/** The same job on several assets, each with the id `<jobId>-<number>`. */
export const queueOver = (job: RunJob, assets: readonly string[]): NamedJob[] =>
  assets.map((asset, n) => ({
    name: asset,
    job: { ...job, jobId: `${job.jobId}-${n + 1}`, data: { ...job.data, asset } },
  }));

export class Pool {
  readonly #jobs: readonly RunJob[];
  readonly #hire: () => Member;
  /** Makes sure that a finished run is kept; throws where it is not. */
  readonly #check: (runId: string) => Promise<unknown>;
  readonly #tell: (progress: AssetProgress) => void;
  readonly #rows: AssetProgress[];
  readonly #running = new Map<string, Member>();
  #next = 0;
  #stopped = false;

  constructor(
    queue: readonly NamedJob[],
    hire: () => Member,
    check: (runId: string) => Promise<unknown>,
    tell: (progress: AssetProgress) => void,
  ) {
    this.#jobs = queue.map(({ job }) => job);
    this.#hire = hire;
    this.#check = check;
    this.#tell = tell;
    this.#rows = queue.map(({ name }) => ({
      ...{ asset: name, is: 'waiting', share: null, secondsLeft: null, runId: null, error: null },
    }));
  }

  /** Runs all jobs, `size` at once. Never throws; each row says how its job ended. */
  async run(size: number): Promise<AllRuns> {
    this.#rows.forEach((row) => this.#tell(row));
    await Promise.all(Array.from({ length: Math.min(size, this.#rows.length) }, () => this.#work()));
    return { assets: this.#rows };
  }

  /** Those that run stop within a batch, those that wait do not begin; finished runs stay. */
  cancel(): void {
    this.#stopped = true;
    this.#each((member, id) => member.cancel(id));
  }

  pause(): void {
    this.#each((member, id) => member.pause(id));
  }

  resume(): void {
    this.#each((member, id) => member.resume(id));
  }

  #each(call: (member: Member, jobId: string) => unknown): void {
    for (const [jobId, member] of this.#running) call(member, jobId);
  }

  #set(n: number, change: Partial<AssetProgress>): void {
    const row = this.#rows[n];
    if (row === undefined) return;
    this.#rows[n] = { ...row, ...change };
    this.#tell(this.#rows[n]);
  }

  /** One member at work until nothing waits. */
  async #work(): Promise<void> {
    let member: Member | null = null;
    try {
      while (this.#next < this.#rows.length) {
        const n = this.#next++;
        if (this.#stopped) {
          this.#set(n, { is: 'cancelled' });
          continue;
        }
        member ??= this.#hire();
        if (!(await this.#one(n, member))) {
          member.end();
          member = null;
        }
      }
    } finally {
      member?.end();
    }
  }

  /** One job; false where the member is spent. */
  async #one(n: number, member: Member): Promise<boolean> {
    const job = this.#jobs[n];
    if (job === undefined) return true;
    const { jobId } = job;
    this.#set(n, { is: 'running' });
    this.#running.set(jobId, member);
    const outcome = await this.#settled(
      member.run(job, (update) => this.#progress(n, update)),
      jobId,
    );
    this.#running.delete(jobId);
    const over = { share: null, secondsLeft: null };
    if (outcome.ok) this.#set(n, { ...over, is: 'done', runId: outcome.value.id });
    else if (outcome.error.code === 'cancelled') this.#set(n, { ...over, is: 'cancelled' });
    else this.#set(n, { ...over, is: 'failed', error: outcome.error });
    return outcome.ok || !isFatal(outcome.error);
  }

  async #settled(call: Promise<Outcome<RunInfo>>, runId: string): Promise<Outcome<RunInfo>> {
    try {
      const outcome = await call;
      if (outcome.ok) await this.#check(runId);
      return outcome;
    } catch (thrown) {
      return { ok: false, error: toWire(this.#stopped ? cancelled() : asEngineError(thrown)) };
    }
  }

  #progress(n: number, update: JobUpdate): void {
    if (this.#rows[n]?.is !== 'running') return;
    if (update.kind === 'batch')
      this.#set(n, {
        share: (update.epoch - 1 + update.done / update.of) / update.epochs,
        secondsLeft: update.secondsLeft,
      });
    if (update.kind === 'scoring') this.#set(n, { share: 1, secondsLeft: update.secondsLeft });
  }
}
