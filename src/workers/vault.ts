/**
 * What survives a reload, in IndexedDB: data sets with their series, runs with their arrays, and the checkpoints of
 * runs in flight. A write is acknowledged only after its transaction has completed.
 */
import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import { EngineError } from '../engine/errors.ts';
import type { HeadState, TrainState, WeightArray } from '../engine/model.ts';
import type { RunArrays } from '../engine/tracks.ts';
import type { Series } from '../engine/types.ts';
import type { DatasetInfo, RunInfo, RunJob } from './protocol.ts';

export type StoredDataset = { readonly info: DatasetInfo; readonly series: readonly Series[] };

/** Everything of a run that questions about it need. */
export type StoredRun = RunArrays & {
  readonly info: RunInfo;
  readonly weights: Readonly<Record<string, WeightArray>>;
  readonly headState: HeadState;
};

export type Checkpoint = {
  readonly jobId: string;
  readonly job: RunJob;
  readonly epochs: number;
  readonly savedAtMs: number;
  readonly state: TrainState;
};

interface Schema extends DBSchema {
  datasets: { key: string; value: StoredDataset & { id: string } };
  runs: { key: string; value: StoredRun & { id: string; datasetId: string }; indexes: { dataset: string } };
  checkpoints: { key: string; value: Checkpoint };
}

const NAME = 'telltale';
const VERSION = 1;

/** A browser's storage error in words that say what is safe and what to do. */
function storageError(thrown: unknown): EngineError {
  const full = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
  return full
    ? new EngineError(
        'storage',
        'storage-full',
        'The browser has no room left to keep this.',
        'It stays open in this tab. Delete runs or data sets that you no longer need, or free disk space, then save again.',
      )
    : new EngineError(
        'storage',
        'storage-failed',
        `The browser could not keep this: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
        'It stays open in this tab. Export what you need; private windows and strict settings can switch storage off.',
      );
}

export class Vault {
  #database: Promise<IDBPDatabase<Schema>> | null = null;

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#database ??= openDB<Schema>(NAME, VERSION, {
      upgrade(database) {
        database.createObjectStore('datasets', { keyPath: 'id' });
        database.createObjectStore('runs', { keyPath: 'id' }).createIndex('dataset', 'datasetId');
        database.createObjectStore('checkpoints', { keyPath: 'jobId' });
      },
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return this.#database;
  }

  async #use<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (thrown) {
      this.#database = null;
      throw storageError(thrown);
    }
  }

  putDataset(dataset: StoredDataset): Promise<void> {
    return this.#use(async (database) => {
      await database.put('datasets', { ...dataset, id: dataset.info.id });
    });
  }

  getDataset(id: string): Promise<StoredDataset | undefined> {
    return this.#use((database) => database.get('datasets', id));
  }

  async listDatasets(): Promise<DatasetInfo[]> {
    const all = await this.#use((database) => database.getAll('datasets'));
    return all.map((d) => d.info);
  }

  /** Removes a data set with its runs, in one transaction. */
  deleteDataset(id: string): Promise<void> {
    return this.#use(async (database) => {
      const change = database.transaction(['datasets', 'runs'], 'readwrite');
      await change.objectStore('datasets').delete(id);
      for (const key of await change.objectStore('runs').index('dataset').getAllKeys(id))
        await change.objectStore('runs').delete(key);
      await change.done;
    });
  }

  putRun(run: StoredRun): Promise<void> {
    return this.#use(async (database) => {
      await database.put('runs', { ...run, id: run.info.id, datasetId: run.info.data.datasetId });
    });
  }

  getRun(id: string): Promise<StoredRun | undefined> {
    return this.#use((database) => database.get('runs', id));
  }

  async listRuns(datasetId: string): Promise<RunInfo[]> {
    const infos: RunInfo[] = [];
    await this.#use(async (database) => {
      const store = database.transaction('runs').store;
      for await (const cursor of store.index('dataset').iterate(datasetId)) infos.push(cursor.value.info);
    });
    return infos.sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  deleteRun(id: string): Promise<void> {
    return this.#use((database) => database.delete('runs', id));
  }

  putCheckpoint(checkpoint: Checkpoint): Promise<void> {
    return this.#use(async (database) => {
      await database.put('checkpoints', checkpoint);
    });
  }

  getCheckpoint(jobId: string): Promise<Checkpoint | undefined> {
    return this.#use((database) => database.get('checkpoints', jobId));
  }

  listCheckpoints(): Promise<Checkpoint[]> {
    return this.#use((database) => database.getAll('checkpoints'));
  }

  deleteCheckpoint(jobId: string): Promise<void> {
    return this.#use((database) => database.delete('checkpoints', jobId));
  }
}
