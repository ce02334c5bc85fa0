/**
 * What survives a reload, in IndexedDB: data sets with their series, runs with their arrays, and the checkpoints of
 * runs in flight. A write is acknowledged only after its transaction has completed.
 */
import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import type { Piece } from '../engine/drift/renew.ts';
import { EngineError } from '../engine/errors.ts';
import type { Act, Entry } from '../engine/labels/types.ts';
import type { HeadState, TrainState, WeightArray } from '../engine/model.ts';
import type { RunArrays } from '../engine/tracks.ts';
import type { Series } from '../engine/types.ts';
import type { AssetRef, DatasetInfo, GeneratorInfo, RunInfo, RunJob, SampleSet, TeachJob } from './protocol.ts';

export type StoredDataset = { readonly info: DatasetInfo; readonly series: readonly Series[] };

/** Everything of a run that questions about it need. */
export type StoredRun = RunArrays & {
  readonly info: RunInfo;
  readonly weights: Readonly<Record<string, WeightArray>>;
  readonly headState: HeadState;
  /** What judges the steps of confirmed ranges, oldest first; absent without any. */
  readonly pieces?: readonly Piece[];
};

export type StoredGenerator = {
  readonly info: GeneratorInfo;
  readonly weights: Readonly<Record<string, WeightArray>>;
  /** 1 at the steps that were anomalous when it learned, over the whole series. */
  readonly label_T: Uint8Array;
};

export type StoredSet = SampleSet & { readonly datasetId: string };

export type Checkpoint = {
  readonly jobId: string;
  readonly job: RunJob;
  /** Present where the interrupted work was fine-tuning: it goes on with the same answers. */
  readonly teach?: TeachJob;
  readonly epochs: number;
  readonly savedAtMs: number;
  /** Null before anything can be taken up again: then it begins anew. */
  readonly state: TrainState | null;
};

interface Schema extends DBSchema {
  datasets: { key: string; value: StoredDataset & { id: string } };
  runs: { key: string; value: StoredRun & { id: string; datasetId: string }; indexes: { dataset: string } };
  checkpoints: { key: string; value: Checkpoint };
  journal: { key: [datasetId: string, asset: string, seq: number]; value: Entry & AssetRef };
  generators: { key: string; value: StoredGenerator & { id: string; datasetId: string }; indexes: { dataset: string } };
  sets: { key: string; value: StoredSet; indexes: { dataset: string; generator: string } };
}

const NAME = 'telltale';
/** 1: data sets, runs, checkpoints. 2: the journal of labels. 3: generators and what they made. What was there stays. */
const VERSION = 3;

/** Number a journal entry can never reach: the open end of a key range. */
const ENDLESS = Number.MAX_SAFE_INTEGER;

const entriesAfter = ({ datasetId, asset }: AssetRef, seq: number): IDBKeyRange =>
  IDBKeyRange.bound([datasetId, asset, seq], [datasetId, asset, ENDLESS], true);

