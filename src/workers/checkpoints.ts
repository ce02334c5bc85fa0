/** Checkpoints of one job on their way into the vault: the newest counts, and none comes after the job's end. */
import { asEngineError } from '../engine/errors.ts';
import type { Checkpoint, Vault } from './vault.ts';

export class Checkpoints {
  readonly #vault: Pick<Vault, 'putCheckpoint' | 'deleteCheckpoint'>;
  readonly #failed: (why: string) => void;
  #next: Checkpoint | null = null;
  #writing: Promise<void> | null = null;
  #hasFailed = false;

  /** `failed` hears of the first write that did not succeed. */
  constructor(vault: Pick<Vault, 'putCheckpoint' | 'deleteCheckpoint'>, failed: (why: string) => void) {
    this.#vault = vault;
    this.#failed = failed;
  }

  /** Writes one at a time. Epochs may be quicker than the disk: of those that wait only the newest is written. */
  put(checkpoint: Checkpoint): void {
    this.#next = checkpoint;
    this.#writing ??= this.#write();
  }

  /** Removes what was kept of the job, after the write that is on its way. Never throws. */
  async drop(jobId: string): Promise<void> {
    this.#next = null;
    await this.#writing;
    await this.#vault.deleteCheckpoint(jobId).catch(() => undefined);
  }

  async #write(): Promise<void> {
    for (let now = this.#next; now !== null; now = this.#next) {
      this.#next = null;
      try {
        await this.#vault.putCheckpoint(now);
      } catch (thrown) {
        if (!this.#hasFailed) this.#failed(asEngineError(thrown).message);
        this.#hasFailed = true;
      }
    }
    this.#writing = null;
  }
}
