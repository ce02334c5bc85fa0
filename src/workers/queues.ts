/** Queues of jobs on one data set: shared among workers where the device has the cores, else done here one by one. */
import { outOfMemory } from '../engine/errors.ts';
import { deviceNow } from '../engine/tensor/backend.ts';
import type { Desk } from './desk.ts';
import type { Spawned } from './helpers.ts';
import { Job } from './jobs.ts';
import { membersFor, memberOf, Pool } from './pool.ts';
import type { Member } from './pool.ts';
import type { AllRuns, AssetProgress, QueueJob } from './protocol.ts';
import { execute } from './runner.ts';
import type { Session } from './session.ts';
import { attempt } from './wire.ts';
import type { Staff } from './work.ts';

export type QueueScope = {
  readonly session: Session;
  readonly desk: Desk;
  readonly now: () => number;
  readonly staff: Staff;
  /** Starts a whole engine that shares the device's memory with so many; null where none can be had. */
  readonly spawn: ((shared: number) => Spawned) | null;
};

export class Queues {
  readonly #scope: QueueScope;
  readonly #pools = new Map<string, Pool>();
  /** Jobs that this worker does itself. */
  readonly #here = new Map<string, Job>();

  constructor(scope: QueueScope) {
    this.#scope = scope;
  }

  /** Whether other workers can do runs: they find data in the vault, and a GPU is busy with one run. */
  async #hasColleagues(datasetId: string): Promise<boolean> {
    const { spawn, session } = this.#scope;
    return spawn !== null && deviceNow().backend !== 'webgpu' && (await session.isKept(datasetId));
  }

  /** This worker as the only member of a pool. */
  #own(): Member {
    const { session, now, staff } = this.#scope;
    const call = (id: string, what: 'cancel' | 'pause' | 'resume') =>
      attempt(() => {
        this.#here.get(id)?.[what]();
        return null;
      });
    return {
      run: (request, onUpdate) =>
        attempt(async () => {
          const job = new Job(request.jobId, onUpdate);
          this.#here.set(request.jobId, job);
          return execute({ session, job, request, now, staff }).finally(() => this.#here.delete(request.jobId));
        }),
      cancel: (id) => call(id, 'cancel'),
      pause: (id) => call(id, 'pause'),
      resume: (id) => call(id, 'resume'),
      end: () => undefined,
    };
  }

  /** Does all jobs of a queue; throws EngineError('busy') as the desk does. A job that fails leaves the others be. */
  async run({ jobId, jobs }: QueueJob, onUpdate: (progress: AssetProgress) => void): Promise<AllRuns> {
    const { desk, spawn, staff, session } = this.#scope;
    await desk.shipped();
    return desk.with(new Job(jobId, () => undefined), async () => {
      const [first] = jobs;
      const isShared = first !== undefined && (await this.#hasColleagues(first.job.data.datasetId));
      const size = isShared ? membersFor(jobs.length, staff.cores) : 1;
      const hire = (): Member => (isShared && spawn ? memberOf(spawn(size)) : this.#own());
      const pool = new Pool(jobs, hire, (runId) => session.run(runId), onUpdate);
      this.#pools.set(jobId, pool);
      const all = await pool.run(size).finally(() => this.#pools.delete(jobId));
      const spent = all.assets.find(({ error }) => error?.kind === 'out-of-memory')?.error;
      // The page then takes a fresh worker; what was finished is kept.
      if (spent && !isShared) throw outOfMemory(spent.message);
      return all;
    });
  }

  /** Nothing happens where there is no such queue. */
  tell(jobId: string, what: 'cancel' | 'pause' | 'resume'): void {
    this.#pools.get(jobId)?.[what]();
  }
}