const entryOf = ({ seq, atMs, act }: Entry): Entry => ({ seq, atMs, act });

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
      upgrade(database, from) {
        if (from < 1) {
          database.createObjectStore('datasets', { keyPath: 'id' });
          database.createObjectStore('runs', { keyPath: 'id' }).createIndex('dataset', 'datasetId');
          database.createObjectStore('checkpoints', { keyPath: 'jobId' });
        }
        if (from < 2) database.createObjectStore('journal', { keyPath: ['datasetId', 'asset', 'seq'] });
        if (from < 3) {
          database.createObjectStore('generators', { keyPath: 'id' }).createIndex('dataset', 'datasetId');
          const sets = database.createObjectStore('sets', { keyPath: 'id' });
          sets.createIndex('dataset', 'datasetId');
          sets.createIndex('generator', 'generatorId');
        }
      },
      // A newer page wants the store; the next question opens it anew.
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
        this.#database = null;
      },
      terminated: () => (this.#database = null),
    });
    return this.#database;
  }

  async #use<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (thrown) {
      this.#database = null;
      throw thrown instanceof EngineError ? thrown : storageError(thrown);
    }
  }

  putDataset(dataset: StoredDataset): Promise<void> {
    return this.#use(async (database) => {
      await database.put('datasets', { ...dataset, id: dataset.info.id });
    });
  }

  /** Whether a data set is kept, without reading it. */
  async hasDataset(id: string): Promise<boolean> {
    return (await this.#use((database) => database.getKey('datasets', id))) !== undefined;
  }

  getDataset(id: string): Promise<StoredDataset | undefined> {
    return this.#use((database) => database.get('datasets', id));
  }

  async listDatasets(): Promise<DatasetInfo[]> {
    const all = await this.#use((database) => database.getAll('datasets'));
    return all.map((d) => d.info);
  }

  /** Removes a data set with its runs, labels, generators and sets, in one transaction. */
  deleteDataset(id: string): Promise<void> {
    return this.#use(async (database) => {
      const change = database.transaction(['datasets', 'runs', 'journal', 'generators', 'sets'], 'readwrite');
      await change.objectStore('datasets').delete(id);
      await change.objectStore('journal').delete(IDBKeyRange.bound([id], [id, []]));
      for (const name of ['runs', 'generators', 'sets'] as const) {
        const store = change.objectStore(name);
        for (const key of await store.index('dataset').getAllKeys(id)) await store.delete(key);
      }
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

  /** Ids of all runs, without reading one. */
  listRunIds(): Promise<string[]> {
    return this.#use((database) => database.getAllKeys('runs'));
  }

  deleteRun(id: string): Promise<void> {
    return this.#use((database) => database.delete('runs', id));
  }

  putGenerator(generator: StoredGenerator): Promise<void> {
    const { id, job } = generator.info;
    return this.#use(async (database) => {
      await database.put('generators', { ...generator, id, datasetId: job.material.data.datasetId });
    });
  }

  getGenerator(id: string): Promise<StoredGenerator | undefined> {
    return this.#use((database) => database.get('generators', id));
  }

  async listGenerators(datasetId: string): Promise<GeneratorInfo[]> {
    const all = await this.#use((database) => database.getAllFromIndex('generators', 'dataset', datasetId));
    return all.map(({ info }) => info).sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /** Removes a generator with its sets, in one transaction. */
  deleteGenerator(id: string): Promise<void> {
    return this.#use(async (database) => {
      const change = database.transaction(['generators', 'sets'], 'readwrite');
      await change.objectStore('generators').delete(id);
      const sets = change.objectStore('sets');
      for (const key of await sets.index('generator').getAllKeys(id)) await sets.delete(key);
      await change.done;
    });
  }

  putSet(set: StoredSet): Promise<void> {
    return this.#use(async (database) => {
      await database.put('sets', set);
    });
  }

  getSet(id: string): Promise<StoredSet | undefined> {
    return this.#use((database) => database.get('sets', id));
  }

  async listSets(datasetId: string): Promise<StoredSet[]> {
    const all = await this.#use((database) => database.getAllFromIndex('sets', 'dataset', datasetId));
    return all.sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  deleteSet(id: string): Promise<void> {
    return this.#use((database) => database.delete('sets', id));
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

  /** Acts on the labels of one asset that follow number `after`, in order. */
  async readJournal(data: AssetRef, after: number): Promise<Entry[]> {
    const kept = await this.#use((database) => database.getAll('journal', entriesAfter(data, after)));
    return kept.map(entryOf);
  }

  /**
   * Adds acts to the journal of one asset, all or none. `known` is the newest number that the caller has seen: acts may
   * name each other by the numbers that follow it. What others added since comes first and is given back too. Written
   * entries are read back from a transaction of their own before they are acknowledged.
   */
  appendJournal(data: AssetRef, known: number, acts: readonly Omit<Entry, 'seq'>[]): Promise<Entry[]> {
    return this.#use(async (database) => {
      const change = database.transaction('journal', 'readwrite', { durability: 'strict' });
      const others = (await change.store.getAll(entriesAfter(data, known))).map(entryOf);
      const last = known + others.length;
      const added = acts.map(({ atMs, act }, n) => ({
        seq: last + 1 + n,
        atMs,
        act: moved(act, known, others.length),
      }));
      const { datasetId, asset } = data;
      // `add` refuses a number that is taken, so nothing that was said is ever overwritten.
      await Promise.all([...added.map((entry) => change.store.add({ ...entry, datasetId, asset })), change.done]);
      const kept = await database.getAll('journal', entriesAfter(data, last));
      const isThere = JSON.stringify(kept.slice(0, added.length).map(entryOf)) === JSON.stringify(added);
      if (!isThere) throw new Error('what was written could not be read back');
      return [...others, ...added];
    });
  }
}

/** An act that names another one by a number after `known`, when `by` entries came between. */
export const moved = (act: Act, known: number, by: number): Act =>
  act.kind === 'change' || act.of <= known ? act : { ...act, of: act.of + by };
