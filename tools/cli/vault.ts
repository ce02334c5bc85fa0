/** Keeps the checkpoints of runs in flight as files, and nothing else: results are the bundles. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { Vault } from '../../src/workers/vault.ts';
import type { Checkpoint, StoredRun } from '../../src/workers/vault.ts';
import { writeWhole } from './files.ts';

export class FileVault extends Vault {
  readonly #folder: string;

  constructor(folder: string) {
    super();
    this.#folder = folder;
  }

  #path(jobId: string): string {
    return join(this.#folder, `${jobId.replaceAll(/[^\w.-]+/g, '_')}.checkpoint`);
  }

  override putDataset(): Promise<void> {
    return Promise.resolve();
  }

  override putRun(): Promise<void> {
    return Promise.resolve();
  }

  override getRun(): Promise<(StoredRun & { id: string; datasetId: string }) | undefined> {
    return Promise.resolve(undefined);
  }

  override putCheckpoint(checkpoint: Checkpoint): Promise<void> {
    writeWhole(this.#path(checkpoint.jobId), serialize(checkpoint));
    return Promise.resolve();
  }

  /** A checkpoint that cannot be read is none: the run begins anew. */
  override getCheckpoint(jobId: string): Promise<Checkpoint | undefined> {
    const path = this.#path(jobId);
    if (!existsSync(path)) return Promise.resolve(undefined);
    try {
      return Promise.resolve(deserialize(readFileSync(path)) as Checkpoint);
    } catch {
      return Promise.resolve(undefined);
    }
  }

  /** Kept: Ctrl-C interrupts, and the same command goes on. Whoever writes the finished run removes the folder. */
  override deleteCheckpoint(): Promise<void> {
    return Promise.resolve();
  }
}
