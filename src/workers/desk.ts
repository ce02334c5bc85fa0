/**
 * One job at a time: the desk refuses a second one, lets jobs wait for shipped results that are being made, and finds a
 * job by its id for those who pause or cancel it.
 */
import { EngineError } from '../engine/errors.ts';
import { Job } from './jobs.ts';
import type { JobUpdate } from './protocol.ts';

export class Desk {
  readonly #ready: () => Promise<unknown>;
  readonly #jobs = new Map<string, Job>();
  /** Jobs that wait for the shipped run; they can be paused and cancelled as those that run. */
  readonly #queued = new Map<string, Job>();
  /** The shipped run being made; it takes a few seconds, so a run pressed meanwhile waits instead of being refused. */
  #shipping: Promise<unknown> | null = null;

  /** `ready` chooses a backend before anything is computed. */
  constructor(ready: () => Promise<unknown>) {
    this.#ready = ready;
  }

  get isBusy(): boolean {
    return this.#jobs.size > 0;
  }

  has(id: string): boolean {
    return this.#jobs.has(id);
  }

  of(id: string): Job | undefined {
    return this.#jobs.get(id) ?? this.#queued.get(id);
  }

  /** Settles when nothing shipped is being made. */
  async shipped(): Promise<void> {
    await this.#shipping;
  }

  /** Throws EngineError('bad-input', 'busy') while another job computes. */
  async with<T>(job: Job, work: () => Promise<T>): Promise<T> {
    if (this.isBusy)
      throw new EngineError('bad-input', 'busy', 'Another run is under way.', 'Wait for it or cancel it first.');
    this.#jobs.set(job.id, job);
    try {
      await this.#ready();
      return await work();
    } finally {
      this.#jobs.delete(job.id);
    }
  }

  /** Makes something shipped; jobs that come meanwhile wait for it. */
  ship<T>(job: Job, work: () => Promise<T>): Promise<T> {
    const making = this.with(job, work);
    this.#shipping = making.catch(() => undefined);
    return making;
  }

  /** A person's job from its first word on, after what is being shipped. Throws as `with` does, and 'cancelled'. */
  async do<T>(id: string, onUpdate: (update: JobUpdate) => void, work: (job: Job) => Promise<T>): Promise<T> {
    const job = new Job(id, onUpdate);
    job.tell({ kind: 'phase', phase: 'probing' });
    if (this.#shipping) {
      this.#queued.set(id, job);
      await job.waitFor(this.#shipping).finally(() => this.#queued.delete(id));
    }
    return this.with(job, () => work(job));
  }
}
